"""A person's name in what people wrote about a matter: where it stands, and how it goes.

The search index holds titles alone, so the texts themselves are looked through: fields, notes of
moves, grounds, urges. It is a walk over the matters of one's units, for the rare request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.matters.fields import REFS, SEALED
from wenyou.matters.models import Extension, Matter, Transition, Urge
from wenyou.matters.telling import about_move, about_urging
from wenyou.notices.models import Notice
from wenyou.search.models import PersonTrace
from wenyou.search.persons import forget
from wenyou.search.services import Doc, put_many


@dataclass(frozen=True, slots=True)
class Gone:
    """What was taken out of a matter: names hidden, sealed originals, marks to be found by."""

    names: int = 0
    seals: int = 0
    marks: int = 0

    def said(self) -> str:
        """In words."""
        parts = ((self.names, "姓名", "处"), (self.seals, "加密原文", "份"),
                 (self.marks, "查找标记", "个"))  # fmt: skip
        told = "、".join(f"{what} {count} {unit}" for count, what, unit in parts if count)
        return f"已删除{told}，检索索引已更新。" if told else "没有可删的文字，检索索引已更新。"


def abouts(pk: int) -> tuple[str, ...]:
    """What the notices of a matter are about."""
    return (about_move(pk), about_urging(pk))


def naming(matters: QuerySet[Matter], name: str) -> QuerySet[Matter]:
    """Those matters in whose title or texts a name stands."""
    mine = matters.order_by().values("pk")
    found = Q(title__contains=name) | Q(pk__in=_written(matters, "data", name).values("pk"))
    moves = Transition.objects.filter(matter__in=mine)
    for rows in (
        moves.filter(note__contains=name),
        _written(moves, "filled", name),
        Extension.objects.filter(matter__in=mine, grounds__contains=name),
        Urge.objects.filter(matter__in=mine, text__contains=name),
    ):
        found |= Q(pk__in=rows.order_by().values("matter"))
    return matters.filter(found)


def _written(rows: QuerySet[Any], field: str, name: str) -> QuerySet[Any]:
    """Rows whose stored object has the name in it; SQLite keeps it with escapes."""
    kept = name if connection.vendor == "postgresql" else json.dumps(name)[1:-1]
    written: QuerySet[Any] = rows.annotate(_said=Cast(field, TextField()))
    return written.filter(_said__contains=kept)


def erase_in(matter: Matter, name: str = "", hidden: str = "") -> Gone:
    """Take the sealed originals and the marks out of a matter; the starred texts stay. A ``name``
    in the texts, in notices and in the names of files becomes ``hidden``.
    """
    gone = Gone(marks=_unmarked(matter))
    data, title = without_seals(matter.data, name, hidden), _hidden(matter.title, name, hidden)
    gone = _counted(gone, (matter.data, matter.title), (data, title), name)
    Matter.objects.filter(pk=matter.pk).update(data=data, title=title)
    words = (matter.number, title, matter.ticket)
    put_many([Doc("matter", matter.pk, words, matter.unit_id, matter.flow)])
    for row in Transition.objects.filter(matter=matter):
        note = _hidden(row.note, name, hidden)
        filled = without_seals(row.filled, name, hidden)
        if (note, filled) != (row.note, row.filled):
            gone = _counted(gone, (row.filled, row.note), (filled, note), name)
            Transition.objects.filter(pk=row.pk).update(note=note, filled=filled)
    return _elsewhere(gone, matter, name, hidden) if name else gone


def _unmarked(matter: Matter) -> int:
    marks = PersonTrace.objects.filter(object_kind="matter", object_id=matter.pk).count()
    forget("matter", [matter.pk])
    return int(marks)


def _elsewhere(gone: Gone, matter: Matter, name: str, hidden: str) -> Gone:
    """The rows beside a matter that repeat its words."""
    uses = EvidenceUse.objects.filter(object_kind="matter", object_id=str(matter.pk))
    places: Iterable[tuple[QuerySet[Any], str]] = (
        (Extension.objects.filter(matter=matter), "grounds"),
        (Urge.objects.filter(matter=matter), "text"),
        (Notice.objects.filter(about__in=abouts(matter.pk)), "text"),
        (Evidence.objects.filter(pk__in=uses.values("evidence")), "name"),
    )
    for rows, field in places:
        for pk, text in rows.filter(**{f"{field}__contains": name}).values_list("pk", field):
            gone = replace(gone, names=gone.names + text.count(name))
            rows.model._base_manager.filter(pk=pk).update(**{field: _hidden(text, name, hidden)})
    return gone


def _counted(gone: Gone, old: tuple[Any, str], new: tuple[Any, str], name: str) -> Gone:
    names = sum(_count(one, name) for one in old) - sum(_count(one, name) for one in new)
    return replace(gone, names=gone.names + names, seals=gone.seals + int(SEALED in old[0]))


def _count(value: Any, name: str) -> int:
    match value:
        case str():
            return value.count(name) if name else 0
        case dict():
            return sum(_count(one, name) for key, one in value.items() if key != SEALED)
        case list():
            return sum(_count(one, name) for one in value)
    return 0


def without_seals(stored: Any, name: str = "", hidden: str = "") -> Any:
    """A stored object without its seals, and with a name hidden in its texts."""
    kept = {key: one for key, one in stored.items() if key != SEALED}
    return {key: one if key == REFS else _hidden(one, name, hidden) for key, one in kept.items()}


def _hidden(value: Any, name: str, hidden: str) -> Any:
    if not name:
        return value
    match value:
        case str():
            return value.replace(name, hidden)
        case dict():
            return {key: _hidden(one, name, hidden) for key, one in value.items()}
        case list():
            return [_hidden(one, name, hidden) for one in value]
    return value
