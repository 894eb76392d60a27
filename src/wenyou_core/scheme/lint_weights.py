"""Weights that do not make a whole: a sum of measures whose shares are not 100 % together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.expr import Binary, Const, Expr, Field, Measure, Neg, Op
from wenyou_core.scheme.lint_conditions import measures_in
from wenyou_core.scheme.lint_desk import Desk
from wenyou_core.scheme.lint_logic import fold
from wenyou_core.scheme.measures import FactMeasure, Formula
from wenyou_core.scheme.parts import parts
from wenyou_core.scheme.scope import Owned
from wenyou_core.scheme.sentence_words import percent_text
from wenyou_core.scheme.texts import parse_number
from wenyou_core.scheme.uses import Uses

_ARITHMETIC = frozenset({Op.ADD, Op.SUB, Op.MUL})
_AMOUNTS = frozenset({"amount", "joint", "limit"})
"""Percentages of sums of money are no weights."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sum: what is taken ``times`` a number; ``weighted``: a number is written."""

    of: Expr
    times: Fraction
    weighted: bool


def check_weights(desk: Desk) -> None:
    """Every sum of measures in measures and conditions, under every value of its weights."""
    for thing in desk.scope.named():
        for expr in _sums(thing):
            for when, params, rows in _values(desk, expr):
                weights = _weights(desk, _filled(fold(expr, params), rows))
                total = sum(weights or (), Fraction(0))
                if weights is not None and total != 1:
                    _tell(desk, thing, when, weights)
                    break


def _tell(desk: Desk, thing: Owned, when: str, weights: list[Fraction]) -> None:
    shown = "＋".join(percent_text(weight) for weight in weights)
    title = f"“{getattr(thing, 'title', '') or thing.name}”"
    what = f"指标{title}" if isinstance(thing, Formula) else f"{title}的算式"
    total = percent_text(sum(weights, Fraction(0)))
    desk.hint(
        thing,
        "weights",
        f"{what}的各项权重{when}合计{shown}＝{total}，不是100%；请核对权重。",
    )


# -- where sums stand -------------------------------------------------------------------


def _sums(value: object) -> Iterator[Expr]:
    """The sums in a thing, each whole."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Binary) and one.op in _ARITHMETIC:
            yield one
        else:
            waiting.extend(reversed(parts(one, but=_AMOUNTS)))


# -- what weights may be ----------------------------------------------------------------


def _values(desk: Desk, expr: Expr) -> Iterator[tuple[str, dict[str, Fraction], dict[str, str]]]:
    """Words that say when, the numbers of parameters then, and the texts of tables."""
    uses = Uses()
    uses.add(expr, "")
    params = [desk.scope.params[name] for name in uses.params if name in desk.scope.params]
    days = sorted({one.since for param in params for one in param.values}) or [date.min]
    rows: dict[str, dict[str, str]] = {}
    for name in sorted(uses.lookups & desk.scope.tables.keys()):
        for row, text in desk.scope.tables[name].values.items():
            if text is not None:
                rows.setdefault(row, {})[name] = text
    for day in days:
        now = dict(desk.params)
        for param in params:
            begun = [one.value for one in param.values if one.since <= day]
            if begun and isinstance(begun[-1], Fraction):
                now[param.name] = begun[-1]
        since = f"自{day}起" if day != days[0] else ""
        for row, texts in rows.items() or [("", {})]:
            yield f"{since}{f'在“{row}”' if row else ''}", now, texts


def _filled(expr: Expr, rows: Mapping[str, str]) -> Expr:
    """The tables of one row as numbers."""
    match expr:
        case Binary(op, left, right):
            return Binary(op, _filled(left, rows), _filled(right, rows))
        case Neg(of):
            return Neg(_filled(of, rows))
        case Field("table", name) if name in rows:
            return Const(parse_number(rows[name])[0])
    return expr


# -- weights ----------------------------------------------------------------------------


def _weights(desk: Desk, expr: Expr) -> list[Fraction] | None:
    """The weights of a sum that should be a whole; None where it is none.

    None, too, with fewer than two weights, with one above 100 %, where only occurrences are
    counted (so much for each), and where points or measures without a weight make the rest.
    """
    parts = [two for one in _parts(expr, Fraction(1)) for two in _inlined(desk, one)]
    if all(part.times <= 0 for part in parts):
        parts = [Part(part.of, -part.times, part.weighted) for part in parts]
    shares = [one for one in parts if one.weighted and one.times > 0 and measures_in(one.of)]
    weights = [one.times for one in shares]
    if len(weights) < 2 or max(weights) >= 1 or all(_counted(desk, one.of) for one in shares):
        return None
    rest = any(one.times > 0 and one not in shares for one in parts)
    return None if rest and sum(weights) <= 1 else weights


def _parts(expr: Expr, times: Fraction, *, weighted: bool = False) -> Iterator[Part]:
    """The parts of a sum, with the number each is taken times."""
    match expr:
        case Binary(Op.ADD, left, right):
            yield from _parts(left, times, weighted=weighted)
            yield from _parts(right, times, weighted=weighted)
        case Binary(Op.SUB, left, right):
            yield from _parts(left, times, weighted=weighted)
            yield from _parts(right, -times, weighted=weighted)
        case Neg(of):
            yield from _parts(of, -times, weighted=weighted)
        case Binary(Op.MUL, Const(Fraction() as number), of):
            yield from _parts(of, times * number, weighted=True)
        case Binary(Op.MUL, of, Const(Fraction() as number)):
            yield from _parts(of, times * number, weighted=True)
        case Const(Fraction() as number):
            yield Part(expr, times * number, weighted)
        case _:
            yield Part(expr, times, weighted)


def _inlined(desk: Desk, part: Part) -> list[Part]:
    """A measure that is nothing but a weighted part stands for it."""
    one = desk.scope.measures.get(part.of.name) if isinstance(part.of, Measure) else None
    if part.weighted or not isinstance(one, Formula) or one.when is not None:
        return [part]
    inner = list(_parts(fold(one.value, desk.params), part.times))
    return inner if len(inner) == 1 and inner[0].weighted else [part]


def _counted(desk: Desk, of: Expr) -> bool:
    """Whether only occurrences are counted."""
    found = [desk.scope.measures.get(one.name) for one in measures_in(of)]
    return all(isinstance(one, FactMeasure) and one.how == "count" for one in found)
