"""A mapping file: which columns of which file are units and facts. It holds no expressions.

```yaml
map:
  scheme: sf_food
  period: 1990-01-01..2035-12-31
  main: inspections
files: {inspections: "*inspections*.csv", violations: "*violations*.csv"}
units: {file: inspections, id: 行号, name: business_id}
facts:
  violation:
    file: violations
    join: {business_id: business_id, date: date}
    happened: {column: date, form: "%Y%m%d"}
    fields: {risk: {column: risk_category, words: {High Risk: 高风险}}}
reconcile: {measure: score}
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from wenyou_core.errors import Place, SchemeError
from wenyou_core.scheme import load as _load  # noqa: F401 -- registers the forms of the language
from wenyou_core.scheme.reader import BAD, Reader, shape_fault
from wenyou_core.scheme.shaping import build, form, written
from wenyou_core.scheme.yamlread import Map, Node, Scalar, read_yaml

ROW = "行号"
"""The word that stands for the row number where a key is wanted."""

NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A column: its header, the form of its dates, and its words in the plan's words.

    Words that ``words`` does not list count as absent; without ``words`` they stay as they are.
    """

    column: str
    form: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitMap:
    """Rows that are units: the key, and the name (both a header, or 行号)."""

    file: str
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactMap:
    """Rows that are facts of a kind.

    ``join`` names columns here and columns of the units' file that must be equal; without it a
    row is a fact of the unit of the same row (the same file), or of ``unit``, a header. A row
    whose ``needs`` are empty is no fact: the record says nothing of it.
    """

    file: str
    happened: Source
    unit: str = ""
    join: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Source] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """What stands against the published column: a grade's step, or a measure's value."""

    grade: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Which plan the mapping is for, the period of the run, and the file that ``--facts`` names."""

    scheme: str
    period: str
    main: str
    adopter: str = "全体"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """A whole mapping file. ``files`` gives each file a pattern with ``*``."""

    map: Head
    files: Mapping[str, str]
    units: UnitMap
    facts: Mapping[str, FactMap]
    reconcile: Compare = Compare()


written(UnitMap, "name")


@form(Source)
def _source(reader: Reader, node: Node) -> Any:
    if isinstance(node, Scalar):
        return Source(column=node.text) if node.text else shape_fault(reader, node, "列名")
    if isinstance(node, Map):
        return build(Source, reader, node)
    return shape_fault(reader, node, "列名，或 {column: 列名, form: 日期格式, words: {…}}")


def load_mapping(text: str, file: str) -> Mapped:
    """The mapping of a file. Raises SchemeError with every fault, each with its line."""
    root = read_yaml(text, file)
    reader = Reader(file)
    found = build(Mapped, reader, root)
    if found is not BAD and not reader.faults:
        _names(reader, cast(Mapped, found))
    if found is BAD or reader.faults:
        raise SchemeError(reader.faults)
    return cast(Mapped, found)


def _names(reader: Reader, found: Mapped) -> None:
    """Every file that is named must be listed under ``files``."""
    named = {"main": found.map.main, "units": found.units.file}
    named |= {kind: one.file for kind, one in found.facts.items()}
    for where, name in named.items():
        if name not in found.files:
            sentence = f"“{where}”用到的文件“{name}”没有列在 files 里，请补上。"
            reader.bad(1, "map-file", sentence)
    if bool(found.reconcile.grade) and bool(found.reconcile.measure):
        reader.bad(1, "map-reconcile", "reconcile 里 grade 和 measure 只能写一个，请删去一个。")
