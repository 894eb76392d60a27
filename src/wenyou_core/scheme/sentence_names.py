"""How a sentence calls the things of a plan: by title where that is plain and unique.

The whole grammar rests on one promise, kept here: within a name space two names never look the
same, and a title that holds a word or a sign of the grammar stands in 「」. So what is not in
quotation marks can be told apart by the signs and words of ``docs/dev/sentence-grammar.md``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.amounts import Sum
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.model import Dated, FieldDef, Parameter, Plan
from wenyou_core.scheme.sentence_words import (
    ASCII_NAME,
    BUILT_IN_TITLES,
    CALL_WORDS,
    OPERATOR_WORDS,
    WHOM_WORDS,
    Titles,
    day_text,
    free_text,
    listed_text,
    percent_text,
    quoted,
    since_text,
)
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import Stat, ValueType

_RATE_TITLE = re.compile("率|比例|占比|比重|权重|百分|压降|增幅")
OWNED = ("机构的", "人员的", "当期的")
"""What stands before a name that belongs to a unit, a person or the period."""
TABLE = "查表"
PERIOD_DAYS = {"start": "首日", "end": "末日"}


class Names:
    """The names of a plan as sentences show them.

    ``plan`` may be one that an adoption has been put into; then its values are shown. ``on`` is
    the day whose values are shown; without it a parameter shows all it has had.
    """

    def __init__(self, plan: Plan, on: date | None = None) -> None:
        self.plan = plan
        self.on = on
        things = _things(plan)
        self._params = things.params
        self._kinds = Titles(
            {name: kind.title for name, kind in plan.facts.items()},
            tokens=("中", "件数", *OPERATOR_WORDS),
        )
        self._populations = Titles(
            {name: one.title for name, one in plan.populations.items()}, tokens=("中", "的", "，")
        )
        self._units = Titles({name: ledger.unit for name, ledger in plan.ledgers.items()})
        self._ledgers = Titles({name: ledger.title for name, ledger in plan.ledgers.items()})
        self._roles = Titles(
            {name: role.title for name, role in plan.roles.items()},
            frozenset(WHOM_WORDS),
            ("各", "级机构", "连带", "记", "扣"),
        )
        self._param_titles = Titles(
            {name: one.title for name, one in things.params.items()},
            frozenset(CALL_WORDS),
            OPERATOR_WORDS,
        )
        self._measures = Titles(things.measures, frozenset(CALL_WORDS), OPERATOR_WORDS)
        self._named = Titles(things.named, tokens=("合计",))
        self._tables = Titles(things.tables)
        self._sets = Titles(things.sets)
        self._bars = Titles(_bar_titles(plan))
        self._fields: dict[str, Titles] = {}
        attributes = (plan.unit_fields, plan.person_fields)
        self._attributes = {
            of: Titles({name: one.title for name, one in table.items()}, tokens=OPERATOR_WORDS)
            for of, table in zip(("unit", "person"), attributes, strict=True)
        }
        self._operands = _operand_titles(plan, things)
        self.ratios = things.ratios

    # -- names ----------------------------------------------------------------------------

    def kind(self, name: str) -> str:
        """A fact kind."""
        return self._kinds.of(name)

    def field(self, kind: str, name: str) -> str:
        """A field of a fact kind, declared or built in."""
        if kind not in self._fields:
            declared = self.plan.facts[kind].fields if kind in self.plan.facts else {}
            titles = {**BUILT_IN_TITLES, **{key: one.title for key, one in declared.items()}}
            self._fields[kind] = Titles(titles, frozenset(CALL_WORDS), OPERATOR_WORDS)
        shown = self._fields[kind].of(name)
        return f"「{name}」" if shown.startswith(OWNED) else shown

    def attribute(self, of: str, name: str) -> str:
        """``机构的网点类别``."""
        if of == "table":
            return f"{TABLE}{self.table(name)}"
        if of == "period":
            return f"当期的{PERIOD_DAYS.get(name) or f'「{name}」'}"
        owner = {"unit": "机构的", "person": "人员的"}.get(of, f"「{of}」的")
        titles = self._attributes.get(of)
        return owner + (titles.of(name) if titles else f"「{name}」")

    def measure(self, name: str) -> str:
        """A measure, as an operand."""
        shown = self._measures.of(name)
        if shown.startswith("「") and not self._measures.titles.get(name):
            return f"指标{shown}"
        return shown if not shown.startswith(OWNED) else f"指标「{name}」"

    def named(self, name: str) -> str:
        """A rule, limit, grade, award or measure that a list names; ``rule+joint`` too."""
        own, plus, joint = name.partition("+")
        return self._named.of(own) + ("的连带部分" if plus and joint == "joint" else plus + joint)

    def population(self, name: str) -> str:
        """A population."""
        return self._populations.of(name)

    def role(self, name: str) -> str:
        """A role."""
        return self._roles.of(name)

    def ledger(self, name: str) -> str:
        """A ledger by its title."""
        return self._ledgers.of(name)

    def unit(self, ledger: str) -> str:
        """The word behind a number of a ledger."""
        return self._units.of(ledger)

    def table(self, name: str) -> str:
        """A table, always in quotation marks."""
        shown = self._tables.of(name)
        return shown if shown.startswith("「") else f"「{shown}」"

    def set(self, name: str) -> str:
        """An exclusion set, always in quotation marks."""
        shown = self._sets.of(name)
        return shown if shown.startswith("「") else f"「{shown}」"

    def bar(self, what: str) -> str:
        """A bar, by the awards that read it; always in quotation marks."""
        shown = self._bars.of(what)
        return shown if shown.startswith("「") else f"「{shown}」"

    def word(self, text: str) -> str:
        """A text value where a name could stand as well: quoted unless no name looks like it."""
        return quoted(text) if text in self._operands or ASCII_NAME.match(text) else free_text(text)

    # -- parameters -------------------------------------------------------------------------

    def is_date_param(self, name: str) -> bool:
        """Whether a parameter is a date."""
        one = self._params.get(name)
        return one is not None and one.type is ValueType.DATE

    def param(self, name: str) -> str:
        """A parameter with its value: ``归属季度的日期（口径：发生日期）``."""
        title = self.param_title(name)
        one = self._params.get(name)
        return f"{title}（{self.param_values(one) if one else '未声明'}）"

    def param_title(self, name: str) -> str:
        """A parameter without its value."""
        shown = self._param_titles.of(name)
        return shown if self._params.get(name) else f"参数{shown}"

    def param_values(self, param: Parameter) -> str:
        """The values of a parameter: one, or each with the day it begins."""
        values = self.dated(param)
        if not values:
            return "未定"
        head = "口径：" if param.type is ValueType.CHOICE else ""
        if len(values) == 1:
            return head + self.param_value(param, values[0].value)
        later = (f"{since_text(one.since)}{self.param_value(param, one.value)}" for one in values)
        return head + "、".join(later)

    def dated(self, param: Parameter) -> tuple[Dated, ...]:
        """The values to show: all, or the one in force on the day asked for."""
        if self.on is None:
            return param.values
        held = [one for one in param.values if one.since <= self.on]
        return tuple(held[-1:])

    def param_value(self, param: Parameter, value: Value | None) -> str:
        """One value with its unit."""
        if value is None:
            return "未定"
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, date):
            return day_text(value)
        if isinstance(value, str):
            return _window_text(value) if param.type is ValueType.WINDOW else listed_text(value)
        if param.type is ValueType.TIME and value.denominator == 1:
            return f"{value.numerator // 60}:{value.numerator % 60:02}"
        if abs(value) <= 1 and value and not param.unit and _RATE_TITLE.search(param.title):
            return percent_text(value)
        return show_number(value) + param.unit

    def sole_value(self, name: str) -> Fraction | None:
        """The number of a parameter that has exactly one; else None."""
        param = self._params.get(name)
        values = self.dated(param) if param else ()
        found = values[0].value if len(values) == 1 else None
        return found if isinstance(found, Fraction) else None

    def unit_of_param(self, name: str) -> str:
        """The unit of an AMOUNT parameter."""
        param = self._params.get(name)
        return param.unit if param else ""

    # -- amounts ------------------------------------------------------------------------------

    def sum(self, one: Sum, *, sign: bool = True) -> str:
        """``-600元``; without its sign where the verb tells it."""
        number = one.number if sign else abs(one.number)
        return show_number(number, one.digits) + self.unit(one.ledger)


@dataclass(frozen=True, slots=True)
class _Things:
    params: dict[str, Parameter]
    measures: dict[str, str]
    named: dict[str, str]
    tables: dict[str, str]
    sets: dict[str, str]
    ratios: frozenset[str]


def _things(plan: Plan) -> _Things:
    found = _Things({}, {}, {}, {}, {}, _ratios(plan))
    for article in plan.articles:
        found.params.update(article.params)
        found.tables.update({name: one.title for name, one in article.tables.items()})
        found.sets.update({name: one.title for name, one in article.sets.items()})
        found.measures.update({name: one.title for name, one in article.measures.items()})
        for space in ("measures", "rules", "grades", "awards", "targets", "obligations"):
            found.named.update({name: one.title for name, one in getattr(article, space).items()})
    return found


def _ratios(plan: Plan) -> frozenset[str]:
    """Measures whose values are shares, so that 0.9 beside them reads as 90 %."""
    kinds = {"Ratio": "ratio", "ShareOf": "share"}
    found = {
        name
        for article in plan.articles
        for name, one in article.measures.items()
        if type(one).__name__ in kinds or getattr(one, "how", "") in ("relative", Stat.SHARE)
    }
    for article in plan.articles:
        for name, one in article.measures.items():
            source = next(
                (getattr(one, key) for key in ("across", "roll", "members") if hasattr(one, key)),
                "",
            )
            if source in found:
                found.add(name)
    return frozenset(found)


def _operand_titles(plan: Plan, things: _Things) -> frozenset[str]:
    """Everything that can stand unquoted in the place of a text value."""
    tables: list[Mapping[str, FieldDef]] = [kind.fields for kind in plan.facts.values()]
    titles = {one.title for table in tables for one in table.values()}
    titles.update(BUILT_IN_TITLES.values(), things.measures.values(), CALL_WORDS)
    return frozenset(titles)


def _bar_titles(plan: Plan) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for article in plan.articles:
        for award in article.awards.values():
            for bar in award.bars:
                found.setdefault(bar, []).append(award.title or award.name)
    return {bar: "、".join(titles) for bar, titles in found.items()}


def _window_text(text: str) -> str:
    match = re.fullmatch(r"([0-9]+) (month|day)s?", text)
    if match:
        return f"{match[1]}个月" if match[2] == "month" else f"{match[1]}天"
    return {"year": "当年", "period": "当期", "all": "全部时间"}.get(text, quoted(text))
