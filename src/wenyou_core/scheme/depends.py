"""Which node reads which, in which periods; the order of computing; circles.

Nodes are measures, period rules, limits, grades, awards, targets and counted obligations. Event
rules are read but read nothing of the period level, so no circle goes through them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from wenyou_core.scheme.amounts import Amount, Bands, FromExpr, Linear, PerUnit
from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Exists,
    Expr,
    Field,
    InList,
    Measure,
    Neg,
    Not,
)
from wenyou_core.scheme.hitting import JOINT, writers
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    MeasureDef,
    Members,
    RankOf,
    Ratio,
    Roll,
    ShareOf,
    StepOf,
    Streak,
)
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import EventRule, Limit, PeriodRule, Pick, Window
from wenyou_core.scheme.scope import Scope, label_of, place_of
from wenyou_core.scheme.words import Against, LimitPer, Until

Node = MeasureDef | PeriodRule | Limit | Grade | Award | Target | Obligation


class Look(Enum):
    """Which periods of what it reads a node looks at, for one period of its own."""

    PARTS = "parts"  # the period itself, or the shorter ones inside it
    PREVIOUS = "previous"  # the period before
    LAST_YEAR = "last_year"  # the same period a year before
    STREAK = "streak"  # the period and ``number`` − 1 before it
    YEAR = "year"  # all from the first of the calendar year up to it
    MONTHS = "months"  # the period and all that touch the ``number`` months before its first day
    EVER = "ever"  # all since the plan or its adoption came into force


@dataclass(frozen=True, slots=True)
class Read:
    """One thing that a node reads. A node that reads itself looks at its own earlier periods."""

    name: str
    look: Look = Look.PARTS
    number: int = 0


def operands(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside an expression."""
    if isinstance(expr, Binary):
        return (expr.left, expr.right)
    if isinstance(expr, Call):
        return expr.args
    if isinstance(expr, Not | Neg | Exists | InList | Between):
        return (expr.of,)
    return ()


def walk(expr: Expr | None) -> Iterator[Expr]:
    """An expression and all inside it; nothing for None."""
    if expr is not None:
        yield expr
        for one in operands(expr):
            yield from walk(one)


def reads_period(*exprs: Expr | None) -> bool:
    """Whether a day of the period (``period.start``, ``period.end``) is read in expressions."""
    return any(
        isinstance(one, Field) and one.of == "period" for expr in exprs for one in walk(expr)
    )


def measures_in(*exprs: Expr | None) -> tuple[str, ...]:
    """The names of the measures in expressions, each once, in order."""
    found = (one.name for expr in exprs for one in walk(expr) if isinstance(one, Measure))
    return tuple(dict.fromkeys(found))


def expr_of_amount(amount: Amount | None) -> Expr | None:
    """The expression an amount is computed from, if it has one."""
    if isinstance(amount, FromExpr):
        return amount.value
    if isinstance(amount, PerUnit):
        return amount.per
    if isinstance(amount, Bands):
        return amount.bands
    return amount.linear if isinstance(amount, Linear) else None


def graph(scope: Scope) -> dict[str, tuple[Read, ...]]:
    """What every node and every event rule reads; only names that exist."""
    found: dict[str, tuple[Read, ...]] = {}
    for name, measure in scope.measures.items():
        found[name] = tuple(_measure(scope, measure))
    for rule in scope.rules.values():
        if isinstance(rule, EventRule):
            found[rule.name] = tuple(_yearly(rule))
        elif isinstance(rule, PeriodRule):
            exprs = measures_in(rule.when, expr_of_amount(rule.amount))
            found[rule.name] = (*_same(exprs), *_picked(rule.pick), *_yearly(rule))
        elif isinstance(rule, Limit):
            look = Look.YEAR if rule.per is LimitPer.YEAR else Look.PARTS
            own = [Read(rule.name, Look.YEAR)] if look is Look.YEAR else []
            found[rule.name] = (*(Read(name, look) for name in rule.limit), *own)
    for grade in scope.grades.values():
        steps = measures_in(*(step.when for step in grade.steps))
        caps = [Read(rule.name) for rule in _with_cap(scope, grade.name)]
        found[grade.name] = (*_same(steps), *_same(grade.by), *caps)
    for award in scope.awards.values():
        exprs = measures_in(*(one.when for one in award.conditions))
        found[award.name] = (*_same(exprs), *_picked(award.pick), *_bars(scope, award))
    for target in scope.targets.values():
        found[target.name] = tuple(_same(measures_in(target.when)))
    for one in scope.obligations.values():
        found[one.name] = ()
    known = set(found)
    return {
        name: tuple(dict.fromkeys(read for read in reads if read.name in known))
        for name, reads in found.items()
    }


def _same(names: tuple[str, ...]) -> list[Read]:
    return [Read(name) for name in names]


def _picked(pick: Pick | None) -> list[Read]:
    return _same(pick.by) if pick is not None else []


def _yearly(rule: EventRule | PeriodRule) -> list[Read]:
    yearly = rule.limit is not None and rule.limit.per is LimitPer.YEAR
    return [Read(rule.name, Look.YEAR)] if yearly else []


def _with_cap(scope: Scope, grade: str) -> Iterator[EventRule | PeriodRule]:
    for rule in scope.computing():
        if any(effect.cap is not None and effect.cap.grade == grade for effect in rule.effects):
            yield rule


_BAR_LOOK = {
    Until.PERIOD_END: Look.PARTS,
    Until.YEAR_END: Look.YEAR,
    Until.FOREVER: Look.EVER,
}


def _bars(scope: Scope, award: Award) -> Iterator[Read]:
    for rule in scope.computing():
        for effect in rule.effects:
            if effect.bar is not None and effect.bar.what in award.bars:
                yield Read(rule.name, _BAR_LOOK[effect.bar.until])


def _measure(scope: Scope, one: MeasureDef) -> Iterator[Read]:
    if isinstance(one, EntryMeasure):
        yield from _entries(scope, one)
    elif isinstance(one, Ratio):
        yield from _same(one.ratio)
    elif isinstance(one, Formula):
        yield from _same(measures_in(one.value, one.when))
    elif isinstance(one, Across):
        yield from _same((one.across, *measures_in(one.where)))
    elif isinstance(one, ShareOf):
        yield from _same(measures_in(one.share, one.base))
    elif isinstance(one, RankOf):
        yield Read(one.rank)
    elif isinstance(one, Change):
        yield Read(one.change)
        back = one.against is Against.PREVIOUS
        yield Read(one.change, Look.PREVIOUS if back else Look.LAST_YEAR)
    elif isinstance(one, Streak):
        for name in measures_in(one.streak):
            yield Read(name, Look.STREAK, one.most)
    elif isinstance(one, Roll):
        yield Read(one.roll)
    elif isinstance(one, Members):
        yield from _same((one.members, *measures_in(one.where)))
    elif isinstance(one, StepOf):
        yield Read(one.step)
    else:
        assert isinstance(one, FactMeasure)  # noqa: S101 -- it reads facts alone


def _entries(scope: Scope, one: EntryMeasure) -> Iterator[Read]:
    """What a sum of entries reads; a ledger's sum reads all that writes to it."""
    look, number = _look_of(one.window)
    for name in one.entries:
        yield Read(name.removesuffix(JOINT), look, number)
    if one.ledger:
        for name in writers(scope, one.ledger):
            yield Read(name, look, number)


def _look_of(window: Window | None) -> tuple[Look, int]:
    """How far a window that ends with the period looks beyond it."""
    match window.kind if window is not None else "period":
        case "months":
            return Look.MONTHS, window.number if window else 0
        case "days":
            return Look.MONTHS, window.number // 28 + 1 if window else 0
        case "cycle":
            return Look.MONTHS, 24
        case "year":
            return Look.YEAR, 0
        case "all":
            return Look.EVER, 0
    return Look.PARTS, 0


# -- order and circles ------------------------------------------------------------------


def order_of(reads: Mapping[str, tuple[Read, ...]]) -> tuple[tuple[str, ...], list[list[str]]]:
    """Names so that each stands after what it reads, and the circles that forbid it.

    Reading one's own earlier periods is no circle. The order depends on nothing but the graph.
    """
    done: dict[str, None] = {}
    circles: list[list[str]] = []
    for start in reads:
        path: list[str] = []
        stack: list[tuple[str, Iterator[str]]] = []
        _enter(start, reads, done, path, stack)
        while stack:
            name, rest = stack[-1]
            after = next(rest, None)
            if after is None:
                stack.pop()
                path.pop()
                done[name] = None
            elif after in path:
                if after != name:
                    circles.append([*path[path.index(after) :], after])
            else:
                _enter(after, reads, done, path, stack)
    return tuple(done), circles


def _enter(
    name: str,
    reads: Mapping[str, tuple[Read, ...]],
    done: Mapping[str, None],
    path: list[str],
    stack: list[tuple[str, Iterator[str]]],
) -> None:
    if name not in done:
        path.append(name)
        stack.append((name, iter([read.name for read in reads[name]])))


def check_circles(scope: Scope, reads: Mapping[str, tuple[Read, ...]]) -> tuple[str, ...]:
    """The order of computing; every circle is noted as a fault that names it."""
    order, circles = order_of(reads)
    named = {one.name: one for one in scope.named()}
    for circle in circles:
        path = "→".join(f"“{name}”" for name in circle)
        one = named[circle[0]]
        scope.fault(
            place_of(one),
            "circle",
            f"{label_of(one)}绕了一圈又用到自己：{path}；请去掉其中一处引用。",
        )
    for name, found in reads.items():
        selfish = any(read.name == name and read.look is not Look.YEAR for read in found)
        if selfish:
            one = named[name]
            scope.fault(
                place_of(one),
                "circle",
                f"{label_of(one)}用到了自己：“{name}”→“{name}”；请去掉这处引用。",
            )
    return order
