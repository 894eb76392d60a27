"""A time limit as data: how much of which unit, from which event, to which end of day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.texts import day_text, hours_text


class Unit(StrEnum):
    """What a limit counts in."""

    MINUTES = "minutes"
    HOURS = "hours"
    WORKING_MINUTES = "working_minutes"
    WORKING_HOURS = "working_hours"
    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    SAME_DAY = "same_day"
    DAY_OF_MONTH = "day_of_month"
    WORKDAY_OF_MONTH = "workday_of_month"
    DATE = "date"
    DAYS_BEFORE = "days_before"
    WORKING_DAYS_BEFORE = "working_days_before"


class Occurrence(StrEnum):
    """Which of several events of the same kind starts the clock."""

    FIRST = "first"
    LAST = "last"


class CountFrom(StrEnum):
    """Whether the day of the event is the first day that counts, or the day after."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"


class DayEnd(StrEnum):
    """When the last day ends: at midnight, or when the unit closes."""

    MIDNIGHT = "24:00"
    CLOSING = "closing"


class Shift(StrEnum):
    """What happens when the last day is not a workday."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"


class OutsideHours(StrEnum):
    """Whether an event outside working hours counts at once or from the next opening."""

    AS_IS = "as_is"
    NEXT_OPENING = "next_opening"


CLOCK_UNITS = frozenset({Unit.MINUTES, Unit.HOURS})
WORKING_TIME_UNITS = frozenset({Unit.WORKING_MINUTES, Unit.WORKING_HOURS})
TIME_UNITS = CLOCK_UNITS | WORKING_TIME_UNITS
DAY_UNITS = frozenset({Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.SAME_DAY})
# These name a date; a pause does not move them.
DATED_UNITS = frozenset(
    {
        Unit.DAY_OF_MONTH,
        Unit.WORKDAY_OF_MONTH,
        Unit.DATE,
        Unit.DAYS_BEFORE,
        Unit.WORKING_DAYS_BEFORE,
    }
)
WORKDAY_UNITS = frozenset({Unit.WORKING_DAYS, Unit.WORKDAY_OF_MONTH, Unit.WORKING_DAYS_BEFORE})
# Ten years of each, so that a slip of the keyboard is refused instead of walked through.
_MOST = {
    Unit.MINUTES: 5_270_400,
    Unit.HOURS: 87_840,
    Unit.WORKING_MINUTES: 1_200_000,
    Unit.WORKING_HOURS: 20_000,
    Unit.CALENDAR_DAYS: 3_660,
    Unit.WORKING_DAYS: 2_500,
    Unit.MONTHS: 120,
    Unit.DAYS_BEFORE: 3_660,
    Unit.WORKING_DAYS_BEFORE: 2_500,
}
_WITHOUT_AMOUNT = frozenset({Unit.SAME_DAY, Unit.DATE})

EVENT_LABELS = {
    "happened": "发生",
    "known": "知悉",
    "received": "收到",
    "assigned": "派单",
    "event": "事项",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimit:
    """A limit, checked when it is made (InputRefused).

    ``amount``: minutes, hours, days or months; for DAY_OF_MONTH and WORKDAY_OF_MONTH which
    day, in the month ``month_offset`` after the start's; ignored for SAME_DAY and DATE.
    ``start``: the kind of event that starts the clock (``happened``, ``known``, ``received``
    …). ``end`` may also be a time of day. ``shift`` is meant for limits that may end on a
    day nobody works.
    """

    unit: Unit
    amount: int = 1
    start: str = "known"
    occurrence: Occurrence = Occurrence.FIRST
    count_from: CountFrom = CountFrom.NEXT_DAY
    end: DayEnd | time = DayEnd.MIDNIGHT
    shift: Shift = Shift.NONE
    outside_hours: OutsideHours = OutsideHours.AS_IS
    month_offset: int = 1
    on: date | None = None

    def __post_init__(self) -> None:
        if self.amount < 1 and self.unit not in _WITHOUT_AMOUNT:
            raise InputRefused("limit-amount", "时限的数量须为正整数，请改正。", amount=self.amount)
        if self.amount > _MOST.get(self.unit, self.amount):
            raise InputRefused("limit-amount", "时限不能超过十年，请改正。", amount=self.amount)
        if self.unit is Unit.DATE and self.on is None:
            raise InputRefused("limit-date", "固定日期的时限须写明日期，请补上。")
        if self.unit is Unit.DAY_OF_MONTH and self.amount > 31:
            raise InputRefused("limit-day", "每月的日期应在1至31之间，请改正。", amount=self.amount)
        if self.unit is Unit.WORKDAY_OF_MONTH and self.amount > 15:
            raise InputRefused(
                "limit-workday", "每月第几个工作日应在1至15之间，请改正。", amount=self.amount
            )
        if self.month_offset < 0:
            raise InputRefused("limit-month", "推后的月数不能为负，请改正。")
        if not self.start.strip():
            raise InputRefused("limit-start", "时限须写明从什么事件起算，请补上。")

    @property
    def start_label(self) -> str:
        """The starting event in Chinese; an event outside the glossary names itself."""
        return EVENT_LABELS.get(self.start, self.start)

    @property
    def needs_calendar(self) -> bool:
        """Whether working days decide; working hours ask by themselves."""
        return self.unit in WORKDAY_UNITS or self.shift is not Shift.NONE

    @property
    def needs_hours(self) -> bool:
        """Whether the working hours of a unit decide."""
        return (
            self.unit in WORKING_TIME_UNITS
            or self.outside_hours is OutsideHours.NEXT_OPENING
            or (self.end is DayEnd.CLOSING and self.unit not in TIME_UNITS)
        )


def describe(limit: TimeLimit) -> str:
    """The limit as a Chinese phrase: 知悉后5个工作日(次日起算,至当日24:00止,遇非工作日顺延)."""
    notes = []
    if limit.unit in DAY_UNITS and limit.unit is not Unit.SAME_DAY:
        notes.append("次日起算" if limit.count_from is CountFrom.NEXT_DAY else "当日起算")
    if limit.unit not in TIME_UNITS:
        notes.append(f"至{end_label(limit)}止")
    if limit.outside_hours is OutsideHours.NEXT_OPENING:
        notes.append("非工作时间的自下次上班起算")
    if limit.shift is Shift.NEXT:
        notes.append("遇非工作日顺延")
    if limit.shift is Shift.PREVIOUS:
        notes.append("遇非工作日提前")
    return f"{_base(limit)}（{'，'.join(notes)}）" if notes else _base(limit)


def amount_text(unit: Unit, amount: int) -> str:
    """An amount with its Chinese measure word: 5个工作日, 2小时, 30日."""
    if unit is Unit.MINUTES:
        return hours_text(amount)
    if unit is Unit.WORKING_MINUTES:
        return f"{hours_text(amount)}工作时间"
    return f"{amount}{_MEASURES[unit]}"


_MEASURES = {
    Unit.HOURS: "小时",
    Unit.WORKING_HOURS: "小时工作时间",
    Unit.CALENDAR_DAYS: "日",
    Unit.WORKING_DAYS: "个工作日",
    Unit.MONTHS: "个月",
    Unit.SAME_DAY: "日",
    Unit.DAYS_BEFORE: "日",
    Unit.WORKING_DAYS_BEFORE: "个工作日",
}


def end_label(limit: TimeLimit) -> str:
    """The end of the last day in Chinese."""
    if limit.end is DayEnd.MIDNIGHT:
        return "当日24:00"
    return "当日下班" if isinstance(limit.end, DayEnd) else f"当日{limit.end:%H:%M}"


def _base(limit: TimeLimit) -> str:
    if limit.unit is Unit.SAME_DAY:
        return f"{limit.start_label}当日"
    if limit.unit is Unit.DATE and limit.on is not None:
        return f"固定日期{day_text(limit.on)}"
    if limit.unit is Unit.DAY_OF_MONTH:
        return f"{limit.start_label}{_month_label(limit)}{limit.amount}日前"
    if limit.unit is Unit.WORKDAY_OF_MONTH:
        return f"{limit.start_label}{_month_label(limit)}第{limit.amount}个工作日前"
    if limit.unit in (Unit.DAYS_BEFORE, Unit.WORKING_DAYS_BEFORE):
        return f"{limit.start_label}前{amount_text(limit.unit, limit.amount)}"
    return f"{limit.start_label}后{amount_text(limit.unit, limit.amount)}"


def _month_label(limit: TimeLimit) -> str:
    names = {0: "当月", 1: "次月"}
    return names.get(limit.month_offset, f"后第{limit.month_offset}个月")
