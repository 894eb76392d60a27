"""Every entry as one Chinese sentence: article, facts, base, factor, limit, result.

The numbers are the entry's own; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import assert_never

from wenyou_core.assess.evaluate import names_read
from wenyou_core.assess.facts import DECISION, Fact, Subject
from wenyou_core.assess.result import Entry, EntryKind, MeasureValue
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.expr import Expr, Measure
from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.model import Article, Plan
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import EventRule, Limit, PeriodRule, Rule
from wenyou_core.scheme.sentence_amounts import whom_text
from wenyou_core.scheme.sentence_clauses import bounds_text, window_text
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import percent_text
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.facts.sheets import DECISION_TITLE
from wenyou_desk.runs.record import RunRecord

KINDS: Mapping[EntryKind, str] = {
    EntryKind.EVENT: "逐件",
    EntryKind.EXCLUDED: "取舍冲回",
    EntryKind.LIMIT: "限额调整",
    EntryKind.PERIOD: "期末",
    EntryKind.AWARD: "评选",
    EntryKind.JOINT: "连带",
}
_Titled = MeasureDef | Rule | Grade | Award | Target | Obligation
_SHOWN_EVIDENCE = 3


class Teller:
    """Says entries, measures and subjects of one run in words.

    ``plan`` is the plan with the adoption's values put in (``Program.plan``).
    """

    def __init__(self, plan: Plan, record: RunRecord) -> None:
        self.plan = plan
        self._record = record
        self._names = Names(plan, record.period.end)
        self._rules = _rules_of(plan)
        self._facts = {
            (kind, fact.id): fact for kind, facts in record.book.facts.items() for fact in facts
        }
        self._entries = {entry.key: entry for entry in record.result.entries}
        self._measures = {
            (row.measure, row.subject.id, row.period): row for row in record.result.measures
        }

    # -- words for single things -----------------------------------------------------------------

    def who(self, subject: Subject) -> str:
        """``甲网点（U1）``, ``陈甲（0001）``."""
        name = self.name(subject)
        return f"{name}（{subject.id}）" if name else subject.id

    def name(self, subject: Subject) -> str:
        """The name of a unit or person; empty where the book has none."""
        person = subject.kind is SubjectKind.PERSON
        names = self._record.person_names if person else self._record.unit_names
        return names.get(subject.id, "")

    def kind(self, name: str) -> str:
        """The title of a kind of facts."""
        found = self.plan.facts.get(name)
        return found.title if found else {DECISION: DECISION_TITLE}.get(name, name)

    def title(self, rule: str) -> str:
        """The title of a rule, limit or award."""
        found = self._rules.get(rule)
        return (found.title or rule) if found else rule

    def money(self, amount: int, ledger: str) -> str:
        """``+200元``, ``-1.5分``."""
        number = Fraction(amount, 10 ** self._record.result.digits[ledger])
        sign = "+" if number > 0 else ""
        return f"{sign}{show_number(number)}{self.plan.ledgers[ledger].unit}"

    def fact(self, kind: str, code: str) -> str:
        """``2025年7月8日投诉TS-1（甲网点，佐证2件：…）``; only the number where it is not kept."""
        title = self.kind(kind)
        fact = self._facts.get((kind, code)) or self._source(code)
        if fact is None:
            return f"{title}「{code}」"
        told = [self._whose(fact), self._evidence(fact)]
        inside = "，".join(part for part in told if part)
        source = self.kind(fact.kind)
        deemed = f"（原为{source}）" if fact.kind != kind else ""
        clock = "" if fact.at is None else f"{fact.at // 60:02d}:{fact.at % 60:02d}"
        day = f"{fact.happened.year}年{fact.happened.month}月{fact.happened.day}日{clock}"
        return (
            f"{day}{title}「{code}」{deemed}（{inside}）" if inside else f"{day}{title}「{code}」"
        )

    def measure(self, row: MeasureValue) -> str:
        """``3/1000``, ``97.83``, or why there is none."""
        if row.num is not None and row.den is not None:
            return f"{show_number(row.num)}/{show_number(row.den)}"
        return show_number(row.value) if row.value is not None else row.absent or "不适用"

    def _source(self, code: str) -> Fact | None:
        """The fact that a deemed one came from: it has the same number in another kind."""
        found = (self._facts.get((kind, code)) for kind in self.plan.facts)
        return next((fact for fact in found if fact is not None), None)

    def _whose(self, fact: Fact) -> str:
        unit = self._record.unit_names.get(fact.unit, fact.unit)
        person = self._record.person_names.get(fact.person, fact.person)
        return unit + person

    def _evidence(self, fact: Fact) -> str:
        if not fact.evidence:
            return ""
        shown = "、".join(fact.evidence[:_SHOWN_EVIDENCE])
        return (
            f"佐证{len(fact.evidence)}件：{shown}{'等' if fact.evidence[_SHOWN_EVIDENCE:] else ''}"
        )

    # -- sentences -------------------------------------------------------------------------------

    def sentence(self, entry: Entry) -> str:
        """The whole sentence of an entry."""
        amount = self.money(entry.amount, entry.ledger)
        clauses = [part for part in self._grounds(entry) if part]
        head = f"依据{entry.article}「{self.title(entry.rule)}」"
        return f"{head}：{'，'.join([*clauses, f'计{amount}'])}。"

    def _grounds(self, entry: Entry) -> list[str]:
        match entry.kind:
            case EntryKind.EVENT:
                return self._event(entry)
            case EntryKind.EXCLUDED:
                return self._excluded(entry)
            case EntryKind.LIMIT:
                return self._limit(entry)
            case EntryKind.PERIOD:
                return self._period(entry)
            case EntryKind.AWARD:
                return [f"{self._record.period.label}当选", *self._decision(entry)]
            case EntryKind.JOINT:
                return self._joint(entry)
        assert_never(entry.kind)

    def _event(self, entry: Entry) -> list[str]:
        rule = self._rules.get(entry.rule)
        again = rule.again if isinstance(rule, EventRule) else None
        clauses = [self.fact(entry.fact_kind, entry.fact)]
        if again is not None and entry.count > 1:
            earlier = f"，上一次是{entry.earlier}" if entry.earlier else ""
            window = window_text(self._names, again.window)
            clauses.append(f"{window}第{entry.count}次{earlier}")
        clauses += [
            *self._base(entry),
            f"乘{show_number(entry.factor)}" if entry.factor != 1 else "",
            "已到单次上限" if entry.bound else "",
            *self._decision(entry),
        ]
        return clauses

    def _excluded(self, entry: Entry) -> list[str]:
        rule = self._rules.get(entry.rule)
        together = rule.together if isinstance(rule, EventRule | PeriodRule) else ""
        chosen = f"按「{self._set_title(together)}」" if together else ""
        fact = f"{self.fact(entry.fact_kind, entry.fact)}同时适用几条" if entry.fact else ""
        return [fact, f"{chosen}只计其一，冲回{self._cause(entry)}"]

    def _limit(self, entry: Entry) -> list[str]:
        rule = self._rules.get(entry.rule)
        if isinstance(rule, Limit):
            titles = "、".join(f"「{self.title(name)}」" for name in rule.limit)
            ends = (("不低于", rule.floor), ("不高于", rule.ceiling))
            held = "、".join(f"{word}{self._names.sum(end)}" for word, end in ends if end)
            return [f"{titles}合计{held}", "调整差额"]
        bounds = rule.limit if isinstance(rule, EventRule | PeriodRule) else None
        told = bounds_text(self._names, bounds)
        cause = f"对{self._cause(entry)}" if entry.cause else ""
        fact = self.fact(entry.fact_kind, entry.fact) if entry.cause and entry.fact else ""
        return [fact, told, f"{cause}调整差额"]

    def _period(self, entry: Entry) -> list[str]:
        rule = self._rules.get(entry.rule)
        of = entry.fact if entry.fact and not entry.fact_kind else entry.subject.id
        clauses = [f"{self._label(entry.period)}期末"]
        if of != entry.subject.id:
            clauses.append(f"因{self._any_name(of)}")
        if isinstance(rule, PeriodRule):
            clauses.append(self._read(rule, of, entry.period))
        return [*clauses, self._quantity(entry), *self._decision(entry)]

    def _joint(self, entry: Entry) -> list[str]:
        rule = self._rules.get(entry.rule)
        joints = rule.joint if isinstance(rule, EventRule | PeriodRule) else ()
        clauses = [f"随{self._cause(entry)}"]
        if entry.fact_kind:
            clauses.insert(0, self.fact(entry.fact_kind, entry.fact))
        if 0 < entry.part <= len(joints):
            one = joints[entry.part - 1]
            share = percent_text(one.percent) if one.percent is not None else ""
            verb = "代为承担" if one.instead else "连带"
            clauses.append(f"{whom_text(self._names, one.whom)}{verb}{share}")
        return clauses

    # -- pieces ----------------------------------------------------------------------------------

    def _cause(self, entry: Entry) -> str:
        cause = self._entries.get(entry.cause)
        if cause is None:
            return "所列分录"
        amount = self.money(cause.amount, cause.ledger)
        return f"{self.who(cause.subject)}「{self.title(cause.rule)}」{amount}"

    def _read(self, rule: PeriodRule, subject: str, period: str) -> str:
        """The measures a period rule looked at, with their values."""
        read: list[Expr] = [] if rule.when is None else list(names_read(rule.when))
        names = [one.name for one in read if isinstance(one, Measure)]
        names += rule.pick.by if rule.pick is not None else ()
        told = []
        for name in dict.fromkeys(names):
            row = self._measures.get((name, subject, period))
            if row is not None and (row.value is not None or row.num is not None):
                told.append(f"{self.title(name)}{self.measure(row)}")
        return "、".join(told)

    def _base(self, entry: Entry) -> list[str]:
        """What one event brings: fixed, chosen, computed to just this number, or from a quantity."""
        base = self.money(entry.base, entry.ledger)
        rule = self._rules.get(entry.rule)
        if isinstance(rule, EventRule) and isinstance(rule.amount, FromRange):
            return [f"在幅度内确定为{base}"]
        if entry.quantity is None:
            return [f"每次{base}"]
        if entry.quantity == Fraction(entry.base, 10 ** self._record.result.digits[entry.ledger]):
            return [f"按所登记的数算得{base}"]
        return [self._quantity(entry), f"折合{base}"]

    def _quantity(self, entry: Entry) -> str:
        return "" if entry.quantity is None else f"数量{show_number(entry.quantity)}"

    def _decision(self, entry: Entry) -> list[str]:
        if not entry.decision:
            return []
        fact = self._facts.get((DECISION, entry.decision))
        by = fact.values.get("by", "") if fact is not None else ""
        who = self._record.person_names.get(str(by), str(by))
        return [f"按决定「{entry.decision}」（{who}）" if who else f"按决定「{entry.decision}」"]

    def _any_name(self, code: str) -> str:
        name = self._record.unit_names.get(code) or self._record.person_names.get(code)
        return f"{name}（{code}）" if name else code

    def _label(self, period: str) -> str:
        return self._record.period.label if period == self._record.result.period else period

    def _set_title(self, name: str) -> str:
        found = (article.sets[name] for article in self.plan.articles if name in article.sets)
        return next((one.title for one in found), name)


def _rules_of(plan: Plan) -> dict[str, _Titled]:
    """Everything that has a title and a name of its own: rules, measures, outcomes."""
    found: dict[str, _Titled] = {}
    for article in plan.articles:
        for group in _groups(article):
            found.update(group)
    return found


def _groups(article: Article) -> tuple[Mapping[str, _Titled], ...]:
    return (
        article.measures,
        article.rules,
        article.grades,
        article.awards,
        article.targets,
        article.obligations,
    )
