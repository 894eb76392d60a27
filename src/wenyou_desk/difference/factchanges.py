"""What became of each fact between two books, and which cause that belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from wenyou_core.assess.facts import DECISION, Fact, FactBook
from wenyou_core.assess.known import event_order

Key = tuple[str, str]
"""Kind and id of a fact."""


class Cause(Enum):
    """Why two runs differ, in the order in which the second run's inputs are put in."""

    CORRECTION = "更正"  # a fact of both with other contents, or one that is no longer there
    LATE = "后到事实"  # a fact that only the second run knew
    APPEAL = "申诉和免计"  # a fact of a kind that exempts others
    DECISION = "决定"  # a human decision
    ORGANIZATION = "机构、人员和覆盖声明"
    PARAMETER = "参数"  # the adoption: values, tables, roles, units, record
    RULE = "条款"  # the text of the plan
    PERIOD = "考核期间"
    PROGRAM = "计算程序"  # a result that this program does not give again from its own inputs


@dataclass(frozen=True, slots=True)
class FactChange:
    """One fact before and after; None where a book does not have it."""

    key: Key
    before: Fact | None
    after: Fact | None

    @property
    def fact(self) -> Fact:
        """The fact as it is, or as it was last."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 -- one of the two is there
        return found


def fact_changes(
    old: FactBook, new: FactBook, exempting: frozenset[str]
) -> dict[Cause, tuple[FactChange, ...]]:
    """Per cause the facts that differ, in the order of events.

    ``exempting`` names the kinds that ``exempt`` rules go by: whatever happens to such a fact
    is the appeal's cause, as what happens to a decision is the decision's. A version that was
    only written again, with the same contents, is no change.
    """
    before, after = by_key(old), by_key(new)
    found: dict[Cause, list[FactChange]] = defaultdict(list)
    for key in before.keys() | after.keys():
        one, two = before.get(key), after.get(key)
        if not _same(one, two):
            change = FactChange(key, one, two)
            found[_cause(change, exempting)].append(change)
    return {
        cause: tuple(sorted(changes, key=lambda one: (event_order(one.fact), one.key)))
        for cause, changes in found.items()
    }


def with_changes(book: FactBook, changes: Iterable[FactChange]) -> FactBook:
    """The book with the changed facts as they are afterwards."""
    facts = by_key(book)
    for change in changes:
        facts.pop(change.key, None)
        if change.after is not None:
            facts[change.key] = change.after
    kinds: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts.values():
        kinds[fact.kind].append(fact)
    grouped = {kind: tuple(sorted(kinds[kind], key=event_order)) for kind in sorted(kinds)}
    return replace(book, facts=grouped)


def by_key(book: FactBook) -> dict[Key, Fact]:
    """The facts of a book as known: one version of each."""
    return {(fact.kind, fact.id): fact for facts in book.facts.values() for fact in facts}


def changed_fields(change: FactChange) -> Mapping[str, tuple[object, object]]:
    """What differs between both versions, by name; empty where there is only one."""
    one, two = change.before, change.after
    if one is None or two is None:
        return {}
    plain = ("state", "happened", "at", "known", "unit", "person", "evidence")
    pairs = {name: (getattr(one, name), getattr(two, name)) for name in plain}
    names = dict.fromkeys((*one.values, *two.values))
    pairs |= {f"values.{name}": (one.values.get(name), two.values.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in pairs.items() if old != new}


def _same(one: Fact | None, two: Fact | None) -> bool:
    if one is None or two is None:
        return False
    return one == two or replace(one, recorded=two.recorded) == two


def _cause(change: FactChange, exempting: frozenset[str]) -> Cause:
    kind = change.key[0]
    if kind == DECISION:
        return Cause.DECISION
    if kind in exempting:
        return Cause.APPEAL
    return Cause.LATE if change.before is None else Cause.CORRECTION
