"""Step 7: selection in a ranking, with ties at the edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

from wenyou_core.assess.org import Member
from wenyou_core.assess.rounding import to_whole
from wenyou_core.scheme.rules import Pick
from wenyou_core.scheme.words import From, Tie

Values = tuple[Fraction, ...]
Ruling = Callable[[Member], bool | None]
"""What a person decided about a subject: 选中, 不选, or nothing yet."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Who is taken, who waits for a decision, and the place of everybody ranked.

    ``chosen`` are those of ``taken`` who stood at the edge and were 选中 by a person; ``places``
    how many places were left for them.
    """

    taken: tuple[Member, ...] = ()
    waiting: tuple[Member, ...] = ()
    ranks: dict[str, int] = field(default_factory=dict)
    chosen: tuple[Member, ...] = ()
    places: int = 0

    @property
    def crowded(self) -> bool:
        """Whether more were 选中 at the edge than places were left."""
        return len(self.chosen) > self.places


def ranked(
    members: Sequence[Member], value: Callable[[Member], Values | None], start: From
) -> list[list[Member]]:
    """The members from the first place on, equals together; without a value nobody is ranked."""
    valued = [(value(member), member) for member in members]
    keyed = [(values, member) for values, member in valued if values is not None]
    ordered = sorted(keyed, key=lambda one: one[0], reverse=start is From.HIGHEST)
    return [[member for _, member in equals] for _, equals in groupby(ordered, lambda one: one[0])]


def places(groups: Sequence[Sequence[Member]]) -> dict[str, int]:
    """The place of each member: equals share the better one, the next place is left out."""
    found: dict[str, int] = {}
    for equals in groups:
        place = len(found) + 1
        found.update({member.subject.id: place for member in equals})
    return found


def number_to_take(pick: Pick, places: int, eligible: int, everybody: int) -> int:
    """How many are taken: the places, or the share of those ranked or of the whole group."""
    if pick.share is None:
        return places
    return to_whole(pick.share * (everybody if pick.base == "all" else eligible), pick.part)


def select(groups: Sequence[Sequence[Member]], number: int, tie: Tie, ruling: Ruling) -> Selection:
    """Take the first ``number`` of a ranking.

    Where equals stand at the edge: ``all`` takes every one of them, ``none`` none; ``decide``
    asks a person. Who is 选中 is taken, who is 不选 is not; the others wait while there are more
    of them than places left.
    """
    taken: list[Member] = []
    chosen: list[Member] = []
    edge = 0
    for equals in groups:
        left = number - len(taken)
        if left <= 0:
            break
        if len(equals) <= left or tie is Tie.ALL:
            taken += equals
        elif tie is Tie.DECIDE:
            edge = left
            rulings = {member.subject.id: ruling(member) for member in equals}
            chosen = [member for member in equals if rulings[member.subject.id] is True]
            open_ = [member for member in equals if rulings[member.subject.id] is None]
            left -= len(chosen)
            taken += chosen
            if len(open_) <= left:
                taken += open_
            elif left > 0:
                return Selection(tuple(taken), tuple(open_), places(groups), tuple(chosen), edge)
            break
        else:
            break
    return Selection(tuple(taken), (), places(groups), tuple(chosen), edge)
