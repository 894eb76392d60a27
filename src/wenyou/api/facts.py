"""A fact that a program sends: judged by the very form that people fill in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from wenyou.api.reading import aware
from wenyou.register.forms import PREFIX, FactForm
from wenyou.register.kinds import kind_of
from wenyou.register.queries import adoption_to_keep
from wenyou.register.services import propose
from wenyou_core.errors import Fault, FaultsError, InputRefused, Place

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.api import shapes
    from wenyou.register.models import Fact

CODE = "api-fact"
MOST_SHOWN = 60


def proposed(given: shapes.FactIn, *, by: User, number: int = 0) -> Fact:
    """Propose a fact; ``number`` says which of a batch it is.

    Raises NotFound for what the person does not keep, FaultsError with every field that is
    wrong, and whatever the service refuses.
    """
    adoption = adoption_to_keep(by, given.adoption)
    kind = kind_of(adoption, given.kind)
    form = FactForm(adoption, kind, by, _typed(given))
    faults = list(_faults(form, given, number))
    if faults:
        raise FaultsError(CODE, faults)
    try:
        return propose(adoption=adoption, kind=given.kind, entry=form.entry(), by=by)
    except InputRefused as refused:
        if not number:
            raise
        raise InputRefused(refused.code, f"第 {number} 件：{refused}") from None


def _typed(given: shapes.FactIn) -> dict[str, str]:
    """What a person would have typed into the form."""
    found = {
        "unit": given.unit,
        "person": given.person,
        "happened_on": given.happened_on.isoformat(),
        "happened_at": f"{given.happened_at:%H:%M}" if given.happened_at else "",
        "known_at": _moment(given.known_at),
        "evidence": given.evidence,
    }
    return found | {PREFIX + name: _text(value) for name, value in given.values.items()}


def _moment(said: datetime | None) -> str:
    try:
        moment = timezone.localtime(aware(said) if said else None)
    except (OverflowError, ValueError):
        raise InputRefused("api-moment", "known_at 不是可以登记的时刻，请改正。") from None
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _text(value: str | int) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def _faults(form: FactForm, given: shapes.FactIn, number: int) -> Iterator[Fault]:
    which = f"第 {number} 件 " if number else ""
    known = {column.name for column in form.kind.fields}
    for name in given.values:
        if name not in known:
            text = f"{which}values.{name[:MOST_SHOWN]}：这类事项没有这一栏。请对照事实表改正。"
            yield Fault(Place(), CODE, text)
    for field in ("unit", "person"):
        if getattr(given, field) and field not in form.fields:
            yield Fault(Place(), CODE, f"{which}{field}：这类事项不登记这一项，请去掉。")
    for field, errors in form.errors.items():
        name = field.removeprefix(PREFIX)
        place = f"values.{name}" if name != field else field
        for error in errors:
            yield Fault(Place(), CODE, f"{which}{place}：{error}")
