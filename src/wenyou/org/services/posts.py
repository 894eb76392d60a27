"""Appoint and relieve people: who holds which post of which unit from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wenyou.audit.services import Change, record
from wenyou.org.actions import keeper
from wenyou.org.models import Employee, Posting, Unit
from wenyou.org.words import clean_text, day_words
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User

ONE_DAY = timedelta(days=1)
DOING = "任免人员"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPosting:
    """What an appointment says."""

    post: str
    from_on: date
    until_on: date | None = None
    head: bool = False
    acting: bool = False
    main: bool = True
    note: str = ""


@transaction.atomic
def appoint(employee: Employee, unit: Unit, new: NewPosting, *, by: User | None) -> Posting:
    """Appoint a person to a post of a unit from a day on.

    Refuses a second main post on the same day, a second head but for one day of handing over,
    a unit that is closed then, and a person who has not joined or has left.
    """
    unit = Unit.objects.get(pk=unit.pk)
    employee = Employee.objects.select_for_update().get(pk=employee.pk)
    keeper(by, unit.path, DOING)
    refuse_days(employee, unit, new)
    post = clean_text(new.post, "岗位", 40)
    if new.main:
        _refuse_second_main(employee, new)
    if new.head and not new.acting:
        _refuse_second_head(employee, unit, new)
    row = Posting.objects.create(
        employee=employee, unit=unit, post=post, head=new.head, acting=new.acting,
        main=new.main, from_on=new.from_on, until_on=new.until_on,
        note=clean_text(new.note, "说明", 200, required=False),
    )  # fmt: skip
    today = timezone.localdate()
    if not show_post(employee, today) and _is_first_and_later(row, employee, today):
        # Those who expect him see him from now on.
        Employee.objects.filter(pk=employee.pk).update(entered_for=unit)
    record("org.posting.start", by=by, change=_told(row, {"from_on": row.from_on}))
    return row


@transaction.atomic
def end_posting(posting: Posting, *, on: date, by: User | None, note: str = "") -> Posting:
    """End a post after ``on``, its last day."""
    posting = Posting.objects.select_related("unit", "employee").get(pk=posting.pk)
    keeper(by, posting.unit.path, DOING)
    if on < posting.from_on:
        raise InputRefused(
            "posting-reversed",
            f"这段任职从{day_words(posting.from_on)}开始，最后一天不能更早，请改日期。",
        )
    if posting.until_on is not None and posting.until_on <= on:
        raise InputRefused(
            "posting-ended", f"这段任职已于{day_words(posting.until_on)}结束，不用再免。"
        )
    posting.until_on = on
    posting.save(update_fields=["until_on"])
    show_post(posting.employee, timezone.localdate())
    record("org.posting.end", by=by, change=_told(posting, {"until_on": on}, note))
    return posting


@transaction.atomic
def transfer(employee: Employee, unit: Unit, new: NewPosting, *, by: User | None) -> Posting:
    """End the present main post the day before and begin the new one, as one act."""
    last = new.from_on - ONE_DAY
    for row in _main_posts(employee).filter(Q(until_on=None) | Q(until_on__gt=last)):
        if row.from_on <= last:
            end_posting(row, on=last, by=by, note=new.note)
    return appoint(employee, unit, new, by=by)


def hand_over(posting: Posting, unit: Unit, on: date, *, by: User | None, note: str) -> Posting:
    """The same post in another unit from a day on, when a unit is merged."""
    new = NewPosting(
        post=posting.post, from_on=max(on, posting.from_on), until_on=posting.until_on,
        # The unit that takes over keeps its own head.
        head=False, acting=False, main=posting.main, note=note,
    )  # fmt: skip
    if posting.from_on < on:
        end_posting(posting, on=on - ONE_DAY, by=by, note=note)
    else:
        record("org.posting.end", by=by, change=_told(posting, {}, note))
        posting.delete()
    return appoint(posting.employee, unit, new, by=by)


def show_post(employee: Employee, today: date) -> bool:
    """Write today's main post into the person's own row; whether anything differed."""
    row = (
        _main_posts(employee)
        .filter(Q(until_on=None) | Q(until_on__gte=today), from_on__lte=today)
        .first()
    )
    unit_id, post = (row.unit_id, row.post) if row else (None, "")
    if (employee.unit_id, employee.post) == (unit_id, post):
        return False
    employee.unit_id, employee.post = unit_id, post
    # From the first post on it is the unit that says who keeps a person.
    employee.entered_for_id = None
    employee.save(update_fields=["unit", "post", "entered_for"])
    return True


@transaction.atomic
def refresh_people(today: date) -> int:
    """Make today's main posts current; the tick calls it once a day. Returns people changed."""
    current = Posting.objects.filter(
        Q(until_on=None) | Q(until_on__gte=today), from_on__lte=today, main=True
    )
    posts = {row[0]: row[1:] for row in current.values_list("employee_id", "unit_id", "post")}
    everybody = Employee.objects.values_list("pk", "unit_id", "post").iterator()
    differing = [
        pk for pk, unit_id, post in everybody if posts.get(pk, (None, "")) != (unit_id, post)
    ]
    for pk in differing:
        show_post(Employee.objects.get(pk=pk), today)
    return len(differing)


# -- refusals ---------------------------------------------------------------------------


def _main_posts(employee: Employee) -> QuerySet[Posting]:
    return Posting.objects.filter(employee=employee, main=True).order_by("-from_on")


def _is_first_and_later(row: Posting, employee: Employee, today: date) -> bool:
    if not row.main or row.from_on <= today or employee.unit_id is not None:
        return False
    return not _main_posts(employee).exclude(pk=row.pk).exists()


def _overlapping(rows: QuerySet[Posting], new: NewPosting) -> QuerySet[Posting]:
    found = rows.filter(Q(until_on=None) | Q(until_on__gte=new.from_on))
    return found if new.until_on is None else found.filter(from_on__lte=new.until_on)


def refuse_days(employee: Employee, unit: Unit, new: NewPosting) -> None:
    """Refuse days on which the unit is not open or the person is not there; asks no database."""
    if new.until_on is not None and new.until_on < new.from_on:
        raise InputRefused("posting-reversed", "任职的最后一天不能早于第一天，请改日期。")
    if not unit.open_on(new.from_on):
        raise InputRefused(
            "posting-unit-closed", f"“{unit}”在{day_words(new.from_on)}没有营业，请核对机构和日期。"
        )
    if unit.closed_on is not None and (new.until_on is None or new.until_on > unit.closed_on):
        raise InputRefused(
            "posting-unit-closed",
            f"“{unit}”将于{day_words(unit.closed_on)}停业，任职不能超过这一天，请填写结束日期。",
        )
    if employee.joined_on is not None and new.from_on < employee.joined_on:
        raise InputRefused(
            "posting-before-joining",
            f"{employee.label}{day_words(employee.joined_on)}才入职，任职不能更早，请改日期。",
        )
    left = employee.left_on
    if left is not None and (new.until_on is None or new.until_on > left):
        raise InputRefused(
            "posting-after-leaving", f"{employee.label}已于{day_words(left)}离职，不能任职到以后。"
        )


def _refuse_second_main(employee: Employee, new: NewPosting) -> None:
    other = _overlapping(_main_posts(employee), new).select_related("unit").first()
    if other is not None:
        until = f"至{day_words(other.until_on)}" if other.until_on else "至今"
        raise InputRefused(
            "posting-overlap",
            f"{employee.label}自{day_words(other.from_on)}{until}已在“{other.unit}”任"
            f"{other.post}，同一天不能有两个主岗。请先免去原岗位，或改为兼职。",
        )


def _refuse_second_head(employee: Employee, unit: Unit, new: NewPosting) -> None:
    rows = Posting.objects.filter(unit=unit, head=True, acting=False).exclude(employee=employee)
    for other in _overlapping(rows, new).select_related("employee"):
        if other.until_on == new.from_on or (new.until_on and new.until_on == other.from_on):
            continue  # The day on which one hands over to the other counts for both.
        raise InputRefused(
            "posting-two-heads",
            f"“{unit}”在这段时间已有负责人{other.employee.label}。请先免去原负责人，或按代理任命。",
        )


def _told(row: Posting, new: dict[str, object], note: str = "") -> Change:
    said = {
        "employee": row.employee.number, "unit": row.unit.code, "post": row.post,
        "head": row.head, "acting": row.acting, "main": row.main, **new,
    }  # fmt: skip
    return Change(subject=row.employee, unit=row.unit, new=said, note=note or row.note)
