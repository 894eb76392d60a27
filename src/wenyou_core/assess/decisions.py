"""Human decisions as facts: a judgment, a value inside a range, a choice among equals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.assess.facts import Fact
from wenyou_core.assess.known import event_order
from wenyou_core.worktime.periods import Period, following
from wenyou_core.worktime.spans import GRID_KINDS

YES = frozenset({"成立", "选中"})
NO = frozenset({"不成立", "不选"})


@dataclass(frozen=True, slots=True)
class Decision:
    """One confirmed decision fact, read."""

    fact: Fact
    target: str
    subject: str
    choice: str
    value: Fraction | None

    @property
    def id(self) -> str:
        """The id of the decision fact."""
        return self.fact.id

    @property
    def holds(self) -> bool | None:
        """True for 成立 and 选中, False for 不成立 and 不选, None for other words."""
        return True if self.choice in YES else False if self.choice in NO else None


class Decisions:
    """The confirmed decisions, found by the rule, grade or award that they settle.

    Where several decisions speak of the same thing, one that names the subject goes before one
    that does not; then the last in the order of events holds.
    """

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Sort the decision facts by what they settle."""
        self._by_rule: dict[str, list[Decision]] = defaultdict(list)
        for fact in sorted(facts, key=event_order):
            self._by_rule[_text(fact, "rule")].append(_read(fact))

    def of(self, rule: str) -> tuple[Decision, ...]:
        """All decisions that name a rule, grade or award, in the order of events."""
        return tuple(self._by_rule.get(rule, ()))

    def on_fact(self, rule: str, fact: str) -> Decision | None:
        """Whether a rule's judgment of a fact is 成立: the last decision that names both.

        A judgment speaks of the fact as a whole, whatever subject it may name.
        """
        found = [
            one
            for one in self._by_rule.get(rule, ())
            if one.target == fact and one.holds is not None
        ]
        return found[-1] if found else None

    def value_on_fact(self, rule: str, fact: str, subject: str) -> Decision | None:
        """The value chosen for a fact and subject inside a range."""
        return _closest(
            one
            for one in self._by_rule.get(rule, ())
            if one.target == fact and one.subject in ("", subject) and one.value is not None
        )

    def on_subject(self, rule: str, subject: str, period: Period) -> Decision | None:
        """The judgment of, or choice of, a subject in a period."""
        return _closest(
            one
            for one in self._by_rule.get(rule, ())
            if one.subject == subject and one.holds is not None and _speaks_of(one, period)
        )

    def value_on_subject(self, rule: str, subject: str, period: Period) -> Decision | None:
        """The value chosen for a subject in a period."""
        return _closest(
            one
            for one in self._by_rule.get(rule, ())
            if one.subject in ("", subject) and one.value is not None and _speaks_of(one, period)
        )


def _speaks_of(decision: Decision, period: Period) -> bool:
    """By the code of a period in ``target``; without one, of the last period that had ended
    by the day of the decision."""
    if decision.target:
        return decision.target == period.code
    day = decision.fact.happened
    if day < period.end:
        return False
    return period.kind not in GRID_KINDS or day < following(period).end


def _closest(found: Iterable[Decision]) -> Decision | None:
    decisions = list(found)
    named = [one for one in decisions if one.subject] or decisions
    return named[-1] if named else None


def _read(fact: Fact) -> Decision:
    value = fact.values.get("value")
    return Decision(
        fact=fact,
        target=_text(fact, "target"),
        subject=_text(fact, "subject"),
        choice=_text(fact, "choice"),
        value=value if isinstance(value, Fraction) else None,
    )


def _text(fact: Fact, name: str) -> str:
    value = fact.values.get(name)
    return value if isinstance(value, str) else ""
