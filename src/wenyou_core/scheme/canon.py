"""A canonical text of any part of the language, and its digest.

Where a thing stands (file, line) and comments are no part of it, so the same plan in another
file has the same digest; everything a person can read or a program computes with is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from typing import Any

from wenyou_core.errors import Place


def canonical(value: object) -> str:
    """The canonical text of a plan, an adoption, or any part of one.

    Mappings keep the order they are written in, because the order of rules has a meaning.
    """
    pieces: list[str] = []
    _write(value, pieces.append)
    return "".join(pieces)


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal; empty for None."""
    if value is None:
        return ""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _write(value: object, put: Callable[[str], None]) -> None:
    kind = type(value)
    plain = _PLAIN.get(kind)
    if plain is not None:
        put(plain(value))
        return
    if kind not in _WRITERS:
        _WRITERS[kind] = _writer(kind)
    _WRITERS[kind](value, put)


def _mapping(value: Mapping[object, object], put: Callable[[str], None]) -> None:
    put("{")
    for key, part in value.items():
        _write(key, put)
        put("=")
        _write(part, put)
        put(";")
    put("}")


def _tuple(value: tuple[object, ...], put: Callable[[str], None]) -> None:
    put("[")
    for part in value:
        _write(part, put)
        put(",")
    put("]")


def _enum(value: Enum, put: Callable[[str], None]) -> None:
    put(f"{type(value).__name__}.{value.name}")


def _dataclass(kind: type) -> Callable[[Any, Callable[[str], None]], None]:
    """Writes things of one class: where they and their parts stand is left out."""
    head = kind.__name__ + "("
    names = [(one.name, one.name + "=") for one in fields(kind) if one.name != "places"]

    def write(value: Any, put: Callable[[str], None]) -> None:
        put(head)
        for name, said in names:
            part = getattr(value, name)
            if type(part) is not Place:
                put(said)
                plain = _PLAIN.get(type(part))
                if plain is not None:
                    put(plain(part))
                else:
                    _write(part, put)
                put(";")
        put(")")

    return write


def _writer(kind: type) -> Callable[[Any, Callable[[str], None]], None]:
    """How things of a type are written. Raises TypeError for what has no canonical text."""
    if issubclass(kind, Mapping):
        return _mapping
    if issubclass(kind, tuple):
        return _tuple
    if issubclass(kind, Enum):
        return _enum
    if is_dataclass(kind):
        return _dataclass(kind)
    raise TypeError(f"no canonical text for {kind.__name__}")


_PLAIN: Mapping[type, Callable[[Any], str]] = {
    str: lambda value: f"{len(value)}:{value}",
    int: repr,
    bool: repr,
    type(None): repr,
    Fraction: lambda value: f"{value.numerator}/{value.denominator}",
    date: date.isoformat,
    datetime: datetime.isoformat,
}
"""Values that are one piece of text, by their type: plans are made of tens of thousands."""

_WRITERS: dict[type, Callable[[Any, Callable[[str], None]], None]] = {}
"""How things of a type are written, of all types met so far."""
