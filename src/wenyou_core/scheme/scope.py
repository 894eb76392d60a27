"""All names of a plan in one place, and the list of faults that the checks fill.

A check never stops at the first fault: it notes what is wrong and goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, Protocol

from wenyou_core.errors import Fault, Place
from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.model import (
    ExclusionSet,
    FactKind,
    Ledger,
    Parameter,
    Plan,
    Population,
    Sheet,
    Table,
)
from wenyou_core.scheme.outcomes import Appeal, Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Deem, EventRule, Exempt, Limit, PeriodRule, Rule
from wenyou_core.scheme.words import PeriodKind, SubjectKind

NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
RESERVED = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "between",
        "exists",
        "true",
        "false",
        "null",
        "param",
        "unit",
        "person",
    ]
)
SHOWN = 8
DOUBLE_NAME = "double-name"

PERIOD_WORDS = {
    PeriodKind.MONTH: "月",
    PeriodKind.QUARTER: "季度",
    PeriodKind.HALF: "半年",
    PeriodKind.YEAR: "年度",
    PeriodKind.CAMPAIGN: "活动期",
    PeriodKind.CYCLE: "个人周期",
}
SUBJECT_WORDS = {
    SubjectKind.UNIT: "机构",
    SubjectKind.PERSON: "人员",
    SubjectKind.ADOPTER: "采用单位",
}


class Owned(Protocol):
    """Anything of a plan that has a name, an article and a place."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def article(self) -> str: ...
    @property
    def place(self) -> Place: ...


Named = MeasureDef | Rule | Grade | Award | Target | Obligation


def hint(name: str, known: Iterable[str]) -> str:
    """The tail of a sentence: the nearest known name, or the first few that exist."""
    names = sorted(set(known))
    near = get_close_matches(name, names, n=1)
    if near:
        return f"是不是“{near[0]}”？请改正。"
    if not names:
        return "方案里还没有这类名称，请先声明。"
    shown = "、".join(names[:SHOWN]) + ("等" if len(names) > SHOWN else "")
    return f"可用的有：{shown}。请改用其中之一，或先声明。"


def place_of(thing: Owned) -> Place:
    """The place of a thing, with its article's number."""
    if thing.place.article or not thing.article:
        return thing.place
    return replace(thing.place, article=thing.article)


def label_of(thing: object) -> str:
    """How a sentence calls a thing: its title and its name."""
    title, name = getattr(thing, "title", ""), getattr(thing, "name", "")
    return f"“{title}”（{name}）" if title and title != name else f"“{name}”"


@dataclass(slots=True)
class Faults:
    """The faults found so far; ``add`` takes the place, a code and a Chinese sentence."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: Place, code: str, text: str) -> None:
        """Note one fault."""
        self.found.append(Fault(place, code, text))


@dataclass(slots=True)
class Scope:
    """A plan's names. Where a name stands twice the first one is kept (and a fault noted)."""

    plan: Plan
    faults: Faults
    params: dict[str, Parameter] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    sets: dict[str, ExclusionSet] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    measures: dict[str, MeasureDef] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    grades: dict[str, Grade] = field(default_factory=dict)
    awards: dict[str, Award] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    obligations: dict[str, Obligation] = field(default_factory=dict)
    appeals: dict[str, Appeal] = field(default_factory=dict)

    def fault(self, place: Place, code: str, text: str) -> None:
        """Note one fault."""
        self.faults.add(place, code, text)

    def unknown(self, place: Place, what: str, name: str, known: Iterable[str]) -> None:
        """Note a name that is declared nowhere."""
        self.fault(place, "unknown-name", f"{what}“{name}”没有声明；{hint(name, known)}")

    @property
    def ledgers(self) -> Mapping[str, Ledger]:
        """The ledgers of the plan by name."""
        return self.plan.ledgers

    def kind(self, name: str) -> FactKind | None:
        """The fact kind of that name."""
        return self.plan.facts.get(name)

    def population(self, name: str) -> Population | None:
        """The population of that name."""
        return self.plan.populations.get(name)

    def period(self, given: PeriodKind | None) -> PeriodKind:
        """The period kind of a node: its own, or the plan's first."""
        if given is not None:
            return given
        return self.plan.periods[0] if self.plan.periods else PeriodKind.QUARTER

    def computing(self) -> Iterator[EventRule | PeriodRule]:
        """Event and period rules in the order of the plan."""
        for rule in self.rules.values():
            if isinstance(rule, EventRule | PeriodRule):
                yield rule

    def events(self) -> Iterator[EventRule]:
        """Event rules in the order of the plan."""
        return (rule for rule in self.rules.values() if isinstance(rule, EventRule))

    def period_rules(self) -> Iterator[PeriodRule]:
        """Period rules in the order of the plan."""
        return (rule for rule in self.rules.values() if isinstance(rule, PeriodRule))

    def limits(self) -> Iterator[Limit]:
        """Limits over several rules in the order of the plan."""
        return (rule for rule in self.rules.values() if isinstance(rule, Limit))

    def deems(self) -> Iterator[Deem]:
        """Deeming rules in the order of the plan."""
        return (rule for rule in self.rules.values() if isinstance(rule, Deem))

    def exempts(self) -> Iterator[Exempt]:
        """Exemptions in the order of the plan."""
        return (rule for rule in self.rules.values() if isinstance(rule, Exempt))

    def named(self) -> Iterator[Named]:
        """Everything in the common space of names, kind by kind."""
        yield from self.measures.values()
        yield from self.rules.values()
        yield from self.grades.values()
        yield from self.awards.values()
        yield from self.targets.values()
        yield from self.obligations.values()


def read_names(plan: Plan) -> Scope:
    """Collect the names of a plan; double and ill-formed ones are noted as faults."""
    scope = Scope(plan, Faults())
    common: dict[str, str] = {}
    for article in plan.articles:
        for space, what in (
            ("params", "参数"),
            ("tables", "表"),
            ("sets", "择一组"),
            ("sheets", "检查表"),
            ("appeals", "申诉途径"),
        ):
            _collect(scope, space, what, getattr(article, space), {})
        for space, what in (
            ("measures", "指标"),
            ("rules", "规则"),
            ("grades", "等级"),
            ("awards", "奖项"),
            ("targets", "目标"),
            ("obligations", "要求"),
        ):
            _collect(scope, space, what, getattr(article, space), common)
    return scope


def _collect(
    scope: Scope, space: str, what: str, things: Mapping[str, Any], common: dict[str, str]
) -> None:
    table = getattr(scope, space)
    for name, thing in things.items():
        place = place_of(thing) if getattr(thing, "article", "") else thing.place
        check_name(scope, place, what, name)
        if name in table or name in common:
            first = common.get(name, what)
            shared = "指标、规则、等级、奖项、目标、要求共用一套名称，" if name in common else ""
            text = f"{what}“{name}”与前面的{first}重名；{shared}请给其中一个换名。"
            scope.fault(place, DOUBLE_NAME, text)
        common.setdefault(name, what)
        table.setdefault(name, thing)


def check_name(scope: Scope, place: Place, what: str, name: str) -> None:
    """Note a name that is not an ASCII word, or that the language uses itself."""
    if not NAME.match(name):
        scope.fault(
            place,
            "bad-name",
            f"{what}的名称“{name}”写法不对；名称由小写英文字母开头，只含小写字母、数字和下划线，请改名。",
        )
    elif name in RESERVED:
        scope.fault(
            place, "reserved-name", f"{what}的名称“{name}”是方案语言自己的词，请换一个名称。"
        )
