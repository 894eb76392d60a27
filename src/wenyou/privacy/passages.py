"""The passages in which a name stands: shown to somebody, ticked by him, and only then hidden.

A name is signs that may stand in other words too (张三 in 张三丰), and what was replaced cannot be
brought back. So each passage is named by a mark of its place and its text, and only marks that come
back are hidden. Copies of one text (an answer in the matter and in the move that gave it, a notice to
several people) are one passage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet
from django.db.models.functions import Cast

from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.matters.fields import CHOICES, REFS, SEALED, Kind, kind_of
from wenyou.matters.models import Extension, Matter, Transition, Urge
from wenyou.matters.telling import about_move, about_urging
from wenyou.notices.models import Notice
from wenyou.privacy.holds import standing
from wenyou.privacy.models import LegalHold
from wenyou.vault.mask import mask_name
from wenyou_core.flow.needs import need_title

AROUND = 10
TITLE, NOTE, GROUNDS, URGED, TOLD, FILE = (
    "事由", "办理说明", "延期理由", "催办", "站内消息", "材料名称",
)  # fmt: skip
# Answers that people write; a unit, a person of the house and a date are chosen.
_WRITTEN = frozenset({Kind.LINE, Kind.TEXT, Kind.FILES})


@dataclass(frozen=True, slots=True)
class Passage:
    """A name with the words around it, and where they stand."""

    key: str
    before: str
    name: str
    after: str
    place: str


class Finder:
    """Finds a name in the texts of one matter, and hides it in the passages that were ticked.

    ``salt`` belongs to one request: marks of another do not fit. ``hidden`` and ``left`` count.
    """

    def __init__(self, pk: int, name: str, *, salt: str, ticked: Collection[str] = ()) -> None:
        self.name, self.hidden, self.left = name, 0, 0
        self._pk, self._salt, self._ticked = pk, salt, ticked
        self._pattern = re.compile(re.escape(name))
        self._found: dict[str, Passage] = {}

    def __call__(self, place: str, text: str, which: object = "") -> str:
        """The text of a place, with the name hidden in what was ticked; ``which`` of several texts
        of that place it is, where these are no copies of each other.
        """
        if self.name not in text:
            return text

        def hidden(found: re.Match[str]) -> str:
            before = text[max(0, found.start() - AROUND) : found.start()]
            after = text[found.end() : found.end() + AROUND]
            key = self._key(place, which, text, found.start())
            self._found.setdefault(key, Passage(key, before, self.name, after, place))
            if key not in self._ticked:
                self.left += 1
                return self.name
            self.hidden += 1
            return mask_name(self.name)

        return self._pattern.sub(hidden, text)

    def passages(self) -> tuple[Passage, ...]:
        """What was found, in the order of reading."""
        return tuple(self._found.values())

    def _key(self, *where: object) -> str:
        said = "\0".join((self._salt, str(self._pk), self.name, *map(str, where)))
        return f"words-{self._pk}-{blake2b(said.encode(), digest_size=8).hexdigest()}"


def rewritten(stored: Mapping[str, Any], find: Finder | None = None) -> dict[str, Any]:
    """A stored object without its seals, and what people wrote in it as the finder leaves it."""
    return {
        key: _said(key, value, find) if find and _is_written(key, value) else value
        for key, value in stored.items()
        if key != SEALED
    }


def _is_written(key: str, value: object) -> bool:
    kind = kind_of(key)
    typed_over = kind is Kind.CHOICE and value not in CHOICES[key]
    return key != REFS and (kind in _WRITTEN or typed_over)


def _said(key: str, value: Any, find: Finder, at: tuple[object, ...] = ()) -> Any:
    match value:
        case str():
            return find(need_title(key), value, at)
        case dict():
            return {name: _said(key, one, find, (*at, name)) for name, one in value.items()}
        case list():
            return [_said(key, one, find, (*at, place)) for place, one in enumerate(value)]
    return value


def files_named(name: str) -> QuerySet[EvidenceUse]:
    """Uses by matters of files with a name in theirs; what a matter on hold has used stays so."""
    held = LegalHold.objects.filter(standing()).order_by().values("matter_id")
    uses = EvidenceUse.objects.filter(evidence=OuterRef("evidence"), object_kind="matter")
    kept = uses.annotate(of=Cast("object_id", BigIntegerField())).filter(of__in=held)
    rows = EvidenceUse.objects.filter(object_kind="matter", evidence__name__contains=name)
    return rows.filter(~Exists(kept)).order_by("pk")


def files_of(pk: int, name: str) -> QuerySet[Evidence]:
    """The files of a matter whose own names may be changed."""
    return Evidence.objects.filter(
        pk__in=files_named(name).filter(object_id=str(pk)).order_by().values("evidence")
    )


def abouts(pk: int) -> tuple[str, ...]:
    """What the notices of a matter are about."""
    return (about_move(pk), about_urging(pk))


def passages_of(
    matters: Collection[Matter], name: str, *, salt: str
) -> dict[int, tuple[Passage, ...]]:
    """The passages of each matter in which a name stands; a few queries for all of them."""
    finders = {one.pk: Finder(one.pk, name, salt=salt) for one in matters}
    for matter in matters:
        find = finders[matter.pk]
        find(TITLE, matter.title)
        rewritten(matter.data, find)
    for move in Transition.objects.filter(matter__in=finders).order_by("matter", "turn"):
        find = finders[move.matter_id]
        rewritten(move.filled, find)
        find(NOTE, move.note, move.pk)
    for pk, place, text, which in _beside(finders, name):
        finders[pk](place, text, which)
    return {pk: find.passages() for pk, find in finders.items()}


def _beside(ids: Collection[int], name: str) -> Iterable[tuple[int, str, str, object]]:
    """The texts in the rows beside some matters: whose, where, what, which."""
    for extension in Extension.objects.filter(matter__in=ids, grounds__contains=name):
        yield extension.matter_id, GROUNDS, extension.grounds, extension.pk
    for urge in Urge.objects.filter(matter__in=ids, text__contains=name):
        yield urge.matter_id, URGED, urge.text, urge.pk
    of = {about: pk for pk in ids for about in abouts(pk)}
    for notice in Notice.objects.filter(about__in=of, text__contains=name):
        yield of[notice.about], TOLD, notice.text, ""
    uses = files_named(name).filter(object_id__in=[str(pk) for pk in ids])
    for use in uses.select_related("evidence"):
        yield int(use.object_id), FILE, use.evidence.name, use.evidence_id
