"""Under an adjusting entry of a running bound: the total that it held."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.limits import Clamp, steps_of
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.scheme.rules import EventRule


def running_nodes(view: View, entry: Entry) -> Iterator[Node]:
    """What had run up before the entry, what with it, and what of that was held.

    Of a key that others share only the sums are shown, and nobody whose entries they are.
    """
    rule = view.teller.things.get(entry.rule)
    if entry.kind is not EntryKind.LIMIT or not isinstance(rule, EventRule) or not rule.limit:
        return
    bounds = rule.limit
    if not bounds.running:
        return
    clamp = Clamp(bounds, Amounts(view.program), rule.name)
    lines = [line for line in view.run.written() if line.entry.rule == rule.name]
    for step in steps_of(lines, clamp, bounds, clamp.ledger):
        if step.line.entry.key == entry.cause:
            own = 0 if step.line.lost else step.line.entry.amount
            told = (
                ("此前累计", step.before),
                ("此前计入上下限后累计", step.held),
                ("连同本件累计", step.before + own),
                ("计入上下限后累计", step.held + own + step.cut),
            )
            for title, amount in told:
                yield Node(title=title, value=view.teller.money(amount, entry.ledger))
