"""The tree of units as a cache of its spells: paths, depths, and no circle on any day."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Substr

from wenyou.org.hooks import tell_setting
from wenyou.org.models import PATH_LENGTH, Unit, UnitSpell
from wenyou.org.words import day_words
from wenyou_core.errors import InputRefused

# What a spell says and the unit's own row repeats for today.
LOOKS = ("name", "short_name", "kind", "level", "area")
DEEPEST = 30


def hold_tree() -> None:
    """Make whoever else changes the tree wait until this transaction ends.

    Two moves that cross would each see a tree without a circle, and two that happen at once would
    write paths beneath a path that is no more. Readers and what only refers to a unit go on.
    """
    if not transaction.get_connection().in_atomic_block:
        raise ValueError("the tree is held until the end of a transaction")
    list(Unit.objects.filter(parent=None).order_by("pk").select_for_update(no_key=True))


def place_unit(unit: Unit, parent: Unit | None) -> None:
    """Put a unit and all beneath it under ``parent``: path and depth of the whole subtree."""
    old, old_depth = unit.path, unit.depth
    new = f"{parent.path if parent else '/'}{unit.pk}/"
    depth = parent.depth + 1 if parent else 0
    if len(new) > PATH_LENGTH - 20 or depth > DEEPEST:
        raise InputRefused("unit-too-deep", "机构层级太深，请核对上级机构是否填错。")
    unit.parent, unit.path, unit.depth = parent, new, depth
    unit.save(update_fields=["parent", "path", "depth"])
    if old and old != new:
        beneath = Unit.objects.filter(path__startswith=old)
        beneath.update(
            path=Concat(Value(new), Substr("path", len(old) + 1)),
            depth=F("depth") + (depth - old_depth),
        )


def show(unit: Unit, spell: UnitSpell) -> bool:
    """Write a spell into the unit's own row; whether anything differed."""
    changed = [name for name in LOOKS if getattr(unit, name) != getattr(spell, name)]
    for name in changed:
        setattr(unit, name, getattr(spell, name))
    if changed:
        unit.save(update_fields=changed)
    if unit.parent_id != spell.parent_id:
        # Read anew: its path may have changed a moment ago.
        parent = Unit.objects.get(pk=spell.parent_id) if spell.parent_id else None
        place_unit(unit, parent)
        # Limits and hours are inherited along the path.
        tell_setting(unit, None, None)
        return True
    return bool(changed)


@transaction.atomic
def refresh_units(today: date) -> int:
    """Make today's spells current; the tick calls it once a day. Returns units changed."""
    hold_tree()
    current = UnitSpell.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=today), from_on__lte=today
    )
    names = [*LOOKS, "parent_id"]
    differing = [
        spell[0]
        for spell in current.values_list(
            "pk", *names, *(f"unit__{name}" for name in names)
        ).iterator()
        if spell[1 : len(names) + 1] != spell[len(names) + 1 :]
    ]
    # From the top down, so that two units that change places never lie beneath each other.
    spells = UnitSpell.objects.filter(pk__in=differing)
    for spell in sorted(spells, key=lambda one: len(chain_on(one.unit_id, today))):
        show(Unit.objects.get(pk=spell.unit_id), spell)
    return len(differing)


def refuse_circle(unit: Unit, parent: Unit, on: date) -> None:
    """Refuse a parent that lies beneath the unit on the day or on any later day known now."""
    later = UnitSpell.objects.filter(from_on__gt=on).values_list("from_on", flat=True)
    for day in [on, *sorted(set(later))]:
        if unit.pk in chain_on(parent.pk, day):
            when = "" if day == on else f"自{day_words(day)}起"
            raise InputRefused(
                "unit-circle",
                f"“{parent}”{when}本身就在“{unit}”之下，不能再作它的上级。请另选上级机构。",
            )


def chain_on(unit_id: int, day: date) -> list[int]:
    """The unit and those above it on a day, by the spells."""
    chain: list[int] = []
    wanted: int | None = unit_id
    while wanted is not None and wanted not in chain and len(chain) <= DEEPEST:
        chain.append(wanted)
        spells = UnitSpell.objects.filter(unit_id=wanted, from_on__lte=day)
        wanted = (
            spells.filter(Q(until_on__isnull=True) | Q(until_on__gte=day))
            .values_list("parent_id", flat=True)
            .first()
        )
    return chain


def children_after(unit: Unit, day: date) -> QuerySet[Unit]:
    """Units that still belong to this one later than a day."""
    spells = UnitSpell.objects.filter(parent=unit).filter(
        Q(until_on__isnull=True) | Q(until_on__gt=day)
    )
    open_then = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return Unit.objects.filter(open_then, pk__in=spells.values("unit_id"))
