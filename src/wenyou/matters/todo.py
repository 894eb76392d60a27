"""待办: what is late, due today or soon among what somebody watches, then what waits for him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import scope
from wenyou.knobs.services import setting
from wenyou.knobs.table import OFFICE, Knob, KnobKind, register_knobs
from wenyou.matters.fields import REGULATOR, SOURCES
from wenyou.matters.kinds import COMPLAINTS, KINDS
from wenyou.matters.models import Matter
from wenyou.matters.queries import matters_visible_to, waiting_for
from wenyou.matters.showing import hands
from wenyou.matters.telling import link_of
from wenyou.matters.urging import may_urge
from wenyou.org.timetable import calendar_now
from wenyou.web import words
from wenyou.web.listing import Due
from wenyou_core.flow.registry import FLOWS
from wenyou_core.worktime.calendar import Calendar, YearNotAnnounced
from wenyou_core.worktime.left import Urgency

register_knobs(
    Knob(
        name="todo.near_days",
        group="待办",
        title="提前几天算临期",
        kind=KnobKind.INT,
        default=3,
        low=1,
        high=30,
        unit="天",
        who=OFFICE,
    )
)
# These look after the work of others; everybody else is shown what waits for himself.
WATCHERS = frozenset(
    {
        RoleCode.SERVICE_OFFICE, RoleCode.CONSUMER_PROTECTION, RoleCode.COMPLAINT_HANDLER,
        RoleCode.OUTLET_HEAD, RoleCode.LEADER, RoleCode.AUDITOR,
    }
)  # fmt: skip
SHOWN = 20
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class TodoRow:
    """A matter as 待办 shows it."""

    pk: int
    address: str
    number: str
    kind: str
    state: str
    title: str
    unit: str
    source: str
    regulator: bool
    hands: str
    due: Due | None
    may_urge: bool


@dataclass(frozen=True, slots=True)
class Heap:
    """A heap with its count; ``address`` leads to the whole of it."""

    key: str
    title: str
    kind: str
    count: str
    rows: Sequence[TodoRow]
    address: str
    any: bool
    more: bool

    @property
    def urges(self) -> bool:
        """Whether any of the rows can be urged."""
        return any(row.may_urge for row in self.rows)


@dataclass(frozen=True, slots=True)
class Todo:
    """The whole page."""

    heaps: Sequence[Heap]
    quiet: bool
    watcher: bool


def todo_of(user: User, now: datetime) -> Todo:
    """What somebody has to see to; as many queries for many matters as for few."""
    watcher = bool(scope(user).roles & WATCHERS)
    # A duty is recorded by exception: a day on which nothing happened asks for nothing.
    mine = matters_visible_to(user).filter(waiting_for(user), closed=False)
    mine = mine.exclude(flow="duty", state="expected")
    watched = mine
    if watcher:
        watched = matters_visible_to(user).filter(closed=False)
        watched = watched.exclude(flow="duty", state="expected")
    tonight, soon = edges(now)
    parts = (
        (Urgency.OVERDUE, "逾期", "over", Q(due_at__lt=now), "state=overdue"),
        (Urgency.TODAY, "今日到期", "near", Q(due_at__gte=now, due_at__lt=tonight), "state=today"),
        (Urgency.NEAR, "临期", "near", Q(due_at__gte=tonight, due_at__lt=soon), "state=open"),
    )
    counts = watched.filter(due_at__lt=soon).aggregate(
        **{key.value: Count("pk", filter=where) for key, _, _, where, _ in parts}
    )
    show = _Shower(user, now, calendar_now(), soon)
    heaps = [
        _heap(
            (key.value, title, kind),
            counts[key.value],
            [] if not counts[key.value] else show.rows(watched.filter(where).order_by("due_at")),
            f"{reverse('matters:all')}?{query}&sort=due",
        )
        for key, title, kind, where, query in parts
    ]
    later = mine.filter(Q(due_at__isnull=True) | Q(due_at__gte=soon))
    # Many may wait: their keys first, so that none is read whole but those shown.
    order = (F("due_at").asc(nulls_last=True), "pk")
    keys = list(later.order_by(*order).values_list("pk", flat=True)[:SHOWN])
    waiting = show.rows(Matter.objects.filter(pk__in=keys).order_by(*order))
    many = len(waiting) if len(waiting) < SHOWN else later.order_by()[: MOST_COUNTED + 1].count()
    address = f"{reverse('matters:all')}?mine=1&state=open"
    heaps.append(_heap(("mine", "等我办理", "ok"), many, waiting, address))
    return Todo(heaps, quiet=not any(one.any for one in heaps), watcher=watcher)


def edges(now: datetime) -> tuple[datetime, datetime]:
    """The end of today, and of the last day that counts as near."""
    day = timezone.localdate(now) + timedelta(days=1)
    tonight = midnight(day)
    return tonight, midnight(day + timedelta(days=int(setting("todo.near_days"))))


def shows_ticket(matter: Matter) -> bool:
    """Whether people know it by the number of a ticket; elsewhere that is a key of our own."""
    return KINDS[matter.flow].door == COMPLAINTS


def midnight(day: date) -> datetime:
    """The first moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def _heap(named: tuple[str, str, str], count: int, rows: Sequence[TodoRow], address: str) -> Heap:
    key, title, kind = named
    shown = words.counted(count, MOST_COUNTED)
    return Heap(key, title, kind, shown, rows, address, count > 0, count > len(rows))


class _Shower:
    """Rows for one person at one moment."""

    def __init__(self, user: User, now: datetime, calendar: Calendar, soon: datetime) -> None:
        self.user, self.now, self.calendar, self.soon = user, now, calendar, soon

    def rows(self, found: QuerySet[Matter]) -> list[TodoRow]:
        """The first of a query, drawn."""
        return [
            self.row(one) for one in found.select_related("unit", "with_unit", "holder")[:SHOWN]
        ]

    def row(self, matter: Matter) -> TodoRow:
        """One matter."""
        flow = FLOWS[matter.flow]
        return TodoRow(
            pk=matter.pk,
            address=link_of(matter),
            number=(matter.ticket if shows_ticket(matter) else "") or matter.number,
            kind=flow.title,
            state=flow.state(matter.state).title,
            title=matter.title,
            unit=str(matter.unit),
            source=SOURCES.get(matter.source, ""),
            regulator=matter.source == REGULATOR,
            hands=hands(matter, beside_unit=True),
            due=self.due(matter.due_at),
            may_urge=may_urge(self.user, matter),
        )

    def due(self, at: datetime | None) -> Due | None:
        """When, and how much is left in working days."""
        if at is None:
            return None
        today, last = timezone.localdate(self.now), timezone.localdate(at)
        near = Urgency.NEAR.value if today < last and self.now < at < self.soon else ""
        try:
            days = self.calendar.working_days_after(today, last)
        except YearNotAnnounced:
            return Due(at, urgency=near)
        return Due(at, urgency=near, left=words.left(at, self.now, working_days=days))
