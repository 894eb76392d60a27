"""Open deadlines computed again when what they are computed with has changed.

A calendar is looked for by the tick. Hours, limits, days of rest and the place of a unit change by
an act that may concern thousands of matters: a job goes through them, and tells whoever has one in
hand from when to when it has moved. What was met or decided stays as it was told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.services import enqueue
from wenyou.knobs.services import after_change
from wenyou.matters import services
from wenyou.matters.batches import few_at_a_time
from wenyou.matters.models import ClockRun, Matter
from wenyou.matters.people import in_hands
from wenyou.matters.telling import link_of
from wenyou.notices.services import notify
from wenyou.org.hooks import after_setting
from wenyou.org.models import Unit
from wenyou_core.flow.registry import flow_named
from wenyou_core.worktime.deadline import Deadline, DeadlineState
from wenyou_core.worktime.recompute import Outcome, StoredDeadline, reconcile
from wenyou_core.worktime.texts import beijing, moment_text

if TYPE_CHECKING:
    from wenyou.accounts.models import User

register_actions({"clock.moved": "到期时间重新计算后变动"})
KIND = "matters.anew"
WHY = "时限、营业时间、每周休息日或隶属关系有变"
SHOW_EVERY = 100
Says = Callable[[int, str], None]


@transaction.atomic
def compute_anew(matter: Matter, now: datetime) -> bool:
    """Compute the clocks of an open matter again and tell of what has moved; whether any has.

    The matter is read anew and held: somebody may have moved or closed it meanwhile.
    """
    rows = Matter.objects.select_for_update(of=("self",))
    fresh = rows.select_related("unit", "with_unit", "holder").get(pk=matter.pk)
    if fresh.closed:
        return False
    before = {row.name: row for row in ClockRun.objects.filter(matter=fresh)}
    texts = []
    for row in services.recompute(fresh, now):
        old = before.get(row.name)
        if old is None or old.decided:
            continue
        text = _moved(old, row)
        if text:
            texts.append(f"“{row.title}”{text}")
            change = Change(
                subject=fresh,
                unit=fresh.unit,
                old={row.name: old.due_at},
                new={row.name: row.due_at},
                note=text,
            )
            record("clock.moved", by=None, change=change)
    if texts:
        title = flow_named(fresh.flow).title
        notify(
            in_hands(fresh, now),
            kind="clock",
            text=f"{title} {fresh.number}：{''.join(texts)}",
            link=link_of(fresh),
            outside=f"{title} {fresh.number} 的到期时间有变动",
            at=now,
        )
    return bool(texts)


def _moved(old: ClockRun, row: ClockRun) -> str:
    """The sentence about a deadline that has moved; empty when it has not."""
    fresh = Deadline(DeadlineState.SET, row.due_at, (), row.calendar_version)
    found = reconcile(StoredDeadline(old.due_at, old.calendar_version), fresh)
    if found.outcome is not Outcome.MOVED:
        return ""
    if old.calendar_version != row.calendar_version:
        return found.text
    return f"到期时间由{_told(old.due_at)}改为{_told(row.due_at)}（{WHY}）。"


def _told(moment: datetime | None) -> str:
    return moment_text(beijing(moment)) if moment is not None else "未定"


# -- after an act --------------------------------------------------------------------------------


def concerned(unit: Unit, since: date | None) -> QuerySet[Matter]:
    """Open matters of a unit and those beneath, by default all, else those begun on or after a day."""
    rows = Matter.objects.filter(closed=False, unit__path__startswith=unit.path)
    if since is not None:
        begin = datetime.combine(since, time.min, timezone.get_current_timezone())
        rows = rows.filter(opened_at__gte=begin)
    return rows.order_by("pk")


@after_setting
def ask_anew(unit: Unit, since: date | None, by: User | None) -> None:
    """Have the open matters computed again that a change concerns; nothing where there is none.

    What holds for matters that begin later concerns none of today.
    """
    if since is not None and since > timezone.localdate():
        return
    if not concerned(unit, since).exists():
        return
    arguments = {"unit": unit.pk, "since": since.isoformat() if since else ""}
    title = f"{unit}的到期时间重新计算"
    enqueue(kind=KIND, title=title, arguments=arguments, by=by, unit=unit)


@after_change("calendar.rest_weekdays", "hours.standard")
def ask_all_anew(by: User | None) -> None:
    """Have every open matter computed again: what all units work by has changed."""
    for root in Unit.objects.filter(parent=None):
        ask_anew(root, None, by)


def compute_beneath(unit: Unit, since: date | None, now: datetime, says: Says) -> int:
    """Go through all that are concerned; how many have moved. It may be run twice."""
    rows = concerned(unit, since)
    total, moved = rows.count(), 0
    for number, matter in enumerate(few_at_a_time(rows), 1):
        moved += compute_anew(matter, now)
        if number % SHOW_EVERY == 0:
            says(number * 100 // max(total, 1), f"已计算 {number} / {total} 件。")
    return moved


def _run(work: Work) -> None:
    said = str(work.arguments["since"])
    unit = Unit.objects.get(pk=int(str(work.arguments["unit"])))
    since = date.fromisoformat(said) if said else None
    work.result(moved=compute_beneath(unit, since, timezone.now(), work.says))


register_kind(KIND, _run, "重新计算到期时间", owed=True)
