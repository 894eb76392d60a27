"""From nodes to dataclasses by their type hints; nothing here knows a single key of a plan.

Hints with a form of their own (amounts, expressions, rules …) are registered by ``forms.py`` and
``load.py`` with ``@form``.
"""

from __future__ import annotations

import dataclasses
import functools
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Union, get_args, get_origin, get_type_hints

from wenyou_core.scheme.reader import (
    BAD,
    Converter,
    Reader,
    bad_name_text,
    bad_word,
    flag,
    good_name,
    shape_fault,
    text_of,
    unknown_key,
    whole,
)
from wenyou_core.scheme.texts import parse_date, parse_number
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq

FILLED = frozenset({"name", "article", "place", "places"})
"""Fields that the loader fills from where a thing stands (``name`` only of named things)."""

WRITTEN: dict[type, frozenset[str]] = {}
"""Per dataclass: fields that stand in a file although others of their name are filled in."""

ALIASES: dict[type, dict[str, str]] = {}
"""Per dataclass: field → the key it has in a file, where they differ."""

Hint = Any
_FORMS: dict[Hint, Converter] = {}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a dataclass in a file: its field, how it is read, whether it must be there."""

    field: str
    convert: Converter
    required: bool
    hint: Hint


def form(*hints: Hint) -> Callable[[Converter], Converter]:
    """Register a converter for hints that have a form of their own."""

    def register(convert: Converter) -> Converter:
        for hint in hints:
            _FORMS[essence_of(hint)] = convert
        return convert

    return register


def alias(cls: type, **names: str) -> None:
    """Say under which key a field of ``cls`` stands in a file: ``alias(Pick, start="from")``."""
    ALIASES[cls] = names


def written(cls: type, *names: str) -> None:
    """Fields of ``cls`` that stand in the file although others of their name are filled in."""
    WRITTEN[cls] = frozenset(names)


@functools.cache
def keys_of(cls: type) -> dict[str, Key]:
    """The keys a mapping for ``cls`` may have, by their name in a file."""
    hints = get_type_hints(cls)
    renamed = ALIASES.get(cls, {})
    skip = FILLED - WRITTEN.get(cls, frozenset())
    return {
        renamed.get(one.name, one.name): _key(one, hints[one.name])
        for one in fields(cls)
        if one.name not in skip
    }


def _key(one: dataclasses.Field[Any], hint: Hint) -> Key:
    convert = converter_of(hint)
    required = one.default is MISSING and one.default_factory is MISSING
    return Key(one.name, convert if required else _filled(convert), required, hint)


def _filled(convert: Converter) -> Converter:
    """A key that may be left out but not left empty: it would silently mean "all" or "none"."""

    def read(reader: Reader, node: Node) -> Any:
        if isinstance(node, Scalar) and not node.text and node.value is None:
            return text_of(reader, node)
        return convert(reader, node)

    return read


def build(cls: type, reader: Reader, node: Node, **given: Any) -> Any:
    """An instance of ``cls`` from a mapping; ``given`` are fields that are settled already."""
    keys = keys_of(cls)
    if not isinstance(node, Map):
        return shape_fault(reader, node, f"“键: 值”的映射（可以写{'、'.join(keys)}）")
    values: dict[str, Any] = dict(given)
    sound = True
    for name, child in node.items.items():
        key = keys.get(name)
        if key is None:
            if not name.isascii() and isinstance(child, Scalar) and not child.text:
                text = f"“{name}”像是前面文字的一部分：文字里有半角逗号时，请把整段加上引号。"
                reader.bad(node.lines[name], "scheme-key", text)
            else:
                right = ALIASES.get(cls, {}).get(name, name)
                unknown_key(reader, node.lines[name], name, keys, right)
            sound = False
            continue
        reader.key = name
        value = key.convert(reader, child)
        if value is BAD:
            sound = False
        else:
            values[key.field] = value
    missing = [
        name
        for name, key in keys.items()
        if key.required and name not in node.items and key.field not in given
    ]
    if missing:
        words = "、".join(f"“{name}”" for name in missing)
        return reader.bad(node.line, "scheme-missing", f"缺少{words}，请补上。")
    return cls(**values) if sound else BAD


def placed(cls: type, reader: Reader, node: Node) -> Any:
    """``build`` with name, article and place filled in where ``cls`` has them."""
    given: dict[str, Any] = {}
    names = _field_names(cls) - WRITTEN.get(cls, frozenset())
    line = node.line
    if "name" in names:
        given["name"], line = reader.above
    if "article" in names:
        given["article"] = reader.article
    if "place" in names:
        given["place"] = reader.place(line)
    return build(cls, reader, node, **given)


@functools.cache
def converter_of(hint: Hint) -> Converter:
    """How a value of this type hint is read."""
    essence, optional = essence_of(hint), type(None) in get_args(hint)
    convert = _FORMS.get(essence) or _plain(essence)
    if not optional:
        return convert

    def maybe(reader: Reader, node: Node) -> Any:
        if isinstance(node, Scalar) and node.value is None:
            return None
        return convert(reader, node)

    return maybe


def _plain(hint: Hint) -> Converter:
    origin: Any = get_origin(hint)
    if origin is tuple:
        return _tuple(*get_args(hint))
    if origin in (Mapping, dict):
        return _mapping(get_args(hint)[1])
    if hint is str:
        return text_of
    if hint is int:
        return whole
    if hint is bool:
        return flag
    if hint is Fraction:
        return lambda reader, node: reader.parsed(node, lambda text: parse_number(text)[0])
    if hint is date:
        return lambda reader, node: reader.parsed(node, parse_date)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return word_of(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return lambda reader, node: placed(hint, reader, node)
    raise TypeError(f"no way to read {hint!r}")


def word_of(enum: type[Enum]) -> Converter:
    """A word of an enumeration."""
    words = {str(member.value): member for member in enum}

    def read(reader: Reader, node: Node) -> Any:
        text = text_of(reader, node)
        if text is BAD or text in words:
            return words.get(text, BAD)
        return bad_word(reader, node, text, words)

    return read


def _tuple(*parts: Hint) -> Converter:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return _many(converter_of(parts[0]))
    converters = tuple(converter_of(part) for part in parts)

    def read(reader: Reader, node: Node) -> Any:
        if not isinstance(node, Seq) or len(node.items) != len(converters):
            sentence = f"“{reader.key}”应是{len(converters)}项的列表，例如“[甲, 乙]”。"
            return reader.bad(node.line, "scheme-shape", sentence)
        pairs = zip(converters, node.items, strict=True)
        values = tuple(convert(reader, item) for convert, item in pairs)
        return BAD if any(value is BAD for value in values) else values

    return read


def _many(convert: Converter) -> Converter:
    def read(reader: Reader, node: Node) -> Any:
        # one thing alone needs no brackets
        items = node.items if isinstance(node, Seq) else (node,)
        key = reader.key
        values = []
        for item in items:
            reader.key = key
            values.append(convert(reader, item))
        return BAD if any(value is BAD for value in values) else tuple(values)

    return read


def _mapping(hint: Hint) -> Converter:
    convert = converter_of(hint)
    named = is_named(hint)

    def read(reader: Reader, node: Node) -> Any:
        if not isinstance(node, Map):
            return shape_fault(reader, node, "“键: 值”的映射")
        values: dict[str, Any] = {}
        for name, child in node.items.items():
            line = node.lines[name]
            if named and not good_name(name):
                values[name] = reader.bad(line, "scheme-name", bad_name_text(name))
                continue
            reader.key = name
            reader.above = (name, line)
            values[name] = convert(reader, child)
        return BAD if any(value is BAD for value in values.values()) else values

    return read


def is_named(hint: Hint) -> bool:
    """Whether things of this hint take their name from the key above them."""
    parts = get_args(hint) if _is_union(hint) else (hint,)
    return all(isinstance(one, type) and "name" in _field_names(one) for one in parts)


@functools.cache
def _field_names(cls: type) -> frozenset[str]:
    return frozenset(one.name for one in fields(cls)) if is_dataclass(cls) else frozenset()


def essence_of(hint: Hint) -> Hint:
    """A hint without ``None``; a union as the set of its parts, since unions flatten."""
    if not _is_union(hint):
        return hint
    parts = [part for part in get_args(hint) if part is not type(None)]
    return parts[0] if len(parts) == 1 else frozenset(parts)


def _is_union(hint: Hint) -> bool:
    origin: Any = get_origin(hint)
    return origin in (types.UnionType, Union)
