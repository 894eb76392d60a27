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
from functools import cache
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
    plain = _PLAIN.get(type(value))
    if plain is not None:
        put(plain(value))
    elif isinstance(value, Mapping):
        put("{")
        for key, part in value.items():
            _write(key, put)
            put("=")
            _write(part, put)
            put(";")
        put("}")
    elif isinstance(value, tuple):
        put("[")
        for part in value:
            _write(part, put)
            put(",")
        put("]")
    elif isinstance(value, Enum):
        put(f"{type(value).__name__}.{value.name}")
    elif is_dataclass(value) and not isinstance(value, type):
        put(type(value).__name__ + "(")
        for name in _names(type(value)):
            part = getattr(value, name)
            if not isinstance(part, Place):
                put(f"{name}=")
                _write(part, put)
                put(";")
        put(")")
    else:
        raise TypeError(f"no canonical text for {type(value).__name__}")


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


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))
