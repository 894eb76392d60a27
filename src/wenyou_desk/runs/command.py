"""``./wenyou assess``: a plan and a period's facts in, explained results out."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.collector import collector_off
from wenyou_desk.machine import typed
from wenyou_desk.outdir import writing
from wenyou_desk.parser import path_said
from wenyou_desk.plans import find_adoption, open_adoption, open_plan
from wenyou_desk.progress import Progress
from wenyou_desk.runs.files import RESULT_FILE, WORKBOOK_FILE
from wenyou_desk.runs.leading import leading_on
from wenyou_desk.runs.outputs import exit_code, replaced, summary, write_outputs

if TYPE_CHECKING:
    from wenyou_core.assess.program import Program
    from wenyou_core.worktime.periods import Period
    from wenyou_desk.plans import AdoptionFile, PlanFile
    from wenyou_desk.runs.record import RunRecord


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou assess``."""
    parser.add_argument(
        "--scheme", required=True, metavar="方案", help="随附方案的名称，或方案文件"
    )
    parser.add_argument(
        "--facts", required=True, type=path_said, metavar="路径", help="事实表：文件或文件夹"
    )
    parser.add_argument(
        "--out", required=True, type=path_said, metavar="文件夹", help="结果写到哪里"
    )
    parser.add_argument(
        "--adoption",
        type=path_said,
        metavar="文件",
        help="采用文件，默认为事实文件夹里的 采用.yaml",
    )
    parser.add_argument(
        "--period", default="", metavar="期间", help="如 2025Q3，默认为覆盖声明盖满的最后一期"
    )
    parser.add_argument(
        "--known-at", default="", metavar="时点", help="数据截止时点，如 2025-10-08，默认不限"
    )
    parser.add_argument(
        "--engine",
        choices=("reference", "duckdb"),
        default="",
        help="计算引擎：reference 逐条计算，duckdb 用于大批量，结果一致；默认按事实多少选用",
    )
    parser.add_argument(
        "--map", type=path_said, metavar="映射文件", help="事实是别处的表格时，各列怎样对应"
    )
    parser.add_argument(
        "--reconcile", default="", metavar="列名", help="与 --map 合用：与这一列公布的结果核对"
    )
    parser.add_argument("--strict", action="store_true", help="有缺失或待定时以 3 退出")
    parser.add_argument("--force", action="store_true", help="输出文件夹里有别的文件也写入")


def run(args: argparse.Namespace) -> int:
    """Read, assess, write, and say what came out."""
    if args.map is not None:
        if args.adoption is not None:
            said = "--adoption 不能与 --map 合用：映射文件带来的机构没有采用单位。请去掉其中一个。"
            raise InputRefused("adoption_map", said)
        from wenyou_desk.mapping.run import run_mapped  # noqa: PLC0415 -- slow import

        return run_mapped(args)
    if args.reconcile:
        raise InputRefused("reconcile", "--reconcile 要与 --map 合用。请用 --map 指明映射文件。")
    asked = Asked.of(args.scheme, args.facts, args.adoption, args.period, args.known_at)
    earlier = (args.out / RESULT_FILE).is_file()
    with (
        leading_on(args.facts, scheme=args.scheme, adopted=asked.adoption is not None),
        writing(args.out, force=args.force, by="assess") as stage,
        collector_off(),
    ):
        if args.engine != "reference" and asked.is_large():
            from wenyou_desk.runs.bulktext import summary_of_large  # noqa: PLC0415 -- slow import

            program, record = asked.run_large(stage)
            text = summary_of_large(program, record, args.out)
        else:
            program, record = asked.run(args.engine)
            text = summary(program, record, args.out, write_outputs(program, record, stage))
    sys.stdout.write(text + (replaced(args.out) if earlier else "") + asked.doubts(args.scheme))
    return exit_code(record, strict=args.strict)


def assess_files(
    scheme: str,
    facts: Path,
    *,
    adoption: Path | None = None,
    period: str = "",
    known_at: str = "",
    engine: str = "reference",
) -> tuple[Program, RunRecord]:
    """From the words that were typed to a record of the run; nothing is written.

    Raises InputRefused, SchemeError or FactsError with every reason.
    """
    return Asked.of(scheme, facts, adoption, period, known_at).run(engine)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be assessed, with its plan and adoption opened."""

    plan: PlanFile
    adoption: AdoptionFile | None
    facts: Path
    period: Period | None
    known_at: datetime | None
    adopted_in: Path | None = None

    @classmethod
    def of(
        cls, scheme: str, facts: Path, adoption: Path | None, period: str, known_at: str
    ) -> Asked:
        """From the words that were typed. Raises InputRefused or SchemeError."""
        from wenyou_desk.runs.choose import (  # noqa: PLC0415 -- slow import
            moment_said,
            period_said,
        )

        moment = moment_said(known_at) if known_at else None
        said = period_said(period) if period else None
        plan = open_plan(scheme)
        found = find_adoption(facts, adoption)
        adopted = None if found is None else open_adoption(found, plan)
        return cls(plan, adopted, facts, said, moment, found)

    def doubts(self, scheme: str) -> str:
        """What the lint finds wrong with the plan as adopted; empty where it is sound."""
        from wenyou_desk.runs.doubts import doubt_lines  # noqa: PLC0415 -- slow import

        words = ["./wenyou scheme lint", typed(scheme)]
        if (found := self.adopted_in) is not None:
            words += ["--adoption", typed(str(found))]
        lines = doubt_lines(self.plan, self.adoption, " ".join(words))
        return "".join(f"{line}\n" for line in lines)

    def is_large(self) -> bool:
        """Whether the entries go to tables of their own."""
        from wenyou_desk.runs.bulkrun import is_large  # noqa: PLC0415 -- slow import

        return is_large(self.facts, self.plan)

    def run_large(self, stage: Path) -> tuple[Program, RunRecord]:
        """Assess on DuckDB; tables and result.json are written to an empty folder."""
        from wenyou_desk.runs.bulkrun import (  # noqa: PLC0415 -- slow import
            run_bulk,
            write_bulk_workbook,
        )
        from wenyou_desk.runs.resultfile import write_result  # noqa: PLC0415 -- slow import

        with Progress("测算") as progress:
            progress.note("核对并计算大批量事实……")
            program, record = run_bulk(
                self.plan, self.adoption, self.facts, self.period, stage, known_at=self.known_at
            )
        write_result(record, stage / RESULT_FILE)
        with Progress("写出工作簿") as progress:
            write_bulk_workbook(program, record, stage, WORKBOOK_FILE, progress=progress.rows)
        return program, record

    def run(self, engine: str) -> tuple[Program, RunRecord]:
        """Assess; the record holds everything, nothing is written."""
        from wenyou_desk.facts.load import load_book  # noqa: PLC0415 -- slow import
        from wenyou_desk.runs.bulk import holds_parquet, run_parquet  # noqa: PLC0415 -- slow import
        from wenyou_desk.runs.choose import period_covered  # noqa: PLC0415 -- slow import
        from wenyou_desk.runs.execute import run_plan  # noqa: PLC0415 -- slow import

        if engine == "duckdb" and holds_parquet(self.facts):
            with Progress("测算") as progress:
                progress.note("核对并计算大批量事实……")
                return run_parquet(
                    self.plan, self.adoption, self.facts, self.period, known_at=self.known_at
                )
        with Progress("读取事实") as progress:
            loaded = load_book([self.facts], self.plan.plan, progress=progress.rows)
        chosen = self.period or period_covered(self.plan.plan, loaded.book)
        with Progress("测算") as progress:
            progress.note(f"{chosen.label}……")
            return run_plan(
                self.plan,
                self.adoption,
                loaded,
                chosen,
                known_at=self.known_at,
                engine=engine or "reference",
            )
