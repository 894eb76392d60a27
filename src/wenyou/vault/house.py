"""The ring of this house, and the sealing of a field of a stored row."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from wenyou.vault.keyring import Key, KeyRing
from wenyou.vault.mask import one_form
from wenyou.vault.seal import CipherName, blind_index, blind_indexes, seal, unseal


@lru_cache(maxsize=4)
def _ring(folder: Path) -> KeyRing:
    return KeyRing(folder)


def house_ring() -> KeyRing:
    """The key ring in the data folder."""
    return _ring(settings.DATA.keys)


def bound_to(model: str, field: str, pk: object) -> str:
    """What a sealed field belongs to: it does not open in another row or column."""
    return f"{model}/{field}/{pk}"


def seal_field(text: str, *, model: str, field: str, pk: object, cipher: str = "aes") -> str:
    """Seal the field of a row; the row must have its id already."""
    place = bound_to(model, field, pk)
    return seal(text, bound_to=place, ring=house_ring(), cipher=CipherName(cipher))


def open_field(sealed: str, *, model: str, field: str, pk: object) -> str:
    """Open the field of a row; raises SealBroken, KeyMissing."""
    return unseal(sealed, bound_to=bound_to(model, field, pk), ring=house_ring())


def index_of(text: str, *, purpose: str, key: Key | None = None) -> str:
    """The blind index of a number in its one form, for exact look-up. What is stored to be found
    by it later is made with the key of ``marking``.
    """
    return blind_index(one_form(text), purpose=purpose, ring=house_ring(), key=key)


def indexes_of(text: str, *, purpose: str) -> tuple[str, ...]:
    """What a stored blind index of a number may be: two while the key is being changed."""
    return blind_indexes(one_form(text), purpose=purpose, ring=house_ring())


def sealed_with(sealed: str) -> str:
    """The id of the key that sealed a text; empty for an empty one."""
    parts = sealed.split(".")
    return parts[2] if len(parts) == 4 else ""
