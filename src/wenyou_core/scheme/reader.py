"""From nodes to dataclasses by their type hints; nothing here knows a single key of a plan.

A *converter* takes a Reader and a node and gives a value, or ``BAD`` after noting a fault, so that
one run tells all faults. Hints with a form of their own (amounts, expressions, rules …) are
registered by ``forms.py`` with ``@form``.
"""

from __future__ import annotations

import functools
import re
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from wenyou_core.errors import Fault, Place
from wenyou_core.scheme.parse import SUBJECT, ExprError, nearest
from wenyou_core.scheme.texts import Units, parse_date, parse_number
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq

BAD: Final = object()
"""What a converter gives after a fault."""

FILLED = frozenset({"name", "article", "place"})
"""Fields that the loader fills from where a thing stands (``name`` only of named things)."""

Hint = Any
Converter = Callable[["Reader", Node], Any]
_T = TypeVar("_T")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_RESERVED = frozenset({"and", "or", "not", "in", "between", "exists", "true", "false"})
_FORMS: dict[Hint, Converter] = {}
_WRITTEN: dict[type, frozenset[str]] = {}
ALIASES: dict[type, dict[str, str]] = {}
"""Per dataclass: field → the key it has in a file, where they differ."""


@dataclass(slots=True)
class Reader:
    """Where reading stands: the file, the article, what bare names and units mean here."""

    file: str
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Units = field(default_factory=dict)
    since: date = date.min
    article: str = ""
    context: str = SUBJECT
    key: str = ""
    above: tuple[str, int] = ("", 0)  # the key over a named thing, and its line
    faults: list[Fault] = field(default_factory=list)

    def place(self, line: int) -> Place:
        """The place of a line of this file, within the article at hand."""
        return Place(file=self.file, line=line, article=self.article)

    def bad(self, line: int, code: str, text: str) -> Any:
        """Note a fault; the value is then BAD."""
        self.faults.append(Fault(self.place(line), code, text))
        return BAD

    @contextmanager
    def within(self, context: str) -> Iterator[None]:
        """Bare names mean ``context`` inside."""
        before, self.context = self.context, context
        try:
            yield
        finally:
            self.context = before

    def parsed(self, node: Node, parse: Callable[[str], _T]) -> Any:
        """The text of ``node`` through ``parse``; its ExprError becomes a fault."""
        text = text_of(self, node)
        if text is BAD:
            return BAD
        try:
            return parse(text)
        except ExprError as error:
            return self.bad(node.line, "scheme-text", f"“{self.key}”:{error}")


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
            _FORMS[_essence(hint)] = convert
        return convert

    return register


def alias(cls: type, **names: str) -> None:
    """Say under which key a field of ``cls`` stands in a file: ``alias(Pick, start="from")``."""
    ALIASES[cls] = names


def written(cls: type, *names: str) -> None:
    """Fields of ``cls`` that stand in the file although others of their name are filled in."""
    _WRITTEN[cls] = frozenset(names)


@functools.cache
def keys_of(cls: type) -> dict[str, Key]:
    """The keys a mapping for ``cls`` may have, by their name in a file."""
    hints = get_type_hints(cls)
    renamed = ALIASES.get(cls, {})
    skip = FILLED - _WRITTEN.get(cls, frozenset())
    return {
        renamed.get(one.name, one.name): Key(
            one.name,
            converter_of(hints[one.name]),
            one.default is MISSING and one.default_factory is MISSING,
            hints[one.name],
        )
        for one in fields(cls)
        if one.name not in skip
    }


def build(cls: type, reader: Reader, node: Node, **given: Any) -> Any:
    """An instance of ``cls`` from a mapping; ``given`` are fields that are settled already."""
    if not isinstance(node, Map):
        return shape_fault(reader, node, "“键: 值”的映射")
    keys = keys_of(cls)
    values: dict[str, Any] = dict(given)
    sound = True
    for name, child in node.items.items():
        key = keys.get(name)
        if key is None:
            sound = unknown_key(reader, node.lines[name], name, keys) is not BAD and sound
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
        return reader.bad(node.line, "scheme-missing", f"缺少{words},请补上。")
    return cls(**values) if sound else BAD


def placed(cls: type, reader: Reader, node: Node) -> Any:
    """``build`` with name, article and place filled in where ``cls`` has them."""
    given: dict[str, Any] = {}
    names = _field_names(cls) - _WRITTEN.get(cls, frozenset())
    line = node.line
    if "name" in names:
        given["name"], line = reader.above
    if "article" in names:
        given["article"] = reader.article
    if "place" in names:
        given["place"] = reader.place(line)
    return build(cls, reader, node, **given)


def unknown_key(reader: Reader, line: int, name: str, known: Mapping[str, object]) -> Any:
    """The fault of a key that may not stand here, with the nearest one that may."""
    hint = nearest(name, list(known)) or f"这里可以写{'、'.join(known)}。"
    return reader.bad(line, "scheme-key", f"“{name}”不是这里能写的键;{hint}")


def text_of(reader: Reader, node: Node) -> Any:
    """The text as typed; integers count as text, empty values do not."""
    if not isinstance(node, Scalar):
        return shape_fault(reader, node, "一段文字")
    if node.value is None:
        return reader.bad(node.line, "scheme-empty", f"“{reader.key}”不能空着,请填写或删去这个键。")
    if isinstance(node.value, bool):
        sentence = f"“{reader.key}”应是文字;要写文字“{node.text}”时请加引号。"
        return reader.bad(node.line, "scheme-shape", sentence)
    return node.text


def whole(reader: Reader, node: Node) -> Any:
    """A plain integer."""
    if isinstance(node, Scalar) and type(node.value) is int:
        return node.value
    return shape_fault(reader, node, "整数")


def flag(reader: Reader, node: Node) -> Any:
    """true or false."""
    if isinstance(node, Scalar) and type(node.value) is bool:
        return node.value
    return shape_fault(reader, node, "true 或 false")


@functools.cache
def converter_of(hint: Hint) -> Converter:
    """How a value of this type hint is read."""
    essence, optional = _essence(hint), type(None) in get_args(hint)
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


def bad_word(reader: Reader, node: Node, text: str, words: Mapping[str, object]) -> Any:
    """The fault of a word that is none of ``words``."""
    hint = nearest(text, list(words)) or f"可用的有{'、'.join(words)}。"
    return reader.bad(node.line, "scheme-word", f"“{reader.key}”不能写“{text}”;{hint}")


def _tuple(*parts: Hint) -> Converter:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return _many(converter_of(parts[0]))
    converters = tuple(converter_of(part) for part in parts)

    def read(reader: Reader, node: Node) -> Any:
        if not isinstance(node, Seq) or len(node.items) != len(converters):
            sentence = f"“{reader.key}”应是{len(converters)}项的列表,例如“[甲, 乙]”。"
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
    named = _is_named(hint)

    def read(reader: Reader, node: Node) -> Any:
        if not isinstance(node, Map):
            return shape_fault(reader, node, "“键: 值”的映射")
        values: dict[str, Any] = {}
        for name, child in node.items.items():
            line = node.lines[name]
            if named and not good_name(name):
                values[name] = reader.bad(line, "scheme-name", _bad_name(name))
                continue
            reader.key = name
            reader.above = (name, line)
            values[name] = convert(reader, child)
        return BAD if any(value is BAD for value in values.values()) else values

    return read


def good_name(name: str) -> bool:
    """Whether a name may be used in expressions."""
    return bool(_NAME.match(name)) and name not in _RESERVED


def _bad_name(name: str) -> str:
    if name in _RESERVED:
        return f"“{name}”是表达式用的词,不能作名称,请换一个。"
    return f"名称“{name}”只能用小写字母、数字和下划线,并以字母开头,请改名。"


def _is_named(hint: Hint) -> bool:
    """Whether things of this hint take their name from the key above them."""
    parts = get_args(hint) if _is_union(hint) else (hint,)
    return all(isinstance(one, type) and "name" in _field_names(one) for one in parts)


@functools.cache
def _field_names(cls: type) -> frozenset[str]:
    return frozenset(one.name for one in fields(cls)) if is_dataclass(cls) else frozenset()


def _essence(hint: Hint) -> Hint:
    """A hint without ``None``; a union as the set of its parts, since unions flatten."""
    if not _is_union(hint):
        return hint
    parts = [part for part in get_args(hint) if part is not type(None)]
    return parts[0] if len(parts) == 1 else frozenset(parts)


def _is_union(hint: Hint) -> bool:
    origin: Any = get_origin(hint)
    return origin in (types.UnionType, Union)


def shape_fault(reader: Reader, node: Node, wanted: str) -> Any:
    """The fault of a node that is no ``wanted``, under the key at hand."""
    if isinstance(node, Seq):
        found = "列表"
    elif isinstance(node, Map):
        found = "映射"
    elif node.value is None:
        found = "空的"
    else:
        found = f"“{node.text[:20]}”"
    hint = ""
    if isinstance(node, Scalar) and "\uff1a" in node.text:
        hint = "(冒号要用半角,后面空一格)"
    sentence = f"“{reader.key}”应是{wanted},现在是{found},请改正{hint}。"
    return reader.bad(node.line, "scheme-shape", sentence)
