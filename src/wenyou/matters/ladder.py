"""What is overdue climbs the ladder its unit has set: handler, outlet head, service office, no further."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from wenyou.accounts.models import User
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.matters.batches import few_at_a_time
from wenyou.matters.ladders import Ladders
from wenyou.matters.models import Matter, Urge
from wenyou.matters.people import holders_of, in_hands, present
from wenyou.matters.urging import tell
from wenyou.org.heads import head_of
from wenyou.org.timetable import calendar_now
from wenyou_core.errors import WenyouError
from wenyou_core.flow.roles import Role
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.ladder import Call, Rung, climb, next_moment
from wenyou_core.worktime.texts import beijing

register_actions({"matter.reminded": "逾期逐级提醒"})
# The rung of a row is ten times the stage of the matter plus the step of the ladder; nine says
# that the ladder has no more steps for this stage.
STAGE, LAST = 10, 9
HANDLER = "handler"
# Why a step told nobody: stepped over at once, or its waiting time runs all the same.
NOBODY = "这一级没有可以通知的人"
AGAIN = "这一级的人在前面已经提醒过"


def climb_all(now: datetime) -> int:
    """Tell everybody whom the ladders have reached by now; how many matters were told of.

    Telling is fixed by the past alone, and a step is told once, however often this runs.
    """
    units = _late(now).order_by().values_list("unit_id", flat=True).distinct()
    ladders = Ladders(units, beijing(now).date())
    calendar = calendar_now()
    told = 0
    for matter in overdue(now):
        rungs, hours = ladders.rungs_of(matter.unit), ladders.hours_of(matter.unit)
        if _waits(matter, now, rungs=rungs, hours=hours, calendar=calendar):
            continue
        told += climb_one(matter, now, rungs=rungs, hours=hours, calendar=calendar)
    return told


def _waits(
    matter: Matter, now: datetime, *, rungs: Sequence[Rung], hours: WorkHours, calendar: Calendar
) -> bool:
    """Whether the next rung cannot have come yet: most of what is overdue, each time it is asked."""
    top, base = getattr(matter, "top", None) or 0, STAGE * getattr(matter, "stage", 0)
    last = getattr(matter, "top_at", None) if top > base else matter.due_at
    if last is None:
        return False
    reached = bool(getattr(matter, "top_to", None)) or getattr(matter, "top_text", "") == AGAIN
    try:
        moment = next_moment(
            rungs, max(top - base, 0), last, waits=reached, calendar=calendar, hours=hours
        )
    except WenyouError:
        return False
    return moment is not None and moment > now


def _late(now: datetime) -> QuerySet[Matter]:
    return Matter.objects.filter(closed=False, due_at__lt=now).exclude(flow="duty")


def overdue(now: datetime) -> Iterator[Matter]:
    """Open matters past their due date whose ladder has steps left, the oldest first."""
    top = Urge.objects.filter(matter=OuterRef("pk"), rung__gt=0).order_by("-rung", "to")
    moved = Q(transitions__source=F("transitions__target"))
    rows = _late(now).annotate(
        stage=Count("transitions", filter=~moved),
        top=Subquery(top.values("rung")[:1]),
        top_at=Subquery(top.values("at")[:1]),
        top_to=Subquery(top.values("to")[:1]),
        top_text=Subquery(top.values("text")[:1]),
    )
    rows = rows.select_related("unit", "with_unit", "holder").order_by("due_at", "pk")
    for row in few_at_a_time(rows):
        if getattr(row, "top", None) != STAGE * getattr(row, "stage", 0) + LAST:
            yield row


@transaction.atomic
def climb_one(
    matter: Matter, now: datetime, *, rungs: Sequence[Rung], hours: WorkHours, calendar: Calendar
) -> bool:
    """One matter's ladder as far as it has come; whether anybody was told."""
    if matter.due_at is None:
        return False
    try:
        calls = climb(
            rungs,
            matter.due_at,
            now,
            reach=lambda role, at: ",".join(str(one.pk) for one in reach(matter, role, at)) or None,
            calendar=calendar,
            hours=hours,
        )
    except WenyouError:
        return False  # A year without calendar: nobody can say when working time runs.
    base = STAGE * getattr(matter, "stage", 0)
    known = set(Urge.objects.filter(matter=matter, rung__gte=base).values_list("rung", flat=True))
    before: set[int] = set()
    done = False
    for step, call in enumerate(calls, 1):
        people = [int(one) for one in call.person.split(",")] if call.person else []
        if base + step not in known:
            fresh = [one for one in people if one not in before]
            done = _told(matter, call, base + step, fresh, now) or done
        before.update(people)
    if len(calls) == len(rungs) and base + LAST not in known:
        Urge.objects.create(matter=matter, rung=base + LAST, at=now, text="逐级提醒已到最后一级")
    return done


def _told(matter: Matter, call: Call, rung: int, people: list[int], now: datetime) -> bool:
    users = list(User.objects.filter(pk__in=people, is_active=True))
    if not users:
        text = NOBODY if call.person is None else AGAIN
        Urge.objects.create(matter=matter, rung=rung, at=call.at, text=text)
        return False
    words = f"逾期提醒（第{rung % STAGE}级）"
    Urge.objects.bulk_create(
        Urge(matter=matter, rung=rung, to=one, at=call.at, text=words) for one in users
    )
    tell(matter, users, words, now)
    new = {"rung": rung % STAGE, "to": [one.number for one in users]}
    record("matter.reminded", by=None, change=Change(subject=matter, unit=matter.unit, new=new))
    return True


def reach(matter: Matter, role: str, at: datetime) -> list[User]:
    """Whom a step of the ladder reaches: present people, or those who stand in."""
    if role == HANDLER:
        return in_hands(matter, at)
    if role == Role.OUTLET_HEAD:
        head = head_of(matter.unit, at)
        if head is not None:
            return list(User.objects.filter(employee=head.employee, is_active=True))
    return present(holders_of(role, matter.unit, at), at)
