"""Under an entry that is one part of several: what was divided, by how many, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.joint import spot_of
from wenyou_core.assess.lines import who
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.assess.whom import subjects_hit
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.rules import EventRule, Joint, PeriodRule


def share_nodes(view: View, entry: Entry) -> Iterable[Node] | None:
    """How a divided amount comes about; None where nothing was divided.

    Of the others it says how many they are, and nobody who.
    """
    thing = view.teller.things.get(entry.rule)
    if entry.kind is EntryKind.AWARD and isinstance(thing, Award) and thing.split:
        return _won(view, entry)
    if entry.kind is not EntryKind.JOINT or not isinstance(thing, EventRule | PeriodRule):
        return None
    joint = thing.joint[entry.part - 1]
    return _borne(view, entry, joint) if joint.instead else None


def _won(view: View, entry: Entry) -> Iterator[Node]:
    """``+1000元÷3个``, and what rounding leaves to nobody."""
    money, winners = view.teller.money, entry.factor.denominator
    if winners > 1:
        title = f"{money(entry.base, entry.ledger)}÷{winners}个获奖者"
        yield Node(title=title, value=money(entry.amount, entry.ledger))
    left = entry.base - entry.amount * winners
    if left:
        yield Node(title="平分后的余数", value=money(left, entry.ledger))


def _borne(view: View, entry: Entry, joint: Joint) -> tuple[Node, ...] | None:
    """``-100元×0.4÷2个`` of each who bears it, and what that takes off the subject."""
    key = view.keys.get(entry.cause, entry.cause)
    written = list(view.run.written())
    cause = next((line for line in written if line.entry.key == key), None)
    if cause is None:
        return None
    relieved = who(cause.entry.subject)
    others = [
        line.entry.amount
        for line in written
        if (line.entry.cause, line.entry.part, line.entry.kind)
        == (key, entry.part, EntryKind.JOINT)
        and who(line.entry.subject) != relieved
    ]
    if not others:
        return None
    money, ledger, each = view.teller.money, entry.ledger, others[0]
    org, whoms = view.run.org, (joint.whom,)
    number = len(subjects_hit(whoms, spot_of(cause, org), org=org, notes=None, rule=entry.rule))
    divided = f"÷{number}个" if number > 1 else ""
    title = f"{money(entry.base, ledger)}×{view.exact(entry.factor)}{divided}"
    part = Node(title=title, value=money(each, ledger))
    if who(entry.subject) != relieved:
        return (part,)
    title = f"由其他{len(others)}个对象代为承担，各{money(each, ledger)}，从本对象减去"
    return (part, Node(title=title, value=money(entry.amount, ledger)))
