"""A canonical text of any part of the language, and its digest.

Where a thing stands (file, line) and comments are no part of it, so the same plan in another
file has the same digest; everything a person can read or a program computes with is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from wenyou_core.errors import Place


def canonical(value: object) -> str:
    """The canonical text of a plan, an adoption, or any part of one.

    Mappings keep the order they are written in, because the order of rules has a meaning.
    """
    return "".join(_pieces(value))


def digest(value: object) -> str:
    """SHA-256 of the canonical text, in hexadecimal; empty for None."""
    if value is None:
        return ""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def _pieces(value: object) -> Iterator[str]:
    if isinstance(value, Enum):
        yield f"{type(value).__name__}.{value.name}"
    elif isinstance(value, bool) or value is None or isinstance(value, int):
        yield repr(value)
    elif isinstance(value, str):
        yield f"{len(value)}:{value}"
    elif isinstance(value, Fraction):
        yield f"{value.numerator}/{value.denominator}"
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Mapping):
        yield "{"
        for key, part in value.items():
            yield from _pieces(key)
            yield "="
            yield from _pieces(part)
            yield ";"
        yield "}"
    elif isinstance(value, tuple):
        yield "["
        for part in value:
            yield from _pieces(part)
            yield ","
        yield "]"
    elif is_dataclass(value):
        yield type(value).__name__ + "("
        for one in fields(value):
            part = getattr(value, one.name)
            if not isinstance(part, Place):
                yield f"{one.name}="
                yield from _pieces(part)
                yield ";"
        yield ")"
    else:
        raise TypeError(f"no canonical text for {type(value).__name__}")
