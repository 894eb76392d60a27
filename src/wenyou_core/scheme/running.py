"""Checks of bounds that hold after each event (``running``)."""

from __future__ import annotations

from collections.abc import Callable

from wenyou_core.scheme.infer import Context
from wenyou_core.scheme.model import FactKind
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.words import LimitPer

ONE_AT_MOST = frozenset({"unit", "person", "field", "parent"})
"""Words that hit one subject of a fact at most."""

KeyCheck = Callable[[str, FactKind, Context, str], None]
"""Checks a field that makes facts alike."""


def check_running(rule: EventRule | PeriodRule, here: Context, check_key: KeyCheck) -> None:
    """A running bound belongs to an event rule, over a period or year.

    Where facts share a key by ``same``, each may hit one subject: of several entries of one fact
    none is before the other, so that nobody could say which of them is cut.
    """
    bounds = rule.limit
    if bounds is None or not (bounds.running or bounds.same):
        return
    if not bounds.running:
        here.fault(
            "superfluous",
            "limit 的 same 只和逐件累计（running: true）一起用，请补上 running 或删去 same。",
        )
        return
    if isinstance(rule, PeriodRule):
        here.fault(
            "wrong-limit", "期末规则不是逐件计算的，不能逐件累计（running），请删去 running。"
        )
        return
    if bounds.per is LimitPer.EVENT:
        here.fault(
            "wrong-limit",
            "per: event 只看当件，没有累计；逐件累计（running）请写 per: period 或 per: year。",
        )
    for name in bounds.same if here.fact is not None else ():
        assert here.fact is not None  # noqa: S101 -- the line above
        check_key(name, here.fact, here, "limit 的 same")
    several = len(rule.whom) > 1 or any(one.who not in ONE_AT_MOST for one in rule.whom)
    if bounds.same and several:
        here.fault(
            "wrong-subject",
            "一件事实可能记给几个对象，同一件的几笔分不出先后，不能按 same 逐件累计；"
            "请让 whom 只写一个 unit、person、field 字段名或 parent up 几级，或删去 same。",
        )
