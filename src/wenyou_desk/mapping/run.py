"""``./wenyou assess … --map map.yaml [--reconcile 列名]``: foreign files, assessed and compared."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.facts.load import LoadedFacts
from wenyou_desk.mapping.book import mapped_book
from wenyou_desk.mapping.model import Compare, load_mapping
from wenyou_desk.mapping.reconcile import Reconciliation, reconcile, write_reconciliation
from wenyou_desk.outdir import writing
from wenyou_desk.plans import open_plan
from wenyou_desk.progress import Progress
from wenyou_desk.runs.choose import moment_said, period_said
from wenyou_desk.runs.execute import run_plan
from wenyou_desk.runs.files import RESULT_FILE
from wenyou_desk.runs.outputs import exit_code, replaced, summary, write_outputs

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from wenyou_core.assess.program import Program
    from wenyou_desk.runs.record import RunRecord

RECONCILED = "核对.csv"
_MOST_BYTES = 1_000_000


def run_mapped(args: argparse.Namespace) -> int:
    """Assess the files of a mapping; write the result, and the reconciliation if wanted."""
    earlier = (args.out / RESULT_FILE).is_file()
    with writing(args.out, force=args.force, by="assess") as stage:
        program, record, published, compare = _assessed(args)
        write_outputs(program, record, stage, statements=False)
        found = None
        if args.reconcile:
            found = reconcile(program.plan, record, published, compare)
            write_reconciliation(found, stage / RECONCILED)
    more = [] if found is None else [RECONCILED]
    text = summary(program, record, args.out, 0, *more)
    text += replaced(args.out) if earlier else ""
    sys.stdout.write(text + ("" if found is None else _told(found, args.reconcile)))
    return exit_code(record, strict=args.strict)


def _assessed(args: argparse.Namespace) -> tuple[Program, RunRecord, Mapping[str, str], Compare]:
    plan = open_plan(args.scheme)
    mapped = load_mapping(_text(args.map), args.map.name)
    period = period_said(args.period or mapped.map.period)
    moment = moment_said(args.known_at) if args.known_at else None
    with Progress("读取文件"):
        read = mapped_book(mapped, plan.plan, args.facts, period, args.reconcile)
    counts = tuple(
        (plan.plan.facts[kind].title, len(facts)) for kind, facts in read.book.facts.items()
    )
    loaded = LoadedFacts(read.book, (), read.files, counts)
    with Progress("测算"):
        engine = args.engine or "reference"
        program, record = run_plan(plan, None, loaded, period, known_at=moment, engine=engine)
    return program, record, read.published, mapped.reconcile


def _text(path: Path) -> str:
    """The text of the mapping file. Raises InputRefused."""
    if not path.is_file():
        raise InputRefused("no_such_file", f"找不到映射文件「{path.name}」。请核对路径。")
    if path.stat().st_size > _MOST_BYTES:
        raise InputRefused("map_large", f"映射文件「{path.name}」过大，不像映射文件。请核对。")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        said = f"映射文件「{path.name}」不是 UTF-8 文字。请另存为 UTF-8。"
        raise InputRefused("map_encoding", said) from None


def _told(found: Reconciliation, column: str) -> str:
    """Every disagreement, or that there was nothing to compare; the counts come last."""
    lines = [str(one) for one in found.disagree]
    if not found.agree and not found.disagree:
        lines.append(
            f"「{column}」一列里没有能核对的值。"
            "请核对 --reconcile 的列名，和映射文件 reconcile 写的评级或指标。"
        )
    return "\n".join([*lines, found.counts]) + "\n"
