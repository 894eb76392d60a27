"""From what a unit says when it takes up a plan to the adoption file, and faults back to fields.

Each value stands on a line of its own, so that a fault's line tells whose it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from wenyou_core.errors import Fault, SchemeError, WenyouError
from wenyou_core.scheme.adopt import check_adoption
from wenyou_core.scheme.load import load_adoption
from wenyou_desk.plans import AdoptionFile, PlanFile

if TYPE_CHECKING:
    from wenyou_core.scheme.model import Table

FILE = "采用.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said. Empty values leave the plan's own; ``units`` are ranked each by itself."""

    units: tuple[str, ...]
    from_on: date
    until_on: date | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    consulted_on: date | None = None
    published_on: date | None = None
    acknowledged_on: date | None = None
    documents: tuple[str, ...] = ()


class AdoptionRefused(WenyouError):
    """An adoption that does not load; ``by_field`` are the sentences for each form field."""

    def __init__(self, by_field: Mapping[str, list[str]]) -> None:
        self.by_field = by_field
        lines = [line for lines in by_field.values() for line in lines]
        super().__init__("adoption", "\n".join(lines))


def param_field(name: str) -> str:
    """The form field of a parameter."""
    return f"p_{name}"


def cell_field(table: Table, word: str) -> str:
    """The form field of a cell; its word is Chinese, so its place in the table names it."""
    return f"t_{table.name}_{list(table.values).index(word)}"


def role_field(name: str) -> str:
    """The form field of a role."""
    return f"r_{name}"


def adoption_of(plan: PlanFile, code: str, said: Said) -> AdoptionFile:
    """The adoption with its text, checked. Raises AdoptionRefused with every fault."""
    text, lines = written(plan, code, said)
    try:
        adoption = load_adoption(text, FILE)
        check_adoption(plan.checked, adoption)
    except SchemeError as error:
        raise AdoptionRefused(_by_field(error, lines, plan)) from error
    return AdoptionFile(FILE, text, adoption)


def written(plan: PlanFile, code: str, said: Said) -> tuple[str, dict[int, str]]:
    """The text of an adoption file, and which form field stands on which line."""
    page = _Page()
    page.line("adoption:")
    page.line(f"  id: {_quoted(code)}")
    page.line(f"  plan: {plan.plan.id}")
    page.line(f"  version: {_quoted(plan.plan.version)}")
    page.line(f"  units: [{', '.join(map(_quoted, said.units))}]", "unit")
    page.line(f"  in_force_from: {said.from_on.isoformat()}", "from_on")
    if said.until_on:
        page.line(f"  in_force_to: {said.until_on.isoformat()}", "until_on")
    _values(page, said)
    _tables(page, plan, said)
    roles = {name: posts for name, posts in said.roles.items() if posts}
    if roles:
        page.line("  roles:")
        for name, posts in roles.items():
            page.line(f"    {name}: [{', '.join(map(_quoted, posts))}]", role_field(name))
    _record(page, said)
    return page.text(), page.fields


def _values(page: _Page, said: Said) -> None:
    values = {name: text for name, text in said.params.items() if text}
    if values:
        page.line("  values:")
        for name, text in values.items():
            page.line(f"    {name}: {_quoted(text)}", param_field(name))


def _tables(page: _Page, plan: PlanFile, said: Said) -> None:
    filled = {
        name: {word: text for word, text in cells.items() if text}
        for name, cells in said.tables.items()
    }
    if not any(filled.values()):
        return
    page.line("  tables:")
    for name, cells in filled.items():
        if cells:
            page.line(f"    {name}:")
            for word, text in cells.items():
                table = plan.checked.scope.tables[name]
                page.line(f"      {_quoted(word)}: {_quoted(text)}", cell_field(table, word))


def _record(page: _Page, said: Said) -> None:
    days = ("consulted_on", "published_on", "acknowledged_on")
    known = [(name, getattr(said, name)) for name in days if getattr(said, name)]
    if not known and not said.documents:
        return
    page.line("  record:")
    for name, day in known:
        page.line(f"    {name}: {day.isoformat()}", name)
    if said.documents:
        page.line(f"    documents: [{', '.join(map(_quoted, said.documents))}]", "documents")


class _Page:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self.fields: dict[int, str] = {}

    def line(self, text: str, name: str = "") -> None:
        self._lines.append(text)
        if name:
            self.fields[len(self._lines)] = name

    def text(self) -> str:
        return "\n".join(self._lines) + "\n"


def _quoted(text: str) -> str:
    """A text as YAML reads it back unchanged: JSON's form is one of YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _by_field(error: SchemeError, lines: Mapping[int, str], plan: PlanFile) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in error.faults:
        name = lines.get(fault.place.line, "") or _named(fault, plan)
        found.setdefault(name, []).append(fault.text)
    return found


_WORDS = {"施行止日": "until_on", "止日": "until_on", "起日": "from_on", "程序记录": "consulted_on"}


def _named(fault: Fault, plan: PlanFile) -> str:
    """The field of a fault that stands at the head of the file: by what its sentence names."""
    for table in plan.checked.scope.tables.values():
        if table.title in fault.text or f"“{table.name}”" in fault.text:
            for word in table.values:
                if f"的“{word}”" in fault.text:
                    return cell_field(table, word)
    return next((name for word, name in _WORDS.items() if word in fault.text), "")
