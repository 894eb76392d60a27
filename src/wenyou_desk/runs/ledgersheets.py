"""分录, 机构汇总, 个人汇总, 兑现表: what was written to the ledgers, and what is to be paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, islice

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Entry
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.months import ONE_DAY
from wenyou_desk.runs.lines import Lines
from wenyou_desk.runs.out import Columns, amount_decimal, exact_decimal, shown_decimal
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.standings import homes_on
from wenyou_desk.runs.telling import KINDS, Teller
from wenyou_desk.tables.spec import Kind, Value
from wenyou_desk.tables.workbook import OutSheet

MONEY_UNIT = "元"
MOST_ROWS = 1_000_000
WHOSE = {SubjectKind.UNIT: "机构", SubjectKind.PERSON: "个人", SubjectKind.ADOPTER: "采用单位"}


def entries_sheets(
    program: Program, record: RunRecord, teller: Teller, most: int = MOST_ROWS
) -> Iterator[OutSheet]:
    """Every entry, told; more than a sheet of Excel holds go on in another one."""
    columns = _entry_columns()
    entries = record.result.entries
    for first in range(0, max(len(entries), 1), most):
        part = entries[first : first + most]
        rows = (_entry_row(entry, program, record, teller) for entry in part)
        yield columns.sheet("分录", rows)


def _entry_columns() -> Columns:
    columns = Columns()
    columns.texts("期间", "对象", "编号", "名称", "条款", "规则", "类别", "台账")
    columns.add("金额或分值", Kind.DECIMAL)
    columns.add("单位")
    columns.add("日期", Kind.DATE)
    columns.texts("事项", "事项编号")
    columns.add("基数", Kind.DECIMAL)
    columns.add("系数", Kind.DECIMAL)
    columns.add("第几次", Kind.INT)
    columns.add("数量", Kind.DECIMAL)
    columns.texts("决定", "说明")
    return columns


def _entry_row(
    entry: Entry, program: Program, record: RunRecord, teller: Teller
) -> Sequence[Value]:
    digits = record.result.digits[entry.ledger]
    ledger = program.plan.ledgers[entry.ledger]
    factor = exact_decimal(entry.factor) or shown_decimal(entry.factor)
    quantity = entry.quantity
    return (
        entry.period,
        WHOSE[entry.subject.kind],
        entry.subject.id,
        teller.name(entry.subject) or None,
        entry.article,
        teller.title(entry.rule),
        KINDS[entry.kind],
        ledger.title,
        amount_decimal(entry.amount, digits),
        ledger.unit,
        entry.day,
        teller.kind(entry.fact_kind) if entry.fact_kind else None,
        entry.fact or None,
        amount_decimal(entry.base, digits),
        factor,
        entry.count or None,
        None if quantity is None else exact_decimal(quantity) or shown_decimal(quantity),
        entry.decision or None,
        teller.sentence(entry),
    )


def summary_sheets(program: Program, record: RunRecord, teller: Teller) -> Iterator[OutSheet]:
    """Sums per unit and per person."""
    for title, person in (("机构汇总", False), ("个人汇总", True)):
        yield _summary(title, program, record, teller, person=person)


def _summary(
    title: str, program: Program, record: RunRecord, teller: Teller, *, person: bool
) -> OutSheet:
    plus: dict[tuple[str, str], int] = defaultdict(int)
    minus: dict[tuple[str, str], int] = defaultdict(int)
    count: dict[str, int] = defaultdict(int)
    subjects: dict[str, Subject] = {}
    for entry in record.result.entries:
        if (entry.subject.kind is SubjectKind.PERSON) is person:
            side = plus if entry.amount > 0 else minus
            side[entry.subject.id, entry.ledger] += entry.amount
            count[entry.subject.id] += 1
            subjects[entry.subject.id] = entry.subject
    columns = Columns()
    columns.texts("员工号" if person else "机构号", "姓名" if person else "名称")
    if person:
        columns.add("机构号")
    homes = homes_on(record)
    for ledger in program.plan.ledgers.values():
        for word in ("加", "扣", "合计"):
            head = f"{ledger.title}{word}（{ledger.unit}）"
            columns.add(head, Kind.DECIMAL, digits=ledger.digits)
    columns.add("分录数", Kind.INT)
    rows = []
    for code in sorted(subjects):
        row: list[Value] = [code, teller.name(subjects[code]) or None]
        if person:
            row.append(homes.get(code))
        for name, ledger in program.plan.ledgers.items():
            up, down = plus[code, name], minus[code, name]
            row += [amount_decimal(amount, ledger.digits) for amount in (up, down, up + down)]
        rows.append([*row, count[code]])
    return columns.sheet(title, rows)


def payment_sheets(
    program: Program, record: RunRecord, teller: Teller, lines: Lines, most: int = MOST_ROWS
) -> Iterator[OutSheet]:
    """兑现表 for HR and finance: per subject and rule the money that is left after all limits.

    More than a sheet of Excel holds go on in another one.
    """
    columns = Columns()
    columns.texts("员工号", "姓名", "机构号", "机构名称", "项目", "条款")
    columns.add("金额（元）", Kind.DECIMAL, digits=2)
    columns.texts("兑现月份", "备注")
    heading = [f"兑现表　{record.period.label}", *_warnings(record)]
    heading.append("兑现月份默认为期末的次月，可改。制表：　　　　复核：　　　　审批：　　　　")
    rows = iter(_payments(program, record, teller, lines))
    first = list(islice(rows, 1))
    while True:
        yield columns.sheet("兑现表", chain(first, islice(rows, most - len(first))), heading)
        first = list(islice(rows, 1))
        if not first:
            return


def _payments(
    program: Program, record: RunRecord, teller: Teller, lines: Lines
) -> Iterator[Sequence[Value]]:
    ledgers = [name for name, ledger in program.plan.ledgers.items() if ledger.unit == MONEY_UNIT]
    articles = {one.name: one.article for one in (*program.events, *program.nodes.values())}
    homes, month = homes_on(record), month_after(record.period.end)
    for (person, code, rule, ledger), amount in lines.paid(ledgers):
        if not amount:
            continue
        unit = homes.get(code, "") if person else code
        yield (
            code if person else None,
            record.person_names.get(code) if person else None,
            unit or None,
            record.unit_names.get(unit),
            teller.title(rule),
            articles[rule],
            amount_decimal(amount, record.result.digits[ledger]),
            month,
            None if person else "机构奖扣，由机构作二次分配",
        )


def month_after(day: date) -> str:
    """``2025-10`` after the last day of September."""
    after = day + ONE_DAY
    return f"{after.year:04d}-{after.month:02d}"


def _warnings(record: RunRecord) -> list[str]:
    lines = []
    if not record.result.lawful:
        lines.append("未经通过程序：采用记录不全，金额只供测算，不得兑现。")
    if record.result.provisional:
        lines.append("初步结果：还有缺失或待定事项，见第一张表，不得兑现。")
    return lines
