"""季度测算表: per population a row for everybody, with measures, rewards and deductions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from wenyou_core.assess.program import Program
from wenyou_core.assess.result import MeasureValue
from wenyou_core.scheme.model import Population
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.lines import Key, Line, Lines
from wenyou_desk.runs.out import Columns, amount_decimal, exact_decimal, shown_decimal
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.telling import Teller
from wenyou_desk.tables.spec import Kind, Value
from wenyou_desk.tables.workbook import OutSheet

_Cell = Callable[[Line], Value]
_NOTE = "比率列是准确的分数，旁边的小数四舍五入到八位，只供阅读。"


def standings(
    program: Program, record: RunRecord, teller: Teller, lines: Lines
) -> Iterator[OutSheet]:
    """One sheet per population that has more to show than its members' names."""
    for name, population in program.plan.populations.items():
        sheet = _Standing(program, record, teller, lines, name)
        if record.result.subjects.get(name) and sheet.cells:
            heading = [f"{population.title}　{record.period.label}", *sheet.heading]
            yield sheet.columns.sheet(f"{population.title}测算表", sheet.rows(), heading)


class _Standing:
    """The columns of one population, each with what it shows of a line."""

    def __init__(
        self, program: Program, record: RunRecord, teller: Teller, lines: Lines, name: str
    ) -> None:
        self.columns = Columns()
        self.cells: list[_Cell] = []
        self.heading: list[str] = []
        self._name = name
        self._program = program
        self._record = record
        self._teller = teller
        self._lines = lines
        self._titles: dict[Key, str] = {}
        head = self._head(program.plan.populations[name])
        self._measures(name)
        self._entries(name)
        self._outcomes(name)
        self._all = [*head, *self.cells]
        if lines.noted(name):
            self.columns.add("备注")
            self._all.append(self._notes)

    def rows(self) -> Iterator[Sequence[Value]]:
        """The cells of every member."""
        for line in self._lines.of(self._name):
            yield [cell(line) for cell in self._all]

    def _head(self, population: Population) -> list[_Cell]:
        person = population.of is SubjectKind.PERSON
        self.columns.texts("员工号" if person else "机构号", "姓名" if person else "名称")
        cells: list[_Cell] = [
            lambda line: line.subject.id,
            lambda line: self._teller.name(line.subject),
        ]
        if person:
            homes = homes_on(self._record)
            self.columns.add("机构号")
            cells.append(lambda line: homes.get(line.subject.id))
        return cells

    # -- measures --------------------------------------------------------------------------------

    def _measures(self, population: str) -> None:
        found = self._lines.measured(population)
        for name in self._program.nodes:
            periods = sorted(period for held, period in found if held == name)
            for period in periods:
                self._measure((name, period), period if len(periods) > 1 else "")

    def _measure(self, key: Key, period: str) -> None:
        title = self._titles[key] = f"{self._teller.title(key[0])} {period}".rstrip()
        digits = self._program.types[key[0]].digits
        if digits is None:
            self.heading = [_NOTE]
            self.columns.add(f"{title}（分数）")
            self.cells.append(lambda line: _ratio_text(line.measures.get(key)))
            self.columns.add(title, Kind.DECIMAL)
            self.cells.append(lambda line: _shown(line.measures.get(key)))
        else:
            self.columns.add(title, Kind.DECIMAL, digits=digits)
            self.cells.append(lambda line: _exact(line.measures.get(key)))

    def _notes(self, line: Line) -> str | None:
        found = ((title, line.measures.get(key)) for key, title in self._titles.items())
        told = [f"{title}：{row.absent}" for title, row in found if row is not None and row.absent]
        return "；".join(told) or None

    # -- entries ---------------------------------------------------------------------------------

    def _entries(self, population: str) -> None:
        """A column per rule and ledger, and the sum of each ledger."""
        found = self._lines.summed(population)
        order = {name: place for place, name in enumerate(_rule_order(self._program))}
        last = len(order)
        for ledger in self._program.plan.ledgers:
            rules = sorted(
                (rule for held, rule in found if held == ledger),
                key=lambda rule: (not rule, order.get(rule, last), rule),
            )
            for rule in rules:
                self._sum((ledger, rule))

    def _sum(self, key: Key) -> None:
        ledger, rule = key
        held = self._program.plan.ledgers[ledger]
        title = self._teller.title(rule) if rule else f"{held.title}合计"
        self.columns.add(f"{title}（{held.unit}）", Kind.DECIMAL, digits=held.digits)
        self.cells.append(
            lambda line: amount_decimal(line.sums[key], held.digits) if key in line.sums else None
        )

    # -- outcomes --------------------------------------------------------------------------------

    def _outcomes(self, population: str) -> None:
        found = self._lines.worded(population)
        for name in self._program.nodes:
            periods = sorted(period for held, period in found if held == name)
            for period in periods:
                self._word((name, period), period if len(periods) > 1 else "")

    def _word(self, key: Key, period: str) -> None:
        self.columns.add(f"{self._teller.title(key[0])} {period}".rstrip())
        self.cells.append(lambda line: line.words.get(key))


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
