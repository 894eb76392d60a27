"""What a thing of a plan is made of, for those who look through a whole plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Reversible
from dataclasses import fields, is_dataclass
from operator import attrgetter
from typing import Any

from wenyou_core.errors import Place

_Taker = Callable[[Any], Reversible[object]]
_NONE: frozenset[str] = frozenset()
_TAKERS: dict[frozenset[str], dict[type, _Taker]] = {}


def parts(value: object, but: frozenset[str] = _NONE) -> Reversible[object]:
    """The parts of a rule, a measure, an expression …, one level deep, in the order written.

    Fields named in ``but`` are left out, and where a thing stands is no part of it.
    """
    known = _TAKERS.setdefault(but, {})
    kind = type(value)
    if kind not in known:  # a plan holds thousands of things of few kinds
        known[kind] = _taker(kind, but)
    return known[kind](value)


def everything(value: object) -> Iterator[object]:
    """A thing and all that it is made of, each before its parts."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(parts(one)))


def _taker(kind: type, but: frozenset[str]) -> _Taker:
    """How the parts of a thing of this kind are taken."""
    if issubclass(kind, tuple):
        return lambda value: value
    if issubclass(kind, Mapping):
        return lambda value: tuple(value.values())
    if not is_dataclass(kind) or kind is Place:
        return lambda value: ()
    names = [one.name for one in fields(kind) if one.name not in but]
    if len(names) < 2:
        return lambda value: tuple(getattr(value, name) for name in names)
    return attrgetter(*names)
