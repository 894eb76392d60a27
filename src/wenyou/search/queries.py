"""Which objects hold what was typed; what a person may see of them is for the caller to say."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from wenyou.search.grams import grams, plain, runs
from wenyou.search.models import SearchDoc
from wenyou.search.setup import INDEX, TABLE

SHORTEST = 1
MOST_GRAMS = 40
NO_LIMIT = 2**40
SHOWN, COUNTED = 50, 10_000
# A piece in more than this share of all texts is not looked up: reading the texts from the newest
# on is quicker then. Of the others the rarest two leave little to read.
COMMON, ASKED = 0.05, 2
# Where only texts are asked, the index helps for more common ones, and most beside one over places.
KNOWN = 0.2
# From so many times what is counted on, the index only tells the number, and reading the newest.
TWICE = 2
# The texts of places that have no more than these are read whatever the words.
FEW = 3_000
# So many texts are drawn, and so many times what is counted they must promise, to spare counting.
SAMPLE, SURE = 6_000, 3
REMEMBERED = 600


class Holds(Func):
    """Whether the pieces of a text hold all of some; PostgreSQL has an index over that."""

    template = "string_to_array(%(expressions)s, ' ') @> %%s"
    output_field = BooleanField()
    conditional = True

    def __init__(self, pieces: Sequence[str]) -> None:
        super().__init__(F("grams"))
        self.pieces = list(pieces)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **more: Any) -> tuple[str, Any]:
        """The condition with the pieces as one value."""
        sql, params = super().as_sql(compiler, connection, **more)
        return sql, [*params, self.pieces]


def matching(
    kind: str, text: str, *, asked: int = ASKED, below: float | None = None
) -> QuerySet[SearchDoc]:
    """Documents of a kind that hold every stretch of ``text``; empty for nothing to look for.

    The index finds those with so many of the pieces; the plain text says whether they adjoin.
    """
    docs = SearchDoc.objects.filter(object_kind=kind)
    if not runs(text):
        return docs.none()
    pieces = pieces_of(text)
    if connection.vendor == "sqlite":
        if pieces:
            docs = docs.filter(pk__in=RawSQL(*statement(pieces)))  # noqa: S611 -- words are parameters
        return docs.filter(_reads(text))
    rare = rarest(pieces, common(kind), below)[:asked]
    if not rare:
        return docs.filter(_reads(text))
    docs = docs.filter(Holds(rare))
    if set(rare) == set(runs(text)):
        return docs  # Each stretch is a piece.
    # Said so that the database does not take it for one more thing that narrows.
    return docs.filter(_reads(text))


def _reads(text: str) -> Q:
    """Whether the text holds every stretch; its place is found in half the time LIKE takes."""
    found = Q()
    for run in dict.fromkeys(runs(text)):
        found &= Q(GreaterThan(StrIndex(F("text"), Value(run)), 0))
    return found


def ids_matching(kind: str, text: str) -> QuerySet[SearchDoc, int]:
    """The ids of those objects, for a ``pk__in`` of the kind's own rows."""
    ids = matching(kind, text).order_by().values_list("object_id", flat=True)
    # A limit nobody reaches keeps PostgreSQL from trying the pieces row by row.
    return ids[:NO_LIMIT] if looked_up(kind, text) else ids


def newest(
    kind: str, text: str, within: Q | None = None, *, places: int = 0
) -> tuple[list[int], int]:
    """The newest ids by themselves, at most so many as are shown, and how many there are, counted
    no further than one above ten thousand; ``within`` asks for more than the words, in the texts
    of about so many units.
    """
    if within is not None:
        return _newest_within(kind, text, within, places)
    walked = SearchDoc.objects.filter(_reads(text), object_kind=kind).order_by("-object_id")
    if runs(text) and connection.vendor == "postgresql" and not looked_up(kind, text, KNOWN):
        first = _keys(walked, SHOWN)
        return first, len(first) if len(first) < SHOWN else _many(kind, text, walked)
    found = matching(kind, text, below=KNOWN)
    if expected(kind, text) > TWICE * COUNTED:
        # So many that reading all of them takes longer than finding some from the newest on.
        total = _many(kind, text, found)
        if total > COUNTED:
            return _keys(walked, SHOWN), total
    return _tally(found, found.order_by((F("object_id") + 0).desc()))


def _newest_within(kind: str, text: str, within: Q, places: int) -> tuple[list[int], int]:
    """The index over places narrows besides, if the index over pieces is asked for one alone:
    two seem so rare to the database that it reads what it has found, which is right for rare
    words. Where the words stand in more texts than the places have, these are read, off the index
    that holds places and texts.
    """
    many = expected(kind, text)
    if looked_up(kind, text) and max(many, FEW) <= texts_at(kind, places):
        found = matching(kind, text, asked=1 if many > FEW else ASKED).filter(within)
        return _tally(found, found.order_by((F("object_id") + 0).desc()))
    found = matching(kind, text, below=0).filter(within)
    return _tally(found, found.order_by("-object_id"))


def _tally(found: QuerySet[SearchDoc], walked: QuerySet[SearchDoc]) -> tuple[list[int], int]:
    """The newest of what is found and their number, in one reading: all are counted and few handed
    over. Where there are more than are counted, the newest are found by walking.
    """
    try:
        rows = found.order_by().values_list("object_id")[: COUNTED + 1]
        hits, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return [], 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT object_id, COUNT(*) OVER () FROM ({hits}) AS hit"  # noqa: S608 -- made by Django
            f" ORDER BY object_id DESC LIMIT {SHOWN}",
            params,
        )
        told = cursor.fetchall()
    total = told[0][1] if told else 0
    return _keys(walked, SHOWN) if total > COUNTED else [key for key, _ in told], total


def _keys(docs: QuerySet[SearchDoc], most: int) -> list[int]:
    return list(docs.values_list("object_id", flat=True)[:most])


def _many(kind: str, text: str, found: QuerySet[SearchDoc]) -> int:
    """How many there are, one above ten thousand where a sample leaves no doubt that there are."""
    if plenty(kind, text):
        return COUNTED + 1
    # The id of the object, which stands in the index over places, not the row's own.
    return found.order_by().values("object_id")[: COUNTED + 1].count()


def plenty(kind: str, text: str) -> bool:
    """Whether a sample of the texts, the same each time, promises several times as many as are
    counted; elsewhere than on PostgreSQL, and among few texts, all are counted.

    Whole blocks are drawn: drawing text by text would read the whole table. For words strewn over
    the years that is as good. Words that came in together lie in few blocks, the sample then is
    worth as little as the blocks it drew, and the larger the bank the fewer of them it has: it may
    overlook that there are plenty, or promise them of words that are not. All that hangs on it is
    the number told, and time: what is shown is looked for either way.
    """
    if connection.vendor != "postgresql":
        return False
    rows = _rows(kind, _now())
    if rows < SURE * max(COUNTED, SAMPLE):
        return False
    words = list(dict.fromkeys(runs(text)))
    reads = " AND ".join(["strpos(text, %s) > 0"] * len(words))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM {TABLE} TABLESAMPLE SYSTEM (%s) REPEATABLE (1)"  # noqa: S608 -- constants
            f" WHERE object_kind = %s AND {reads}",
            [100 * SAMPLE / rows, kind, *words],
        )
        found = cursor.fetchone()
    return found is not None and found[0] * rows > SURE * COUNTED * SAMPLE


def texts_at(kind: str, places: int) -> float:
    """About how many texts so many units have, if all have as many; none where nobody has looked."""
    units = _rows("unit", _now()) if connection.vendor == "postgresql" else 0
    return _rows(kind, _now()) * places / units if units > 0 else 0


def expected(kind: str, text: str) -> float:
    """How many texts the index finds at most, as PostgreSQL has noted; elsewhere that is no matter."""
    if connection.vendor != "postgresql":
        return 0
    shares = common(kind)
    rare = rarest(pieces_of(text), shares, KNOWN)
    return _rows(kind, _now()) * min((shares.get(one, 0) for one in rare), default=0)


def looked_up(kind: str, text: str, below: float | None = None) -> bool:
    """Whether PostgreSQL's index over the pieces is asked."""
    return connection.vendor == "postgresql" and bool(rarest(pieces_of(text), common(kind), below))


def pieces_of(text: str) -> list[str]:
    """What the index is asked for; a single letter or digit is no piece of longer stretches."""
    return [one for one in grams(text)[:MOST_GRAMS] if len(one) > 1 or not one.isascii()]


def statement(pieces: Iterable[str]) -> tuple[str, tuple[object, ...]]:
    """The statement that asks SQLite's index, with its parameters."""
    said = " AND ".join(f'"{one}"' for one in pieces)
    return f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s", (said,)  # noqa: S608 -- a constant


def rarest(
    pieces: Iterable[str], shares: Mapping[str, float], below: float | None = None
) -> list[str]:
    """The pieces worth looking up, the rarest first: those in less than a share of the texts."""
    most = COMMON if below is None else below
    seldom = [one for one in pieces if shares.get(one, 0) < most]
    return sorted(seldom, key=lambda one: shares.get(one, 0))[:ASKED]


def common(kind: str) -> Mapping[str, float]:
    """In what share of the texts of a kind the common pieces stand, as PostgreSQL has noted when it
    last looked them through; nothing before that.
    """
    return _common(kind, _now())


def _now() -> int:
    return int(time.monotonic() // REMEMBERED)


@lru_cache(maxsize=8)
def _rows(kind: str, _: int) -> float:
    """How many texts there are of a kind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples FROM pg_class WHERE oid = to_regclass(%s)", [f"{INDEX}_{kind}"]
        )
        found = cursor.fetchone()
    return float(found[0]) if found else 0


@lru_cache(maxsize=8)
def _common(kind: str, _: int) -> Mapping[str, float]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_elems::text::text[], most_common_elem_freqs FROM pg_stats"
            " WHERE schemaname = current_schema() AND tablename = %s",
            [f"{INDEX}_{kind}"],
        )
        found = cursor.fetchone()
    if found is None or found[0] is None:
        return {}
    # After the shares of the pieces come the least, the most, and that of no value.
    return dict(zip(found[0], found[1], strict=False))


def looked_for(text: str) -> str:
    """What was typed, as it is looked for."""
    return plain(text)
