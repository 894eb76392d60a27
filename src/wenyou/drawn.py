"""Questions that every page asks, drawn up as SQL once.

Who is signed in, which roles he holds, how much he has not read: to draw such a query up takes
Django ten times as long as the database takes to answer it, and it comes out the same each time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
Value = int | str | date


@dataclass(frozen=True, slots=True)
class Sql:
    """What Django has made of a query."""

    text: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, int], ...]  # which parameter is which of the values
    columns: tuple[str, ...]  # by their attributes
    readers: tuple[tuple[int, list[Any], Any], ...]  # of columns that the database keeps otherwise


class Drawn(Generic[M]):
    """A query for some values.

    ``draw`` makes it of them. It is handed ``marks`` in their place, once for each kind of
    database, and may depend on nothing else; nothing that equals a mark may stand in it besides.
    """

    def __init__(
        self, model: type[M], draw: Callable[..., QuerySet[M, Any]], *marks: Value
    ) -> None:
        self._model, self._draw, self._marks = model, draw, marks
        self._kept: dict[str, Sql] = {}

    def rows(self, *values: Value) -> list[tuple[Any, ...]]:
        """The rows for the values in place of the marks."""
        return [tuple(row) for row in self._read(self._sql(), values)]

    def objects(self, *values: Value) -> list[M]:
        """The rows as objects of the model."""
        sql = self._sql()
        made = self._model.from_db
        return [made(DEFAULT_DB_ALIAS, sql.columns, row) for row in self._read(sql, values)]

    def _read(self, sql: Sql, values: tuple[Value, ...]) -> Iterator[list[Any]]:
        params = list(sql.params)
        for place, number in sql.places:
            params[place] = stored(values[number])
        with connection.cursor() as cursor:
            cursor.execute(sql.text, params)
            found = cursor.fetchall()
        for row in found:
            cells = list(row)
            for place, readers, column in sql.readers:
                for reader in readers:
                    cells[place] = reader(cells[place], column, connection)
            yield cells

    def _sql(self) -> Sql:
        if connection.vendor not in self._kept:
            self._kept[connection.vendor] = self._made()
        return self._kept[connection.vendor]

    def _made(self) -> Sql:
        compiler = self._draw(*self._marks).query.get_compiler(DEFAULT_DB_ALIAS)
        text, params = compiler.as_sql()
        marks = [stored(one) for one in self._marks]
        places = tuple((at, marks.index(one)) for at, one in enumerate(params) if one in marks)
        if {number for _, number in places} != set(range(len(marks))):
            raise ValueError(f"a mark of {marks} is missing in {text} {params}")
        asked = [column for column, *_ in compiler.select]
        readers = compiler.get_converters(asked).items()
        return Sql(
            str(text), tuple(params), places,
            columns=tuple(one.target.attname for one in asked),
            readers=tuple((at, *one) for at, one in readers),
        )  # fmt: skip


def stored(value: Value) -> Any:
    """A value as the parameters of a query have it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value
