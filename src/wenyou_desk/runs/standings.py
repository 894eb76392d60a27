"""季度测算表: per population a row for everybody, with measures, rewards and deductions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import MeasureValue, Result
from wenyou_core.scheme.model import Population
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.out import Columns, amount_decimal, exact_decimal, shown_decimal
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.telling import Teller
from wenyou_desk.tables.spec import Kind, Value
from wenyou_desk.tables.workbook import OutSheet

_Cell = Callable[[Subject], Value]
_NOTE = "比率列是准确的分数，旁边的小数四舍五入到八位，只供阅读。"
_MET = {True: "达成", False: "未达成", None: "不适用"}


def standings(program: Program, record: RunRecord, teller: Teller) -> Iterator[OutSheet]:
    """One sheet per population that has more to show than its members' names."""
    for name, population in program.plan.populations.items():
        members = record.result.subjects.get(name, ())
        sheet = _Standing(program, record, teller, name)
        if members and sheet.cells:
            rows = ([cell(one) for cell in sheet.all_cells] for one in members)
            heading = [f"{population.title}　{record.period.label}", *sheet.heading]
            yield sheet.columns.sheet(f"{population.title}测算表", list(rows), heading)


class _Standing:
    """The columns of one population, each with what it shows of a subject."""

    def __init__(self, program: Program, record: RunRecord, teller: Teller, name: str) -> None:
        self.columns = Columns()
        self.cells: list[_Cell] = []
        self.heading: list[str] = []
        self._program = program
        self._record = record
        self._result: Result = record.result
        self._teller = teller
        self._notes: dict[str, list[str]] = defaultdict(list)
        head = self._head(program.plan.populations[name])
        members = set(self._result.subjects.get(name, ()))
        self._measures(name)
        self._entries({(one.kind is SubjectKind.PERSON, one.id) for one in members})
        self._outcomes(name)
        self.all_cells = [*head, *self.cells]
        if self._notes:
            self.columns.add("备注")
            self.all_cells.append(lambda one: "；".join(self._notes.get(one.id, ())) or None)

    def _head(self, population: Population) -> list[_Cell]:
        person = population.of is SubjectKind.PERSON
        self.columns.texts("员工号" if person else "机构号", "姓名" if person else "名称")
        cells: list[_Cell] = [lambda one: one.id, self._teller.name]
        if person:
            homes = homes_on(self._record)
            self.columns.add("机构号")
            cells.append(lambda one: homes.get(one.id))
        return cells

    # -- measures --------------------------------------------------------------------------------

    def _measures(self, population: str) -> None:
        rows: dict[str, dict[str, dict[str, MeasureValue]]] = defaultdict(lambda: defaultdict(dict))
        for row in self._result.measures:
            if self._program.types[row.measure].population == population:
                rows[row.measure][row.period][row.subject.id] = row
        for name in self._program.nodes:
            for period, values in sorted(rows.get(name, {}).items()):
                self._measure(name, period if len(rows[name]) > 1 else "", values)

    def _measure(self, name: str, period: str, values: dict[str, MeasureValue]) -> None:
        title = f"{self._teller.title(name)} {period}".rstrip()
        for subject, row in values.items():
            if row.absent:
                self._notes[subject].append(f"{title}：{row.absent}")
        digits = self._program.types[name].digits
        if digits is None:
            self.heading = [_NOTE]
            self.columns.add(f"{title}（分数）")
            self.cells.append(lambda one: _ratio_text(values.get(one.id)))
            self.columns.add(title, Kind.DECIMAL)
            self.cells.append(lambda one: _shown(values.get(one.id)))
        else:
            self.columns.add(title, Kind.DECIMAL, digits=digits)
            self.cells.append(lambda one: _exact(values.get(one.id)))

    # -- entries ---------------------------------------------------------------------------------

    def _entries(self, members: set[tuple[bool, str]]) -> None:
        """A column per rule and ledger, and the sum of each ledger."""
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for entry in self._result.entries:
            who = (entry.subject.kind is SubjectKind.PERSON, entry.subject.id)
            if who in members:
                sums[entry.ledger, entry.rule][who[1]] += entry.amount
                sums[entry.ledger, ""][who[1]] += entry.amount
        order = {name: place for place, name in enumerate(_rule_order(self._program))}
        last = len(order)
        for ledger in self._program.plan.ledgers:
            rules = sorted(
                (rule for held, rule in sums if held == ledger),
                key=lambda rule: (not rule, order.get(rule, last), rule),
            )
            for rule in rules:
                self._sum(ledger, rule, sums[ledger, rule])

    def _sum(self, ledger: str, rule: str, amounts: dict[str, int]) -> None:
        held = self._program.plan.ledgers[ledger]
        title = self._teller.title(rule) if rule else f"{held.title}合计"
        self.columns.add(f"{title}（{held.unit}）", Kind.DECIMAL, digits=held.digits)
        self.cells.append(
            lambda one: amount_decimal(amounts[one.id], held.digits) if one.id in amounts else None
        )

    # -- outcomes --------------------------------------------------------------------------------

    def _outcomes(self, population: str) -> None:
        program, result = self._program, self._result
        grades = {(row.grade, row.subject.id): row.step for row in result.grades}
        targets = {(row.target, row.subject.id): _MET[row.met] for row in result.targets}
        awards = {(row.award, row.subject.id): "是" if row.won else "否" for row in result.awards}
        for name, node in program.nodes.items():
            if getattr(node, "each", "") != population:
                continue
            for shown in (grades, targets, awards):
                if any(held == name for held, _ in shown):
                    self._word(name, shown)

    def _word(self, name: str, shown: dict[tuple[str, str], str]) -> None:
        self.columns.add(self._teller.title(name))
        self.cells.append(lambda one: shown.get((name, one.id)))


def homes_on(record: RunRecord) -> dict[str, str]:
    """The unit of everybody who holds a post on the period's last day."""
    day = record.period.end
    held = [
        post
        for post in record.book.posts
        if post.since <= day and (post.till is None or day <= post.till)
    ]
    homes: dict[str, str] = {}
    for post in sorted(held, key=lambda post: (post.acting, post.since, post.unit)):
        homes.setdefault(post.person, post.unit)
    return homes


def _rule_order(program: Program) -> Iterator[str]:
    for article in program.plan.articles:
        yield from article.rules
        yield from article.awards


def _ratio_text(row: MeasureValue | None) -> str | None:
    number = _number(row)
    if row is None or number is None:
        return None
    if row.num is not None and row.den is not None:
        return f"{row.num}/{row.den}" if row.num.denominator == row.den.denominator == 1 else None
    return f"{number.numerator}/{number.denominator}"


def _shown(row: MeasureValue | None) -> Value:
    number = _number(row)
    return None if number is None else shown_decimal(number)


def _exact(row: MeasureValue | None) -> Value:
    number = _number(row)
    return None if number is None else exact_decimal(number)


def _number(row: MeasureValue | None) -> Fraction | None:
    if row is None:
        return None
    if row.num is not None and row.den:
        return row.num / row.den
    return row.value
