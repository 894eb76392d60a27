"""Keep what can be searched: called by the services of the slices, in their transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wenyou.search.grams import grams, plain, singles
from wenyou.search.models import SearchDoc

BATCH = 2000


@dataclass(frozen=True, slots=True)
class Doc:
    """An object and the words by which it is found; of a matter its unit and flow besides."""

    kind: str
    id: int
    words: tuple[str, ...]
    unit_id: int | None = None
    flow: str = ""


def put(kind: str, object_id: int, *words: str) -> None:
    """Make an object found by these words from now on, and by no others."""
    put_many([Doc(kind, object_id, words)])


def put_many(docs: Iterable[Doc]) -> int:
    """The same for many; their number."""
    rows = [row_of(doc) for doc in docs]
    SearchDoc.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["object_kind", "object_id"],
        update_fields=["text", "grams", "unit", "flow"],
    )
    return len(rows)


def row_of(doc: Doc) -> SearchDoc:
    """The stored form of a document."""
    text = plain(" ".join(word for word in doc.words if word))
    return SearchDoc(
        object_kind=doc.kind,
        object_id=doc.id,
        text=text,
        grams=indexed(text),
        unit_id=doc.unit_id,
        flow=doc.flow,
    )


def indexed(text: str) -> str:
    """The column that the databases index, from the plain form."""
    return " ".join(dict.fromkeys([*grams(text), *singles(text)]))


def moved(kind: str, object_id: int, unit_id: int) -> None:
    """Let an object be found at another unit from now on."""
    SearchDoc.objects.filter(object_kind=kind, object_id=object_id).update(unit_id=unit_id)


def drop(kind: str, object_id: int) -> None:
    """Let an object be found no more."""
    SearchDoc.objects.filter(object_kind=kind, object_id=object_id).delete()
