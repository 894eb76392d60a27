"""Leave with a stand-in, the roster of duties, and the opening hours of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wenyou.audit.services import Change, record
from wenyou.org.actions import head_or_keeper
from wenyou.org.hooks import tell_setting
from wenyou.org.models import Absence, Employee, OpeningHours, RosterDuty, Unit
from wenyou.org.timetable import work_hours
from wenyou.org.words import clean_text, listed
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User

WEEKDAYS = 7


@transaction.atomic
def take_leave(
    employee: Employee,
    *,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    by: User | None,
    stand_in: Employee | None = None,
) -> Absence:
    """Note that a person is away; the stand-in gets what falls due meanwhile.

    By the person, the head or the office. Refuses a leave that overlaps another of the same
    person, and a stand-in who is the person himself, is away then, or has left.
    """
    _may_note_leave(employee, by)
    if until_at <= from_at:
        raise InputRefused("leave-reversed", "请假的结束时间应晚于开始时间，请改正。")
    if _away(employee, from_at, until_at):
        raise InputRefused("leave-overlap", f"{employee.label}在这段时间已有请假，请核对。")
    if stand_in is not None:
        _refuse_stand_in(employee, stand_in, from_at, until_at)
    row = Absence.objects.create(
        employee=employee, from_at=from_at, until_at=until_at, stand_in=stand_in,
        reason=clean_text(reason, "事由", 100),
    )  # fmt: skip
    said = {
        "from_at": from_at, "until_at": until_at,
        "stand_in": stand_in.number if stand_in else "",
    }  # fmt: skip
    change = Change(subject=employee, unit=employee.unit, new=said, note=row.reason)
    record("org.absence.take", by=by, change=change)
    return row


@transaction.atomic
def end_leave(absence: Absence, *, at: datetime, by: User | None) -> Absence:
    """Back earlier than noted: from ``at`` on the person is there again."""
    _may_note_leave(absence.employee, by)
    if not absence.from_at < at < absence.until_at:
        raise InputRefused("leave-end", "销假时间应在请假的开始和结束之间，请改正。")
    old = {"until_at": absence.until_at}
    absence.until_at = at
    absence.save(update_fields=["until_at"])
    subject = absence.employee
    change = Change(subject=subject, unit=subject.unit, old=old, new={"until_at": at})
    record("org.absence.end", by=by, change=change)
    return absence


@transaction.atomic
def set_roster(
    unit: Unit, *, on: date, shift: str, people: Sequence[Employee], by: User | None
) -> list[RosterDuty]:
    """Set who is on duty at a unit on a day and shift, replacing who was; none clears it."""
    head_or_keeper(by, unit.path, "排定值班")
    shift = clean_text(shift, "班次", 20)
    left = [one.label for one in people if one.left_on is not None and one.left_on < on]
    if left:
        raise InputRefused("roster-left", f"{listed(left)}当日已离职，不能排班，请改选。")
    if len({one.pk for one in people}) != len(people):
        raise InputRefused("roster-twice", "同一人在这个班次写了两次，请只留一次。")
    rows = RosterDuty.objects.filter(unit=unit, on=on, shift=shift).select_related("employee")
    old = [row.employee.number for row in rows]
    rows.delete()
    made = RosterDuty.objects.bulk_create(
        RosterDuty(unit=unit, employee=one, on=on, shift=shift) for one in people
    )
    said = {"on": on, "shift": shift, "people": [one.number for one in people]}
    change = Change(subject=unit, unit=unit, old={"people": old}, new=said)
    record("org.roster.set", by=by, change=change)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHours:
    """Hours from a day on: seven texts from Monday, like ``09:00-12:00 13:30-17:00``.

    ``exceptions`` are rows of day, hours and reason; empty hours mean closed.
    """

    from_on: date
    weekly: Sequence[str]
    makeup: str = ""
    holiday: str = ""
    exceptions: Sequence[tuple[date, str, str]] = field(default=())


@transaction.atomic
def set_hours(unit: Unit, new: NewHours, *, by: User | None) -> OpeningHours:
    """Set the hours of a unit and, by inheritance, of those beneath without their own.

    Hours entered for the same day before are replaced. Raises InputRefused for hours that
    overlap, are out of order or cannot be read.
    """
    head_or_keeper(by, unit.path, "设定营业时间")
    row = OpeningHours.objects.filter(unit=unit, from_on=new.from_on).first()
    old = _hours_said(row) if row is not None else {}
    row = row or OpeningHours(unit=unit, from_on=new.from_on)
    if len(new.weekly) != WEEKDAYS:
        raise InputRefused("hours-week", "请写满周一至周日七天的营业时间，休息的一天空着。")
    row.weekly = [clean_text(day, "营业时间", 60, required=False) for day in new.weekly]
    row.makeup = clean_text(new.makeup, "调休上班日的时间", 60, required=False)
    row.holiday = clean_text(new.holiday, "法定节假日的时间", 60, required=False)
    row.exceptions = [
        [
            day.isoformat(),
            clean_text(text, "例外时间", 60, required=False),
            clean_text(why, "例外原因", 60, required=False),
        ]
        for day, text, why in new.exceptions
    ]
    work_hours(row)  # Refuses what the core cannot count with.
    row.save()
    change = Change(subject=unit, unit=unit, old=old, new=_hours_said(row))
    record("org.hours.set", by=by, change=change)
    tell_setting(unit, new.from_on, by)
    return row


def _hours_said(row: OpeningHours) -> dict[str, object]:
    return {
        "from_on": row.from_on, "weekly": row.weekly, "makeup": row.makeup,
        "holiday": row.holiday, "exceptions": row.exceptions,
    }  # fmt: skip


def _may_note_leave(employee: Employee, by: User | None) -> None:
    if by is None or by.employee_id == employee.pk:
        return
    head_or_keeper(by, employee.kept_path, "登记请假")


def _away(employee: Employee, start: datetime, end: datetime) -> bool:
    rows = Absence.objects.filter(employee=employee, from_at__lt=end, until_at__gt=start)
    return rows.exists()


def _refuse_stand_in(
    employee: Employee, stand_in: Employee, start: datetime, end: datetime
) -> None:
    if stand_in.pk == employee.pk:
        raise InputRefused("leave-self", "代办人不能是请假人自己，请另选一人。")
    if stand_in.left_on is not None and stand_in.left_on < timezone.localdate(end):
        raise InputRefused("leave-stand-in-left", f"{stand_in.label}已离职，请另选代办人。")
    if _away(stand_in, start, end):
        raise InputRefused(
            "leave-stand-in-away", f"{stand_in.label}在这段时间也有请假，请另选代办人。"
        )
