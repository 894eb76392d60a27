"""What happens to matters by themselves: reminders, new calendars, days that are over, checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wenyou.jobs.tick import register_periodic
from wenyou.matters import duties, services
from wenyou.matters.anew import compute_anew
from wenyou.matters.batches import few_at_a_time
from wenyou.matters.ladder import climb_all
from wenyou.matters.limits import limits_for
from wenyou.matters.models import ClockRun, Matter
from wenyou.matters.reading import history_of, read_matter, setting_of, shown_first
from wenyou.matters.store import extensions_of, said
from wenyou.org.timetable import calendar_version
from wenyou_core.errors import WenyouError
from wenyou_core.flow.windows import Window, window_closed

AT_ONCE = 500
DRAFTS = ("exemption_filing", "appeal")


def new_calendar(now: datetime) -> int:
    """Compute open clocks again that an older calendar was used for; how many matters.

    What was met or decided stays as it was told; whatever moves is told with both dates.
    """
    version = calendar_version()
    stale = ClockRun.objects.filter(matter__closed=False, decided=False)
    stale = stale.exclude(calendar_version__in=("", version))
    keys = list(
        stale.order_by("matter_id").values_list("matter_id", flat=True).distinct()[:AT_ONCE]
    )
    for matter in Matter.objects.filter(pk__in=keys):
        compute_anew(matter, now)
    return len(keys)


def lapse_drafts(now: datetime) -> int:
    """Close drafts whose window has been shut, some at a time; how many.

    All drafts are gone through: old ones that stay must not stand before those that lapse.
    """
    rows = Matter.objects.filter(flow__in=DRAFTS, state__in=("draft", "returned"), closed=False)
    done, today = 0, timezone.localdate(now)
    windows: dict[int, Mapping[str, Window | None]] = {}
    for matter in few_at_a_time(rows.select_related("unit").order_by("pk")):
        if matter.unit_id not in windows:
            windows[matter.unit_id] = limits_for(matter.unit, today).windows
        if window_closed(windows[matter.unit_id].get(matter.flow), now):
            continue
        try:
            services.move(matter, "lapse", by=None, turn=matter.turn, at=now)
        except WenyouError:
            continue  # Handed in at this very moment.
        done += 1
        if done == AT_ONCE:
            break
    return done


# -- the check of the cache -------------------------------------------------------------


def due_differences(now: datetime, *, most: int = 10_000) -> Iterator[str]:
    """Open matters whose stored clocks or due date are not what a computation gives, as sentences."""
    rows = Matter.objects.filter(closed=False).select_related("unit").order_by("-pk")[:most]
    for matter in rows.iterator(500):
        yield from _differences(matter, now)


def _differences(matter: Matter, now: datetime) -> Iterator[str]:
    stored = {row.name: row for row in ClockRun.objects.filter(matter=matter)}
    read = read_matter(
        matter,
        history_of(matter.transitions.order_by("turn")),
        now,
        setting=setting_of(matter),
        extensions=extensions_of(matter),
    )
    for row in read:
        held = stored.get(row.name)
        if held is None:
            yield f"{matter.number}缺少时限“{row.title}”的记录，请重新计算。"
        elif not held.decided and said(held) != said(row):
            yield f"{matter.number}的时限“{row.title}”与重新计算的不一致，请重新计算。"
    first = shown_first(stored.values())
    if (first.due_at if first else None) != matter.due_at:
        yield f"{matter.number}的到期时间与它的时限不一致，请重新计算。"


def recompute_all(now: datetime) -> int:
    """Compute the clocks of every open matter again; how many matters."""
    count = 0
    rows = Matter.objects.filter(Q(closed=False)).select_related("unit")
    for matter in few_at_a_time(rows.order_by("pk")):
        with transaction.atomic():
            services.recompute(matter, now)
        count += 1
    return count


register_periodic("matters.ladder", timedelta(minutes=5), climb_all)
register_periodic("matters.calendar", timedelta(minutes=1), new_calendar)
register_periodic("matters.duties", timedelta(minutes=5), duties.generate)
register_periodic("matters.quiet", timedelta(minutes=5), duties.pass_quietly)
register_periodic("matters.lapse", timedelta(minutes=30), lapse_drafts)
