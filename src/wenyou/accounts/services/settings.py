"""Change a setting of the house: by whom the table names, with a row of old and new."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import User
from wenyou.audit.services import Change, record
from wenyou.knobs.models import Setting
from wenyou.knobs.services import judged, knob_of, sealed_secret, setting, tell_change
from wenyou.knobs.table import KnobKind


@transaction.atomic
def change_setting(name: str, value: object, *, by: User | None) -> object:
    """Store a value; returns it as stored. The same value again changes nothing."""
    knob = knob_of(name)
    for_the_house(by, knob.who, f"修改“{knob.title}”")
    plain, old = judged(knob, value), setting(name)
    if plain == old:
        return plain
    told = {"old": {knob.title: old}, "new": {knob.title: plain}}
    if knob.kind is KnobKind.SEALED:
        # The log says that it was changed, never what it is.
        told = {"old": {knob.title: _is_set(old)}, "new": {knob.title: _is_set(plain)}}
        plain = sealed_secret(knob, str(plain))
    said = {"value": plain, "set_by": by, "set_at": timezone.now()}
    row, _ = Setting.objects.update_or_create(name=name, defaults=said)
    record("knobs.set", by=by, change=Change(subject=row, old=told["old"], new=told["new"]))
    tell_change(name, by)
    return plain


def _is_set(value: object) -> str:
    return "已设置" if value else "未设置"
