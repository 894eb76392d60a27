"""A plan as data: what an author writes, typed and frozen. The loader fills these.

A plan reads article by article. Everything that computes stands inside an article, so every
value has one. ``docs/dev/scheme-language.md`` is the guide; rules and measures are in
``rules.py`` and ``measures.py``. Names (of fields, parameters, measures, rules) are ASCII words, unique in the plan;
values of lists are Chinese words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from wenyou_core.errors import Place
from wenyou_core.scheme.expr import Expr, Value
from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.outcomes import Appeal, Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Rule
from wenyou_core.scheme.words import (
    ArticleKind,
    Choose,
    PeriodKind,
    SubjectKind,
    ValueType,
)

NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """An account that entries are written to. Ledgers are never added to each other.

    ``unit`` is the word behind a number (``元``, ``分``, ``星``, ``天``); ``digits`` how many
    decimals an entry holds exactly. Amounts are integers of 10**-digits units inside.
    ``rate`` (another ledger's name and the exact worth of one unit there) exists only where the
    plan declares a conversion; results then show the converted sum beside, never added.
    """

    name: str = ""
    title: str
    unit: str
    digits: int = 0
    rate: Mapping[str, str] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDef:
    """A field of a fact kind, or an attribute of units or persons.

    ``choices`` names a list of the plan. ``digits`` counts decimals (MONEY: always 2). ``least`` and
    ``greatest`` bound a number (MONEY in yuan), both included: what lies beyond is refused when
    facts are read, so that a deduction typed as -2 does not become a bonus.
    """

    name: str = ""
    title: str
    type: ValueType = ValueType.TEXT
    choices: str = ""
    digits: int = 0
    required: bool = False
    least: str = ""
    greatest: str = ""
    help: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class FactKind:
    """A kind of happening. Every fact also has the built-in fields, which are not declared:

    ``id`` 编号, ``happened`` 发生日期, ``at`` 发生时间 (minutes, may be absent), ``known`` 登记时间,
    ``state`` 状态, ``evidence`` 佐证 (list of texts), and by ``subjects``: ``unit`` 机构号,
    ``person`` 员工号. ``unit`` is required where listed first.
    """

    name: str = ""
    title: str
    subjects: tuple[SubjectKind, ...] = (SubjectKind.UNIT,)
    person_required: bool = False
    fields: Mapping[str, FieldDef] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role that rules name (``head``), and the posts that fill it when not adopted otherwise.

    ``acting``: ``instead`` an acting holder takes the place of the regular one on those days,
    ``also`` both, ``no`` acting holders do not count.
    """

    name: str = ""
    title: str
    posts: tuple[str, ...] = ()
    acting: str = "instead"
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The subjects a measure, ranking or target speaks of (考核对象).

    Members are judged on the last day of the period: units open that day, persons holding a post
    that day; ``where`` looks at their attributes of that day. ``peers`` are attributes that cut
    it into peer groups: ranks and means are then taken within each (and always within each
    adopting unit).
    """

    name: str = ""
    title: str
    of: SubjectKind
    where: Expr | None = None
    peers: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A value in force from a day on; an open value (``null``) ends the one before."""

    since: date
    value: Value | None
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A named value of an article: a number, or the reading chosen where the text is open.

    ``values`` in order of ``since``; empty means *unset*: the plan loads, but cannot be assessed
    until an adoption sets it. For a reading, ``choices`` lists the words it may take, and
    ``question`` says what the text leaves open.
    """

    name: str = ""
    title: str
    type: ValueType = ValueType.DECIMAL
    unit: str = ""
    digits: int = 0
    choices: tuple[str, ...] = ()
    question: str = ""
    values: tuple[Dated, ...] = ()
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Amounts or numbers by the words of one or two lists; a cell may be unset (``null``).

    ``by`` names the fields looked up; ``values`` maps a word, or two words joined by ``/``, to
    an amount text (``-600 元``) or number. A word without a row gives no entry, and the lint says
    so.
    """

    name: str = ""
    title: str
    by: tuple[str, ...]
    values: Mapping[str, str | None]
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionSet:
    """Rules that may hit one event, and how to choose among them; there is no silent default.

    ``choose`` is a word of Choose, or ``param.name`` of a CHOICE parameter whose words are
    ``累加``, ``就高``, ``就低``, ``按条款先后``. ``per`` names the fields that make "one event"
    (default: the root fact). Entries compete within one subject and one ledger.
    """

    name: str = ""
    title: str
    choose: Choose | str
    per: tuple[str, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetItem:
    """One line of a checklist: number, content, and points where the sheet gives them."""

    no: str
    text: str
    points: str = ""
    step: str = ""
    floor: str = ""
    ceiling: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetModule:
    """A module of a checklist."""

    title: str
    items: tuple[SheetItem, ...]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A versioned checklist (检查表)."""

    name: str = ""
    title: str
    version: str = "1"
    modules: tuple[SheetModule, ...] = ()
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: its number, a short title of ours, the reading chosen, and what it holds.

    ``quote`` is a quotation of a few characters; ``covers`` the inventory numbers it carries;
    ``reading`` the 考核口径 where the text is open; ``tells`` what a duty, register or principle
    says, in our words.
    """

    no: str
    title: str
    kinds: tuple[ArticleKind, ...]
    quote: str = ""
    reading: str = ""
    tells: str = ""
    covers: tuple[str, ...] = ()
    params: Mapping[str, Parameter] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    sets: Mapping[str, ExclusionSet] = field(default_factory=dict)
    measures: Mapping[str, MeasureDef] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    grades: Mapping[str, Grade] = field(default_factory=dict)
    awards: Mapping[str, Award] = field(default_factory=dict)
    targets: Mapping[str, Target] = field(default_factory=dict)
    obligations: Mapping[str, Obligation] = field(default_factory=dict)
    appeals: Mapping[str, Appeal] = field(default_factory=dict)
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole plan: one version of one 实施方案 or 考核办法.

    ``deciding`` names the date that decides the period of a fact (``happened``, ``known``, a date
    field, or ``param.name`` of a reading); a rule may say otherwise. ``periods`` are the kinds of
    period the plan speaks of; the first is the default of its rules.
    """

    id: str
    version: str
    title: str
    issuer: str
    sector: str = ""
    parents: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    periods: tuple[PeriodKind, ...] = (PeriodKind.QUARTER,)
    deciding: str = "happened"
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ledgers: Mapping[str, Ledger] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    unit_fields: Mapping[str, FieldDef] = field(default_factory=dict)
    person_fields: Mapping[str, FieldDef] = field(default_factory=dict)
    facts: Mapping[str, FactKind] = field(default_factory=dict)
    populations: Mapping[str, Population] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptionRecord:
    """What made the plan binding (劳动合同法 art. 4): without it money is 未经通过程序."""

    consulted_on: date | None = None
    published_on: date | None = None
    acknowledged_on: date | None = None
    documents: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all three steps have a date."""
        return bool(self.consulted_on and self.published_on and self.acknowledged_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """A unit takes up a shipped plan: values of open parameters, role names, the record.

    ``units`` are the adopting units (机构号): each with all units beneath it is ranked by
    itself. ``values`` set or replace parameters (by name, dated), ``tables`` cells of tables
    (``table`` → word → amount), ``roles`` the posts that fill a role.
    ``places`` are where its keys stand in the file, each behind those around it:
    ``("tables", "fine", "仪容")``.
    """

    id: str
    plan: str
    version: str
    units: tuple[str, ...]
    in_force_from: date
    in_force_to: date | None = None
    values: Mapping[str, tuple[Dated, ...]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    record: AdoptionRecord = AdoptionRecord()
    place: Place = NOWHERE
    places: Mapping[tuple[str, ...], Place] = field(default_factory=dict, compare=False)

    def at(self, *keys: str) -> Place:
        """Where a key stands, or the nearest one around it that is known."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.places:
                return self.places[keys[:length]]
        return self.place
