"""What no single cell can tell: unknown numbers, double keys, days that cannot be.

All rows are judged, and every fault is told with its place. Whether a day lies in the period
that a run looks at is no fault and is told by the run (``runs/outside.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from wenyou_core.assess.facts import DECISION, Cell, Fact, FactBook
from wenyou_core.assess.impossible import field_spans, reversed_fields
from wenyou_core.assess.known import as_known, known_day
from wenyou_core.errors import Fault, InputRefused, Place
from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.facts.book import DECISION_FIELDS
from wenyou_desk.facts.doubles import (
    Double,
    Doubles,
    double_text,
    stood,
    without_repeated_files,
)
from wenyou_desk.facts.lifetimes import Lifetimes
from wenyou_desk.facts.orgjudge import judge_organization
from wenyou_desk.facts.sheets import DECISION_TITLE

NEEDS_UNITS = "没有「机构」表，或表里还没有填，无法计算。请填写机构表。"
NO_UNITS = "没有「机构」表，或表里还没有填，机构号没有核对。"
NEEDS_PERSONS = "事实或任职里有员工号，却没有「人员」表。请补上人员表。"
NO_PERSONS = "没有「人员」表，员工号没有核对。"


@dataclass(slots=True)
class Judgment:
    """What was found: faults refuse the facts, remarks only tell."""

    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)

    def fault(self, place: Place, code: str, text: str, column: str = "") -> None:
        """Note a fault, in a column of the row when one is named."""
        self.faults.append(Fault(replace(place, column=column) if column else place, code, text))

    def remark(self, place: Place, code: str, text: str) -> None:
        """Note something worth a look."""
        self.remarks.append(Fault(place, code, text))


def judge(
    book: FactBook,
    plan: Plan,
    *,
    alone: bool = False,
    elsewhere: Container[str] = (),
    registered: bool = False,
) -> Judgment:
    """Every fault of a book as a whole.

    With ``alone`` (a file checked by itself) a missing organization is a remark; otherwise
    units are needed, and people as soon as somebody is named. ``elsewhere`` are numbers of
    facts that are not in the book. ``registered``: its units and people come from a register, so
    nobody is sent to a sheet for them.
    """
    book, repeated = without_repeated_files(book)
    found, doubles = Judgment(repeated), Doubles()
    newest = as_known(FactBook(units=book.units, persons=book.persons, posts=book.posts))
    units = Lifetimes(newest.units, registered=registered)
    persons = Lifetimes(newest.persons, registered=registered)
    _judge_presence(book, found, alone=alone)
    judge_organization(book, newest, found.fault, found.remark, doubles=doubles)
    facts = _Facts(book, plan, units, persons, found=found, doubles=doubles, elsewhere=elsewhere)
    for kind, rows in book.facts.items():
        facts.judge(kind, rows)
    found.faults += doubles.faults()
    return found


def _judge_presence(book: FactBook, found: Judgment, *, alone: bool) -> None:
    note = found.remark if alone else found.fault
    if not book.units:
        note(Place(), "no_units", NO_UNITS if alone else NEEDS_UNITS)
    named = any(fact.person for rows in book.facts.values() for fact in rows)
    if not book.persons and (named or book.posts):
        note(Place(), "no_persons", NO_PERSONS if alone else NEEDS_PERSONS)


class _Facts:
    def __init__(
        self,
        book: FactBook,
        plan: Plan,
        units: Lifetimes,
        persons: Lifetimes,
        *,
        found: Judgment,
        doubles: Doubles,
        elsewhere: Container[str],
    ) -> None:
        self._plan = plan
        self._doubles = doubles
        self._units = units
        self._persons = persons
        self._found = found
        self._spans = field_spans(plan)
        self._ids = {fact.id for rows in book.facts.values() for fact in rows}
        self._elsewhere = elsewhere
        self._complete = bool(book.units)

    def judge(self, kind: str, rows: Sequence[Fact]) -> None:
        """Every fault of the facts of a kind."""
        fields = DECISION_FIELDS if kind == DECISION else self._plan.facts[kind].fields
        judges = tuple(self._field_judges(fields))
        title = DECISION_TITLE if kind == DECISION else self._plan.facts[kind].title
        if kind != DECISION and self._sound(kind, rows, fields):
            return
        seen: dict[tuple[str, datetime], Place] = {}
        for fact in rows:
            before = seen.setdefault((fact.id, fact.recorded), fact.place)
            if before is not fact.place:
                text = double_text(fact.id, stood(before, fact.place.file, title))
                self._doubles.add(Double(fact.place, before, text, "编号"))
            self._judge_days(fact)
            self._judge_subjects(fact)
            for name, column, judge in judges:
                value = fact.values.get(name)
                if value is not None:
                    judge(fact, column, value)
            if kind == DECISION:
                self._judge_decision(fact)

    def _sound(self, kind: str, rows: Sequence[Fact], fields: Mapping[str, FieldDef]) -> bool:
        """Whether nothing is wrong with any row, which is so with nearly every sheet.

        All rows are looked at at once, each number with its first and last day; only where this
        finds something they are judged one by one, to say what.
        """
        units = [(fact.unit, fact.happened) for fact in rows if fact.unit]
        persons = [(fact.person, fact.happened) for fact in rows if fact.person]
        named = {ValueType.UNIT: units, ValueType.PERSON: persons}
        for name, one in fields.items():
            if one.type in (ValueType.PERSONS, ValueType.FACT):
                if any(name in fact.values for fact in rows):
                    return False
            elif one.type in named:
                named[one.type].extend(
                    (str(fact.values[name]), fact.happened) for fact in rows if name in fact.values
                )
        return (
            len({(fact.id, fact.recorded) for fact in rows}) == len(rows)
            # first it happens, then it becomes known, then it is written down
            and all(one.known <= one.recorded and one.happened <= known_day(one) for one in rows)
            and not (kind in self._spans and any(self._reversed(rows)))
            and self._units.holds(units)
            and self._persons.holds(persons)
        )

    def _reversed(self, rows: Sequence[Fact]) -> Iterator[bool]:
        return (True for one in rows for _ in reversed_fields(one, self._spans))

    def _judge_days(self, fact: Fact) -> None:
        if fact.recorded < fact.known:
            text = f"记录时间早于登记时间（{_told(fact.known)}）。请核对这两格。"
            self._found.fault(fact.place, "recorded_before_known", text, "记录时间")
        if known_day(fact) < fact.happened:
            text = (
                f"登记时间（{_told(fact.known)}）早于发生日期（{fact.happened}）。"
                "还没有发生的事不能登记为事实，请核对这两格。"
            )
            self._found.fault(fact.place, "known_before_happened", text, "登记时间")
        for first, last in reversed_fields(fact, self._spans):
            begins, ends = fact.values[first.name], fact.values[last.name]
            text = f"「{last.title}」{ends}早于「{first.title}」{begins}。请核对这两格。"
            self._found.fault(fact.place, "reversed_span", text, last.title)

    def _judge_subjects(self, fact: Fact) -> None:
        if fact.unit:
            self.unit(fact, "机构号", fact.unit)
        if fact.person:
            self.person(fact, "员工号", fact.person)

    def _field_judges(
        self, fields: Mapping[str, FieldDef]
    ) -> Iterator[tuple[str, str, Callable[[Fact, str, Cell], None]]]:
        judges: Mapping[ValueType, Callable[[Fact, str, Cell], None]] = {
            ValueType.UNIT: self.unit,
            ValueType.PERSON: self.person,
            ValueType.PERSONS: self.persons,
            ValueType.FACT: self.fact,
        }
        for name, one in fields.items():
            if one.type in judges and fields is not DECISION_FIELDS:
                yield name, one.title, judges[one.type]

    def unit(self, fact: Fact, column: str, value: Cell) -> None:
        """A 机构号 must be known, and open on the day."""
        self._lives(self._units, fact, column, str(value), told=("机构", "营业"))

    def person(self, fact: Fact, column: str, value: Cell) -> None:
        """A 员工号 must be known, and employed on the day."""
        self._lives(self._persons, fact, column, str(value), told=("人员", "在职"))

    def persons(self, fact: Fact, column: str, value: Cell) -> None:
        """Each of several 员工号."""
        for one in value if isinstance(value, tuple) else ():
            self.person(fact, column, one)

    def fact(self, fact: Fact, column: str, value: Cell) -> None:
        """The number of another fact must be found among the facts."""
        if self._complete and not self._is_fact(value):
            text = f"各张事实表里都没有编号「{value}」。请核对，或补上那件事。"
            self._found.fault(fact.place, "unknown_fact", text, column)

    def _is_fact(self, code: Cell) -> bool:
        return code in self._ids or code in self._elsewhere

    def _lives(
        self, lifetimes: Lifetimes, fact: Fact, column: str, code: str, *, told: tuple[str, str]
    ) -> None:
        if not lifetimes:
            return
        sheet, lives = told
        if code not in lifetimes:
            text = lifetimes.unknown(column, code, sheet)
            self._found.fault(fact.place, f"unknown_{sheet}", text, column)
        elif not lifetimes.on(code, fact.happened):
            text = (
                f"{column}「{code}」在{fact.happened}不在{lives}期间"
                f"（{lifetimes.told(code)}）。请核对日期和{column}。"
            )
            self._found.fault(fact.place, "outside_lifetime", text, column)

    def _judge_decision(self, fact: Fact) -> None:
        target, subject = fact.values.get("target"), fact.values.get("subject")
        if "choice" not in fact.values and "value" not in fact.values:
            text = "「结论」和「数值」都空着。请写明决定的内容。"
            self._found.fault(fact.place, "empty_decision", text, "结论")
        if self._complete and not (target is None or self._is_fact(target) or _is_period(target)):
            text = f"「{target}」既不是事实表里的编号，也不是期间（如 2025Q3）。请核对。"
            self._found.fault(fact.place, "unknown_fact", text, "编号或期间")
        known = subject in self._units or subject in self._persons
        if self._units and self._persons and subject is not None and not known:
            text = f"「{subject}」不在{self._units.place('机构')}里，也不在{self._persons.place('人员')}里。请核对。"
            text += self._persons.without_zeros(str(subject), "人员")
            self._found.fault(fact.place, "unknown_subject", text, "对象")


def _is_period(text: Cell) -> bool:
    try:
        return isinstance(text, str) and parse_period(text).code == text
    except InputRefused:
        return False


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
