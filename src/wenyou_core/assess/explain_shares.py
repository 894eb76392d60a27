"""Under an entry that is one part of several: what was divided, by how many, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.lines import who
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.assess.rounding import rounded
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.rules import EventRule, Joint, PeriodRule


def share_nodes(view: View, entry: Entry) -> Iterator[Node] | None:
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


def _borne(view: View, entry: Entry, joint: Joint) -> Iterator[Node]:
    """``-100元×0.4÷2个`` of each who bears it, and what that takes off the subject."""
    money, ledger = view.teller.money, entry.ledger
    lines = [
        line.entry
        for line in view.run.written()
        if (line.entry.cause, line.entry.part, line.entry.kind)
        == (entry.cause, entry.part, EntryKind.JOINT)
    ]
    relieved = [one for one in lines if who(one.subject) == _subject_of(view, entry)]
    others = [one for one in lines if one not in relieved]
    if not others:
        return
    each, number = others[0].amount, _bearers(view, others, joint)
    divided = f"÷{number}个" if number > 1 else ""
    title = f"{money(entry.base, ledger)}×{view.exact(entry.factor)}{divided}"
    yield Node(title=title, value=money(each, ledger))
    if entry.key in {one.key for one in relieved}:
        title = f"由其他{len(others)}个对象代为承担，各{money(each, ledger)}，从本对象减去"
        yield Node(title=title, value=money(entry.amount, ledger))


def _bearers(view: View, others: list[Entry], joint: Joint) -> int:
    """How many bear it: the others, or they and the subject, whose own part is not written."""
    one, scale = others[0], 10 ** view.program.digits[others[0].ledger]
    whole = one.base * (joint.percent or Fraction(0)) / scale
    alone = rounded(whole / len(others), joint.round) * scale == one.amount
    return len(others) if alone else len(others) + 1


def _subject_of(view: View, entry: Entry) -> tuple[bool, str] | None:
    """Whose entry is divided."""
    found = (line.entry for line in view.run.written() if line.entry.key == entry.cause)
    return next((who(one.subject) for one in found), None)
