"""From what a program sends to what the services take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.api import shapes
from wenyou.errors import NotFound
from wenyou.evidence.models import Evidence
from wenyou.matters.fields import SOURCES, Kind, Value, kind_of
from wenyou.matters.models import Matter
from wenyou.matters.queries import matters_visible_to
from wenyou.matters.services import Particulars
from wenyou.org.models import Employee, Unit
from wenyou.org.queries import people_visible_to, units_visible_to
from wenyou.web import days
from wenyou_core.errors import InputRefused
from wenyou_core.flow.needs import need_title


def unit_of(user: User, code: str) -> Unit:
    """A unit by its code. Raises NotFound."""
    found = units_visible_to(user).filter(code=code).first()
    if found is None:
        raise NotFound(f"机构号 {code}")
    return found


def person_of(user: User, number: str) -> Employee:
    """A person by 员工号. Raises NotFound."""
    found = people_visible_to(user).filter(number=number).first()
    if found is None:
        raise NotFound(f"员工号 {number}")
    return found


def matter_of(user: User, number: str) -> Matter:
    """A matter by its number. Raises NotFound."""
    rows = matters_visible_to(user).select_related("unit", "with_unit", "about", "holder")
    found = rows.filter(number=number).first()
    if found is None:
        raise NotFound(f"事项 {number[:40]}")
    return found


def filled_for_registering(
    user: User, given: shapes.MatterIn
) -> tuple[dict[str, Value], Particulars]:
    """The answers and particulars of a registration. Raises InputRefused, NotFound."""
    if given.source and given.source not in SOURCES:
        raise InputRefused("api-source", f"来源只能是 {'、'.join(SOURCES)} 之一，请改正。")
    for moment in (given.happened_at, given.known_at, given.received_at):
        if moment is not None and not days.told(moment.date()):
            raise InputRefused("api-date", days.SAID)
    said = Particulars(
        title=given.title,
        about=person_of(user, given.about) if given.about else None,
        happened_at=aware(given.happened_at),
        known_at=aware(given.known_at),
        received_at=aware(given.received_at),
        source=given.source,
        ticket=given.ticket,
    )
    return answers_of(user, given.filled), said


def filled_for_move(user: User, given: shapes.MoveIn) -> dict[str, Value]:
    """The answers of a move. Raises InputRefused, NotFound."""
    return answers_of(user, given.filled)


def answers_of(user: User, filled: Mapping[str, str]) -> dict[str, Value]:
    """Each answer as its need takes it: codes, numbers, dates, ids of evidence, texts."""
    return {name: _answer(user, name, text) for name, text in filled.items() if text.strip()}


def _answer(user: User, name: str, text: str) -> Value:
    kind = kind_of(name)
    if kind is Kind.UNIT:
        return unit_of(user, text.strip())
    if kind is Kind.PERSON:
        return person_of(user, text.strip())
    if kind is Kind.FILES:
        return _files(user, name, text)
    try:
        if kind is Kind.DATE:
            return _meant(name, date.fromisoformat(text.strip()))
        if kind is Kind.MOMENT:
            moment = datetime.fromisoformat(text.strip())
            _meant(name, moment.date())
            return aware(moment) or text
    except (OverflowError, ValueError):
        raise InputRefused(
            "api-date", f"“{need_title(name)}”应形如 2026-03-31 或 2026-03-31T09:30，请改正。"
        ) from None
    return text


def _meant(name: str, day: date) -> date:
    if not days.told(day):
        raise InputRefused("api-date", f"“{need_title(name)}”的{days.SAID}")
    return day


def _files(user: User, name: str, text: str) -> list[Evidence]:
    ids = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and len(part) < 19 for part in ids):
        raise InputRefused("api-files", f"“{need_title(name)}”应为佐证编号，多个用逗号分开。")
    found = list(Evidence.objects.filter(pk__in=map(int, ids), stored_by=user))
    if len(found) != len(set(ids)):
        raise NotFound("这些佐证")
    return found


def aware(moment: datetime | None) -> datetime | None:
    """A moment without zone is one of Beijing."""
    if moment is not None and timezone.is_naive(moment):
        return timezone.make_aware(moment)
    return moment
