"""The people of a demo bank: who sits where, who moves, who is away, who stands in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from wenyou_core.assess.facts import PersonSpan, PostSpan
from wenyou_core.worktime.months import ONE_DAY
from wenyou_desk.demo import words
from wenyou_desk.demo.chance import Weighted, happens
from wenyou_desk.demo.days import Days
from wenyou_desk.demo.model import LEAST_STAFF, Leave, Size
from wenyou_desk.demo.outlets import Network

_FIRST_YEAR = 2001
_MAIN_WEIGHT, _TOWN_WEIGHT, _COUNTY_WEIGHT = 4, 2, 1


@dataclass(slots=True, eq=False)
class Held:
    """A post that somebody holds or held; ``till`` is written when it ends."""

    person: str
    unit: str
    post: str
    since: date
    till: date | None = None
    acting: bool = False

    def on(self, day: date) -> bool:
        """Whether it is held that day."""
        return self.since <= day and (self.till is None or day <= self.till)


@dataclass(slots=True, eq=False)
class Person:
    """Somebody of the bank."""

    id: str
    name: str
    type: str
    since: date
    till: date | None = None


class Staff:
    """Everybody, and every post; moves are made in the order of days."""

    def __init__(self, network: Network, days: Days, size: Size, random: Random) -> None:
        self.network, self.days = network, days
        self.persons: dict[str, Person] = {}
        self.leaves: list[Leave] = []
        self._random = random
        self._in: dict[str, list[Held]] = defaultdict(list)
        self._now: dict[str, Held] = {}
        self._seat_everybody(size)

    # -- asking ----------------------------------------------------------------------------------

    def head(self, unit: str, day: date) -> str:
        """Who is the regular head that day."""
        heads = (words.HEAD, words.MAIN_HEAD, words.SECTION_HEAD)
        return next(
            one.person
            for one in self._in[unit]
            if one.post in heads and not one.acting and one.on(day)
        )

    def holders(self, unit: str, day: date, *posts: str) -> list[str]:
        """Who holds one of the posts there that day, regularly, and still does so."""
        return [
            one.person
            for one in self._in[unit]
            if one.post in posts and not one.acting and one.on(day)
        ]

    def settled(self, unit: str, *posts: str) -> list[str]:
        """Who held one of the posts there all through the period, with no end in sight."""
        return [
            one.person
            for one in self._in[unit]
            if one.post in posts
            and not one.acting
            and one.till is None
            and one.since < self.days.first
        ]

    def count(self, unit: str, day: date) -> int:
        """How many people belong to a unit that day."""
        return sum(one.on(day) and not one.acting for one in self._in[unit])

    def name(self, person: str) -> str:
        """What somebody is called."""
        return self.persons[person].name

    # -- changing --------------------------------------------------------------------------------

    def move(self, person: str, unit: str, day: date) -> None:
        """From that day on somebody holds the same post elsewhere."""
        held = self._now[person]
        held.till = day - ONE_DAY
        self._seat(person, unit, held.post, day)

    def leave_of_head(self, unit: str, since: date, till: date, why: str) -> str:
        """The head is away and the deputy acts; who that is."""
        deputy = self.holders(unit, since, words.DEPUTY)[0]
        head = self.head(unit, since)
        post = self._now[head].post
        self._in[unit].append(Held(deputy, unit, post, since, till, acting=True))
        leave = Leave(person=head, unit=unit, why=why, since=since, till=till, stand_in=deputy)
        self.leaves.append(leave)
        return deputy

    def long_leave(self, person: str, since: date, why: str, length: int) -> None:
        """Somebody is away for weeks: the post rests and is taken up again afterwards."""
        held = self._now[person]
        till = since + timedelta(days=length - 1)
        held.till = since - ONE_DAY
        self._seat(person, held.unit, words.ON_LEAVE, since)
        self._now[person].till = till
        if till < self.days.as_of:
            self._seat(person, held.unit, held.post, till + ONE_DAY)
        leave = Leave(person=person, unit=held.unit, why=why, since=since, till=till)
        self.leaves.append(leave)

    def follow(self, person: str, day: date) -> None:
        """Somebody has left by that day and a new person takes the seat."""
        held = self._now.pop(person)
        held.till = self.persons[person].till = day - ONE_DAY
        self.recruit(held.unit, held.post, day)

    def recruit(self, unit: str, post: str, day: date) -> None:
        """Somebody new sits down from that day on."""
        self._seat(self._hire(post, day), unit, post, day)

    def movable(self, unit: str, post: str, day: date) -> list[str]:
        """Who could be moved on that day: in the seat for a while, not away, not leaving."""
        return [
            one.person
            for one in self._in[unit]
            if one.post == post and not one.acting and one.till is None and one.since < day
        ]

    # -- handing over ----------------------------------------------------------------------------

    def person_spans(self) -> tuple[PersonSpan, ...]:
        """Rows of the sheet 人员."""
        return tuple(
            PersonSpan(one.id, one.name, one.since, one.till, {"staff_type": one.type})
            for one in self.persons.values()
        )

    def post_spans(self) -> tuple[PostSpan, ...]:
        """Rows of the sheet 任职."""
        held = [one for posts in self._in.values() for one in posts]
        held.sort(key=lambda one: (one.person, one.since, one.acting, one.unit))
        return tuple(
            PostSpan(one.person, one.unit, one.post, one.since, one.till, one.acting)
            for one in held
        )

    # -- founding --------------------------------------------------------------------------------

    def _seat_everybody(self, size: Size) -> None:
        network = self.network
        counts = self._head_counts(size)
        for sub in network.subs:
            for post in words.LEADERS:
                self._settle(sub, post)
            for unit, number in zip(network.sections[sub], words.SECTION_SIZES, strict=True):
                for seat in range(number):
                    self._settle(unit, words.CLERK if seat else words.SECTION_HEAD)
            for unit in network.by_sub[sub]:
                for post in _seats(counts[unit], main=network.outlets[unit].main):
                    self._settle(unit, post)
        namesakes = list(self.persons.values())
        namesakes[-1].name = namesakes[0].name  # people are told apart by number, not by name

    def _head_counts(self, size: Size) -> dict[str, int]:
        """How many people sit in which outlet: the more customers, the more people."""
        network = self.network
        counts = dict.fromkeys(network.outlets, LEAST_STAFF)
        elsewhere = (
            size.people
            - size.leavers
            - (len(words.LEADERS) + sum(words.SECTION_SIZES)) * len(network.subs)
        )
        weights = Weighted(
            [
                (one.id, _MAIN_WEIGHT if one.main else _TOWN_WEIGHT if one.town else _COUNTY_WEIGHT)
                for one in network.outlets.values()
            ]
        )
        for _ in range(elsewhere - LEAST_STAFF * len(counts)):
            counts[weights.draw(self._random)] += 1
        return counts

    def _settle(self, unit: str, post: str) -> None:
        """Somebody who came before the history began, or when the outlet opened."""
        random, start = self._random, self.days.start
        joined = date(random.randrange(_FIRST_YEAR, start.year), random.randint(1, 12), 1)
        outlet = self.network.outlets.get(unit)
        if outlet is not None and outlet.opened > start:
            joined = since = outlet.opened
        else:
            since = joined + timedelta(days=random.randrange((start - joined).days + 1))
        self._seat(self._hire(post, joined), unit, post, since)

    def _hire(self, post: str, day: date) -> str:
        code = f"0{len(self.persons) + 1:06d}"
        person = Person(code, person_name(self._random), words.STAFF_TYPES[post], day)
        self.persons[code] = person
        return code

    def _seat(self, person: str, unit: str, post: str, since: date) -> None:
        self._now[person] = Held(person, unit, post, since)
        self._in[unit].append(self._now[person])


def _seats(count: int, *, main: bool) -> Iterator[str]:
    yield words.MAIN_HEAD if main else words.HEAD
    yield words.DEPUTY
    yield words.LOBBY
    yield words.WEALTH
    clients = max(1, count // 6)
    for seat in range(4, count):
        yield words.CLIENTS if seat < 4 + clients else words.TELLER


def person_name(random: Random) -> str:
    """An invented name of two or three characters."""
    name = random.choice(words.SURNAMES)
    if not happens(random, words.SINGLE_GIVEN_PER_MILLE):
        name += random.choice(words.GIVEN_FIRST)
    return name + random.choice(words.GIVEN_SECOND)
