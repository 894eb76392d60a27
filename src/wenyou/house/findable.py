"""What can be found by searching, and by which words: matters, units, people.

Saving an object makes it found; rows that came in bulk are caught up by the tick.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.signals import post_save

from wenyou.jobs.tick import register_periodic
from wenyou.matters.models import Matter
from wenyou.org.models import Employee, Unit
from wenyou.search.models import SearchDoc, SearchMark
from wenyou.search.services import Doc, put_many

AT_ONCE = 20_000
LATE = 2_000


@dataclass(frozen=True, slots=True)
class Findable:
    """A kind of object, and its words from the columns named; ``beside`` stand with them."""

    kind: str
    title: str
    model: type[Model]
    columns: tuple[str, ...]
    beside: tuple[str, ...] = ()

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that are kept."""
        return (*self.columns, *self.beside)

    def doc(self, row: tuple[Any, ...]) -> Doc:
        """The document of a row ``(pk, *read)``."""
        words = row[1 : 1 + len(self.columns)]
        said = dict(zip(self.beside, row[1 + len(self.columns) :], strict=True))
        return Doc(self.kind, row[0], tuple(str(word) for word in words if word), **said)


FINDABLE = (
    Findable("matter", "事项", Matter, ("number", "title", "ticket"), ("unit_id", "flow")),
    Findable("unit", "网点和机构", Unit, ("code", "name", "short_name")),
    Findable("person", "人员", Employee, ("number", "name")),
)
BY_MODEL = {one.model: one for one in FINDABLE}


def keep_found(
    sender: type[Model],
    instance: Model,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **_: object,
) -> None:
    """Receives ``post_save``: the words of an object are those of its row.

    Nothing is written when only other columns were saved.
    """
    one = BY_MODEL.get(sender)
    if one is None or raw:
        return
    kept = {*one.read, *(name.removesuffix("_id") for name in one.beside)}
    if update_fields is None or not update_fields.isdisjoint(kept):
        said = (getattr(instance, column) for column in one.read)
        put_many([one.doc((instance.pk, *said))])


def connect() -> None:
    """Listen to what is saved."""
    for one in FINDABLE:
        post_save.connect(keep_found, sender=one.model, dispatch_uid=f"wenyou-find-{one.kind}")


def catch_up(_: datetime | None = None, *, at_once: int = AT_ONCE) -> int:
    """Index rows that came in without being saved one by one; how many.

    Only what is newer than the last time is looked through, and a little before it: of two that
    write at once, the one with the lower key may be the later to end.
    """
    return sum(_newer(one, at_once) for one in FINDABLE)


def _newer(one: Findable, at_once: int) -> int:
    mark, _ = SearchMark.objects.get_or_create(object_kind=one.kind)
    keys = one.model._default_manager.order_by("pk").values_list("pk", flat=True)
    last = keys.last() or 0
    if last < mark.through:  # the newest went: nothing is newer
        return 0
    missing = _missing(one).filter(pk__gt=mark.through - LATE).order_by("pk")
    found = list(missing.values_list("pk", *one.read)[:at_once])
    done = put_many(one.doc(row) for row in found)
    through = found[-1][0] if len(found) == at_once else last
    if through > mark.through:
        SearchMark.objects.filter(pk=mark.pk).update(through=through)
    return done


def catch_all(_: datetime | None = None, *, at_once: int = AT_ONCE) -> int:
    """The same over all rows, once a day: whatever slipped through is found then."""
    return sum(
        put_many(one.doc(row) for row in rows)
        for one in FINDABLE
        if (rows := list(_missing(one).order_by("-pk").values_list("pk", *one.read)[:at_once]))
    )


def _missing(one: Findable) -> QuerySet[Any]:
    same = {name: OuterRef(name) for name in one.beside}
    there = SearchDoc.objects.filter(object_kind=one.kind, object_id=OuterRef("pk"), **same)
    return one.model._default_manager.filter(~Exists(there))


register_periodic("search.catch_up", timedelta(minutes=1), catch_up)
register_periodic("search.catch_all", timedelta(days=1), catch_all, at=time(3, 20))
