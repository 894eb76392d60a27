"""Under an adjusting entry of a floor or ceiling over a period or year: the total that it held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.lines import Line, who
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.scheme.rules import Limit
from wenyou_core.scheme.words import LimitPer
from wenyou_core.worktime.periods import year_of


class Short(Protocol):
    """Tells an entry in one line."""

    def __call__(self, entry: Entry, *, dated: bool = False) -> Node: ...


def held_nodes(view: View, entry: Entry, short: Short) -> Iterator[Node]:
    """Every entry of the sum that was held, the sum, and what of it stands now.

    A year's sum takes the entries of the year's earlier periods as well; of limits inside a limit
    the rules beneath and their own adjustments. Joint entries are in no such sum.
    """
    thing = view.teller.things.get(entry.rule)
    bounds = thing if isinstance(thing, Limit) else getattr(thing, "limit", None)
    if bounds is None or entry.kind is not EntryKind.LIMIT or entry.cause:
        return
    lines = _summed(view, entry, yearly=bounds.per is LimitPer.YEAR)
    own = [line.entry for line in lines if _adjusts(line.entry, entry.rule)]
    summed = [line.entry for line in lines if not _adjusts(line.entry, entry.rule)]
    for one in [*summed, *own]:
        if one.key != entry.key:
            yield short(one, dated=one.period != entry.period)
    total = sum(one.amount for one in summed)
    held = total + sum(one.amount for one in own)
    until = "当年至今合计" if bounds.per is LimitPer.YEAR else "合计"
    for title, amount in ((until, total), ("计入上下限后", held)):
        yield Node(title=title, value=view.teller.money(amount, entry.ledger))


def _summed(view: View, entry: Entry, *, yearly: bool) -> list[Line]:
    """The lines of the sum, the adjusting ones included, in the order of days."""
    names = set(_beneath(view, entry.rule))
    written = list(view.run.written())
    at = next((line.period for line in written if line.entry.key == entry.key), None)
    if at is None:
        return []

    def taken(line: Line) -> bool:
        one, period = line.entry, line.period
        earlier = yearly and period <= at and year_of(period) == year_of(at)
        return (
            one.rule in names
            and one.kind is not EntryKind.JOINT
            and one.ledger == entry.ledger
            and who(one.subject) == who(entry.subject)
            and (period == at or earlier)
        )

    return sorted(filter(taken, written), key=lambda line: (line.entry.day, line.entry.key))


def _beneath(view: View, name: str) -> Iterator[str]:
    """A rule or limit by name, and all that stands under it."""
    thing = view.teller.things.get(name)
    yield name
    under: Sequence[str] = thing.limit if isinstance(thing, Limit) else ()
    for one in under:
        yield from _beneath(view, one)


def _adjusts(entry: Entry, rule: str) -> bool:
    """Whether it is an adjustment of this very limit, of the same or an earlier period."""
    return entry.rule == rule and entry.kind is EntryKind.LIMIT and not entry.cause
