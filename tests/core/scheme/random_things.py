"""Random things of the language over a plan whose titles are as awkward as titles can be.

``Maker`` builds an instance of any dataclass of the language from its type hints; ``mutants``
gives every thing that differs from one in a single place.
"""

from __future__ import annotations

import random
import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import Amount, Sum
from wenyou_core.scheme.canon import canonical
from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Field,
    Func,
    InList,
    Interval,
    Measure,
    Neg,
    Not,
    Op,
    Param,
)
from wenyou_core.scheme.measures import FactMeasure, MeasureDef, Ratio
from wenyou_core.scheme.model import (
    Article,
    Dated,
    FactKind,
    FieldDef,
    Ledger,
    Parameter,
    Plan,
    Population,
    Role,
    Table,
)
from wenyou_core.scheme.outcomes import Appeal, Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Deem, EventRule, Exempt, Rule
from wenyou_core.scheme.types import decimals
from wenyou_core.scheme.words import ArticleKind, SubjectKind, ValueType

TITLES = [
    "投诉", "投诉", "甲且乙", "有甲", "甲", "甲不", "为", "3月",
    "得分2", "a", "责任，认定", "率（折）", "「x」", "机构", "人员", "机构的甲",
    "相隔天数", "”", "中心", "各部门", "甲的乙", "乙", "件数", "丙\n",
]  # fmt: skip
NAMES = [f"n{index}" for index in range(len(TITLES))] + ["a", "known", "unit"]
WORDS = [*TITLES, "有责", "是", "否", "5", "元", "『", "』”", "n1", "甲或乙"]
DAYS = [date(2025, 1, 1), date(2025, 3, 31), date(1, 1, 1)]
NUMBERS = [Fraction(n) for n in (-2, -1, 0, 1, 2, 60)] + [
    Fraction(n, 20) for n in (-3, 1, 10, 19, 25)
]
POOLS: dict[tuple[str, str], list[str]] = {
    ("Window", "kind"): ["months", "days", "year", "period", "all", "cycle", "param"],
    ("Window", "param"): ["", "n1", "person.n1", "unit.n2"],
    ("Whom", "who"): [
        "unit",
        "person",
        "subject",
        "present",
        "field",
        "members",
        "parent",
        *NAMES[:6],
    ],
    ("Whom", "field"): ["", *NAMES],
    ("Pick", "base"): ["eligible", "all", "else"],
    ("FactMeasure", "how"): ["count", "sum", "min", "max", "median", "latest", "distinct", "odd"],
    ("Change", "how"): ["difference", "relative", "odd"],
    ("Obligation", "every"): ["", "day", "week", "month", "year", "two_months", "odd"],
    ("Obligation", "unit"): ["", "days", "same_day", "date", "day_of_next_month", "odd"],
    ("Appeal", "start"): ["", "told", "published", "period_end", "odd"],
    ("Appeal", "unit"): ["", "days", "working_days", "odd"],
    ("Appeal", "to"): WORDS,
    ("Parameter", "unit"): ["", "元", "天，", "、"],
    ("Step", "name"): WORDS,
    ("Condition", "title"): WORDS,
    ("Effect", "task"): ["", *WORDS],
    ("Cap", "at_most"): WORDS,
}
DATES = ["happened", "known", "n1", "param.n1", "param.n2"]


def awkward_plan() -> Plan:
    """A plan with every kind of title; each name space has the same titles."""
    words = dict(zip(NAMES, TITLES, strict=False))
    choice = {
        name: FieldDef(
            name=name, title=title, type=ValueType.DATE if name == "n5" else ValueType.TEXT
        )
        for name, title in words.items()
    }
    params = {
        name: Parameter(
            name=name,
            title=title,
            values=(Dated(since=DAYS[0], value=Fraction(index % 3 - 1)),) if index % 2 else (),
            unit="元" if index % 3 else "",
        )
        for index, (name, title) in enumerate(words.items())
    }
    measures: dict[str, MeasureDef] = {
        name: Ratio(name=name, title=title, ratio=("n0", "n1"), empty=get_enum(Ratio, "empty"))
        if name in ("n4", "n11")
        else FactMeasure(name=name, title=title, each="n0", facts="n0")
        for name, title in words.items()
    }
    article = Article(
        no="一",
        title="一",
        kinds=(ArticleKind.RULE,),
        params=params,
        measures=measures,
        tables={
            name: Table(
                name=name, title=title, by=("n0",), values={"甲": None if name == "n1" else "1 元"}
            )
            for name, title in words.items()
        },
        awards={
            "w1": Award(name="w1", title="奖", each="n0", bars=("n0", "n1")),
            "w2": Award(name="w2", title="又", each="n0", bars=("n0",)),
        },
    )
    return Plan(
        id="awkward",
        version="1",
        title="试",
        issuer="试",
        ledgers={name: Ledger(name=name, title=title, unit=title) for name, title in words.items()},
        roles={name: Role(name=name, title=title) for name, title in words.items()},
        unit_fields=choice,
        person_fields=choice,
        facts={
            name: FactKind(name=name, title=title, fields=choice) for name, title in words.items()
        },
        populations={
            name: Population(name=name, title=title, of=SubjectKind.UNIT)
            for name, title in words.items()
        },
        articles=(article,),
    )


def get_enum(cls: type, name: str) -> Any:
    """Some member of the enumeration that a field holds."""
    return next(iter(get_type_hints(cls)[name]))


@cache
def hints_of(cls: Any) -> dict[str, Any]:
    """The type hints of a dataclass, read once."""
    return get_type_hints(cls)


@cache
def drawn(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name and type of the fields that a random thing is given, and whether they have a default."""
    return tuple(
        (
            one.name,
            hints_of(cls)[one.name],
            not (one.default is MISSING and one.default_factory is MISSING),
        )
        for one in fields(cls)
        if one.type != "Place" and one.name not in ("article", "place")
    )


@cache
def told_apart(cls: Any) -> tuple[str, ...]:
    """What a thing is called and where it stands; the rest is what it says."""
    return tuple(one.name for one in fields(cls) if one.name in ("name", "title", "article"))


class Maker:
    """Makes random things; ``subject`` says that bare names are measures."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.subject = True

    def pick(self, values: Any) -> Any:
        return self.random.choice(values if isinstance(values, list | tuple) else list(values))

    def thing(self, cls: type, **given: Any) -> Any:
        """An instance of a dataclass; most optional fields stay at their default."""
        before = self.subject
        if cls in (EventRule, Deem, Exempt, FactMeasure, Obligation):
            self.subject = False
        values = dict(given)
        for name, hint, optional in drawn(cls):
            if name in values or (optional and self.random.random() < 0.5):
                continue
            values[name] = self.of(hint, cls.__name__, name)
        self.subject = before
        return cls(**values)

    def of(self, hint: Any, owner: str, name: str) -> Any:
        """A random value for a field."""
        origin, parts = get_origin(hint), get_args(hint)
        if hint == Expr:
            return self.expr(2)
        if origin in (types.UnionType, Union):
            if hint in (Rule, MeasureDef, Amount):
                return self.thing(self.pick(parts))
            return self.of(self.union_part(parts), owner, name)
        if origin is tuple and parts[-1] is Ellipsis:
            return tuple(self.of(parts[0], owner, name) for _ in range(self.random.randint(0, 2)))
        if origin is tuple:
            return tuple(self.of(part, owner, name) for part in parts)
        if origin is not None:
            keys = self.random.sample(NAMES[:6], self.random.randint(0, 2))
            return {key: self.of(parts[1], owner, name) for key in keys}
        return self.plain(hint, owner, name)

    def union_part(self, parts: tuple[Any, ...]) -> Any:
        """Expr and Amount flatten into a union with None; put them together again."""
        for whole in (Expr, Amount):
            if set(get_args(whole)) <= set(parts):
                return whole if type(None) not in parts else self.pick([whole, type(None)])
        return self.pick(parts)

    def plain(self, hint: Any, owner: str, name: str) -> Any:
        if hint is type(None):
            return None
        if hint is Interval:
            return self.interval()
        if hint is Const:
            return self.const()
        if hint is str:
            return self.pick(self.strings(owner, name))
        if hint is bool:
            return self.pick([True, False])
        if hint is int:
            return self.random.randint(0, 3)
        if hint is Fraction:
            return self.pick(NUMBERS)
        if hint is date:
            return self.pick(DAYS)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return self.pick(hint)
        if hint is Place:
            return Place()
        assert isinstance(hint, type), (hint, owner, name)
        values = self.thing(hint)
        if hint is Sum:
            values = replace(values, digits=max(values.digits, decimals(values.number) or 0))
        return values

    def strings(self, owner: str, name: str) -> list[str]:
        if (owner, name) in POOLS:
            return POOLS[owner, name]
        if name in ("evidence", "who", "otherwise", "question", "choices", "value", "title"):
            return ["", *WORDS] if name == "evidence" else WORDS
        if name in ("date", "start", "since", "till"):
            return ["", *DATES] if name in ("date", "start") else ["", "n1", "n2"]
        if name in ("tie", "choose", "times", "limit", "take") and owner in (
            "Pick",
            "Grade",
            "Obligation",
            "Appeal",
            "ExclusionSet",
        ):
            return ["param.n1", "param.n0", "odd"]
        if name in (
            "link",
            "step",
            "param",
            "becomes",
            "facts",
            "kept",
            "ledger",
            "each",
        ):
            return ["", *NAMES]
        if owner == "Table" and name == "values":
            return ["-1 元", "1 元", "1", "2.5"]
        return NAMES

    # -- expressions --------------------------------------------------------------------

    def expr(self, depth: int) -> Expr:
        if depth == 0 or self.random.random() < 0.2:
            return self.atom()
        part = depth - 1
        shape = self.random.randint(0, 8)
        if shape <= 3:
            return Binary(self.pick(Op), self.expr(part), self.expr(part))
        if shape == 4:
            return Not(self.expr(part))
        if shape == 5:
            return Neg(self.expr(part))
        if shape == 6:
            return InList(
                self.expr(part), tuple(self.const() for _ in range(self.random.randint(0, 3)))
            )
        if shape == 7:
            if self.pick([True, False]):
                return Exists(self.expr(part))
            return Between(self.expr(part), self.interval())
        return Call(self.pick(Func), tuple(self.expr(part) for _ in range(2)))

    def atom(self) -> Expr:
        name = self.pick(NAMES)
        own: Expr = Measure(name) if self.subject else Field("fact", name)
        others: list[Expr] = [own, own, Field(self.pick(["unit", "person"]), name), Param(name)]
        others.append(Field("period", self.pick(["start", "end"])))
        found: Expr = self.pick([*others, self.const()])
        return found

    def const(self) -> Const:
        value = self.pick(
            [self.pick(NUMBERS), self.pick(DAYS), self.pick(WORDS), self.pick([True, False])]
        )
        if isinstance(value, Fraction):
            return Const(value, (decimals(value) or 0) + self.pick([0, 0, 1]))
        return Const(value)

    def interval(self) -> Interval:
        number = self.pick([True, False])
        ends = [
            Const(self.pick(NUMBERS[:6])) if number else Const(self.pick(DAYS)) for _ in range(2)
        ]
        low, high = (self.pick([end, None]) for end in ends)
        return Interval(low, self.pick([True, False]), high, self.pick([True, False]))


def essence(thing: Any) -> str:
    """What a thing says, apart from its name, title, article and places."""
    return canonical(blank(thing))


def blank(thing: Any) -> Any:
    """The thing without name, title and article."""
    return replace(thing, **dict.fromkeys(told_apart(thing.__class__), ""))


def mutants(thing: Any, maker: Maker, tries: int = 3) -> Iterator[Any]:
    """Things that differ in one field, at any depth; ``tries`` random values for each."""
    for one in fields(thing):
        if one.name in ("place", "article") or (one.name in ("name", "title") and _top(thing)):
            continue
        now = getattr(thing, one.name)
        for _ in range(tries):
            other = maker.of(hints_of(thing.__class__)[one.name], type(thing).__name__, one.name)
            yield replace(thing, **{one.name: other})
        for changed in _inner(now, maker, tries):
            yield replace(thing, **{one.name: changed})
        if Ellipsis in get_args(hints_of(thing.__class__)[one.name]):
            for index in range(len(now)):
                yield replace(thing, **{one.name: (*now[:index], *now[index + 1 :])})


def _top(thing: Any) -> bool:
    return any(one.name == "article" for one in fields(thing))


def _inner(value: Any, maker: Maker, tries: int) -> Iterator[Any]:
    if is_dataclass(value) and not isinstance(value, type):
        if not isinstance(value, Place | Const | Interval | Sum):
            yield from mutants(value, maker, tries)
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            for changed in _inner(part, maker, tries):
                yield (*value[:index], changed, *value[index + 1 :])
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield {other: held for other, held in value.items() if other != key}
            for changed in _inner(part, maker, tries):
                yield {**value, key: changed}


OUTCOMES: tuple[type, ...] = (Grade, Award, Target, Obligation, Appeal)
SAYABLE: tuple[type, ...] = (*get_args(Rule), *get_args(MeasureDef), *OUTCOMES)
