"""Two years of moves in the background: transfers, rotations, leaves, comings and goings."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from wenyou_desk.demo import words
from wenyou_desk.demo.chance import happens
from wenyou_desk.demo.days import Days
from wenyou_desk.demo.model import Size
from wenyou_desk.demo.outlets import Network
from wenyou_desk.demo.people import Staff

_PEOPLE_PER_SWAP = 300  # one exchange of two people a month for so many
_PEOPLE_PER_LONG_LEAVE = 450
_SUBS_PER_ROTATION = 6  # one exchange of two heads a quarter for so many sub-branches
_LEAVE_PER_MILLE = 160  # how often an outlet's head is away in a month
_LEAVES_BEGIN_WITHIN = 14  # days of the month


def live(staff: Staff, size: Size, random: Random) -> None:
    """Let two years pass; outlets with a part in a story are left in peace."""
    days = staff.days
    free = _free(staff.network)
    months = [month for month in days.months if month.start > days.start]
    left = 0
    for index, month in enumerate(months):
        day = days.workday_in(month, random)
        if day not in days:
            continue
        for _ in range(max(1, size.people // _PEOPLE_PER_SWAP)):
            _swap(staff, free, random.choice(words.MOVABLE), day, random)
        if index % 3 == 0:
            for _ in range(max(1, size.sub_branches // _SUBS_PER_ROTATION)):
                _swap(staff, free, words.HEAD, day, random)
        for _ in range(max(1, size.people // _PEOPLE_PER_LONG_LEAVE)):
            why, length = random.choice(words.LONG_LEAVES)
            person = _somebody(staff, free, words.TELLER, day, random)
            if person:
                staff.long_leave(person, day, why, length)
        due = size.leavers * (index + 1) // len(months)
        for _ in range(due - left):
            person = _somebody(staff, free, words.TELLER, day, random)
            if person:
                staff.follow(person, day)
                left += 1
    for _ in range(size.leavers - left):
        staff.recruit(random.choice(list(staff.network.outlets)), words.TELLER, days.first)
    _short_leaves(staff, free, days, random)


def _free(network: Network) -> dict[str, list[str]]:
    taken = network.taken
    return {
        sub: [unit for unit in units if unit not in taken] for sub, units in network.by_sub.items()
    }


def _swap(staff: Staff, free: dict[str, list[str]], post: str, day: date, random: Random) -> None:
    """Two people of one post change places within their sub-branch, if there are two."""
    units = free[random.choice(list(free))]
    if len(units) < 2:
        return
    first, second = random.sample(units, 2)
    here, there = staff.movable(first, post, day), staff.movable(second, post, day)
    if here and there:
        one, other = random.choice(here), random.choice(there)
        staff.move(one, second, day)
        staff.move(other, first, day)


def _somebody(
    staff: Staff, free: dict[str, list[str]], post: str, day: date, random: Random
) -> str:
    units = free[random.choice(list(free))]
    found = staff.movable(random.choice(units), post, day) if units else []
    return random.choice(found) if len(found) > 2 else ""


def _short_leaves(staff: Staff, free: dict[str, list[str]], days: Days, random: Random) -> None:
    """Heads go on leave now and then; the deputy acts for them."""
    last: dict[str, date] = {unit: days.start for units in free.values() for unit in units}
    for month in days.months:
        for unit in last:
            if not happens(random, _LEAVE_PER_MILLE):
                continue
            why, length = random.choice(words.SHORT_LEAVES)
            begin = month.start + timedelta(days=random.randrange(_LEAVES_BEGIN_WITHIN))
            since = days.workday_from(begin)
            opened = staff.network.outlets[unit].opened
            if since in days and last[unit] < since and opened < since:
                last[unit] = since + timedelta(days=length - 1)
                staff.leave_of_head(unit, since, last[unit], why)
