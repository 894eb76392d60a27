"""Until when, with whom and by which article one may contest a statement."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from wenyou_core.assess.readings import param_at
from wenyou_core.scheme.expr import Const
from wenyou_core.scheme.outcomes import Appeal
from wenyou_core.scheme.sentence_words import day_text
from wenyou_core.scheme.texts import param_of
from wenyou_core.worktime.calendar import YearNotAnnounced
from wenyou_desk.runs.execute import shipped_calendar
from wenyou_desk.statements.made import Made

_STARTS = {"told": "收到本告知单之日", "published": "结果公布之日", "period_end": "考核期末日"}
_UNITS = {"days": "天", "working_days": "个工作日"}


def told_appeal(made: Made, one: Appeal) -> str:
    """``对检查扣分有异议的，可以向总行申诉，最迟2025年10月15日…（条款三.1）。``"""
    kinds = made.program.plan.facts
    what = "、".join(kinds[kind].title for kind in one.against) or "考核结果"
    times = [text for text in (_limit(made, one), _window(made, one)) if text]
    papers = f"，并附{one.evidence}" if one.evidence else ""
    until = "，".join(times)
    return f"对{what}有异议的，可以向{one.to}提出（{one.title}）{papers}；{until}。依据条款{one.article}。"


def _limit(made: Made, one: Appeal) -> str:
    if one.limit is None:
        return ""
    number = _value(made, one.limit)
    if not isinstance(number, Fraction):
        return f"自{_STARTS[one.start]}的次日起算的期限，采用单位还没有填写，请在签收时问明"
    long = f"{int(number)}{_UNITS[one.unit]}"
    if one.start != "period_end":
        return f"自{_STARTS[one.start]}的次日起{long}之内"
    last = _last_day(made.statement.period.end, int(number), one.unit)
    if last is None:
        return f"自考核期末日的次日起{long}之内（当年放假安排尚未公布，末日待定）"
    return f"最迟{day_text(last)}，即自考核期末日的次日起{long}之内"


def _last_day(end: date, number: int, unit: str) -> date | None:
    if unit == "days":
        return end + timedelta(days=number)
    try:
        return shipped_calendar().add_working_days(end, number)
    except YearNotAnnounced:
        return None


def _window(made: Made, one: Appeal) -> str:
    if one.closes is None:
        return ""
    last = _value(made, one.closes)
    if not isinstance(last, date):
        return f"申诉窗口的起止日期还没有填写，以{one.to}的通知为准"
    first = None if one.opens is None else _value(made, one.opens)
    since = f"{day_text(first)}至" if isinstance(first, date) else "最迟"
    return f"申诉窗口{since}{day_text(last)}（当日在内）"


def _value(made: Made, given: int | str | Const) -> object:
    """A number or a date, or the one that a parameter holds on the period's last day."""
    if isinstance(given, int):
        return Fraction(given)
    if isinstance(given, Const):
        return given.value
    return param_at(made.program, param_of(given), made.statement.period.end)
