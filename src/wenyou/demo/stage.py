"""The stage on which the demo's matters are played: who and where, on which day and hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.demo import papers
from wenyou.demo.house import House
from wenyou.demo.people import People
from wenyou.evidence.models import Evidence
from wenyou.matters.models import Matter
from wenyou.org.models import Employee, Unit, UnitLevel
from wenyou_core.assess.facts import Fact
from wenyou_desk.demo.days import is_workday
from wenyou_desk.demo.model import DemoBank

ONE_DAY = timedelta(days=1)
SERVING = ("柜员", "大堂经理", "客户经理")


@dataclass(slots=True)
class Stage:
    """What a script may use. ``outcomes`` collects which matter stands behind which fact."""

    house: House
    bank: DemoBank
    people: People
    now: datetime
    random: Random
    outcomes: dict[str, Matter] = field(default_factory=dict)
    _staff: Mapping[int, list[Employee]] = field(default_factory=dict)
    _others: Iterator[Unit] | None = None

    # -- who ---------------------------------------------------------------------------------------

    @property
    def office(self) -> User:
        """The service office."""
        return self.people.office

    @property
    def checker(self) -> User:
        """Its second person."""
        return self.people.checker

    @property
    def leader(self) -> User:
        """The leader who answers for service."""
        return self.people.leader

    def who(self, part: str) -> User:
        """Somebody of the branch by the part he plays."""
        return self.people.by_role[part]

    @property
    def handler(self) -> User:
        """The complaint handler."""
        return self.who("投诉处理岗")

    @property
    def inspector(self) -> User:
        """The inspector."""
        return self.who("检查岗")

    @property
    def protection(self) -> User:
        """Consumer protection."""
        return self.who("消费者权益保护岗")

    @property
    def trainer(self) -> User:
        """The trainer."""
        return self.who("内训师")

    def head(self, unit: Unit) -> User:
        """Who leads a unit today; the office where nobody does."""
        return self.people.heads.get(unit.code, self.office)

    def somebody(self, unit: Unit) -> Employee | None:
        """Somebody who serves customers there."""
        if not self._staff:
            found: dict[int, list[Employee]] = {}
            for one in self.house.people.values():
                if one.unit_id is not None and one.left_on is None and one.post in SERVING:
                    found.setdefault(one.unit_id, []).append(one)
            self._staff = found
        there = self._staff.get(unit.pk)
        return self.random.choice(there) if there else None

    def person(self, number: str) -> Employee | None:
        """An employee by number."""
        return self.house.people.get(number)

    def account(self, number: str) -> User:
        """The account of an employee."""
        return User.objects.get(employee__number=number)

    # -- where -------------------------------------------------------------------------------------

    def unit(self, code: str) -> Unit:
        """A unit by number."""
        return self.house.units[code]

    def cast(self, story: str, part: str = "outlet") -> Unit:
        """An outlet of a story."""
        return self.unit(self.bank.story(story).units[part])

    def department(self, unit: Unit) -> Unit:
        """A department of the sub-branch above a unit, led by somebody."""
        for one in self.house.units.values():
            beside = one.parent_id == unit.parent_id and one.level == UnitLevel.DEPARTMENT
            if beside and one.code in self.people.heads:
                return one
        return self.house.root

    def other(self) -> Unit:
        """The next outlet that plays in no story and has a head."""
        if self._others is None:
            taken = {code for story in self.bank.stories for code in story.units.values()}
            rows = [
                one
                for code, one in sorted(self.house.units.items())
                if one.level == UnitLevel.OUTLET
                and one.closed_on is None
                and code not in taken
                and code in self.people.heads
            ]
            self.random.shuffle(rows)
            self._others = _around(rows)
        return next(self._others)

    # -- when --------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The day on which the bank is looked at."""
        return self.bank.as_of

    def at(self, ago: int, clock: str) -> datetime:
        """A time of the day that lies so many working days before today."""
        day = self.today
        while ago:
            day -= ONE_DAY
            if is_workday(day):
                ago -= 1
        return on(day, clock)

    def ahead(self, at: datetime) -> bool:
        """Whether a moment lies after the day on which the bank is looked at."""
        return timezone.localdate(at) > self.today

    def day(self, ahead: int) -> date:
        """The day that lies so many working days ahead of today, or behind it."""
        step, left, day = (ONE_DAY if ahead > 0 else -ONE_DAY), abs(ahead), self.today
        while left:
            day += step
            if is_workday(day):
                left -= 1
        return day

    # -- what is handed in -------------------------------------------------------------------------

    def photos(self, unit: Unit, name: str = "整改前后") -> list[Evidence]:
        """A picture before and one after."""
        by = self.head(unit)
        return [
            papers.photograph(f"{name}（前）", tidy=False, by=by, unit=unit),
            papers.photograph(f"{name}（后）", tidy=True, by=by, unit=unit),
        ]

    def sheet(self, unit: Unit, name: str, by: User | None = None) -> list[Evidence]:
        """A signed sheet."""
        return [papers.sheet(name, by=by or self.head(unit), unit=unit)]

    # -- what comes of it --------------------------------------------------------------------------

    def outcome(self, fact: Fact, matter: Matter) -> None:
        """The fact in the register is what came of this matter."""
        self.outcomes[fact.id] = matter


def on(day: date, clock: str) -> datetime:
    """A time of a day."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(clock)))


def spoken(day: date) -> str:
    """A day as people write it."""
    return f"{day.month}月{day.day}日"


def later(moment: datetime, *, days: int = 0, hours: int = 0, minutes: int = 0) -> datetime:
    """A moment after another; one on a day of rest moves to the next that is worked."""
    moved = timezone.localtime(moment + timedelta(days=days, hours=hours, minutes=minutes))
    while not is_workday(moved.date()):
        moved += ONE_DAY
    return moved


def _around(rows: list[Unit]) -> Iterator[Unit]:
    while True:
        yield from rows
