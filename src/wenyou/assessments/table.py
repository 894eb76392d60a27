"""季度测算表: which columns a population has, and each subject's figures as they are shown.

A column's ``what`` is the word by which ``explain`` finds what stands behind a cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING

from wenyou.assessments.units import unit_of
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.measures import RankOf
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.runs.amounts import column_text
from wenyou_desk.runs.codec import subject_text
from wenyou_desk.runs.out import exact_decimal, shown_decimal
from wenyou_desk.runs.telling import Teller

if TYPE_CHECKING:
    from wenyou_core.assess.facts import Subject
    from wenyou_core.assess.program import Program
    from wenyou_core.assess.result import MeasureValue, Result
    from wenyou_desk.runs.record import RunRecord

MINUS = "\N{MINUS SIGN}"
YUAN = "元"
MOST_DIGITS = 6
MOST_EVENED = 4
"""Numbers longer than this are not padded: 0.000667 would make every nought a long one."""
MOST_ARTICLES = 3
"""Articles that the head of a sum names."""
ABSENT = frozenset({"", "—"})
MET = {True: "达成", False: "未达成", None: "不适用"}
MEMBER = "@"
"""Before a population's name: the key in ``figures`` that says somebody is its member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key in ``figures``, its title, what explains its cells, and with how many
    digits behind the point its numbers stand beneath each other.
    """

    key: str
    title: str
    what: str
    article: str = ""
    unit: str = ""
    number: bool = True
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TableHead:
    """A population's table. ``place`` is the column of its ranking, ``main`` what is ranked."""

    population: str
    title: str
    of: str
    members: int
    columns: tuple[Column, ...]
    place: str = ""
    main: str = ""

    def as_json(self) -> dict[str, object]:
        """As the run's summary keeps it."""
        return asdict(self)

    def member(self, figures: Mapping[str, object]) -> bool:
        """Whether somebody with these figures stands in this table."""
        return MEMBER + self.population in figures


@dataclass(slots=True)
class Row:
    """One subject: figures by column key, place, sums."""

    subject: Subject
    figures: dict[str, str]
    place: int | None = None
    points: Decimal | None = None
    amount_fen: int | None = None


class Tables:
    """All tables of a run."""

    def __init__(self, program: Program, record: RunRecord) -> None:
        self._program, self._result = program, record.result
        self.teller = Teller(program.plan, record, minus=MINUS)
        self._articles = {
            name: article.no
            for article in program.plan.articles
            for space in (article.measures, article.rules, article.grades, article.awards,
                          article.targets)
            for name in space
        }  # fmt: skip
        self.rows: dict[str, Row] = {}
        self._keys = keys_of(record.result)
        self.heads = [head for head in self._heads() if head.columns]
        self.main = self._main()
        self._sums()

    def _row(self, subject: Subject) -> Row:
        key = self._key(subject)
        if key not in self.rows:
            self.rows[key] = Row(subject, {})
        return self.rows[key]

    def _key(self, subject: Subject) -> str:
        return self._keys.setdefault(subject, subject_text(subject))

    # -- columns ---------------------------------------------------------------------------------

    def _heads(self) -> Iterator[TableHead]:
        for name, population in self._program.plan.populations.items():
            members = self._result.subjects.get(name, ())
            if not members:
                continue
            for one in members:
                self._row(one).figures[MEMBER + name] = ""
            columns = [*self._measures(name), *self._entries(members), *self._outcomes(name)]
            keys = [self._key(one) for one in members]
            columns = [replace(one, digits=self._digits(one.key, keys)) for one in columns]
            place, main = self._ranking(name)
            yield TableHead(
                population=name,
                title=population.title,
                of=population.of.value,
                members=len(members),
                columns=tuple(columns),
                place=place,
                main=main,
            )

    def _digits(self, key: str, members: Iterable[str]) -> int:
        digits = digits_of(self.rows[one].figures.get(key, "") for one in members)
        return digits if digits <= MOST_EVENED else 0

    def _measures(self, population: str) -> Iterator[Column]:
        found: dict[str, dict[str, list[MeasureValue]]] = defaultdict(lambda: defaultdict(list))
        for row in self._result.measures:
            if self._program.types[row.measure].population == population:
                found[row.measure][row.period].append(row)
        for name in self._program.nodes:
            periods = sorted(found.get(name, {}).items())
            for period, rows in periods:
                if all(row.absent for row in rows) and not self._is_rank(name):
                    continue
                several = len(periods) > 1
                key = f"{name}@{period}" if several else name
                for row in rows:
                    self._row(row.subject).figures[key] = shown(row)
                title = self.teller.title(name)
                label = f"{title}（{_label(period)}）" if several else title
                article = self._articles.get(name, "")
                unit = unit_of(self._program, name)
                yield Column(key=key, title=label, what=name, article=article, unit=unit)

    def _is_rank(self, name: str) -> bool:
        return isinstance(self._program.nodes[name], RankOf)

    def _entries(self, members: tuple[Subject, ...]) -> Iterator[Column]:
        """A column per rule and ledger, and the sum of each ledger where it has several."""
        mine = {self._key(one) for one in members}
        sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for entry in self._result.entries:
            who = self._key(entry.subject)
            if who in mine:
                sums[entry.ledger, entry.rule][who] += entry.amount
                sums[entry.ledger, ""][who] += entry.amount
        order = {name: at for at, name in enumerate(self._articles)}
        for ledger, held in self._program.plan.ledgers.items():
            rules = sorted(
                (rule for name, rule in sums if name == ledger),
                key=lambda rule: (not rule, order.get(rule, len(order))),
            )
            for rule in rules:
                key = f"{ledger}|{rule}"
                for who, amount in sums[ledger, rule].items():
                    self.rows[who].figures[key] = money_text(amount, held.digits)
                title = self.teller.title(rule) if rule else f"{held.title}合计"
                article = self._articles.get(rule, "") if rule else self._together(rules)
                yield Column(key=key, title=title, what=rule, article=article, unit=held.unit)

    def _together(self, rules: Iterable[str]) -> str:
        """The articles of several rules in the plan's order; of many the first, and their number."""
        found = list(dict.fromkeys(self._articles[one] for one in rules if one in self._articles))
        more = f"等{len(found)}条" if len(found) > MOST_ARTICLES else ""
        return "、".join(found[:MOST_ARTICLES]) + more

    def _outcomes(self, population: str) -> Iterator[Column]:
        result = self._result
        words: dict[str, list[tuple[Subject, str]]] = defaultdict(list)
        for grade in result.grades:
            words[grade.grade].append((grade.subject, grade.step or "未定级"))
        for target in result.targets:
            words[target.target].append((target.subject, MET[target.met]))
        for award in result.awards:
            words[award.award].append((award.subject, "是" if award.won else "否"))
        for name, node in self._program.nodes.items():
            if name in words and getattr(node, "each", "") == population:
                for subject, word in words[name]:
                    self._row(subject).figures[name] = word
                article = self._articles.get(name, "")
                title = self.teller.title(name)
                yield Column(key=name, title=title, what=name, article=article, number=False)

    # -- ranking and sums ------------------------------------------------------------------------

    def _ranking(self, population: str) -> tuple[str, str]:
        """The first ranking of the population over the whole period, and what it ranks."""
        for name, node in self._program.nodes.items():
            if not isinstance(node, RankOf) or self._program.types[name].population != population:
                continue
            if any(row.value is not None for row in self._of(name)):
                return name, node.rank
        return "", ""

    def _main(self) -> str:
        """The population whose ranking everybody sees: the narrowest one of units that has one,
        of two alike the one that the plan ranks first. Its places are kept with the rows.
        """
        ranked = [one for one in self.heads if one.place and one.of == SubjectKind.UNIT.value]
        if not ranked:
            return ""
        order = list(self._program.nodes)
        head = min(ranked, key=lambda one: (one.members, order.index(one.place)))
        for row in self._of(head.place):
            if row.value is not None:
                self._row(row.subject).place = int(row.value)
        return head.population

    def _of(self, name: str) -> Iterator[MeasureValue]:
        code = self._program.run.code
        return (row for row in self._result.measures if row.measure == name and row.period == code)

    def _sums(self) -> None:
        plan = self._program.plan
        for entry in self._result.entries:
            row, ledger = self._row(entry.subject), plan.ledgers[entry.ledger]
            number = Decimal(entry.amount).scaleb(-ledger.digits)
            if ledger.unit == YUAN:
                row.amount_fen = (row.amount_fen or 0) + int(number * 100)
            else:
                row.points = (row.points or Decimal(0)) + number


def keys_of(result: Result) -> dict[Subject, str]:
    """The key of every subject. An adopting unit is its unit, so that both have one row and one
    sum; as a unit it has a statement too.
    """
    found: dict[Subject, str] = {}
    members = (one for several in result.subjects.values() for one in several)
    for one in sorted(
        chain(members, (entry.subject for entry in result.entries)),
        key=lambda one: one.kind is SubjectKind.ADOPTER,
    ):
        found.setdefault(one, subject_text(one))
    return found


def _label(code: str) -> str:
    """The words for a period's code; of one that nobody types (a personal cycle) the code."""
    try:
        return parse_period(code).label
    except InputRefused:
        return code


def shown(row: MeasureValue) -> str:
    """A measure as a table shows it: exact where short, else rounded; a dash where absent."""
    number = row.value
    if row.num is not None and row.den:
        number = row.num / row.den
    if row.absent or number is None:
        return "—"
    return number_text(number)


def number_text(number: Fraction) -> str:
    """A number with at most ``MOST_DIGITS`` decimals and a real minus, for the eye."""
    exact = exact_decimal(number)
    if exact is None or -int(exact.as_tuple().exponent) > MOST_DIGITS:
        exact = round(shown_decimal(number), MOST_DIGITS)
    text = f"{exact:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def money_text(amount: int, digits: int) -> str:
    """An amount of a ledger with its sign."""
    return f"{'+' if amount > 0 else ''}{column_text(amount, digits)}".replace("-", MINUS)


def number_of(text: str) -> Decimal | None:
    """The number of a shown text, for drawing; None where there is none."""
    try:
        return Decimal(text.replace(MINUS, "-"))
    except ArithmeticError:
        return None


def digits_of(texts: Iterable[str]) -> int:
    """The most digits behind the point of any of these numbers."""
    return max(
        (len(text.partition(".")[2]) for text in texts if number_of(text) is not None), default=0
    )


def evened(texts: Sequence[str]) -> list[str]:
    """Numbers that stand beneath each other, all with as many digits behind the point."""
    digits = digits_of(texts)
    return [padded(text, digits) for text in texts]


def padded(text: str, digits: int) -> str:
    """A shown number with so many digits behind the point; anything else as it is."""
    if not digits or number_of(text) is None:
        return text
    whole, _, behind = text.partition(".")
    return f"{whole}.{behind.ljust(digits, '0')}"


def ordered(rows: Iterable[Row]) -> dict[str, dict[str, int]]:
    """Per column and shown figure its place among the others, the smallest first; words stand
    behind the numbers, an absent figure has no place.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for key, text in row.figures.items():
            if text not in ABSENT:
                found[key].add(text)
    return {
        key: {text: place for place, text in enumerate(sorted(texts, key=_weight))}
        for key, texts in found.items()
    }


def _weight(text: str) -> tuple[bool, Decimal, str]:
    number = number_of(text)
    return number is None, number or Decimal(0), text


def is_person(subject: Subject) -> bool:
    """Whether a subject is a person."""
    return subject.kind is SubjectKind.PERSON


def head_of(kept: Mapping[str, object]) -> TableHead:
    """The table's head as the run's summary keeps it."""
    columns = kept["columns"]
    assert isinstance(columns, list)  # noqa: S101 -- written by as_json
    fields = {name: value for name, value in kept.items() if name != "columns"}
    return TableHead(columns=tuple(Column(**one) for one in columns), **fields)  # type: ignore[arg-type]
