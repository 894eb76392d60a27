"""Rows of dataclasses to JSON and back, exactly: what is equal is written with equal bytes.

A field that has its default is left out. Numbers that are no plain count are texts of exact
decimals (``"-97.83"``) or fractions (``"3/1000"``); amounts of a ledger are decimals with the
ledger's digits; dates and moments are ISO texts; a subject is ``unit:A01``. In the free values
of facts and attributes a number is ``{"n": "1.5"}`` and a date ``{"d": "2025-08-01"}``, so that
they need no plan to be read back.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from json.encoder import encode_basestring
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from wenyou_core.assess.celltexts import CellTexts
from wenyou_core.assess.facts import Cell, Subject
from wenyou_core.errors import Place
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind

Json = Any  # what json.loads gives
Encode = Callable[[Any], Json]
Decode = Callable[[Json], Any]
Write = Callable[[Any], str]
Row = TypeVar("Row")
_DIGITS = frozenset("0123456789-./")
json_text: Write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Any JSON value as text, without blanks."""
_NEVER_EQUAL = (None, dataclasses.MISSING)
"""Defaults that nothing else equals: asking a fraction whether it does is dear."""


class Damaged(Exception):
    """A JSON value that is not what its place asks for; the text names the field."""


# -- single values ---------------------------------------------------------------------------


def number_text(number: Fraction) -> str:
    """An exact number as text: a decimal where one says it, else a fraction."""
    return show_number(number)


def number_of(text: Json) -> Fraction:
    """The number of ``number_text``."""
    if not _DIGITS.issuperset(text_of(text)):  # "1e999999999" would fill the memory
        raise Damaged(f"number {text!r}")
    return Fraction(text)


def subject_text(subject: Subject) -> str:
    """``unit:A01``, ``person:3021``, ``adopter:B``."""
    return f"{subject.kind.value}:{subject.id}"


def subject_of(text: Json) -> Subject:
    """The subject of ``subject_text``."""
    kind, mark, code = text_of(text).partition(":")
    if not mark:
        raise Damaged(f"subject {text!r}")
    return Subject(SubjectKind(kind), code)


def moment_text(moment: datetime) -> str:
    """A moment; one without a zone stands on the clock of Beijing and is written without."""
    return moment.isoformat()


def moment_of(text: Json) -> datetime:
    """The moment of ``moment_text``."""
    return datetime.fromisoformat(text_of(text))


def cell_json(cell: Cell) -> Json:
    """A free value: texts, yes/no and lists as they are, numbers and dates marked."""
    # By exact type: asking isinstance of Fraction goes through its abstract bases.
    kind = type(cell)
    if kind is str or kind is bool:
        return cell
    if isinstance(cell, Fraction):
        return {"n": show_number(cell)}
    if isinstance(cell, date):
        return {"d": cell.isoformat()}
    return cell


def cell_text(cell: Cell) -> str:
    """``cell_json`` as JSON text."""
    if isinstance(cell, str):
        return encode_basestring(cell)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, date):
        return f'{{"d":"{cell.isoformat()}"}}'
    if isinstance(cell, Fraction):
        return f'{{"n":"{show_number(cell)}"}}'
    return list_text(map(encode_basestring, cell))


def list_text(parts: Iterable[str]) -> str:
    """A list of what is JSON text already."""
    return f"[{','.join(parts)}]"


def cell_of(value: Json) -> Cell:
    """The free value of ``cell_json``."""
    if isinstance(value, dict):
        return number_of(value["n"]) if "n" in value else date.fromisoformat(value["d"])
    if isinstance(value, list):
        return tuple(text_of(one) for one in value)
    if isinstance(value, bool | str):
        return value
    raise Damaged(f"value {value!r}")


def text_of(value: Json) -> str:
    """A text. Raises Damaged for anything else, as the two below do."""
    if not isinstance(value, str):
        raise Damaged(f"text expected, found {value!r}")
    return value


def count_of(value: Json) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Damaged(f"count expected, found {value!r}")
    return value


def flag_of(value: Json) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise Damaged(f"yes or no expected, found {value!r}")
    return value


def list_of(value: Json) -> list[Json]:
    """A list."""
    if not isinstance(value, list):
        raise Damaged(f"list expected, found {value!r}")
    return value


def mapping_of(value: Json) -> dict[str, Json]:
    """A mapping."""
    if not isinstance(value, dict):
        raise Damaged(f"mapping expected, found {value!r}")
    return value


def _same(value: Json) -> Json:
    return value


# -- rows --------------------------------------------------------------------------------------


class _Form(NamedTuple):
    """How values of a type are told as JSON, read from it, and written as JSON text.

    ``repeats`` is for types whose values are quickly told apart, and whose equals are written
    alike: each of a column is written once.
    """

    encode: Encode
    decode: Decode
    write: Write
    repeats: bool = False


_PLAIN: dict[Any, _Form] = {
    str: _Form(_same, text_of, encode_basestring, repeats=True),
    int: _Form(_same, count_of, int.__repr__),  # True as 1, and nothing that is no whole number
    bool: _Form(_same, flag_of, lambda flag: "true" if flag else "false"),
    Fraction: _Form(number_text, number_of, lambda number: f'"{show_number(number)}"'),
    date: _Form(
        date.isoformat,
        lambda text: date.fromisoformat(text_of(text)),
        lambda day: f'"{day.isoformat()}"',
        repeats=True,
    ),
    datetime: _Form(moment_text, moment_of, lambda moment: f'"{moment.isoformat()}"'),
    Subject: _Form(subject_text, subject_of, lambda one: encode_basestring(subject_text(one))),
    Mapping: _Form(
        lambda cells: {name: cell_json(cells[name]) for name in sorted(cells)},
        lambda cells: {name: cell_of(cell) for name, cell in mapping_of(cells).items()},
        lambda cells: cells_text(cells),
    ),
}


def cells_text(cells: Mapping[str, Cell]) -> str:
    """Free values by name, as JSON text."""
    pairs = [f"{encode_basestring(name)}:{cell_text(cells[name])}" for name in sorted(cells)]
    return f"{{{','.join(pairs)}}}"


def cells_writer() -> Callable[[Mapping[str, Cell]], str]:
    """``cells_text`` of many rows, each value told once; the rows are held by the caller."""
    texts = CellTexts(lambda name, cell: f"{encode_basestring(name)}:{cell_text(cell)}")
    return lambda cells: f"{{{','.join(texts.of(cells))}}}"


_quoted = lru_cache(maxsize=1024)(encode_basestring)
"""The names of files and sheets, which repeat from row to row."""


def row_place_text(place: Place) -> str:
    """The place of a row of a sheet as JSON text; empty for any other place."""
    other = place.line or place.column or place.article
    if other or not (place.file and place.row and place.sheet):
        return ""
    return f'{{"file":{_quoted(place.file)},"row":{place.row},"sheet":{_quoted(place.sheet)}}}'


def _form_of(hint: Any) -> _Form:
    """The form of values of a type."""
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint is Place:
        place = RowCodec(Place)
        return _Form(
            place.encode, place.decode, lambda one: row_place_text(one) or place.write(one)
        )
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _Form(lambda one: one.value, hint, lambda one: encode_basestring(one.value))
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        encode, decode, write, _ = _form_of(args[0])
        return _Form(
            lambda values: [encode(one) for one in values],
            lambda values: tuple(decode(one) for one in list_of(values)),
            lambda values: list_text(map(write, values)),
        )
    if origin in (types.UnionType, typing.Union) and len(args) == 2 and type(None) in args:
        inner = next(arg for arg in args if arg is not type(None))
        encode, decode, write, repeats = _form_of(inner)
        return _Form(
            lambda one: None if one is None else encode(one),
            lambda one: None if one is None else decode(one),
            lambda one: "null" if one is None else write(one),
            repeats,
        )
    if origin is Mapping:
        return _PLAIN[Mapping]
    raise TypeError(f"no form for {hint!r}")


class _Texts(dict[Any, str]):
    """The JSON texts of values, each made once."""

    def __init__(self, write: Write) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Any) -> str:
        text = self[value] = self._write(value)
        return text


def _column(values: list[Any], default: Any, form: _Form) -> Sequence[str]:
    """The JSON texts of a column, "" for what has its default."""
    write = cells_writer() if form is _PLAIN[Mapping] else form.write
    if form.repeats:  # equal values have equal texts
        texts = _Texts(write)
        if default is not dataclasses.MISSING:
            texts[default] = ""
        return list(map(texts.__getitem__, values))
    if default in _NEVER_EQUAL:
        return ["" if value is default else write(value) for value in values]
    return ["" if value is default or value == default else write(value) for value in values]


class RowCodec:
    """How rows of one dataclass are written and read; made once, used for every row."""

    def __init__(self, kind: type) -> None:
        hints = typing.get_type_hints(kind)
        self._kind = kind
        self._fields: list[tuple[str, Any, _Form]] = []
        for one in sorted(dataclasses.fields(kind), key=lambda field: field.name):
            default: Any = one.default
            if one.default_factory is not dataclasses.MISSING:
                default = one.default_factory()
            self._fields.append((one.name, default, _form_of(hints[one.name])))
        self._encoders = [(name, default, form.encode) for name, default, form in self._fields]
        self._values: Callable[[object], tuple[Any, ...]] = attrgetter(
            *(name for name, *_ in self._fields)
        )

    def encode(self, row: object) -> dict[str, Json]:
        """The row as a mapping in the order of its names, without what has its default."""
        return {
            name: encode(value)
            for (name, default, encode), value in zip(
                self._encoders, self._values(row), strict=True
            )
            if value is not default and value != default
        }

    def write(self, row: object) -> str:
        """``encode`` as JSON text."""
        return self.lines([row])[0]

    def lines(
        self, rows: Sequence[object], told: Mapping[str, Sequence[str]] | None = None
    ) -> list[str]:
        """``encode`` of many rows as JSON texts, column by column: down a column values repeat.

        ``told`` holds the JSON texts of columns that are written otherwise, "" where a row has
        none.
        """
        columns = []
        for name, default, form in self._fields:
            if told is not None and name in told:
                texts = told[name]
            else:
                texts = _column(list(map(attrgetter(name), rows)), default, form)
            if any(texts):
                prefix = f"{encode_basestring(name)}:"
                columns.append([text and prefix + text for text in texts])
        if not columns:
            return ["{}" for _ in rows]
        return [f"{{{','.join(filter(None, parts))}}}" for parts in zip(*columns, strict=True)]

    def decode(self, value: Json) -> Any:
        """The row of ``encode``. Raises Damaged when a field is missing, unknown or odd."""
        if not isinstance(value, dict):
            raise Damaged(f"{self._kind.__name__}: {value!r}")
        given: dict[str, Any] = {}
        for name, default, form in self._fields:
            if name in value:
                try:
                    given[name] = form.decode(value[name])
                except (Damaged, ValueError, TypeError, KeyError, AttributeError) as error:
                    raise Damaged(f"{self._kind.__name__}.{name}: {value[name]!r}") from error
            elif default is dataclasses.MISSING:
                raise Damaged(f"{self._kind.__name__}.{name} is missing")
        strangers = value.keys() - {name for name, *_ in self._fields}
        if strangers:
            raise Damaged(f"{self._kind.__name__}: unknown {sorted(strangers)}")
        return self._kind(**given)
