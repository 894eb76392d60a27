"""Leading groups, lists of experts, and letters of responsibility."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.org.actions import keeper
from wenyou.org.models import (
    Employee,
    Group,
    GroupMember,
    LetterSignature,
    ResponsibilityLetter,
    Unit,
)
from wenyou.org.words import clean_text, day_words
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User

DOING_GROUP, DOING_LETTER = "管理小组和名单", "下达责任书"


@transaction.atomic
def form_group(
    unit: Unit, *, kind: str, name: str, from_on: date, by: User | None, basis: str = ""
) -> Group:
    """Form a leading group, its office or a list of people at a unit."""
    keeper(by, unit.path, DOING_GROUP)
    if kind not in Group.Kind.values:
        raise InputRefused("group-kind", "没有这种小组或名单，请从列表中选择。")
    group = Group.objects.create(
        unit=unit, kind=kind, from_on=from_on,
        name=clean_text(name, "名称", 80), basis=clean_text(basis, "依据", 200, required=False),
    )  # fmt: skip
    said = {"kind": kind, "name": group.name, "from_on": from_on, "basis": group.basis}
    record("org.group.form", by=by, change=Change(subject=group, unit=unit, new=said))
    return group


@transaction.atomic
def add_member(
    group: Group, employee: Employee, *, from_on: date, by: User | None, part: str = "成员"
) -> GroupMember:
    """Take a person into a group; refuses somebody who is in it then."""
    keeper(by, group.unit.path, DOING_GROUP)
    if from_on < group.from_on or (group.until_on and group.until_on < from_on):
        raise InputRefused("group-days", f"“{group}”在{day_words(from_on)}不存在，请改日期。")
    rows = group.members.filter(employee=employee)
    if rows.filter(Q(until_on=None) | Q(until_on__gte=from_on)).exists():
        raise InputRefused("group-twice", f"{employee.label}已在“{group}”中，不用再加。")
    member = GroupMember.objects.create(
        group=group, employee=employee, part=clean_text(part, "职务", 40), from_on=from_on
    )
    said = {"employee": employee.number, "part": member.part, "from_on": from_on}
    record("org.group.member", by=by, change=Change(subject=group, unit=group.unit, new=said))
    return member


@transaction.atomic
def end_member(member: GroupMember, *, on: date, by: User | None) -> GroupMember:
    """A person leaves a group after ``on``."""
    group = member.group
    keeper(by, group.unit.path, DOING_GROUP)
    if on < member.from_on:
        raise InputRefused("group-reversed", "退出日期不能早于加入日期，请改日期。")
    member.until_on = on
    member.save(update_fields=["until_on"])
    said = {"employee": member.employee.number, "until_on": on}
    record("org.group.member", by=by, change=Change(subject=group, unit=group.unit, new=said))
    return member


@transaction.atomic
def end_group(group: Group, *, on: date, by: User | None) -> Group:
    """A group ends after ``on``, with everybody in it."""
    keeper(by, group.unit.path, DOING_GROUP)
    if on < group.from_on:
        raise InputRefused("group-reversed", "撤销日期不能早于设立日期，请改日期。")
    group.until_on = on
    group.save(update_fields=["until_on"])
    group.members.filter(Q(until_on=None) | Q(until_on__gt=on), from_on__lte=on).update(until_on=on)
    change = Change(subject=group, unit=group.unit, new={"until_on": on})
    record("org.group.end", by=by, change=change)
    return group


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter of responsibility: its title, year, until when to sign, and its text."""

    title: str
    year: int
    due_on: date
    text: str = ""


@transaction.atomic
def issue_letter(
    unit: Unit, new: NewLetter, *, people: Sequence[Employee], by: User | None
) -> ResponsibilityLetter:
    """Issue a letter that the named people have to sign; refuses a letter nobody signs."""
    keeper(by, unit.path, DOING_LETTER)
    if not people:
        raise InputRefused("letter-nobody", "请至少选择一名签订人。")
    letter = ResponsibilityLetter.objects.create(
        unit=unit, title=clean_text(new.title, "名称", 120), year=new.year,
        due_on=new.due_on, text=new.text[:20_000],
    )  # fmt: skip
    LetterSignature.objects.bulk_create(
        LetterSignature(letter=letter, employee=one)
        for one in {one.pk: one for one in people}.values()
    )
    said = {"title": letter.title, "due_on": new.due_on, "people": [one.number for one in people]}
    record("org.letter.issue", by=by, change=Change(subject=letter, unit=unit, new=said))
    return letter


@transaction.atomic
def sign_letter(
    letter: ResponsibilityLetter, employee: Employee, *, on: date, by: User | None
) -> LetterSignature:
    """Note that a person has signed: by the person, or by the office from the paper."""
    row = LetterSignature.objects.filter(letter=letter, employee=employee).first()
    if row is None:
        if by is not None and by.employee_id == employee.pk:
            raise NotAllowed(f"签订“{letter}”", "签订名单里的人")
        raise InputRefused("letter-not-asked", f"{employee.label}不在“{letter}”的签订名单里。")
    if row.signed_on is not None:
        raise InputRefused(
            "letter-signed", f"{employee.label}已于{day_words(row.signed_on)}签订，不用再签。"
        )
    if by is None or by.employee_id != employee.pk:
        keeper(by, letter.unit.path, "登记责任书签订")
    row.signed_on = on
    row.save(update_fields=["signed_on"])
    said = {"employee": employee.number, "signed_on": on}
    record("org.letter.sign", by=by, change=Change(subject=letter, unit=letter.unit, new=said))
    return row


def sign_own(letter: ResponsibilityLetter, *, on: date, by: User) -> LetterSignature:
    """The person signs himself; refuses an account without a person."""
    if by.employee is None:
        raise NotAllowed(f"签订“{letter}”", "签订名单里的人")
    return sign_letter(letter, by.employee, on=on, by=by)
