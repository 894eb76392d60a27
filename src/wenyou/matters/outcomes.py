"""What came of a matter, told by the slices above: facts that an assessment reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wenyou.accounts.models import User
from wenyou.matters.models import Matter


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that came of a matter, or may be made of it; ``kind`` is the colour of a state."""

    title: str
    address: str
    kind: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What has come of a matter, and what somebody may still make of it."""

    found: tuple[Outcome, ...] = ()
    offers: tuple[Outcome, ...] = ()


Teller = Callable[[Matter, User], Outcomes]
_TELLERS: list[Teller] = []


def register_outcomes(teller: Teller) -> None:
    """Let a slice above tell what came of a matter."""
    if teller not in _TELLERS:
        _TELLERS.append(teller)


def outcomes_of(matter: Matter, user: User) -> Outcomes:
    """All that somebody may see of it."""
    told = [teller(matter, user) for teller in _TELLERS]
    return Outcomes(
        tuple(one for said in told for one in said.found),
        tuple(one for said in told for one in said.offers),
    )
