"""Change a setting of the house: by whom the table names, with a row of old and new."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import User
from wenyou.audit.services import Change, record
from wenyou.knobs.models import Setting
from wenyou.knobs.services import judged, knob_of, setting


@transaction.atomic
def change_setting(name: str, value: object, *, by: User | None) -> object:
    """Store a value; returns it as stored. The same value again changes nothing."""
    knob = knob_of(name)
    for_the_house(by, knob.who, f"修改“{knob.title}”")
    plain, old = judged(knob, value), setting(name)
    if plain == old:
        return plain
    said = {"value": plain, "set_by": by, "set_at": timezone.now()}
    row, _ = Setting.objects.update_or_create(name=name, defaults=said)
    change = Change(subject=row, old={knob.title: old}, new={knob.title: plain})
    record("knobs.set", by=by, change=change)
    return plain
