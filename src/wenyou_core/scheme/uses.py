"""Which parameters, tables and roles a part of a plan uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass

from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import Fixed, FromTable, Scaled
from wenyou_core.scheme.expr import Field, Param
from wenyou_core.scheme.rules import Whom, Window
from wenyou_core.scheme.texts import param_of

_FREE_TEXT = frozenset({"title", "name", "article", "help", "evidence", "who"})


_NAMES: dict[type, tuple[str, ...]] = {Place: ()}


def _names_in(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass that may use something; of anything else, and a place, none."""
    names = _NAMES.get(kind)
    if names is None:
        every = fields(kind) if is_dataclass(kind) else ()
        names = _NAMES[kind] = tuple(one.name for one in every if one.name not in _FREE_TEXT)
    return names


@dataclass(slots=True)
class Uses:
    """Names used, each with the first thing that uses it."""

    params: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    whoms: dict[str, str] = field(default_factory=dict)
    lookups: set[str] = field(default_factory=set)
    """Tables whose numbers an expression reads."""

    def add(self, value: object, by: str) -> None:
        """Note all that a rule, a measure, an expression … uses, on behalf of ``by``."""
        if isinstance(value, str):
            self._param(param_of(value), by)
        elif isinstance(value, Param):
            self._param(value.name, by)
        elif isinstance(value, Field):
            if value.of == "table":
                self.tables.setdefault(value.name, by)
                self.lookups.add(value.name)
        elif isinstance(value, tuple):
            self._all(value, by)
        elif _names_in(type(value)):
            self._thing(value, by)
        elif isinstance(value, Mapping):
            self._all(value.values(), by)

    def _thing(self, value: object, by: str) -> None:
        if isinstance(value, Fixed | Scaled):
            self._param(value.param, by)
        elif isinstance(value, Window):
            self._param(value.param if value.kind == "param" else "", by)
            return
        elif isinstance(value, FromTable):
            self.tables.setdefault(value.table, by)
        elif isinstance(value, Whom):
            self.whoms.setdefault(value.who, by)
        for name in _names_in(type(value)):
            self.add(getattr(value, name), by)

    def _all(self, values: Iterable[object], by: str) -> None:
        for value in values:
            self.add(value, by)

    def _param(self, name: str, by: str) -> None:
        if name:
            self.params.setdefault(name, by)
