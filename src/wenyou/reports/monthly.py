"""The figures of a month: complaints, limits kept, inspections and what was put right.

Everything is counted by the database within what somebody may see. A matter that was opened or
met a limit since a day has also been moved since that day, and ``moved_at`` has an index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncMonth

from wenyou.accounts.models import User
from wenyou.accounts.scope import scope
from wenyou.errors import NotAllowed
from wenyou.matters.fields import SOURCES
from wenyou.matters.models import ClockRun, Matter
from wenyou.matters.queries import flows_seen_by, matters_visible_to
from wenyou.reports.months import Month, course_to, month_of
from wenyou_core.flow.registry import FLOWS, limit_titles
from wenyou_core.flow.roles import UNIT

READERS = frozenset(
    {"service_office", "consumer_protection", "outlet_head", "department", "leader", "auditor"}
)
COMPLAINTS = ("complaint", "complaint_ticket")
KINDS = (*COMPLAINTS, "commendation", "visit", "finding", "rectification")
RECTIFY = "rectify"
OWN = "本机构受理"
MET, LATE = ClockRun.State.MET, ClockRun.State.LATE


@dataclass(slots=True)
class UnitLine:
    """The row of a unit; ``late`` are limits of the unit's own that were not kept."""

    code: str
    name: str
    complaints: int = 0
    done: int = 0
    praises: int = 0
    visits: int = 0
    findings: int = 0
    orders: int = 0
    mended: int = 0
    mended_late: int = 0
    kept: int = 0
    late: int = 0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class LimitLine:
    """A limit of a kind of matters: how often it was kept in the month, and how often not."""

    flow: str
    title: str
    kept: int
    late: int

    @property
    def all(self) -> int:
        """How many have met their end in the month."""
        return self.kept + self.late

    @property
    def share(self) -> str:
        """The share kept, in per cent with one digit."""
        return per_cent(self.kept, self.all)


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of a month."""

    month: Month
    units: Sequence[UnitLine]
    limits: Sequence[LimitLine]
    sources: Sequence[tuple[str, int]]
    course: Mapping[Month, tuple[int, int]]
    flows: frozenset[str] = field(default_factory=frozenset)

    def total(self, name: str) -> int:
        """A column added up."""
        return sum(getattr(one, name) for one in self.units)


def may_read(user: User) -> None:
    """Refuse who has no business with reports."""
    if not scope(user).roles & READERS:
        raise NotAllowed("查看报告", "服务办公室、机构负责人和领导")


def report_of(user: User, month: Month, now: datetime) -> Report:
    """The figures of a month for somebody; the same number of queries for many as for few."""
    may_read(user)
    flows = frozenset(flows_seen_by(user)) & frozenset(KINDS)
    rows = matters_visible_to(user, flows).filter(moved_at__gte=month.start)
    limits = list(_limits(rows, month))
    return Report(
        month=month,
        units=_units(rows, month, now),
        limits=limits,
        sources=_sources(rows, month),
        course=_course(user, month, flows & frozenset(COMPLAINTS)),
        flows=flows,
    )


def per_cent(part: int, whole: int) -> str:
    """A share in per cent, rounded half up to one digit; a dash of nothing."""
    if not whole:
        return "—"
    tenths = (part * 2000 + whole) // (whole * 2)
    return f"{tenths // 10}.{tenths % 10}%"


def _opened(month: Month) -> Q:
    return Q(opened_at__gte=month.start, opened_at__lt=month.end)


def _ended(month: Month) -> Q:
    return Q(
        clocks__met_at__gte=month.start, clocks__met_at__lt=month.end,
        clocks__state__in=(MET, LATE),
    )  # fmt: skip


# -- by unit --------------------------------------------------------------------------------------


def _units(rows: QuerySet[Matter], month: Month, now: datetime) -> list[UnitLine]:
    """A row for each unit that had anything to do with the month, most complaints first."""
    found: dict[int, UnitLine] = {}
    opened = rows.filter(_opened(month)).order_by()
    by_unit = opened.values("unit_id", "unit__code", "unit__name").annotate(
        complaints=Count("pk", filter=Q(flow__in=COMPLAINTS)),
        done=Count("pk", filter=Q(flow__in=COMPLAINTS, closed=True)),
        praises=Count("pk", filter=Q(flow="commendation")),
        visits=Count("pk", filter=Q(flow="visit")),
        findings=Count("pk", filter=Q(flow="finding")),
        orders=Count("pk", filter=Q(flow="rectification")),
        overdue=Count("pk", filter=Q(closed=False, due_at__lt=now)),
    )
    for row in by_unit:
        _fill(found, row)
    ended = rows.filter(_ended(month), clocks__name__in=own_limits()).order_by()
    by_clock = ended.values("unit_id", "unit__code", "unit__name").annotate(
        kept=Count("pk", filter=Q(clocks__state=MET)),
        late=Count("pk", filter=Q(clocks__state=LATE)),
        mended=Count("pk", filter=Q(clocks__state=MET, clocks__name=RECTIFY)),
        mended_late=Count("pk", filter=Q(clocks__state=LATE, clocks__name=RECTIFY)),
    )
    for counted in by_clock:
        _fill(found, counted)
    return sorted(found.values(), key=lambda one: (-one.complaints, -one.late, one.code))


def _fill(found: dict[int, UnitLine], row: Mapping[str, object]) -> None:
    key = row["unit_id"]
    assert isinstance(key, int)  # noqa: S101 -- a matter has a unit
    line = found.setdefault(key, UnitLine(str(row["unit__code"]), str(row["unit__name"])))
    for name, value in row.items():
        if not name.startswith("unit_") and isinstance(value, int):
            setattr(line, name, value)


def own_limits() -> list[str]:
    """The limits by which an outlet or department itself has to do something."""
    return sorted(
        clock.name
        for name in KINDS
        for clock in FLOWS[name].clocks
        if clock.met_by
        and any(
            move.action == clock.met_by[0] and set(move.roles) & set(UNIT)
            for move in FLOWS[name].moves
        )
    )


# -- limits, sources, the course ------------------------------------------------------------------


def _limits(rows: QuerySet[Matter], month: Month) -> Iterable[LimitLine]:
    """Every limit that met its end in the month, in the order of the flows."""
    counted = (
        rows.filter(_ended(month))
        .order_by()
        .values("flow", "clocks__name")
        .annotate(
            kept=Count("pk", filter=Q(clocks__state=MET)),
            late=Count("pk", filter=Q(clocks__state=LATE)),
        )
    )
    known = {(row["flow"], row["clocks__name"]): row for row in counted}
    titles = limit_titles()
    for flow in KINDS:
        for clock in FLOWS[flow].clocks:
            row = known.get((flow, clock.name))
            if row is not None:
                title = titles.get(clock.name, clock.title)
                yield LimitLine(FLOWS[flow].title, title, row["kept"], row["late"])


def _sources(rows: QuerySet[Matter], month: Month) -> list[tuple[str, int]]:
    """Complaints of the month by where they came from, the most first."""
    counted = (
        rows.filter(_opened(month), flow__in=COMPLAINTS)
        .order_by()
        .values("source")
        .annotate(many=Count("pk"))
    )
    named: Counter[str] = Counter()
    for row in counted:
        named[SOURCES.get(row["source"], OWN)] += row["many"]
    return named.most_common()


def _course(user: User, month: Month, flows: frozenset[str]) -> dict[Month, tuple[int, int]]:
    """Complaints opened and closed in each of the last months."""
    months = course_to(month)
    start, end = months[0].start, month.end
    if not flows:
        return dict.fromkeys(months, (0, 0))
    rows = matters_visible_to(user, flows).filter(moved_at__gte=start).order_by()
    opened = _by_month(rows.filter(opened_at__gte=start, opened_at__lt=end), "opened_at")
    closed = _by_month(rows.filter(closed_at__gte=start, closed_at__lt=end), "closed_at")
    return {one: (opened.get(one, 0), closed.get(one, 0)) for one in months}


def _by_month(rows: QuerySet[Matter], column: str) -> dict[Month, int]:
    counted = rows.values(month=TruncMonth(column)).annotate(many=Count("pk"))
    return {month_of(row["month"]): row["many"] for row in counted}
