"""What a request takes away: files, words and numbers, each with its tombstone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils import timezone

from wenyou.evidence.models import Evidence
from wenyou.matters.models import Matter
from wenyou.org.models import Absence, Employee, RosterDuty
from wenyou.privacy.classes import COMPLAINTS, LEAVERS
from wenyou.privacy.graves import bury
from wenyou.privacy.kinds import Erased, Grave
from wenyou.privacy.matterclasses import erase_evidence, grave_of
from wenyou.privacy.models import PersonRequest
from wenyou.privacy.otherclasses import erase_numbers, simply_gone
from wenyou.privacy.passages import Finder
from wenyou.privacy.texts import erase_in


def erase_customer(
    one: PersonRequest,
    going: list[dict[str, Any]],
    *,
    name: str,
    chosen: Collection[str],
) -> None:
    """Files first, then the words, so that only files that stay have their names changed."""
    now = timezone.now()
    files = {row["id"]: row for row in going if row["kind"] == "evidence"}
    done = erase_evidence(Evidence.objects.filter(pk__in=files).select_for_update(), now)
    bury(done, record_class="evidence", request=one)
    for row in files.values():
        row |= {"title": "材料（文件名已删除）", "done": "文件和文件名已删除。"}
    words = {row["id"]: row for row in going if row["kind"] == "matter"}
    graves = []
    for matter in Matter.objects.filter(pk__in=words).select_for_update():
        find = Finder(matter.pk, name, salt=one.name_sealed, ticked=chosen) if name else None
        gone = erase_in(matter, find)
        words[matter.pk] |= {"done": gone.said(), "gone": asdict(gone), "named": bool(name)}
        graves.append(grave_of(matter))
    bury(Erased(len(graves), graves), record_class=COMPLAINTS, request=one)


def erase_employee(one: PersonRequest, going: Collection[str], now: datetime) -> None:
    """Numbers, leave and duties of an employee, as far as they may go."""
    employee = one.employee
    if employee is None:
        return
    if "numbers" in going:
        done = erase_numbers(Employee.objects.filter(pk=employee.pk), now)
        bury(done, record_class=LEAVERS, request=one)
    for kind, code, rows in (
        ("absences", "org.absence", Absence.objects.filter(employee=employee)),
        ("roster", "org.roster", RosterDuty.objects.filter(employee=employee)),
    ):
        if kind in going:
            count = simply_gone(rows, now).count
            stone = Grave(object_kind="employee", object_id=employee.pk,
                          title=f"员工 {employee.number}", unit_id=employee.unit_id)  # fmt: skip
            bury(Erased(count, [stone]), record_class=code, request=one)
