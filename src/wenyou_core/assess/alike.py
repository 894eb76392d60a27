"""Which happenings are alike: those whose ``same`` fields are equal, within an adopting unit.

Comparisons end at the adopting unit. So it is part of a key that does not say whose fact it is.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from wenyou_core.assess.prepare import Happening


def alike(one: Happening, same: Sequence[str]) -> Hashable:
    """What is equal of happenings that are alike.

    A key with the unit, or with a person, goes along wherever these belong.
    """
    own = "unit" in same or ("person" in same and one.fact.person)
    return ("" if own else one.adopter, *(one.named(name) for name in same))
