"""Register people, change what is known of them, and see a number that is hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wenyou.audit.services import Change, record
from wenyou.org import private
from wenyou.org.actions import entered_for, head_or_keeper, house_keeper, keeper, person_keeper
from wenyou.org.models import Employee
from wenyou.org.queries import people_visible_to
from wenyou.org.services.posts import NewPosting, appoint, end_posting, show_post
from wenyou.org.words import clean_code, clean_text, day_words
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Unit

SHORTEST_REASON = 4
DOING = "登记人员"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEmployee:
    """What is said of a person; telephone and identity number may be empty."""

    number: str
    name: str
    joined_on: date | None = None
    phone: str = ""
    identity: str = ""


@transaction.atomic
def add_employee(
    new: NewEmployee,
    *,
    by: User | None,
    first: tuple[Unit, NewPosting] | None = None,
    place: Unit | None = None,
) -> Employee:
    """Register a person by 员工号, at once with a first post or without; refuses a number that
    exists. Before a post begins those of its unit see him; without one those of ``place``, by
    default of the unit that ``by`` keeps. Whoever keeps several has to name one.
    """
    house_keeper(by, DOING)
    number = clean_code(new.number, "员工号")
    if Employee.objects.filter(number__upper=number.upper()).exists():
        raise InputRefused("person-twice", f"员工号 {number} 已经登记过，请核对；编号不能重复。")
    employee = Employee.objects.create(
        number=number,
        name=clean_text(new.name, "姓名", 60),
        joined_on=new.joined_on,
        entered_for_id=_seen_at(first[0] if first else place, by),
    )
    changed = [
        field
        for field, text in (("phone", new.phone), ("identity", new.identity))
        if text and private.put(employee, field, text)
    ]
    if changed:
        refuse_same_identity(employee, by=by)
        employee.save()
    said = {"number": number, "name": employee.name, "joined_on": new.joined_on}
    record("org.person.add", by=by, change=Change(subject=employee, new=said))
    if first is not None:
        appoint(employee, *first, by=by)
        employee.refresh_from_db()
    return employee


def _seen_at(place: Unit | None, by: User | None) -> int | None:
    if place is None:
        return entered_for(by)
    keeper(by, place.path, DOING)
    return place.pk


@transaction.atomic
def change_employee(
    employee: Employee,
    *,
    by: User | None,
    name: str | None = None,
    joined_on: date | None = None,
    phone: str | None = None,
    identity: str | None = None,
) -> Employee:
    """Change name, day of joining, telephone, identity number; None leaves it as it is.

    The log names the numbers that were changed, never the numbers themselves.
    """
    employee = Employee.objects.select_for_update().get(pk=employee.pk)
    person_keeper(by, employee, DOING)
    old: dict[str, object] = {}
    new: dict[str, object] = {}
    if name is not None and (plain := clean_text(name, "姓名", 60)) != employee.name:
        old["name"], new["name"], employee.name = employee.name, plain, plain
    if joined_on is not None and joined_on != employee.joined_on:
        old["joined_on"], new["joined_on"] = employee.joined_on, joined_on
        employee.joined_on = joined_on
    for field, text in (("phone", phone), ("identity", identity)):
        if text is not None and private.put(employee, field, text):
            new[field] = "已更改"
    if "identity" in new:
        refuse_same_identity(employee, by=by)
    if new:
        employee.save()
        change = Change(subject=employee, unit=employee.unit, old=old, new=new)
        record("org.person.change", by=by, change=change)
    return employee


@transaction.atomic
def leave_house(employee: Employee, *, on: date, by: User | None, note: str = "") -> Employee:
    """A person leaves after ``on``, the last day; all posts end with it."""
    employee = Employee.objects.select_for_update().get(pk=employee.pk)
    person_keeper(by, employee, DOING)
    if employee.joined_on is not None and on < employee.joined_on:
        raise InputRefused(
            "person-left-early",
            f"{employee.label}{day_words(employee.joined_on)}才入职，离职日期不能更早。",
        )
    later = employee.postings.filter(from_on__gt=on).first()
    if later is not None:
        raise InputRefused(
            "person-later-post",
            f"{employee.label}还有从{day_words(later.from_on)}开始的任职，请先免去。",
        )
    for posting in employee.postings.filter(Q(until_on=None) | Q(until_on__gt=on)):
        end_posting(posting, on=on, by=by, note=note)
    employee.left_on = on
    employee.save(update_fields=["left_on"])
    show_post(employee, timezone.localdate())
    change = Change(subject=employee, unit=employee.unit, new={"left_on": on}, note=note)
    record("org.person.leave", by=by, change=change)
    return employee


@transaction.atomic
def unmask(employee: Employee, field: str, *, reason: str, by: User) -> str:
    """The whole telephone or identity number; asks for a reason and leaves a row.

    The reason is judged first, so that nothing is shown that was not logged.
    """
    if field not in private.FIELDS:
        raise InputRefused("unmask-field", "没有这项内容，请从员工页面进入。")
    if employee.pk != by.employee_id:
        head_or_keeper(by, employee.kept_path, "查看员工完整信息")
    why = clean_text(reason, "查看原因", 200, required=False)
    if len(why) < SHORTEST_REASON:
        raise InputRefused(
            "unmask-reason", f"请写明查看原因（至少 {SHORTEST_REASON} 个字），查看会记入日志。"
        )
    change = Change(
        subject=employee, unit=employee.unit, new={"field": private.FIELDS[field]}, note=why
    )
    record("org.person.unmask", by=by, change=change)
    return private.whole(employee, field)


def refuse_same_identity(employee: Employee, *, by: User | None) -> None:
    """Refuse an identity number that somebody has whom ``by`` may see.

    Of others nothing is told, not even that the number exists: whoever sees both finds the double
    in the list of people.
    """
    if not employee.identity_index:
        return
    same = private.indexes_for("identity", private.whole(employee, "identity"))
    seen = people_visible_to(by) if by is not None else Employee.objects.all()
    other = seen.filter(identity_index__in=same).exclude(pk=employee.pk).first()
    if other is not None:
        raise InputRefused(
            "person-identity-twice",
            f"这个身份证号已登记在员工号 {other.number} 名下，请核对是否同一人。",
        )
