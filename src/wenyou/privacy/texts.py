"""A person's name in what people wrote about a matter: where it stands, and how it goes.

The search index holds titles alone, so the texts themselves are looked through: fields, notes of
moves, grounds, urges, names of files. It is a walk over the matters of one's units, for the rare request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, Q, QuerySet, TextField
from django.db.models.functions import Cast

from wenyou.matters.fields import SEALED
from wenyou.matters.models import Extension, Matter, Transition, Urge
from wenyou.notices.models import Notice
from wenyou.privacy.passages import (
    FILE,
    GROUNDS,
    NOTE,
    TITLE,
    TOLD,
    URGED,
    Finder,
    abouts,
    files_named,
    files_of,
    rewritten,
)
from wenyou.search.models import PersonTrace
from wenyou.search.persons import forget
from wenyou.search.services import Doc, put_many


@dataclass(frozen=True, slots=True)
class Gone:
    """What was taken out of a matter: names hidden, sealed originals, marks to be found by.

    ``left`` are the names in passages that nobody has ticked.
    """

    names: int = 0
    seals: int = 0
    marks: int = 0
    left: int = 0

    def said(self) -> str:
        """In words."""
        parts = ((self.names, "姓名", "处"), (self.seals, "加密原文", "份"),
                 (self.marks, "查找标记", "个"))  # fmt: skip
        told = "、".join(f"{what} {count} {unit}" for count, what, unit in parts if count)
        gone = f"已删除{told}，检索索引已更新。" if told else "没有删除文字，检索索引已更新。"
        return gone + (f"另有姓名 {self.left} 处没有勾选，没有改动。" if self.left else "")


def naming(matters: QuerySet[Matter], name: str) -> QuerySet[Matter]:
    """Those matters in whose title, texts or names of files a name stands."""
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
    files = files_named(name).annotate(of=Cast("object_id", BigIntegerField()))
    return matters.filter(found | Q(pk__in=files.order_by().values("of")))


def _written(rows: QuerySet[Any], field: str, name: str) -> QuerySet[Any]:
    """Rows whose stored object has the name in it; SQLite keeps it with escapes."""
    kept = name if connection.vendor == "postgresql" else json.dumps(name)[1:-1]
    written: QuerySet[Any] = rows.annotate(_said=Cast(field, TextField()))
    return written.filter(_said__contains=kept)


def erase_in(matter: Matter, find: Finder | None = None) -> Gone:
    """Take the sealed originals and the marks out of a matter; the starred texts stay. In the
    texts, in notices and in the names of files the finder hides a name where it was ticked.
    """
    seals = int(SEALED in matter.data)
    title = find(TITLE, matter.title) if find else matter.title
    Matter.objects.filter(pk=matter.pk).update(data=rewritten(matter.data, find), title=title)
    words = (matter.number, title, matter.ticket)
    put_many([Doc("matter", matter.pk, words, matter.unit_id, matter.flow)])
    for row in Transition.objects.filter(matter=matter):
        filled = rewritten(row.filled, find)
        note = find(NOTE, row.note, row.pk) if find else row.note
        if (note, filled) != (row.note, row.filled):
            seals += int(SEALED in row.filled)
            Transition.objects.filter(pk=row.pk).update(note=note, filled=filled)
    # Last: who makes the marks anew from a sealed original meanwhile has them seen here, or waits.
    marks = _unmarked(matter)
    if find is None:
        return Gone(seals=seals, marks=marks)
    _elsewhere(matter, find)
    return Gone(names=find.hidden, seals=seals, marks=marks, left=find.left)


def _unmarked(matter: Matter) -> int:
    marks = PersonTrace.objects.filter(object_kind="matter", object_id=matter.pk).count()
    forget("matter", [matter.pk])
    return int(marks)


def _elsewhere(matter: Matter, find: Finder) -> None:
    """The rows beside a matter that repeat its words."""
    places: Iterable[tuple[QuerySet[Any], str, str]] = (
        (Extension.objects.filter(matter=matter), "grounds", GROUNDS),
        (Urge.objects.filter(matter=matter), "text", URGED),
        (Notice.objects.filter(about__in=abouts(matter.pk)), "text", TOLD),
        (files_of(matter.pk, find.name), "name", FILE),
    )
    for rows, field, place in places:
        told = rows.filter(**{f"{field}__contains": find.name}).values_list("pk", field)
        for pk, text in list(told):
            said = find(place, text, "" if place == TOLD else pk)
            if said != text:
                rows.model._base_manager.filter(pk=pk).update(**{field: said})
