"""From a case's short rows to the facts, units and posts that an assessment reads.

The defaults that make a case short stand here: facts are confirmed and known at 18:00 of the day
they happened, units and posts have been there since 2000-01-01, everything is declared complete,
and the adopting unit need not be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any, TypeVar

from wenyou_core.assess.facts import (
    DECISION,
    Cell,
    Coverage,
    Fact,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    Subject,
    UnitSpan,
)
from wenyou_core.assess.impossible import impossible_rows
from wenyou_core.assess.rounding import LARGEST
from wenyou_core.errors import FactsError, Fault, Place
from wenyou_core.scheme.cases import Case, CaseOpening, Row
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.model import Adoption, FactKind, FieldDef, Plan
from wenyou_core.scheme.parse import nearest
from wenyou_core.scheme.texts import Units, parse_date, parse_sum, units_of
from wenyou_core.scheme.values import parse_time, typed_value
from wenyou_core.scheme.words import State, SubjectKind, ValueType
from wenyou_core.scheme.yamlread import Scalar, Seq

ADOPTER = "B"
SINCE = date(2000, 1, 1)
KNOWN = time(18)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_T = TypeVar("_T")
_FACT_COLUMNS = (
    "kind",
    "id",
    "unit",
    "person",
    "happened",
    "at",
    "known",
    "recorded",
    "state",
    "evidence",
)
_UNIT_COLUMNS = ("id", "name", "parent", "since", "till", "recorded")
_PERSON_COLUMNS = ("id", "name", "since", "till", "recorded")
_DECISION_FIELDS: Mapping[str, FieldDef] = {
    "rule": FieldDef(name="rule", title="规则", required=True),
    "target": FieldDef(name="target", title="所针对的事实"),
    "subject": FieldDef(name="subject", title="对象"),
    "choice": FieldDef(name="choice", title="结论"),
    "value": FieldDef(name="value", title="数值", type=ValueType.DECIMAL, digits=9),
    "by": FieldDef(name="by", title="决定人"),
    "grounds": FieldDef(name="grounds", title="理由"),
}
_DECIDED: Mapping[str, Cell] = {"by": "考核小组", "grounds": "案例"}


def units_of_plan(plan: Plan) -> Units:
    """What may stand behind a number in this plan, for ``texts.parse_sum``."""
    return units_of({name: ledger.unit for name, ledger in plan.ledgers.items()})


def adoption_of(case: Case, plan: Plan) -> Adoption:
    """The case's own adoption, or one by unit ``B`` with the case's values and tables."""
    if case.adoption is not None:
        return case.adoption
    return Adoption(
        id="case",
        plan=plan.id,
        version=plan.version,
        units=(ADOPTER,),
        in_force_from=plan.valid_from or SINCE,
        in_force_to=plan.valid_to,
        values=case.values,
        tables=case.tables,
        place=case.place,
    )


def fact_book(case: Case, plan: Plan) -> FactBook:
    """Everything the case puts before an assessment, typed by the plan's own definitions.

    Raises FactsError with every fault: a kind or column that the plan does not have, a value that
    does not fit its field, a unit that is not listed, a required field left out; where there is
    none of these, what the cells of a row cannot say together.
    """
    reader = _Rows(plan)
    units = tuple(reader.unit(row) for row in case.units)
    units = (*_adopters(adoption_of(case, plan), units), *units)
    reader.known_units = {unit.id for unit in units}
    facts: dict[str, list[Fact]] = {}
    for row in case.facts:
        fact = reader.fact(row)
        facts.setdefault(fact.kind, []).append(fact)
    book = FactBook(
        facts={kind: tuple(rows) for kind, rows in facts.items()},
        units=units,
        persons=_persons(tuple(reader.person(row) for row in case.persons), case),
        posts=tuple(
            PostSpan(
                person=one.person,
                unit=reader.listed(one.unit, one.place),
                post=one.post,
                since=one.since or SINCE,
                till=one.till,
                acting=one.acting,
                recorded=reader.moment(one.recorded, one.place),
                place=one.place,
            )
            for one in case.posts
        ),
        coverage=_coverage(case, plan, reader),
        openings=tuple(reader.opening(one) for one in case.openings),
    )
    faults = reader.faults or list(impossible_rows(plan, book))
    if faults:
        raise FactsError(faults)
    return book


@dataclass(slots=True)
class _Rows:
    """Reads rows; after a fault it goes on with a stand-in, since nothing is handed out then."""

    plan: Plan
    known_units: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def bad(self, place: Place, code: str, text: str) -> None:
        self.faults.append(Fault(place, code, text))

    # -- rows ---------------------------------------------------------------------------

    def unit(self, row: Row) -> UnitSpan:
        name = self.text(row, "id", required=True)
        return UnitSpan(
            id=name,
            name=self.text(row, "name") or name,
            since=self.day(row, "since", SINCE),
            till=self.day(row, "till", None),
            parent=self.text(row, "parent"),
            values=self.values(row, _UNIT_COLUMNS, self.plan.unit_fields),
            recorded=self.moment(self.text(row, "recorded"), row.place),
            place=row.place,
        )

    def person(self, row: Row) -> PersonSpan:
        name = self.text(row, "id", required=True)
        return PersonSpan(
            id=name,
            name=self.text(row, "name") or name,
            since=self.day(row, "since", SINCE),
            till=self.day(row, "till", None),
            values=self.values(row, _PERSON_COLUMNS, self.plan.person_fields),
            recorded=self.moment(self.text(row, "recorded"), row.place),
            place=row.place,
        )

    def fact(self, row: Row) -> Fact:
        kind = self.text(row, "kind", required=True)
        if kind == DECISION:
            values = {**_DECIDED, **self.values(row, _FACT_COLUMNS, _DECISION_FIELDS)}
        elif kind in self.plan.facts:
            self.check_subjects(row, self.plan.facts[kind])
            values = self.values(row, _FACT_COLUMNS, self.plan.facts[kind].fields)
        else:
            values = {}
            hint = nearest(kind, [*self.plan.facts, DECISION]) or "请先在方案的 facts 里写出。"
            self.bad(row.place, "case-kind", f"方案里没有“{kind}”这种事实；{hint}")
        happened = self.day(row, "happened", None, required=True) or SINCE
        known = self.moment(self.text(row, "known"), row.place)
        known = known or datetime.combine(happened, KNOWN)
        unit = self.text(row, "unit")
        return Fact(
            kind=kind,
            id=self.text(row, "id", required=True),
            happened=happened,
            known=known,
            recorded=self.moment(self.text(row, "recorded"), row.place) or known,
            state=self.state(row),
            at=self.parsed(row, "at", lambda text: int(parse_time(text)), None),
            unit=self.listed(unit, row.place) if unit else "",
            person=self.text(row, "person"),
            evidence=self.texts(row, "evidence"),
            values=values,
            place=row.place,
        )

    def opening(self, one: CaseOpening) -> Opening:
        if bool(one.unit) == bool(one.person):
            self.bad(one.place, "case-opening", "期初余额要写“unit”或“person”之一。")
        kind = SubjectKind.UNIT if one.unit else SubjectKind.PERSON
        subject = Subject(kind, one.unit or one.person or "?")
        try:
            amount = parse_sum(one.amount, units_of_plan(self.plan))
        except ExprError as error:
            self.bad(one.place, "case-value", f"“amount”：{error}")
            return Opening(subject, "", Fraction(0), one.on)
        return Opening(subject, amount.ledger, amount.number, one.on, one.note, one.place)

    # -- cells --------------------------------------------------------------------------

    def text(self, row: Row, column: str, *, required: bool = False) -> str:
        node = row.cells.get(column)
        if isinstance(node, Scalar) and node.value is not None:
            return node.text
        if isinstance(node, Seq):
            self.bad(row.place, "case-shape", f"“{column}”应是一个值，不能是列表。")
        elif required:
            self.bad(row.place, "case-missing", f"缺少“{column}”，请补上。")
        return ""

    def texts(self, row: Row, column: str) -> tuple[str, ...]:
        node = row.cells.get(column)
        if isinstance(node, Seq):
            return tuple(one.text for one in node.items if isinstance(one, Scalar))
        return (node.text,) if isinstance(node, Scalar) and node.value is not None else ()

    def parsed(self, row: Row, column: str, parse: Callable[[str], _T], default: Any) -> _T | Any:
        text = self.text(row, column)
        if not text:
            return default
        try:
            return parse(text)
        except ExprError as error:
            self.bad(row.place, "case-value", f"“{column}”：{error}")
            return default

    def day(self, row: Row, column: str, default: date | None, *, required: bool = False) -> Any:
        if required:
            self.text(row, column, required=True)
        return self.parsed(row, column, parse_date, default)

    def moment(self, text: str, place: Place) -> datetime | None:
        """A date with a time of day; a date alone means 18:00."""
        if not text:
            return None
        day, _, clock = text.replace("T", " ").partition(" ")
        try:
            minutes = int(parse_time(clock)) if clock else KNOWN.hour * 60
            return datetime.combine(parse_date(day), time(*divmod(minutes, 60)))
        except (ExprError, ValueError):
            self.bad(place, "case-value", f"“{text}”不是时间，请写成“2025-08-01 18:00”的样子。")
            return None

    def state(self, row: Row) -> State:
        text = self.text(row, "state") or State.CONFIRMED.value
        words = [state.value for state in State]
        if text in words:
            return State(text)
        self.bad(row.place, "case-value", f"“state”不能写“{text}”；可用的有{'、'.join(words)}。")
        return State.CONFIRMED

    def listed(self, unit: str, place: Place) -> str:
        if unit not in self.known_units:
            hint = nearest(unit, sorted(self.known_units)) or "请在 units 里写出。"
            self.bad(place, "case-unit", f"没有机构“{unit}”；{hint}")
        return unit

    def check_subjects(self, row: Row, kind: FactKind) -> None:
        has_unit, has_person = bool(self.text(row, "unit")), bool(self.text(row, "person"))
        if kind.subjects[:1] == (SubjectKind.UNIT,) and not has_unit:
            self.bad(row.place, "case-missing", f"“{kind.title}”缺少“unit”（机构号），请补上。")
        needs_person = kind.person_required or kind.subjects[:1] == (SubjectKind.PERSON,)
        if needs_person and not has_person:
            self.bad(row.place, "case-missing", f"“{kind.title}”缺少“person”（员工号），请补上。")

    def values(
        self, row: Row, columns: tuple[str, ...], fields: Mapping[str, FieldDef]
    ) -> dict[str, Cell]:
        """The declared fields of a row, typed; absent ones are left out."""
        found: dict[str, Cell] = {}
        for name, node in row.cells.items():
            one = fields.get(name)
            if one is not None:
                value = self.value(row, one, node)
                if value is not None:
                    found[name] = value
            elif name not in columns:
                hint = nearest(name, [*fields, *columns])
                hint = hint or f"这里可以写{'、'.join([*columns, *fields])}。"
                self.bad(row.place, "case-column", f"没有“{name}”这一列；{hint}")
        for name, one in fields.items():
            if one.required and name not in row.cells:
                self.bad(row.place, "case-missing", f"缺少“{name}”（{one.title}），请补上。")
        return found

    def value(self, row: Row, one: FieldDef, node: Scalar | Seq) -> Cell | None:
        if one.type is ValueType.PERSONS:
            texts = self.texts(row, one.name)
            return tuple(part for text in texts for part in text.split("、") if part) or None
        if isinstance(node, Seq):
            self.bad(row.place, "case-shape", f"“{one.name}”应是一个值，不能是列表。")
            return None
        if node.value is None:
            return None
        raw = node.value if isinstance(node.value, bool) else node.text
        choices = self.plan.lists.get(one.choices, ()) if one.type is ValueType.CHOICE else ()
        try:
            typed = typed_value(raw, one.type, units={}, choices=choices)
        except ExprError as error:
            self.bad(row.place, "case-value", f"“{one.name}”：{error}")
            return None
        if one.type is ValueType.DECIMAL and typed.digits > one.digits:
            text = f"“{one.name}”至多{one.digits}位小数，现在是“{node.text}”，请改正。"
            self.bad(row.place, "case-value", text)
        digits = 2 if one.type is ValueType.MONEY else one.digits
        if isinstance(typed.value, Fraction) and abs(typed.value) * 10**digits > LARGEST:
            text = f"“{one.name}”现在是“{node.text}”，超出了能记的范围，请核对后改小。"
            self.bad(row.place, "case-value", text)
        return typed.value


def _adopters(adoption: Adoption, units: tuple[UnitSpan, ...]) -> tuple[UnitSpan, ...]:
    listed = {unit.id for unit in units}
    return tuple(
        UnitSpan(id=name, name="采用单位", since=SINCE)
        for name in adoption.units
        if name not in listed
    )


def _persons(listed: tuple[PersonSpan, ...], case: Case) -> tuple[PersonSpan, ...]:
    """The people listed, and everybody else who holds a post."""
    seen = {one.id for one in listed}
    others = dict.fromkeys(post.person for post in case.posts if post.person not in seen)
    return (*listed, *(PersonSpan(id=name, name=name, since=SINCE) for name in others))


def _coverage(case: Case, plan: Plan, reader: _Rows) -> tuple[Coverage, ...]:
    """What is declared complete: by default every kind, always."""
    if case.coverage is None:
        return tuple(Coverage(kind=kind, since=FIRST_DAY, till=LAST_DAY) for kind in plan.facts)
    found: list[Coverage] = []
    for one in case.coverage:
        if one.kind and one.kind not in plan.facts:
            hint = nearest(one.kind, list(plan.facts)) or "请先在方案的 facts 里写出。"
            reader.bad(one.place, "case-kind", f"方案里没有“{one.kind}”这种事实；{hint}")
        found += [
            Coverage(
                kind=kind,
                since=one.since or FIRST_DAY,
                till=one.till or LAST_DAY,
                unit=reader.listed(one.unit, one.place) if one.unit else "",
                recorded=reader.moment(one.recorded, one.place),
                place=one.place,
            )
            for kind in ([one.kind] if one.kind else plan.facts)
        ]
    return tuple(found)
