"""待办: what is late, due today or soon among what somebody watches, then what waits for him."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import scope
from wenyou.matters.dueness import Dueness
from wenyou.matters.fields import REGULATOR, SOURCES
from wenyou.matters.kinds import shows_ticket
from wenyou.matters.models import Matter
from wenyou.matters.queries import handed_to, matters_visible_to, waiting_for
from wenyou.matters.showing import hands
from wenyou.matters.telling import link_of
from wenyou.matters.todorow import TodoRow
from wenyou.matters.urging import may_urge
from wenyou.web import words
from wenyou_core.flow.registry import FLOWS
from wenyou_core.worktime.left import Urgency

# These look after the work of others; everybody else is shown what waits for himself.
WATCHERS = frozenset(
    {
        RoleCode.SERVICE_OFFICE, RoleCode.CONSUMER_PROTECTION, RoleCode.COMPLAINT_HANDLER,
        RoleCode.OUTLET_HEAD, RoleCode.LEADER, RoleCode.AUDITOR,
    }
)  # fmt: skip
# What a row shows, and what tells whether it may be urged; not all that was ever told.
READ = (
    "flow", "number", "title", "ticket", "source", "state", "closed", "in_hands_of", "due_at",
    "unit__name", "unit__short_name", "unit__path", "with_unit__name", "with_unit__short_name",
    "with_unit__path", "holder__name",
)  # fmt: skip
HEAPS = (
    (Urgency.OVERDUE, "逾期", "over", "state=overdue"),
    (Urgency.TODAY, "今日到期", "near", "state=today"),
    (Urgency.NEAR, "临期", "near", "state=open"),
)
SHOWN = 20
# So many keys are read in one go and parted here.
AT_ONCE = 200
MOST_COUNTED = 10_000


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
    now: datetime

    @property
    def urges(self) -> bool:
        """Whether any of the rows can be urged."""
        return any(row.may_urge for row in self.rows)

    def cut(self, most: int) -> Heap:
        """The heap with its first rows alone."""
        more = self.more or len(self.rows) > most
        return replace(self, rows=self.rows[:most], more=more)

    @property
    def drawn(self) -> list[tuple[int, SafeString]]:
        """The rows as the page shows them, each with its key."""
        urges = self.urges
        return [(row.pk, row.cells(urges=urges, now=self.now)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Todo:
    """The whole page."""

    heaps: Sequence[Heap]
    quiet: bool
    watcher: bool

    @property
    def urges(self) -> bool:
        """Whether anything shown can be urged."""
        return any(one.urges for one in self.heaps)


def todo_of(user: User, now: datetime) -> Todo:
    """What somebody has to see to; as many queries for many matters as for few."""
    watcher = bool(scope(user).roles & WATCHERS)
    everything = _open(user)
    watched = everything if watcher else everything.filter(waiting_for(user))
    dueness = Dueness(now)
    tonight, soon = dueness.tonight, dueness.soon
    pressing = watched.filter(due_at__lt=soon)
    counts = pressing.aggregate(
        overdue=Count("pk", filter=Q(due_at__lt=now)),
        today=Count("pk", filter=Q(due_at__gte=now, due_at__lt=tonight)),
        near=Count("pk", filter=Q(due_at__gte=tonight)),
    )
    many = [counts[one.value] for one, *_ in HEAPS]
    # Many may lie on a heap: keys first, so that none is read whole but those shown.
    keys = first_keys(pressing, many, (now, tonight))
    waiting, waits = _waiting(
        user, everything.filter(Q(due_at__isnull=True) | Q(due_at__gte=soon)), soon
    )
    keys.append(waiting)
    show = _Shower(user, dueness)
    show.read(key for some in keys for key in some)
    heaps = [
        show.heap(
            (key.value, title, kind), count, some, f"{reverse('matters:all')}?{query}&sort=due"
        )
        for (key, title, kind, query), count, some in zip(HEAPS, many, keys, strict=False)
    ]
    address = f"{reverse('matters:all')}?mine=1&state=open"
    heaps.append(show.heap(("mine", "等我办理", "ok"), waits, waiting, address))
    return Todo(heaps, quiet=not any(one.any for one in heaps), watcher=watcher)


def first_keys(
    rows: QuerySet[Matter],
    many: Sequence[int],
    edges: Sequence[datetime],
    *,
    at_once: int = AT_ONCE,
) -> list[list[int]]:
    """The first keys of each heap. They lie one behind the other in the order of their dates, so
    that heaps of some tens are one question; of large ones only the beginnings are read.
    """
    ordered = rows.order_by("due_at", "pk").values_list("pk", flat=True)
    starts = [sum(many[:place]) for place in range(len(many))]
    last = starts[-1] + min(many[-1], SHOWN)
    if last <= at_once:
        every = list(ordered[:last]) if last else []
        return [
            every[start : start + min(count, SHOWN)]
            for start, count in zip(starts, many, strict=True)
        ]
    after = (Q(), *(Q(due_at__gte=edge) for edge in edges))
    return [
        list(ordered.filter(where)[: min(count, SHOWN)]) if count else []
        for where, count in zip(after, many, strict=True)
    ]


def _open(user: User) -> QuerySet[Matter]:
    """A duty is recorded by exception: a day on which nothing happened asks for nothing."""
    rows = matters_visible_to(user).filter(closed=False)
    return rows.exclude(flow="duty", state="expected")


def _waiting(user: User, later: QuerySet[Matter], soon: datetime) -> tuple[list[int], int]:
    """The first keys of what waits for somebody without pressing, and how many there are.

    What lies with his roles is read off an index, what he holds himself off another; asked for
    together, neither would give the order, and all would be read.
    """
    handed = handed_to(user)
    parts = [later.filter(handed)] if handed else []
    if user.employee_id is not None:
        own = later.filter(holder=user.employee_id)
        parts.append(own.exclude(handed) if handed else own)
    found: list[tuple[bool, datetime | None, int]] = []
    many = 0
    for rows in parts:
        order = (F("due_at").asc(nulls_last=True), "pk")
        first = list(rows.order_by(*order).values_list("due_at", "pk")[:SHOWN])
        full = len(first) == SHOWN
        many += rows.order_by()[: MOST_COUNTED + 1].count() if full else len(first)
        found += [(due_at is None, due_at, pk) for due_at, pk in first]
    found.sort(key=lambda one: (one[0], one[1] or soon, one[2]))
    return [pk for _, _, pk in found[:SHOWN]], many


class _Shower:
    """Rows for one person at one moment."""

    def __init__(self, user: User, dueness: Dueness) -> None:
        self.user, self.now, self.dueness = user, dueness.now, dueness
        self.found: dict[int, TodoRow] = {}

    def read(self, keys: Iterable[int]) -> None:
        """Read the matters of these keys, whichever heap they lie on."""
        rows = Matter.objects.filter(pk__in=list(keys)).order_by()
        rows = rows.select_related("unit", "with_unit", "holder").only(*READ)
        self.found = {one.pk: self.row(one) for one in rows}

    def heap(
        self, named: tuple[str, str, str], count: int, keys: Sequence[int], address: str
    ) -> Heap:
        """A heap with its first rows."""
        key, title, kind = named
        rows = [self.found[one] for one in keys if one in self.found]
        if key == "mine":
            rows = [replace(row, may_urge=False) for row in rows]
        shown = words.counted(count, MOST_COUNTED)
        return Heap(key, title, kind, shown, rows, address, count > 0, count > len(rows), self.now)

    def row(self, matter: Matter) -> TodoRow:
        """One matter."""
        flow = FLOWS[matter.flow]
        return TodoRow(
            pk=matter.pk,
            address=link_of(matter),
            number=(matter.ticket if shows_ticket(matter.flow) else "") or matter.number,
            kind=flow.title,
            state=flow.state(matter.state).title,
            title=matter.title,
            unit=str(matter.unit),
            source=SOURCES.get(matter.source, ""),
            regulator=matter.source == REGULATOR,
            hands=hands(matter, beside_unit=True),
            due=self.dueness.due(matter.due_at),
            may_urge=may_urge(self.user, matter),
        )
