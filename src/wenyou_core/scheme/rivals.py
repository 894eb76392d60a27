"""Which event rules compete: those of one exclusion set, and through rules that stand in several."""

from __future__ import annotations

from collections.abc import Iterable

from wenyou_core.scheme.rules import EventRule


def rivals(rules: Iterable[EventRule]) -> list[tuple[EventRule, ...]]:
    """Groups of rules none of which can be decided without the others, each in plan order.

    Two rules are of one group when they share a set, or when others join them: whether a rule
    stays in a set depends on who is left there, and that on the sets before. Rules in no set
    are in no group.
    """
    groups: list[tuple[set[str], list[EventRule]]] = []
    for rule in rules:
        if not rule.together:
            continue
        names, found = set(rule.together), [rule]
        apart = []
        for other in groups:
            if names & other[0]:
                names |= other[0]
                found = other[1] + found
            else:
                apart.append(other)
        groups = [*apart, (names, found)]
    return [tuple(found) for _, found in groups]


def rivals_of(rules: Iterable[EventRule]) -> dict[str, tuple[EventRule, ...]]:
    """The group of each rule that stands in a set, itself included."""
    return {one.name: group for group in rivals(rules) for one in group}
