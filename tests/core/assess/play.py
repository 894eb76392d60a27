"""A small plan whose rules a test writes down, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from functools import cache
from textwrap import indent

from tests.core.assess.make import day, post, unit
from tests.core.scheme.edits import under
from wenyou_core.assess.bind import bind
from wenyou_core.assess.facts import (
    Coverage,
    Fact,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    UnitSpan,
)
from wenyou_core.assess.program import Program
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Entry, Result
from wenyou_core.scheme.check import Checked, check
from wenyou_core.scheme.model import Adoption, Dated
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.periods import parse_period

HEAD = """
plan:
  id: small
  version: "1"
  title: 小方案
  issuer: 示范行
  periods: [quarter, month, year, campaign]
  deciding: DECIDING
lists:
  types: [环境, 用语, 纪律]
  kinds: [网点, 支行]
  classes: [一类, 二类]
  stars: [三星, 二星, 一星, 无星]
ledgers:
  points: {title: 积分, unit: 分, digits: 2}
  money: {title: 金额, unit: 元, digits: 2}
roles:
  head: {title: 负责人, posts: [网点负责人], acting: instead}
unit_fields:
  kind: {title: 类别, type: choice, choices: kinds}
  class: {title: 分组, type: choice, choices: classes}
  star: {title: 现有星级, type: choice, choices: stars}
  opened: {title: 开业日, type: date}
  watched: {title: 联系部门, type: unit}
person_fields:
  joined: {title: 入行日, type: date}
facts:
  finding:
    title: 检查扣分
    subjects: [unit, person]
    fields:
      type: {title: 类型, type: choice, choices: types}
      points: {title: 扣分, type: decimal, digits: 1}
      days: {title: 逾期天数, type: int}
      ruled: {title: 认定日期, type: date}
      group: {title: 事件号}
      present: {title: 在场人员, type: persons}
  complaint: {title: 投诉, subjects: [unit, person], fields: {type: {title: 类型, type: choice, choices: types}}}
  volume: {title: 业务量, subjects: [unit], fields: {number: {title: 数量, type: int}}}
  training: {title: 培训, subjects: [person], fields: {hours: {title: 学时, type: int}}}
  filing:
    title: 报备
    subjects: [unit]
    fields: {type: {title: 类型, type: choice, choices: types}, starts: {title: 起, type: date}, ends: {title: 止, type: date}}
  owned: {title: 归口事项, subjects: [unit], fields: {owner: {title: 责任单位, type: unit}, handler: {title: 经办人, type: person}}}
  appeal: {title: 申诉, subjects: [unit], fields: {target: {title: 原编号, type: fact}, upheld: {title: 成立, type: bool}}}
populations:
  outlets: {title: 网点, of: unit, where: unit.kind = 网点}
  peers: {title: 分组网点, of: unit, where: unit.kind = 网点, peers: [class]}
  units: {title: 全部机构, of: unit}
  staff: {title: 员工, of: person}
  whole: {title: 全行, of: adopter}
articles:
  - no: "1"
    title: 规则
    kinds: [rule]
"""
OUTLETS = ("U1", "U2", "U3", "U4")
BRANCH = (unit("B", kind="支行"), *(unit(one, "B", kind="网点") for one in OUTLETS))
KINDS = ("finding", "complaint", "volume", "training", "filing", "owned", "appeal")
COMPLETE = tuple(Coverage(kind, day("2000-01-01"), day("2099-12-31")) for kind in KINDS)
HEADS = tuple(post(f"H{number}", f"U{number}", "网点负责人") for number in range(1, 5))


@cache
def checked(body: str, deciding: str = "happened") -> Checked:
    """The plan with an article that holds ``body``."""
    head = HEAD.replace("DECIDING", deciding)
    return check(under(head, indent(body.strip("\n"), "    "), "small.yaml"))


def program(
    body: str,
    run: str = "2025Q3",
    *,
    adopters: tuple[str, ...] = ("B",),
    values: dict[str, Fraction | str] | None = None,
    deciding: str = "happened",
) -> Program:
    return _bound(body, run, adopters, tuple((values or {}).items()), deciding)


@cache
def _bound(
    body: str,
    run: str,
    adopters: tuple[str, ...],
    values: tuple[tuple[str, Fraction | str], ...],
    deciding: str,
) -> Program:
    adoption = Adoption(
        id="a",
        plan="small",
        version="1",
        units=adopters,
        in_force_from=day("2020-01-01"),
        values={name: (Dated(since=day("2020-01-01"), value=one),) for name, one in values},
    )
    return bind(checked(body, deciding), adoption, parse_period(run))


def book(
    facts: Sequence[Fact],
    *,
    units: Sequence[UnitSpan] = BRANCH,
    posts: Sequence[PostSpan] = HEADS,
    persons: Sequence[PersonSpan] = (),
    coverage: Sequence[Coverage] = COMPLETE,
    openings: Sequence[Opening] = (),
) -> FactBook:
    by_kind: dict[str, list[Fact]] = {}
    for fact in facts:
        by_kind.setdefault(fact.kind, []).append(fact)
    return FactBook(
        facts={kind: tuple(rows) for kind, rows in by_kind.items()},
        units=tuple(units),
        posts=tuple(posts),
        persons=tuple(persons),
        coverage=tuple(coverage),
        openings=tuple(openings),
    )


def play(
    body: str,
    *facts: Fact,
    run: str = "2025Q3",
    adopters: tuple[str, ...] = ("B",),
    values: dict[str, Fraction | str] | None = None,
    deciding: str = "happened",
    known_at: datetime | None = None,
    calendar: Calendar | None = None,
    units: Sequence[UnitSpan] = BRANCH,
    posts: Sequence[PostSpan] = HEADS,
    persons: Sequence[PersonSpan] = (),
    coverage: Sequence[Coverage] = COMPLETE,
    openings: Sequence[Opening] = (),
) -> Result:
    """The result of the rules on the facts, everything declared complete unless said."""
    made = program(body, run, adopters=adopters, values=values, deciding=deciding)
    given = book(
        facts, units=units, posts=posts, persons=persons, coverage=coverage, openings=openings
    )
    return assess(made, given, known_at, calendar=calendar)


Told = tuple[str, str, str, Fraction]


def told(result: Result, *rules: str) -> list[Told]:
    """Entries in short: rule, kind, subject, number; of the rules named or of all."""
    return [
        (one.rule, one.kind.value, one.subject.id, number(result, one))
        for one in result.entries
        if not rules or one.rule in rules
    ]


def number(result: Result, entry: Entry) -> Fraction:
    return Fraction(entry.amount, 10 ** result.digits[entry.ledger])


def numbers(result: Result, rule: str, kind: str = "event") -> dict[str, Fraction]:
    """The entries of a rule and kind by fact (or by subject where there is none)."""
    return {
        one.fact or one.subject.id: number(result, one)
        for one in result.entries
        if one.rule == rule and one.kind.value == kind
    }


def total(result: Result, subject: str, ledger: str = "money") -> Fraction | int:
    """What the entries of a ledger add up to for a subject."""
    mine = [one for one in result.entries if one.subject.id == subject and one.ledger == ledger]
    return sum((number(result, one) for one in mine), Fraction(0))


def values(result: Result, measure: str, period: str = "") -> dict[str, Fraction | int | None]:
    """The numbers of a measure by subject; None where it is absent."""
    found: dict[str, Fraction | int | None] = {}
    for one in result.measures:
        if one.measure == measure and period in ("", one.period):
            ratio = one.num / one.den if one.num is not None and one.den else None
            found[one.subject.id] = one.value if one.num is None else ratio
    return found


def why(result: Result) -> dict[str, str]:
    """The reason why facts did not count, by fact."""
    return {one.fact: one.reason for one in result.uncounted}
