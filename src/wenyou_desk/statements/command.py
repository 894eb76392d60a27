"""``./wenyou statements RESULT SUBJECT… --out DIR``: the pages of single units and people."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Set
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.outdir import writing
from wenyou_desk.parser import path_said
from wenyou_desk.runs.files import result_path

if TYPE_CHECKING:
    from wenyou_core.assess.facts import Subject
    from wenyou_core.assess.program import Program
    from wenyou_desk.runs.record import RunRecord

OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou statements``."""
    parser.add_argument(
        "result", type=path_said, metavar="结果", help="result.json 或它所在的文件夹"
    )
    parser.add_argument(
        "subjects", nargs="+", metavar="对象", help="机构号、员工号，或唯一的名称，可以有几个"
    )
    parser.add_argument(
        "--out", required=True, type=path_said, metavar="文件夹", help="告知单写到哪里"
    )
    parser.add_argument("--force", action="store_true", help="输出文件夹里有别的文件也写入")


def run(args: argparse.Namespace) -> int:
    """Write the pages; refused whole where one differs from the run."""
    from wenyou_desk.progress import Progress  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.foreign import told_as_foreign  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.resultfile import read_result  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.gather import Gatherer  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.write import write_page  # noqa: PLC0415 -- slow import

    path = result_path(args.result)
    record = read_result(path, large=True)
    names: list[str] = []
    with (
        told_as_foreign((path.name, record)),
        writing(args.out, force=args.force, keep=True, by="statements") as stage,
        Progress("写出告知单") as progress,
    ):
        progress.note("重算采用单位的事实……")
        program = program_of_record(record)
        for part, subjects in _parts(program, record, path.parent, _found(record, args.subjects)):
            gatherer = Gatherer(program, part)
            names += [write_page(gatherer.statement(one), one, stage) for one in subjects]
    said = f"在「{args.out}」写出告知单 {len(names)} 份，与测算结果一致：{'、'.join(names)}。"
    sys.stdout.write(said + "\n")
    return OK


def _parts(
    program: Program, record: RunRecord, folder: Path, subjects: list[Subject]
) -> Iterator[tuple[RunRecord, list[Subject]]]:
    if record.whole:
        yield record, subjects
    elif record.tables:
        from wenyou_desk.statements.large import parts  # noqa: PLC0415 -- slow import

        yield from parts(program, record, folder, subjects)
    else:
        text = "这份 result.json 没有保存全部事实，不能写告知单。请不加 --engine 重新测算。"
        raise InputRefused("run_not_whole", text)


def _found(record: RunRecord, codes: Iterable[str]) -> list[Subject]:
    """The units and people of these numbers or names.

    Raises InputRefused for what is nobody's, and for a name that several have.
    """
    from wenyou_desk.statements.gather import subjects_of  # noqa: PLC0415 -- slow import

    everybody = subjects_of(record.result)
    numbers = {one.id for one in everybody}
    wanted = list(dict.fromkeys(_number_of(record, code, numbers) for code in codes))
    unknown = [code for code in wanted if all(one.id != code for one in everybody)]
    if unknown:
        said = "、".join(f"「{code}」" for code in unknown)
        text = f"这次测算里没有{said}。请用机构号或员工号，编号见工作簿。"
        raise InputRefused("no_subject", text)
    return [one for code in wanted for one in everybody if one.id == code]


def _number_of(record: RunRecord, word: str, numbers: Set[str]) -> str:
    """The number of whoever has this name alone; any other word as it is."""
    if word in numbers:
        return word
    named = [
        code
        for names in (record.unit_names, record.person_names)
        for code, name in names.items()
        if name == word and code in numbers
    ]
    if len(named) > 1:
        shown = "、".join(sorted(named))
        raise InputRefused("many_subjects", f"「{word}」有几个：{shown}。请改用编号。")
    return named[0] if named else word
