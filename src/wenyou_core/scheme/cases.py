"""Cases: small worked examples that stand beside a plan, each named by a sentence.

Rows of units, persons and facts hold fields that only the plan can type, so they stay nodes here;
``assess/casebook.py`` turns them into a FactBook. What a case expects stays text for the same
reason. A part of ``expect`` that is left out (None) is not compared; an empty one says "none".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from wenyou_core.errors import InputRefused, Place, SchemeError
from wenyou_core.scheme.load import read_adoption
from wenyou_core.scheme.model import Adoption, Dated
from wenyou_core.scheme.reader import BAD, Reader, shape_fault, text_of
from wenyou_core.scheme.shaping import build, form, placed, written
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq, read_yaml
from wenyou_core.worktime.periods import Period, parse_period

NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as typed: column → node, and where it stands."""

    cells: Mapping[str, Scalar | Seq]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePost:
    """Who holds a post; since 2000-01-01 and still, unless said."""

    person: str
    unit: str
    post: str
    since: date | None = None
    till: date | None = None
    acting: bool = False
    recorded: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCoverage:
    """Days for which a kind of facts (empty: every kind) is declared complete."""

    kind: str = ""
    unit: str = ""
    since: date | None = None
    till: date | None = None
    recorded: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpening:
    """An opening balance of a unit or person: ``{unit: U1, amount: 12 分, on: 2025-01-01}``."""

    unit: str = ""
    person: str = ""
    amount: str
    on: date
    note: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedEntry:
    """An entry: rule, subject and amount must agree, and whatever else is said.

    ``kind`` is a word of EntryKind; without it entries of every kind of the rule are meant.
    """

    rule: str
    subject: str
    amount: str
    kind: str = ""
    fact: str = ""
    period: str = ""
    factor: str = ""
    count: int | None = None
    part: int | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedBar:
    """A bar on a subject; ``until`` is a date, or ``forever``."""

    what: str
    subject: str
    rule: str = ""
    until: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedTask:
    """A task opened for a subject."""

    task: str
    subject: str = ""
    rule: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What must come out. ``measures`` hold texts such as ``0.5`` or ``3/1000``; None is absent.

    ``converted`` says what a subject's sums are worth in other ledgers (``{U1: [-240 元]}``);
    ``refused`` names the faults that must keep the plan from running (``[unset]``).
    """

    entries: tuple[ExpectedEntry, ...] | None = None
    measures: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    bars: tuple[ExpectedBar, ...] | None = None
    tasks: tuple[ExpectedTask, ...] | None = None
    grades: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    awards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    targets: Mapping[str, bool | Mapping[str, bool | None] | None] = field(default_factory=dict)
    obligations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    converted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncounted: tuple[str, ...] | None = None
    waiting: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    refused: tuple[str, ...] | None = None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One worked example.

    ``fires`` and ``misses`` name rules, measures, grades … that this case makes fire, or that it
    just misses. ``values`` and ``tables`` are those of an implied adoption by unit ``B``;
    ``adoption`` is a whole one instead. Without ``coverage`` everything is declared complete.
    """

    name: str
    article: str
    proves: tuple[str, ...] = ()
    fires: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()
    period: Period
    known_at: str = ""
    values: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    adoption: Adoption | None = None
    units: tuple[Row, ...] = ()
    persons: tuple[Row, ...] = ()
    posts: tuple[CasePost, ...] = ()
    facts: tuple[Row, ...] = ()
    coverage: tuple[CaseCoverage, ...] | None = None
    openings: tuple[CaseOpening, ...] = ()
    expect: Expect
    place: Place = NOWHERE


written(Case, "name", "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What the cases of a plan share: parameters and table cells of the implied adoption."""

    values: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file of cases: the cases, or what the cases of the other files share, or both."""

    defaults: Defaults = Defaults()
    cases: tuple[Case, ...] = ()


def load_case_file(text: str, file: str) -> CaseFile:
    """A file of cases with its defaults. Raises SchemeError with every fault."""
    root = read_yaml(text, file)
    reader = Reader(file)
    found = BAD
    if isinstance(root, Map) and ("cases" in root.items or "defaults" in root.items):
        found = build(CaseFile, reader, root)
    else:
        reader.bad(root.line, "scheme-missing", "缺少“cases:”一节，请补上。")
    if reader.faults:
        raise SchemeError(reader.faults)
    return cast(CaseFile, found)


def load_cases(text: str, file: str, defaults: Defaults | None = None) -> tuple[Case, ...]:
    """The cases of a file, with ``defaults`` (of other files) and the file's own put in.

    Raises SchemeError with every fault: line, article, what to do.
    """
    found = load_case_file(text, file)
    return tuple(_completed(case, found.defaults, defaults or Defaults()) for case in found.cases)


def _completed(case: Case, *shared: Defaults) -> Case:
    """The nearest wins: the case, the file's own defaults, those of other files."""
    if case.adoption is not None:
        return case
    for defaults in shared:
        tables = {
            name: {**cells, **case.tables.get(name, {})} for name, cells in defaults.tables.items()
        }
        case = replace(
            case,
            values={**defaults.values, **case.values},
            tables={**case.tables, **tables},
        )
    return case


@form(Case)
def read_case(reader: Reader, node: Node) -> Any:
    """A case; what is wrong in it is told with its article."""
    number = node.items.get("article") if isinstance(node, Map) else None
    reader.article = number.text if isinstance(number, Scalar) else ""
    reader.since = date.min
    case = placed(Case, reader, node)
    reader.article = ""
    if case is BAD or case.adoption is None or not (case.values or case.tables):
        return case
    text = "“adoption”不能与“values”“tables”同写，请把值写进“adoption”里。"
    return reader.bad(node.line, "scheme-key", text)


@form(Adoption)
def _read_adoption(reader: Reader, node: Node) -> Any:
    return read_adoption(reader, node)


@form(Period)
def read_period(reader: Reader, node: Node) -> Any:
    """``2025Q3``, ``2025-07``, ``2025-10-01..2025-12-31``."""
    text = text_of(reader, node)
    if text is BAD:
        return BAD
    try:
        return parse_period(text)
    except InputRefused as error:
        return reader.bad(node.line, "scheme-period", str(error))


@form(Row)
def read_row(reader: Reader, node: Node) -> Any:
    """A row; its cells are single values or lists."""
    if not isinstance(node, Map):
        return shape_fault(reader, node, "“列: 值”的映射")
    cells: dict[str, Scalar | Seq] = {}
    for name, child in node.items.items():
        if isinstance(child, Map):
            reader.key = name
            return shape_fault(reader, child, "一个值或列表")
        cells[name] = child
    return Row(cells=cells, place=reader.place(node.line))


@form(bool | Mapping[str, bool | None])
def read_target(reader: Reader, node: Node) -> Any:
    """true, false, or empty for "does not apply"; or a mapping of subjects to these."""
    if not isinstance(node, Map):
        return read_met(reader, node)
    values = {name: read_met(reader, child) for name, child in node.items.items()}
    return BAD if BAD in values.values() else values


def read_met(reader: Reader, node: Node) -> Any:
    """true, false, or empty."""
    if isinstance(node, Scalar) and (node.value is None or isinstance(node.value, bool)):
        return node.value
    return shape_fault(reader, node, " true、false 或空")
