"""Checks of appeals: with whom, and a time limit or a window that can be told."""

from __future__ import annotations

from datetime import date

from wenyou_core.scheme.expr import Const
from wenyou_core.scheme.infer import Context
from wenyou_core.scheme.outcomes import Appeal
from wenyou_core.scheme.ruling import check_number
from wenyou_core.scheme.scope import Scope, hint, label_of, place_of

STARTS = ("told", "published", "period_end")
UNITS = ("days", "working_days")


def check_appeals(scope: Scope) -> None:
    """Check every way to contest that the plan tells of."""
    for one in scope.appeals.values():
        here = Context(scope=scope, place=place_of(one), label=f"申诉途径{label_of(one)}")
        if not one.to.strip():
            here.fault("missing-part", "没有写向谁申诉（to），请补上。")
        for kind in one.against:
            if scope.kind(kind) is None:
                here.unknown("事实类别", kind, scope.plan.facts)
        _limit(one, here)
        _window(one, here)


def _limit(one: Appeal, here: Context) -> None:
    parts = (one.limit is not None, bool(one.unit), bool(one.start))
    if any(parts) and not all(parts):
        here.fault(
            "missing-part",
            "期限要同时写 start（从何时起）、limit（多长）和 unit（天还是工作日），请补齐。",
        )
    if one.start and one.start not in STARTS:
        here.fault("unknown-word", f"start 没有“{one.start}”；{hint(one.start, STARTS)}")
    if one.unit and one.unit not in UNITS:
        here.fault("unknown-word", f"期限单位没有“{one.unit}”；{hint(one.unit, UNITS)}")
    if one.limit is not None:
        check_number(one.limit, "limit", here, whole=True)


def _window(one: Appeal, here: Context) -> None:
    ends = (one.opens, one.closes)
    if one.limit is None and one.closes is None:
        here.fault(
            "missing-part", "没有写到几时为止：请写 start、limit、unit，或写窗口的末日 closes。"
        )
    if one.opens is not None and one.closes is None:
        here.fault("missing-part", "写了窗口的首日 opens，还要写末日 closes。")
    for name, end in zip(("opens", "closes"), ends, strict=True):
        if isinstance(end, str):
            check_number(end, name, here, dated=True)
        elif isinstance(end, Const) and not isinstance(end.value, date):
            here.fault("wrong-type", f"{name} 要写日期或日期参数，请改正。")
    days = [end.value for end in ends if isinstance(end, Const) and isinstance(end.value, date)]
    if len(days) == len(ends) and days[1] < days[0]:
        here.fault("bad-date", "窗口的末日早于首日，请把 opens 与 closes 对调。")
