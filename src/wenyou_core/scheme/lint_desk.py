"""What the checks of the lint share: the plan, what its things may be, and the list of findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from fractions import Fraction

from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import (
    Amount,
    Bands,
    End,
    Fixed,
    FromExpr,
    FromRange,
    FromTable,
    Linear,
    PerUnit,
    Scaled,
)
from wenyou_core.scheme.charges import cells_of
from wenyou_core.scheme.expr import Call, Expr, Field, Func, Measure, Neg, Param
from wenyou_core.scheme.hitting import names_unit
from wenyou_core.scheme.lint_logic import ALL_NUMBERS, Reasoner
from wenyou_core.scheme.lint_sets import ANYTHING, Span, Values, numbers, words
from wenyou_core.scheme.measuring import MeasureType
from wenyou_core.scheme.model import FieldDef, Parameter, Plan
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.scope import Owned, Scope, place_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.texts import parse_number
from wenyou_core.scheme.words import SubjectKind, ValueType

_NOT_BELOW_ZERO = Span(Fraction(0), True)
_STEPS = {ValueType.INT: 0, ValueType.DATE: 0, ValueType.TIME: 0, ValueType.MONEY: 2}
_ALWAYS_THERE = frozenset({"id", "happened", "known", "evidence_count"})


class Severity(Enum):
    """How bad a finding is."""

    ERROR = "错误"  # the plan cannot mean this
    HINT = "提醒"  # it may be meant; a person should look


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault of the plan itself: where, what, and what to do (one Chinese sentence or two)."""

    place: Place
    code: str
    severity: Severity
    text: str

    @property
    def article(self) -> str:
        """The number of the article it stands in; empty for the plan's head."""
        return self.place.article

    def __str__(self) -> str:
        return f"{self.severity.value} {self.place}：{self.text}（{self.code}）"


@dataclass(slots=True)
class Desk:
    """The plan on the desk. ``spans`` are bounds of measures; ``found`` grows."""

    plan: Plan
    scope: Scope
    types: Mapping[str, MeasureType]
    names: Names
    params: Mapping[str, Fraction]
    spans: dict[str, Span] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)

    def add(self, severity: Severity, at: Owned | Place, code: str, text: str) -> None:
        """Note a finding."""
        place = at if isinstance(at, Place) else place_of(at)
        self.found.append(Finding(place, code, severity, text))

    def error(self, at: Owned | Place, code: str, text: str) -> None:
        """Note something that cannot be meant."""
        self.add(Severity.ERROR, at, code, text)

    def hint(self, at: Owned | Place, code: str, text: str) -> None:
        """Note something that a person should look at."""
        self.add(Severity.HINT, at, code, text)

    def paying(self) -> Iterator[EventRule | PeriodRule]:
        """Event rules, then period rules."""
        yield from self.scope.events()
        yield from self.scope.period_rules()

    # -- reasoning ------------------------------------------------------------------------

    def over_facts(self, kind: str) -> Reasoner:
        """Judges conditions on the facts of a kind."""

        def domain(key: Expr) -> Values:
            if isinstance(key, Field) and key.of == "fact":
                return self._fact_field(kind, key.name)
            return self._common(key)

        return Reasoner(domain, self.params)

    def over_subjects(self) -> Reasoner:
        """Judges conditions on measures, attributes and parameters."""
        return Reasoner(self._common, self.params)

    def _common(self, key: Expr) -> Values:
        match key:
            case Field("unit", name):
                return _of_field(self.plan, self.plan.unit_fields.get(name))
            case Field("person", name):
                return _of_field(self.plan, self.plan.person_fields.get(name))
            case Param(name):
                return _of_param(self.scope.params.get(name))
            case Measure(name):
                return self._measure(name)
            case Call(func, _):
                return _of_call(func)
        return ANYTHING

    def _fact_field(self, kind: str, name: str) -> Values:
        fact = self.plan.facts.get(kind)
        declared = fact.fields.get(name) if fact else None
        if declared is not None:
            return _of_field(self.plan, declared)
        if name == "evidence_count":
            return numbers(_NOT_BELOW_ZERO).stepped(Fraction(1))
        if name in ("happened", "known"):
            return ALL_NUMBERS.stepped(Fraction(1))
        if name == "person" and fact and fact.person_required:
            return Values(other=True)
        return Values(other=True) if name in _ALWAYS_THERE else ANYTHING

    def _measure(self, name: str) -> Values:
        values = replace(numbers(self.spans.get(name, Span())), absent=True)
        known = self.types.get(name)
        if known is None or known.digits is None:
            return values
        return values.stepped(Fraction(1, 10**known.digits))

    # -- amounts --------------------------------------------------------------------------

    def amounts(self, rule: EventRule | PeriodRule) -> tuple[Fraction, ...] | None:
        """The numbers a rule's amount may be; None where they are not known."""
        return amounts_of(self.plan, rule.amount, self.params)

    def sign(self, rule: EventRule | PeriodRule) -> int:
        """-1 where a rule only takes off, 1 where it only gives, 0 where that is not known."""
        amount = rule.amount
        if isinstance(amount, PerUnit):
            return sign_of((amount.each.number,))
        if isinstance(amount, FromExpr):
            return self._sign_of_expr(rule, amount)
        found = self.amounts(rule)
        return sign_of(found) if found else 0

    def ends(self, end: End | None) -> tuple[Fraction, ...]:
        """What an end of a bound may be, on any day; nothing while it is unset."""
        if end is None:
            return ()
        if isinstance(end, Fixed) and end.sum is not None:
            return (end.sum.number,)
        sign = end.sign if isinstance(end, Scaled) else 1
        param = self.scope.params.get(end.param)
        values = (one.value for one in (param.values if param else ()))
        return tuple(sign * value for value in values if isinstance(value, Fraction))

    def _sign_of_expr(self, rule: EventRule | PeriodRule, amount: FromExpr) -> int:
        """The sign of ``x`` or ``-x`` where x is known never to be below zero."""
        value, turned = amount.value, 1
        if isinstance(value, Neg):
            value, turned = value.of, -1
        if not isinstance(value, Field | Measure):
            return 0
        reason = self.over_facts(rule.on) if isinstance(rule, EventRule) else self.over_subjects()
        spans = reason.domain(value).spans
        return turned if spans and all(one.low is not None and one.low >= 0 for one in spans) else 0


def amounts_of(
    plan: Plan, amount: Amount | None, params: Mapping[str, Fraction]
) -> tuple[Fraction, ...] | None:
    """The numbers an amount may be; None where they are unset or not a few."""
    match amount:
        case Fixed(sum=None, param=param):
            return (params[param],) if param in params else None
        case Fixed(sum=one) if one is not None:
            return (one.number,)
        case FromTable(table=name):
            table = next((one.tables[name] for one in plan.articles if name in one.tables), None)
            cells = cells_of(plan, table) if table else {}
            whole = table is not None and len(cells) == len(table.values)
            return tuple(one.number for one in cells.values()) if whole else None
        case FromRange(range=(first, second)):
            return (first.number, second.number)
        case Bands(rows=rows):
            return tuple(row.sum.number for row in rows)
        case Linear(start=start, end=end):
            return (start[1], end[1])
    return None


def sign_of(found: Sequence[Fraction]) -> int:
    """-1 where none is above zero, 1 where none is below it, 0 for mixed ones and only zeros."""
    if all(one <= 0 for one in found) and any(found):
        return -1
    return 1 if all(one >= 0 for one in found) and any(found) else 0


def numbers_of_params(plan: Plan) -> dict[str, Fraction]:
    """Parameters that have had exactly one value, a number."""
    found: dict[str, Fraction] = {}
    for article in plan.articles:
        for name, param in article.params.items():
            value = param.values[0].value if len(param.values) == 1 else None
            if isinstance(value, Fraction):
                found[name] = value
    return found


def _of_field(plan: Plan, one: FieldDef | None) -> Values:
    if one is None:
        return ANYTHING
    absent = not one.required
    if one.type is ValueType.BOOL:
        return replace(words("是", "否"), absent=absent)
    if one.type is ValueType.CHOICE:
        return replace(words(*plan.lists.get(one.choices, ())), absent=absent)
    digits = one.digits if one.type is ValueType.DECIMAL else _STEPS.get(one.type)
    if digits is None:
        return Values(other=True, absent=absent)
    day = Span(Fraction(0), True, Fraction(24 * 60), True)
    spans = numbers(day if one.type is ValueType.TIME else _bounds(one))
    return replace(spans.stepped(Fraction(1, 10**digits)), absent=absent)


def _bounds(one: FieldDef) -> Span:
    """The numbers that a field may hold."""
    low = parse_number(one.least)[0] if one.least else None
    high = parse_number(one.greatest)[0] if one.greatest else None
    return Span(low, low is not None, high, high is not None)


def _of_param(param: Parameter | None) -> Values:
    """A reading may be any of its words, whatever is chosen now."""
    if param is None:
        return ANYTHING
    if param.type is ValueType.CHOICE:
        return words(*param.choices)
    if param.type is ValueType.BOOL:
        return words("是", "否")
    return ANYTHING


def _of_call(func: Func) -> Values:
    span = Span()
    if func is Func.MONTH:
        span = Span(Fraction(1), True, Fraction(12), True)
    elif func in (Func.ABS,):
        span = _NOT_BELOW_ZERO
    if func in (Func.FIRST,):
        return ANYTHING
    found = replace(numbers(span), absent=True)
    whole = func not in (Func.MIN, Func.MAX, Func.ABS)
    return found.stepped(Fraction(1)) if whole else found


def is_money(plan: Plan, ledger: str) -> bool:
    """Whether a ledger counts yuan."""
    found = plan.ledgers.get(ledger)
    return found is not None and found.unit == "元"


def of_people(scope: Scope, rule: EventRule | PeriodRule) -> bool:
    """Whether a rule's entries go to persons."""
    if isinstance(rule, PeriodRule) and not rule.whom:
        population = scope.population(rule.each)
        return population is not None and population.of is SubjectKind.PERSON
    return any(
        whom.who not in ("unit", "parent", "subject") and not names_unit(scope, rule, whom)
        for whom in rule.whom
    )
