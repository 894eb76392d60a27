"""Entries, facts and measures in words: what an entry rests on, as one Chinese sentence.

``依据三.2(1)「责任性投诉」：2025年7月8日投诉「TS-1」（甲网点，责任认定有责），扣100元。``
The numbers are those of the rows; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import assert_never

from wenyou_core.assess.evaluate import names_read
from wenyou_core.assess.facts import (
    DECISION,
    Cell,
    Fact,
    FactBook,
    PersonSpan,
    Subject,
    UnitSpan,
)
from wenyou_core.assess.result import Entry, EntryKind, MeasureValue, Result
from wenyou_core.scheme.amounts import FromExpr, FromRange
from wenyou_core.scheme.depends import measures_in
from wenyou_core.scheme.expr import Expr, Field
from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Bounds, EventRule, Limit, PeriodRule, Rule
from wenyou_core.scheme.sentence_amounts import whom_text
from wenyou_core.scheme.sentence_clauses import bounds_text, divided_text, window_text
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import day_text, percent_text
from wenyou_core.scheme.show import show_number, show_sum
from wenyou_core.scheme.words import SubjectKind, ValueType
from wenyou_core.worktime.periods import Period

KINDS: Mapping[EntryKind, str] = {
    EntryKind.EVENT: "逐件",
    EntryKind.EXCLUDED: "取舍冲回",
    EntryKind.LIMIT: "限额调整",
    EntryKind.PERIOD: "期末",
    EntryKind.AWARD: "评选",
    EntryKind.JOINT: "连带",
}
ADJUSTING = frozenset({EntryKind.EXCLUDED, EntryKind.LIMIT})
DECISION_TITLE = "决定"
_SHOWN_EVIDENCE = 3
Titled = MeasureDef | Rule | Grade | Award | Target | Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a teller speaks of: a result, the facts behind it, and names of units and people."""

    result: Result
    period: Period
    book: FactBook = field(default_factory=FactBook)
    unit_names: Mapping[str, str] = field(default_factory=dict)
    person_names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, result: Result, period: Period, book: FactBook) -> Told:
        """What a book tells of a result: names are those last borne up to the period's end."""
        return cls(
            result=result,
            period=period,
            book=book,
            unit_names=names_on(book.units, period),
            person_names=names_on(book.persons, period),
        )


def names_on(spans: Iterable[UnitSpan | PersonSpan], period: Period) -> dict[str, str]:
    """Names of units or people as they were last called up to the period's end."""
    names: dict[str, str] = {}
    for span in sorted(spans, key=lambda span: (span.id, span.since)):
        if span.since <= period.end or span.id not in names:
            names[span.id] = span.name
    return names


class Teller:
    """Says entries, measures and subjects of one run in words.

    ``plan`` is the plan with the adoption's values put in (``Program.plan``); ``minus`` the sign
    before a negative number.
    """

    def __init__(
        self, plan: Plan, told: Told, *, minus: str = "-", names: Names | None = None
    ) -> None:
        """Index what is told by its keys; ``names`` spares making the plan's words again."""
        self.plan, self.told, self.minus = plan, told, minus
        self.names = Names(plan, told.period.end) if names is None else names
        self.things = dict(_things_of(plan))
        self.entries = {entry.key: entry for entry in told.result.entries}
        self._facts = {
            (kind, fact.id): fact for kind, facts in told.book.facts.items() for fact in facts
        }
        self._measures = {
            (row.measure, row.subject.id, row.period): row for row in told.result.measures
        }

    # -- words for single things -----------------------------------------------------------------

    def who(self, subject: Subject) -> str:
        """``甲网点（U1）``, ``陈甲（0001）``."""
        name = self.name(subject)
        return f"{name}（{subject.id}）" if name and name != subject.id else subject.id

    def name(self, subject: Subject) -> str:
        """The name of a unit or person; empty where there is none."""
        person = subject.kind is SubjectKind.PERSON
        names = self.told.person_names if person else self.told.unit_names
        return names.get(subject.id, "")

    def kind(self, name: str) -> str:
        """The title of a kind of facts."""
        found = self.plan.facts.get(name)
        return found.title if found else {DECISION: DECISION_TITLE}.get(name, name)

    def title(self, name: str) -> str:
        """The title of a rule, limit, award or measure."""
        found = self.things.get(name)
        return (found.title or name) if found else name

    def number(self, number: Fraction) -> str:
        """An exact number with the teller's sign."""
        return show_number(number).replace("-", self.minus, 1)

    def money(self, amount: int, ledger: str) -> str:
        """``+200元``, ``-1.5分``."""
        number = Fraction(amount, 10 ** self.told.result.digits[ledger])
        return show_sum(number, self.plan.ledgers[ledger].unit, signed=True, minus=self.minus)

    def charged(self, amount: int, ledger: str) -> str:
        """``扣600元``, ``加2分``, ``计0元``."""
        number = Fraction(amount, 10 ** self.told.result.digits[ledger])
        verb = "扣" if number < 0 else "加" if number else "计"
        return f"{verb}{show_number(abs(number))}{self.plan.ledgers[ledger].unit}"

    def measure(self, row: MeasureValue) -> str:
        """``3/1000``, ``97.83``, or why there is none."""
        if row.num is not None and row.den is not None:
            return f"{self.number(row.num)}/{self.number(row.den)}"
        return self.number(row.value) if row.value is not None else row.absent or "不适用"

    # -- facts -----------------------------------------------------------------------------------

    def fact_of(self, kind: str, code: str) -> Fact | None:
        """The fact of a kind, or the one that a deemed fact with that number came from."""
        found = self._facts.get((kind, code))
        if found is not None:
            return found
        sources = (self._facts.get((other, code)) for other in self.plan.facts)
        return next((fact for fact in sources if fact is not None), None)

    def fact(self, kind: str, code: str, rule: str = "") -> str:
        """``2025年7月8日投诉「TS-1」（甲网点，责任认定有责，佐证2件：…）``.

        The fields are those that ``rule`` asked for. Only the number where the fact is not kept.
        """
        title, fact = self.kind(kind), self.fact_of(kind, code)
        if fact is None:
            return f"{title}「{code}」"
        asked = self._asked(fact, rule) if fact.kind == kind else ()
        inside = "，".join(
            part for part in (self._whose(fact), *asked, evidence_text(fact)) if part
        )
        deemed = f"（原为{self.kind(fact.kind)}）" if fact.kind != kind else ""
        clock = "" if fact.at is None else f"{fact.at // 60:02d}:{fact.at % 60:02d}"
        head = f"{day_text(fact.happened)}{clock}{title}「{code}」{deemed}"
        return f"{head}（{inside}）" if inside else head

    def value(self, value: Cell) -> str:
        """A field's value in words."""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Fraction):
            return self.number(value)
        if isinstance(value, date):
            return day_text(value)
        return "、".join(value) if isinstance(value, tuple) else value

    def _whose(self, fact: Fact) -> str:
        unit = self.told.unit_names.get(fact.unit, fact.unit)
        person = self.told.person_names.get(fact.person, fact.person)
        return unit + person

    def _asked(self, fact: Fact, rule: str) -> Iterator[str]:
        """The fields that decided whether, and how much: ``责任认定有责``."""
        found = self.things.get(rule)
        if not isinstance(found, EventRule):
            return
        declared = self.plan.facts[fact.kind].fields if fact.kind in self.plan.facts else {}
        read: list[Expr] = [] if found.where is None else list(names_read(found.where))
        if isinstance(found.amount, FromExpr):
            read += names_read(found.amount.value)
        names = [one.name for one in read if isinstance(one, Field) and one.of == "fact"]
        table = getattr(found.amount, "table", "")
        for article in self.plan.articles:
            if table in article.tables:
                names += article.tables[table].by
        for name in dict.fromkeys(names):
            if name in declared and name in fact.values:
                yield self.field(fact, name)

    def field(self, fact: Fact, name: str) -> str:
        """``责任认定有责``, ``见诸媒体：是``, ``扣分4``."""
        declared = self.plan.facts[fact.kind].fields[name]
        mark = "：" if declared.type in (ValueType.BOOL, ValueType.TEXT) else ""
        return f"{declared.title}{mark}{self.value(fact.values[name])}"

    # -- sentences -------------------------------------------------------------------------------

    def sentence(self, entry: Entry) -> str:
        """The whole sentence of an entry: article, facts, base, factor, limit, result."""
        clauses = [part for part in self._grounds(entry) if part]
        return f"依据{entry.article}「{self.title(entry.rule)}」：{'，'.join(clauses)}。"

    def _grounds(self, entry: Entry) -> list[str]:
        result = self.charged(entry.amount, entry.ledger)
        if entry.kind in ADJUSTING:
            result = f"计{self.money(entry.amount, entry.ledger)}"
        match entry.kind:
            case EntryKind.EVENT:
                return [*self._event(entry), result]
            case EntryKind.EXCLUDED:
                return [*self._excluded(entry), result]
            case EntryKind.LIMIT:
                return [*self._limit(entry), result]
            case EntryKind.PERIOD:
                return [*self._period(entry), result]
            case EntryKind.AWARD:
                return [*self._award(entry), *self._decision(entry), result]
            case EntryKind.JOINT:
                return [*self._joint(entry), result]
        assert_never(entry.kind)

    def _event(self, entry: Entry) -> list[str]:
        rule = self.things.get(entry.rule)
        again = rule.again if isinstance(rule, EventRule) else None
        clauses = [self.fact(entry.fact_kind, entry.fact, entry.rule)]
        if again is not None and entry.count > 1:
            earlier = f"，上一次是{entry.earlier}" if entry.earlier else ""
            clauses.append(f"{window_text(self.names, again.window)}第{entry.count}次{earlier}")
        clauses += [*self._base(entry), "已到单次上限" if entry.bound else ""]
        return [*clauses, *self._decision(entry)]

    def _base(self, entry: Entry) -> list[str]:
        """How the amount came about, where it is more than a fixed sum."""
        base = self.charged(entry.base, entry.ledger)
        rule = self.things.get(entry.rule)
        repeated = [f"每次{base}", f"乘{show_number(entry.factor)}"] if entry.factor != 1 else []
        if isinstance(rule, EventRule | PeriodRule) and isinstance(rule.amount, FromRange):
            return ["在幅度内确定"]
        if entry.quantity is None:
            return repeated
        if entry.quantity == Fraction(entry.base, 10 ** self.told.result.digits[entry.ledger]):
            return repeated
        return [f"数量{self.number(entry.quantity)}", *repeated]

    def _excluded(self, entry: Entry) -> list[str]:
        rule = self.things.get(entry.rule)
        sets = rule.together if isinstance(rule, EventRule | PeriodRule) else ()
        chosen = f"按{'、'.join(f'「{self._set_title(one)}」' for one in sets)}" if sets else ""
        one_by_one = "依次" if len(sets) > 1 else ""
        fact = f"{self.fact(entry.fact_kind, entry.fact)}同时适用几条" if entry.fact else ""
        cause = self.entries.get(entry.cause)
        net = cause is not None and cause.amount + entry.amount != 0
        left = f"（按每件的上下限计{self.money(-entry.amount, entry.ledger)}）" if net else ""
        return [fact, f"{chosen}{one_by_one}只计其一，冲回{self._cause(entry)}{left}"]

    def _limit(self, entry: Entry) -> list[str]:
        rule = self.things.get(entry.rule)
        if isinstance(rule, Limit):
            titles = "、".join(f"「{self.title(name)}」" for name in rule.limit)
            ends = Bounds(floor=rule.floor, ceiling=rule.ceiling, per=rule.per)
            held = bounds_text(self.names, ends).replace("-", self.minus)
            return [f"{titles}合计{held}", "调整差额"]
        bounds = rule.limit if isinstance(rule, EventRule | PeriodRule) else None
        kind = rule.on if isinstance(rule, EventRule) else ""
        told = bounds_text(self.names, bounds, kind)
        cause = f"对{self._cause(entry)}" if entry.cause else ""
        fact = self.fact(entry.fact_kind, entry.fact) if entry.cause and entry.fact else ""
        return [fact, told, f"{cause}调整差额"]

    def _period(self, entry: Entry) -> list[str]:
        rule = self.things.get(entry.rule)
        of = entry.fact if entry.fact and not entry.fact_kind else entry.subject.id
        clauses = [f"{self.label(entry.period)}期末"]
        if of != entry.subject.id:
            clauses.append(f"因{self.any_name(of)}")
        if isinstance(rule, PeriodRule):
            clauses.append(self.read(rule, of, entry.period))
        return [*clauses, *self._base(entry), *self._decision(entry)]

    def _award(self, entry: Entry) -> list[str]:
        rule, winners = self.things.get(entry.rule), entry.factor.denominator
        clauses = [f"{self.label(entry.period)}当选"]
        if isinstance(rule, Award) and rule.split and winners > 1:
            whole = self.money(entry.base, entry.ledger).removeprefix("+")
            clauses.append(f"{whole}由{winners}个平分")
        return clauses

    def _joint(self, entry: Entry) -> list[str]:
        rule = self.things.get(entry.rule)
        joints = rule.joint if isinstance(rule, EventRule | PeriodRule) else ()
        clauses = [f"随{self._cause(entry)}"]
        if entry.fact_kind:
            clauses.insert(0, self.fact(entry.fact_kind, entry.fact, entry.rule))
        if 0 < entry.part <= len(joints):
            one = joints[entry.part - 1]
            share = percent_text(one.percent) if one.percent is not None else ""
            share += divided_text(one)
            verb = "代为承担" if one.instead else "连带"
            whom = whom_text(self.names, one.whom, entry.fact_kind)
            clauses.append(f"{whom}{verb}{share}")
        return clauses

    # -- pieces ----------------------------------------------------------------------------------

    def _cause(self, entry: Entry) -> str:
        cause = self.entries.get(entry.cause)
        if cause is None:
            return f"「{self.title(entry.rule)}」的所列分录"
        amount = self.charged(cause.amount, cause.ledger)
        return f"{self.who(cause.subject)}「{self.title(cause.rule)}」{amount}"

    def read(self, rule: PeriodRule, subject: str, period: str) -> str:
        """The measures a period rule looked at, with their values."""
        names = [*measures_in(rule.when), *(rule.pick.by if rule.pick is not None else ())]
        told = []
        for name in dict.fromkeys(names):
            row = self._measures.get((name, subject, period))
            if row is not None and (row.value is not None or row.num is not None):
                told.append(f"{self.title(name)}{self.measure(row)}")
        return "、".join(told)

    def _decision(self, entry: Entry) -> list[str]:
        if not entry.decision:
            return []
        fact = self._facts.get((DECISION, entry.decision))
        values = fact.values if fact is not None else {}
        by, grounds = str(values.get("by", "")), str(values.get("grounds", ""))
        inside = "：".join(filter(None, (self.told.person_names.get(by, by), grounds)))
        return [
            f"按决定「{entry.decision}」（{inside}）" if inside else f"按决定「{entry.decision}」"
        ]

    def any_name(self, code: str) -> str:
        """``甲网点（U1）`` of a unit or person, whichever has the number."""
        name = self.told.unit_names.get(code) or self.told.person_names.get(code)
        return f"{name}（{code}）" if name and name != code else code

    def label(self, period: str) -> str:
        """The words for a period's code; of a part of the run the code."""
        return self.told.period.label if period == self.told.result.period else period

    def _set_title(self, name: str) -> str:
        found = (article.sets[name] for article in self.plan.articles if name in article.sets)
        return next((one.title for one in found), name)


def evidence_text(fact: Fact) -> str:
    """``佐证2件：照片、录音``; empty without any. Of masked ones only the number is known."""
    if not fact.evidence:
        return ""
    known = [piece for piece in fact.evidence if piece]
    shown = "、".join(known[:_SHOWN_EVIDENCE])
    more = "等" if known[_SHOWN_EVIDENCE:] else ""
    return f"佐证{len(fact.evidence)}件{'：' if shown else ''}{shown}{more}"


def _things_of(plan: Plan) -> Iterator[tuple[str, Titled]]:
    """Everything that has a title and a name of its own: rules, measures, outcomes."""
    for article in plan.articles:
        yield from article.measures.items()
        yield from article.rules.items()
        yield from article.grades.items()
        yield from article.awards.items()
        yield from article.targets.items()
        yield from article.obligations.items()
