"""How days, minutes and lengths of time read in Chinese explanations."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

from wenyou_core.errors import InputRefused

# China has had one time zone and no summer time since 1992, so a fixed offset is exact and
# needs no time zone data on the machine.
BEIJING = timezone(timedelta(hours=8), "UTC+08:00")
LAST_INSTANT = time.max
_WEEKDAYS = "一二三四五六日"


def beijing(moment: datetime) -> datetime:
    """The same instant on the clock of Beijing.

    Raises InputRefused for a naive datetime: nobody could tell which clock it was read from.
    """
    if moment.tzinfo is None:
        raise InputRefused(
            "time-without-zone",
            f"时间{moment:%Y-%m-%d %H:%M}没有注明时区，无法计算时限；请按北京时间登记。",
            moment=moment,
        )
    return moment.astimezone(BEIJING)


def at(day: date, clock: time) -> datetime:
    """The moment ``clock`` on ``day``, in Beijing."""
    return datetime.combine(day, clock, BEIJING)


def end_of_day(day: date) -> datetime:
    """The last instant of the day, so that it still carries the day's own date.

    Shown as 24:00. The next day's 00:00 would sort a deadline into the wrong day, and would
    take something dated the next day without a time for punctual.
    """
    return at(day, LAST_INSTANT)


def weekday_text(day: date) -> str:
    """周一 to 周日."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def day_text(day: date) -> str:
    """A day in full, with its weekday: 2025年9月28日(周日)."""
    return f"{day.year}年{day.month}月{day.day}日（{weekday_text(day)}）"


def span_text(first: date, last: date) -> str:
    """Days in short: 9月28日, 9月28日至30日, or with years where these differ."""
    if first == last:
        return f"{first.month}月{first.day}日"
    if first.year != last.year:
        return (
            f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
        )
    if first.month != last.month:
        return f"{first.month}月{first.day}日至{last.month}月{last.day}日"
    return f"{first.month}月{first.day}日至{last.day}日"


def dated_span_text(first: date, last: date) -> str:
    """Days with their year: 2025年9月28日, 2025年9月28日至30日, 2025年9月28日至2026年1月2日."""
    text = span_text(first, last)
    return text if first.year != last.year else f"{first.year}年{text}"


def clock_text(moment: datetime) -> str:
    """The time of day: 16:40, 16:40:05 when there are seconds, 24:00 for the day's end."""
    if moment.time() == LAST_INSTANT:
        return "24:00"
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def moment_text(moment: datetime) -> str:
    """A moment in full: 2025年9月28日(周日)24:00."""
    return f"{day_text(moment.date())}{clock_text(moment)}"


def length_text(length: timedelta) -> str:
    """A length of time in days, hours and minutes: 1天2小时5分钟; 0分钟 when shorter."""
    minutes = int(length.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    return f"{days}天{hours_text(rest)}" if days and rest else _days_or_hours(days, rest)


def hours_text(minutes: int) -> str:
    """Minutes as hours and minutes: 2小时5分钟, 45分钟."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return f"{hours}小时{rest}分钟"
    return f"{hours}小时" if hours else f"{rest}分钟"


def _days_or_hours(days: int, rest: int) -> str:
    return f"{days}天" if days else hours_text(rest)
