"""What a named rule does: the ledgers it writes, the subjects it hits, its kind of period.

A name may be an event rule, a period rule, a limit over them, or ``rule+joint`` for the entries
of those who share.
"""

from __future__ import annotations

from collections.abc import Iterable

from wenyou_core.scheme.charges import ledgers_of_fixed, ledgers_written
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.scheme.rules import EventRule, Limit, PeriodRule, Whom
from wenyou_core.scheme.scope import Scope
from wenyou_core.scheme.words import PeriodKind, SubjectKind, ValueType

JOINT = "+joint"
LENGTH = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
    PeriodKind.CAMPAIGN: 13,
}
"""Kinds of period by length: a grid period may be part of a campaign, never the other way."""

_NONE: frozenset[SubjectKind] = frozenset()
_NO_LEDGER: frozenset[str] = frozenset()
_UNITS = frozenset({SubjectKind.UNIT})
_PEOPLE = frozenset({SubjectKind.PERSON})


def entry_rule(scope: Scope, name: str) -> EventRule | PeriodRule | Limit | None:
    """The rule or limit behind a name of ``entries``; None when there is none."""
    plain, joint = name.removesuffix(JOINT), name.endswith(JOINT)
    rule = scope.rules.get(plain)
    if isinstance(rule, EventRule | PeriodRule):
        return rule if rule.joint or not joint else None
    return rule if isinstance(rule, Limit) and not joint else None


def members_of(scope: Scope, name: str) -> tuple[str, ...]:
    """The event and period rules under a name, through limits inside limits, in plan order."""
    found: set[str] = set()
    seen: set[str] = set()
    queue = [name.removesuffix(JOINT)]
    while queue:
        one = queue.pop()
        rule = scope.rules.get(one)
        if one in seen or rule is None:
            continue
        seen.add(one)
        if isinstance(rule, Limit):
            queue.extend(rule.limit)
        elif isinstance(rule, EventRule | PeriodRule):
            found.add(one)
    return tuple(one for one in scope.rules if one in found)


def periods_of(scope: Scope, name: str) -> frozenset[PeriodKind]:
    """The kinds of period of the rules under a name (one, where the plan is sound)."""
    rules = (scope.rules[one] for one in members_of(scope, name))
    return frozenset(
        scope.period(rule.period) for rule in rules if isinstance(rule, EventRule | PeriodRule)
    )


def ledgers_of(scope: Scope, name: str) -> frozenset[str]:
    """The ledgers that the entries under a name go to; unset values give none."""
    rule = scope.rules.get(name.removesuffix(JOINT))
    if isinstance(rule, Limit):
        return _NO_LEDGER.union(*(ledgers_of_fixed(scope.plan, end) for end in rule.ends))
    if not isinstance(rule, EventRule | PeriodRule):
        return frozenset()
    own = ledgers_written(scope.plan, rule)
    if not name.endswith(JOINT):
        return own
    amounts = frozenset(one.amount.ledger for one in rule.joint if one.amount is not None)
    return amounts | (own if any(one.percent is not None for one in rule.joint) else frozenset())


def ledgers_of_entries(scope: Scope, one: EntryMeasure) -> frozenset[str]:
    """The ledgers of the rules that a measure lists."""
    return frozenset[str]().union(*(ledgers_of(scope, name) for name in one.entries))


def all_ledgers(scope: Scope, name: str) -> frozenset[str]:
    """The ledgers of a rule with those of its joints."""
    return ledgers_of(scope, name) | ledgers_of(scope, name + JOINT)


def writers(scope: Scope, ledger: str) -> dict[str, frozenset[PeriodKind]]:
    """All rules, limits and awards whose entries go to a ledger, with their kinds of period."""
    found = {
        rule.name: periods_of(scope, rule.name)
        for rule in scope.rules.values()
        if isinstance(rule, EventRule | PeriodRule | Limit)
        and ledger in all_ledgers(scope, rule.name)
    }
    for award in scope.awards.values():
        if award.amount and ledger in ledgers_of_fixed(scope.plan, award.amount):
            found[award.name] = frozenset({scope.period(award.period)})
    return found


def longer_writers(scope: Scope, one: EntryMeasure) -> list[str]:
    """What writes to the ledger of a measure in a longer period than the measure's own."""
    own = LENGTH.get(scope.period(one.period), 0)
    return [
        name
        for name, kinds in writers(scope, one.ledger).items()
        if any(LENGTH.get(kind, 99) > own for kind in kinds)
    ]


def subjects_of(scope: Scope, name: str) -> frozenset[SubjectKind]:
    """What sorts of subjects the entries under a name can be of."""
    rule = scope.rules.get(name.removesuffix(JOINT))
    if isinstance(rule, Limit):
        return _NONE.union(*(subjects_of(scope, one) for one in members_of(scope, name)))
    if not isinstance(rule, EventRule | PeriodRule):
        return _NONE
    if name.endswith(JOINT):
        own = subjects_of(scope, rule.name) if any(one.instead for one in rule.joint) else _NONE
        return own | _sorts((one.whom for one in rule.joint), rule, scope)
    if isinstance(rule, PeriodRule) and not rule.whom:
        return _own(rule, scope)
    return _sorts(rule.whom, rule, scope)


def names_unit(scope: Scope, rule: EventRule | PeriodRule, whom: Whom) -> bool:
    """Whether a word of whom is a field that names a unit."""
    fact = scope.kind(rule.on) if isinstance(rule, EventRule) else None
    field = fact.fields.get(whom.field) if fact and whom.who == "field" else None
    return field is not None and field.type is ValueType.UNIT


def _own(rule: EventRule | PeriodRule, scope: Scope) -> frozenset[SubjectKind]:
    each = scope.population(rule.each) if isinstance(rule, PeriodRule) else None
    return frozenset({each.of}) if each else _NONE


def _sorts(
    whoms: Iterable[Whom], rule: EventRule | PeriodRule, scope: Scope
) -> frozenset[SubjectKind]:
    listed = list(whoms)
    found = {whom.who for whom in listed if whom.who != "field"}
    sorts = _UNITS if found & {"unit", "parent"} else _NONE
    for whom in listed:
        if whom.who == "field":
            sorts |= _UNITS if names_unit(scope, rule, whom) else _PEOPLE
    if found - {"unit", "parent", "subject"}:
        sorts |= _PEOPLE
    return sorts | _own(rule, scope) if "subject" in found else sorts
