"""Write the clocks of a matter and the cached due date; nobody else may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from wenyou.matters.models import ClockRun, Extension, Matter
from wenyou.matters.reading import WRITTEN, Setting, read_matter, shown_first
from wenyou_core.flow.telling import Transition as Told


def store_clocks(
    matter: Matter,
    history: Sequence[Told],
    now: datetime,
    *,
    setting: Setting,
    fresh: bool = False,
) -> list[ClockRun]:
    """Compute the clocks again and store them with the matter's due date; what they are now.

    A clock that was met stands as it was decided, until a move starts it anew. ``fresh``: the
    matter was registered just now and has no clocks yet.
    """
    extensions = () if fresh else list(extensions_of(matter))
    read = read_matter(matter, history, now, setting=setting, extensions=extensions)
    stored = {} if fresh else {row.name: row for row in ClockRun.objects.filter(matter=matter)}
    kept = [_settled(row, stored.get(row.name)) for row in read]
    _write(kept, stored)
    first = shown_first(kept)
    due_at = first.due_at if first is not None and not matter.closed else None
    name = first.name if first is not None and due_at is not None else ""
    if (matter.due_at, matter.due_clock) != (due_at, name):
        matter.due_at, matter.due_clock = due_at, name
        Matter.objects.filter(pk=matter.pk).update(due_at=due_at, due_clock=name)
    return kept


def extensions_of(matter: Matter) -> Iterable[Extension]:
    """What was granted for a matter."""
    return Extension.objects.filter(matter=matter).select_related("approved_by")


def _settled(fresh: ClockRun, stored: ClockRun | None) -> ClockRun:
    if stored is None:
        return fresh
    same_round = stored.started_at == fresh.started_at and stored.met_at == fresh.met_at
    return stored if stored.decided and same_round else fresh


def _write(rows: Sequence[ClockRun], stored: dict[str, ClockRun]) -> None:
    changed = []
    for row in rows:
        held = stored.get(row.name)
        if held is not None and held is not row and said(held) != said(row):
            row.pk = held.pk
            changed.append(row)
    read = {row.name for row in rows}
    gone = [row.pk for row in stored.values() if row.name not in read and not row.decided]
    if gone:
        ClockRun.objects.filter(pk__in=gone).delete()
    # A move changes a few clocks; to write them in one statement takes longer to put together.
    for row in changed:
        row.save(update_fields=WRITTEN)
    ClockRun.objects.bulk_create([row for row in rows if row.name not in stored])


def said(row: ClockRun) -> tuple[object, ...]:
    """Everything a clock's row says but when it was computed."""
    return tuple(getattr(row, name) for name in WRITTEN if name != "computed_at")
