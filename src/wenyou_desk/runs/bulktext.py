"""What a person reads of a large run, and of what differs between two."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_core.scheme.show import show_sum
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.machine import typed
from wenyou_desk.runs.amounts import total_lines
from wenyou_desk.runs.files import RESULT_FILE, WORKBOOK_FILE
from wenyou_desk.runs.openlines import open_lines
from wenyou_desk.runs.telling import Teller

if TYPE_CHECKING:
    from wenyou_core.assess.program import Program
    from wenyou_desk.runs.record import RunRecord, Total

HOW = (
    "  事实太多，分录和未计入的事实不进工作簿，也不写告知单。"
    "查一个对象：./wenyou explain {out} 机构号或员工号；"
    "写其中几个对象的告知单：./wenyou statements {out} 机构号或员工号 --out 文件夹。"
)


def summary_of_large(program: Program, record: RunRecord, out: Path) -> str:
    """What was computed, where it lies, and how one subject is looked at."""
    plan, tables = program.plan, {one.name: one for one in record.tables}
    state = "初步结果" if record.result.provisional else "结果"
    members = {one for population in record.result.subjects.values() for one in population}
    lines = [f"{plan.title}（{plan.id} {plan.version}）{record.period.label}测算{state}"]
    lines.append(f"  考核对象 {len(members)} 个，分录 {tables['entries'].rows} 条")
    lines += total_lines(plan.ledgers, ((one.ledger, one.amount) for one in record.totals))
    if "uncounted" in tables and tables["uncounted"].rows:
        lines.append(f"  未计入事实 {tables['uncounted'].rows} 件，原因见明细表。")
    lines += open_lines(record)
    listed = "、".join(one.file for one in record.tables)
    lines.append(
        f"  结果在「{out}」：{RESULT_FILE}、{WORKBOOK_FILE}、{listed}，所用事实在「事实」里。"
    )
    lines.append(HOW.format(out=typed(str(out))))
    return "\n".join(lines) + "\n"


def difference_of_large(old: RunRecord, new: RunRecord) -> str:
    """What differs in the sums of rules; why is told of runs that kept all their facts."""
    if not (old.tables and new.tables):
        text = "一个是大批量测算的结果，一个不是，不能比较。请用同样的办法测算后再比。"
        raise InputRefused("large_and_small", text)
    lines = ["大批量测算只比较各条规则的合计；要看原因，请只用一个采用单位的事实分别测算后再比较。"]
    found = list(_changes(old, new))
    lines += found or ["各条规则的合计没有差别。"]
    return "\n".join(lines) + "\n"


def _changes(old: RunRecord, new: RunRecord) -> Iterator[str]:
    from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import

    told = [Teller(program_of_record(one).plan, one) for one in (old, new)]
    sides = [{(one.rule, one.ledger, one.period): one for one in run.totals} for run in (old, new)]
    for key in sorted(sides[0].keys() | sides[1].keys()):
        totals = [side.get(key) for side in sides]
        counts = [total.count if total else 0 for total in totals]
        sums = [_sum(total, run) for total, run in zip(totals, (old, new), strict=True)]
        if counts[0] == counts[1] and sums[0] == sums[1]:
            continue
        rule, ledger, period = key
        last = told[1 if totals[1] is not None else 0]
        unit = last.plan.ledgers[ledger].unit
        before, after = (show_sum(one, unit) for one in sums)
        yield (
            f"{last.title(rule)}（{_label(period)}）：{counts[0]} 条合计 {before}，"
            f"变为 {counts[1]} 条合计 {after}，差 {show_sum(sums[1] - sums[0], unit, signed=True)}。"
        )


def _sum(total: Total | None, record: RunRecord) -> Fraction:
    """What the entries come to; each run has the decimals of its own plan."""
    return Fraction(total.amount, 10 ** record.result.digits[total.ledger]) if total else Fraction()


def _label(code: str) -> str:
    """The words for a period's code; of one that nobody types the code."""
    try:
        return parse_period(code).label
    except InputRefused:
        return code
