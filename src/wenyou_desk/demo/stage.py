"""The stage on which stories are put: who and where, on which day, and what is written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from wenyou_core.scheme.words import State
from wenyou_desk.demo import words
from wenyou_desk.demo.days import Days, moment
from wenyou_desk.demo.ledger import Draft, Given, Ledger
from wenyou_desk.demo.model import Story
from wenyou_desk.demo.outlets import Network
from wenyou_desk.demo.people import Staff
from wenyou_desk.demo.volumes import Volumes

Tell = Callable[[], Story]
"""Tells a story once its facts have their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a story may use. Its random numbers are its own."""

    days: Days
    network: Network
    staff: Staff
    ledger: Ledger
    volumes: Volumes
    random: Random

    # -- who and where ---------------------------------------------------------------------------

    def outlets(self, key: str) -> tuple[str, ...]:
        """The outlets cast for a story."""
        return self.network.cast[key]

    def outlet(self, key: str) -> str:
        """The one outlet cast for a story."""
        (found,) = self.network.cast[key]
        return found

    def of(self, unit: str) -> str:
        """A unit as a story names it: 桃园路网点（10001002）."""
        return f"{self.network.outlets[unit].name}（{unit}）"

    def who(self, person: str) -> str:
        """A person as a story names it: 王晓明（0000123）."""
        return f"{self.staff.name(person)}（{person}）"

    def teller(self, unit: str) -> str:
        """Somebody at the counter of an outlet, all through the period."""
        return self.random.choice(self.staff.settled(unit, words.TELLER))

    def keeper(self, unit: str) -> str:
        """Somebody who keeps customers of an outlet, all through the period."""
        return self.staff.settled(unit, words.CLIENTS)[0]

    def head(self, unit: str, day: date) -> str:
        """The regular head that day."""
        return self.staff.head(unit, day)

    # -- what happens ----------------------------------------------------------------------------

    def write(
        self,
        kind: str,
        unit: str,
        day: date,
        *,
        values: Mapping[str, Given],
        person: str = "",
        known: datetime | None = None,
        evidence: tuple[str, ...] = (),
        state: State = State.CONFIRMED,
    ) -> Draft:
        """Write a happening down; known in the afternoon of its day unless said."""
        return self.ledger.add(
            Draft(
                kind=kind,
                happened=day,
                known=known or moment(day, 16, self.random.randrange(60)),
                unit=unit,
                person=person,
                evidence=evidence,
                state=state,
                values=values,
            )
        )

    def finding(self, unit: str, day: date, values: Mapping[str, Given]) -> Draft:
        """A deduction found by an inspection of that day."""
        self.write("inspection", unit, day, values={"mode": "现场明查"})
        return self.write(
            "finding", unit, day, values={"counted": True, **values}, evidence=("检查照片",)
        )

    def complaint(self, unit: str, day: date, person: str, ruling: str, **values: Given) -> Draft:
        """A complaint; ``values`` stand in place of the usual ones."""
        usual: dict[str, Given] = {
            "channel": "客服热线",
            "ruling": ruling,
            "excluded": False,
            "media": False,
            "neglected": False,
            "perfunctory": False,
            "closed_on": day,
        }
        if ruling != "待认定":
            usual["ruled_on"] = day
        evidence = ("通话录音", "情况说明")
        return self.write(
            "complaint", unit, day, person=person, values={**usual, **values}, evidence=evidence
        )


def cn(day: date) -> str:
    """A day as a story says it: 2025年8月12日."""
    return f"{day.year}年{day.month}月{day.day}日"
