"""Which objects hold what was typed; what a person may see of them is for the caller to say."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from wenyou.search.grams import grams, plain, runs
from wenyou.search.models import SearchDoc
from wenyou.search.setup import INDEX

SHORTEST = 1
MOST_GRAMS = 40


def matching(kind: str, text: str) -> QuerySet[SearchDoc]:
    """Documents of a kind that hold every stretch of ``text``; empty for nothing to look for.

    The index finds those with all pairs; the plain text says whether they adjoin.
    """
    wanted = grams(text)[:MOST_GRAMS]
    docs = SearchDoc.objects.filter(object_kind=kind)
    if not wanted:
        return docs.none()
    docs = docs.filter(pk__in=RawSQL(*statement(wanted)))  # noqa: S611 -- words are parameters
    for run in dict.fromkeys(runs(text)):
        docs = docs.filter(text__contains=run)
    return docs


def ids_matching(kind: str, text: str) -> QuerySet[SearchDoc, int]:
    """The ids of those objects, for a ``pk__in`` of the kind's own rows."""
    return matching(kind, text).order_by().values_list("object_id", flat=True)


def statement(wanted: list[str]) -> tuple[str, tuple[object, ...]]:
    """The statement that asks the index, with its parameters."""
    if connection.vendor == "sqlite":
        said = " AND ".join(f'"{gram}"' + ("*" if len(gram) == 1 else "") for gram in wanted)
        return f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", (said,)  # noqa: S608 -- a constant
    pairs = [gram for gram in wanted if len(gram) > 1]
    if not pairs:
        return "SELECT id FROM wenyou_searchdoc WHERE text LIKE %s", (f"%{wanted[0]}%",)
    return "SELECT id FROM wenyou_searchdoc WHERE string_to_array(grams, ' ') @> %s", (pairs,)


def looked_for(text: str) -> str:
    """What was typed, as it is looked for."""
    return plain(text)
