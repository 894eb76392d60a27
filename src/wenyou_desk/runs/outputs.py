"""What a run leaves behind: its files, what a person reads at the end, the exit code."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.outdir import left_of_others
from wenyou_desk.progress import Progress
from wenyou_desk.runs.files import RESULT_FILE, WORKBOOK_FILE

if TYPE_CHECKING:
    from wenyou_core.assess.program import Program
    from wenyou_desk.runs.record import RunRecord

STATEMENTS = "wenyou_desk.statements"
OK, PROVISIONAL = 0, 3
REPLACED = "  文件夹里原来的测算结果已由这一次的代替；要两次都留，请给 --out 另指一个文件夹。\n"


def exit_code(record: RunRecord, *, strict: bool) -> int:
    """0, or where ``--strict`` asks 3 for a result that something is missing from or waits."""
    return PROVISIONAL if strict and record.result.provisional else OK


def replaced(out: Path) -> str:
    """That the earlier result is gone, and what other commands wrote, perhaps from it, stays."""
    left = left_of_others(out, "assess")
    stays = f"  {left}没有动；其中出自原来的测算结果的，请重新写出。\n" if left else ""
    return REPLACED + stays


def write_outputs(
    program: Program, record: RunRecord, stage: Path, *, statements: bool = True
) -> int:
    """Everything a run gives, into an empty folder; the number of statements written.

    ``result.json`` comes first: it is what everything else is made from.
    """
    from wenyou_desk.runs.resultfile import write_result  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.workbook import write_run_workbook  # noqa: PLC0415 -- slow import

    write_result(record, stage / RESULT_FILE)
    with Progress("写出工作簿") as progress:
        write_run_workbook(program, record, stage / WORKBOOK_FILE, progress=progress.rows)
    write = statement_writer() if statements else None
    if write is None:
        return 0
    with Progress("写出告知单") as progress:
        return write(program, record, stage, progress.step)


StatementWriter = Callable[["Program", "RunRecord", Path, Callable[[int, int], None]], int]


def statement_writer() -> StatementWriter | None:
    """Who writes the statements (考核结果告知单); None where that part is not installed."""
    if importlib.util.find_spec(STATEMENTS) is None:
        return None
    writer: StatementWriter = importlib.import_module(STATEMENTS).write_statements
    return writer


def summary(program: Program, record: RunRecord, out: Path, statements: int, *more: str) -> str:
    """What a person reads at the end; ``more`` are files beside the usual ones."""
    from wenyou_desk.runs.amounts import total_lines  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.openlines import open_lines  # noqa: PLC0415 -- slow import

    result, plan = record.result, program.plan
    state = "初步结果" if result.provisional else "结果"
    every = [one for members in result.subjects.values() for one in members]
    every += [entry.subject for entry in result.entries]
    subjects = {(one.kind is SubjectKind.PERSON, one.id) for one in every}
    lines = [f"{plan.title}（{plan.id} {plan.version}）{record.period.label}测算{state}"]
    lines.append(f"  考核对象 {len(subjects)} 个，分录 {len(result.entries)} 条")
    lines += total_lines(plan.ledgers, ((one.ledger, one.amount) for one in result.entries))
    if result.uncounted:
        lines.append(f"  未计入事实 {len(result.uncounted)} 件，原因见工作簿。")
    lines += open_lines(record)
    files = "、".join([RESULT_FILE, WORKBOOK_FILE, *more])
    lines.append(f"  结果在「{out}」：{files}{_told(statements)}。")
    return "\n".join(lines) + "\n"


def _told(statements: int) -> str:
    return f"、告知单 {statements} 份" if statements else ""
