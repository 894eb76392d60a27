"""One entry as somebody says it, and how it is judged and saved as a revision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone

from wenyou.register.book import cells_json
from wenyou.register.models import Fact
from wenyou_core.assess.facts import Cell
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Employee, Unit
    from wenyou.register.models import Upload
    from wenyou.schemes.models import Adoption

NUMBER = "DJ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A happening: about whom, when, known when, what of it, and what proves it."""

    unit: Unit | None = None
    employee: Employee | None = None
    happened_on: date
    happened_at: time | None = None
    known_at: datetime
    values: Mapping[str, Cell] = field(default_factory=dict)
    evidence: str = ""


def check(entry: Entry, now: datetime) -> None:
    """What no single field can tell. Raises InputRefused."""
    if entry.known_at > now:
        raise InputRefused("known_ahead", "知悉时间晚于现在。还没有知道的事不能登记，请核对。")
    if timezone.localdate(entry.known_at) < entry.happened_on:
        text = f"知悉时间早于发生日期（{entry.happened_on}）。请核对：先发生，后知悉。"
        raise InputRefused("known_before_happened", text)
    unit = entry.unit
    if unit is not None and not unit.open_on(entry.happened_on):
        text = f"“{unit}”在 {entry.happened_on} 不在营业期间。请核对日期和机构。"
        raise InputRefused("unit_not_open", text)
    person = entry.employee
    if person is not None and person.left_on is not None and person.left_on < entry.happened_on:
        text = f"{person.label}已于 {person.left_on} 离职。请核对日期和人员。"
        raise InputRefused("person_left", text)


def next_key(adoption: Adoption, now: datetime) -> str:
    """The next number of the year in the adoption's register."""
    head = f"{NUMBER}{timezone.localdate(now).year}-"
    last = Fact.objects.filter(adoption=adoption, key__startswith=head).aggregate(last=Max("key"))
    number = int(last["last"].removeprefix(head)) + 1 if last["last"] else 1
    return f"{head}{number:05d}"


def revision(
    adoption: Adoption,
    kind: str,
    key: str,
    entry: Entry,
    *,
    state: str,
    by: User,
    now: datetime,
    number: int = 1,
    reason: str = "",
    upload: Upload | None = None,
) -> Fact:
    """A revision, not saved yet."""
    return Fact(
        adoption=adoption,
        kind=kind,
        key=key,
        revision=number,
        unit=entry.unit,
        employee=entry.employee,
        happened_on=entry.happened_on,
        happened_at=entry.happened_at,
        known_at=entry.known_at,
        recorded_at=now,
        state=state,
        data=cells_json(entry.values),
        evidence=entry.evidence[:300],
        proposed_by=by,
        reason=reason[:300],
        upload=upload,
    )


def told(fact: Fact) -> dict[str, object]:
    """What an audit row keeps of a fact."""
    return {
        "kind": fact.kind,
        "key": fact.key,
        "revision": fact.revision,
        "state": fact.state,
        "unit": fact.unit.code if fact.unit else "",
        "person": fact.employee.number if fact.employee else "",
        "happened_on": fact.happened_on,
        "data": fact.data,
    }
