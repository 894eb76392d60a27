"""An exact ratio held against a rounded statistic of it: equal ones then differ."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.scheme.expr import Binary, Measure, Op
from wenyou_core.scheme.lint_desk import Desk
from wenyou_core.scheme.measures import Across
from wenyou_core.scheme.parts import everything
from wenyou_core.scheme.scope import Named

_ORDERS = frozenset({Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE})


def check_rounded(desk: Desk) -> None:
    """``rate > mean_of_rates`` with a mean of some digits and a rate of all."""
    for thing in desk.scope.named():
        for one in _comparisons(thing):
            for own, other in ((one.left, one.right), (one.right, one.left)):
                if isinstance(own, Measure) and isinstance(other, Measure):
                    _compared(desk, thing, own.name, other.name)


def _compared(desk: Desk, thing: Named, own: str, other: str) -> None:
    statistic = desk.scope.measures.get(other)
    if not isinstance(statistic, Across) or statistic.across != own or statistic.round is None:
        return
    if own not in desk.types or desk.types[own].digits is not None:
        return
    title = desk.scope.measures[own].title or own
    text = (
        f"“{title}”没有取整，与它取整过的“{statistic.title or other}”比较时，"
        "数值相同的也会有高有低；请另写一个取整到同样位数的指标来比较，或改用 pooled。"
    )
    desk.hint(thing, "rounded-apart", text)


def _comparisons(value: object) -> Iterator[Binary]:
    """Every comparison inside a rule, a measure, an outcome."""
    for one in everything(value):
        if isinstance(one, Binary) and one.op in _ORDERS:
            yield one
