"""Where sealed texts lie, and how all of them come under the newest key, a batch at a time.

A place is a column of a table, or a JSON column that keeps texts by name under ``sealed``. Rows
are locked while they are sealed again, so that nobody's change is lost; a row that cannot be
opened is left as it is and counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Q

from wenyou.vault.house import bound_to, house_ring, index_of, sealed_with
from wenyou.vault.keyring import Key, KeyMissing
from wenyou.vault.marking import marking
from wenyou.vault.seal import CipherName, SealBroken, seal, unseal

SEALED = "sealed"
CHUNK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A table with sealed texts. ``bound`` and ``key`` are what they are bound to.

    ``columns`` name the field that each column is bound with; ``json`` is a JSON column instead.
    ``indexes`` are the blind index and its purpose beside a column. ``found_by`` is handed a row,
    the texts that were opened and the key of marks, to make what finds them elsewhere.
    """

    name: str
    title: str
    model: str
    bound: str
    key: str = "pk"
    columns: Mapping[str, str] = field(default_factory=dict)
    json: str = ""
    indexes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    found_by: Callable[[Any, list[str], Key], object] | None = None

    def table(self) -> type[models.Model]:
        """The model."""
        return apps.get_model("wenyou", self.model)

    def rows(self) -> models.QuerySet[models.Model]:
        """The rows that may hold a sealed text, by key."""
        if self.json:
            held = Q(**{f"{self.json}__has_key": SEALED})
        else:
            held = Q()
            for column in self.columns:
                held |= ~Q(**{column: ""})
        return self.table()._base_manager.filter(held).order_by("pk")

    def texts(self, row: models.Model) -> dict[str, str]:
        """The sealed texts of a row by column, or by name inside the JSON column."""
        if self.json:
            held = (getattr(row, self.json) or {}).get(SEALED) or {}
            return {name: text for name, text in held.items() if is_sealed(text)}
        found = {column: getattr(row, column) for column in self.columns}
        return {column: text for column, text in found.items() if is_sealed(text)}

    def place_of(self, row: models.Model, name: str) -> str:
        """What a text of a row is bound to."""
        target: object = row
        for part in self.key.split("__"):
            target = getattr(target, part)
        return bound_to(self.bound, self.columns.get(name, name), target)


@dataclass(slots=True)
class Batch:
    """What one batch has done: the last row seen (None at the end), how many were seen, changed."""

    last: int | None = None
    seen: int = 0
    sealed: int = 0
    mended: int = 0
    broken: int = 0


def is_sealed(text: object) -> bool:
    """Whether something is a sealed text."""
    return isinstance(text, str) and bool(sealed_with(text))


def needed(place: Place) -> Counter[str]:
    """How many texts need which key."""
    found: Counter[str] = Counter()
    for row in _each(place):
        found.update(sealed_with(text) for text in place.texts(row).values())
    return found


def _each(place: Place) -> Iterator[models.Model]:
    wanted = (place.json,) if place.json else tuple(place.columns)
    return place.rows().only("pk", *wanted).iterator(chunk_size=CHUNK)


@transaction.atomic
def seal_again(place: Place, *, after: int, size: int, cipher: str) -> Batch:
    """Bring the next rows after a key under the newest key and the cipher; what was done.

    The blind index beside a text is made anew from it, so that look-up stays right.
    """
    done, key = Batch(), marking()
    rows = place.rows().filter(pk__gt=after).select_for_update(of=("self",))
    if "__" in place.key:
        rows = rows.select_related(place.key.rpartition("__")[0])
    for row in rows[:size]:
        done.last = row.pk
        done.seen += 1
        changed: dict[str, str] = {}
        plains: list[str] = []
        for name, text in place.texts(row).items():
            try:
                more, plain = _renewed(place, row, name, text, cipher=cipher, key=key)
            except (KeyMissing, SealBroken):
                done.broken += 1
            else:
                changed |= more
                plains.append(plain)
        if place.found_by is not None and plains:
            place.found_by(row, plains, key)
        if changed:
            _write(place, row, changed)
            done.sealed += any(name in place.texts(row) for name in changed)
            done.mended += any(name not in place.texts(row) for name in changed)
    return done


def _renewed(
    place: Place, row: models.Model, name: str, text: str, *, cipher: str, key: Key
) -> tuple[dict[str, str], str]:
    """What has to change for one text (itself, its index, both or nothing), and the text opened."""
    ring, bound = house_ring(), place.place_of(row, name)
    old = sealed_with(text) != ring.current().id or text.split(".")[1] != cipher
    if not old and name not in place.indexes and place.found_by is None:
        return {}, ""
    plain = unseal(text, bound_to=bound, ring=ring)
    changed = {}
    if old:
        changed[name] = seal(plain, bound_to=bound, ring=ring, cipher=CipherName(cipher))
    if name in place.indexes:
        column, purpose = place.indexes[name]
        digest = index_of(plain, purpose=purpose, key=key)
        if digest != getattr(row, column):
            changed[column] = digest
    return changed, plain


def _write(place: Place, row: models.Model, changed: Mapping[str, str]) -> None:
    columns: dict[str, object] = dict(changed)
    if place.json:
        value = dict(getattr(row, place.json))
        columns = {place.json: {**value, SEALED: {**value[SEALED], **changed}}}
    place.table()._base_manager.filter(pk=row.pk).update(**columns)
