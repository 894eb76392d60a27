"""Dates, moments and times of day, as Excel stores them and as people write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from wenyou_desk.tables.cells import (
    AtOnce,
    BadCell,
    Converter,
    Notes,
    Origin,
    Raw,
    Source,
    Truth,
    fold,
    shown,
)
from wenyou_desk.tables.spec import ColumnSpec, Value

_DAY = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*[日号]?)"
)
_CLOCK = re.compile(
    r"([0-9]{1,2})(?::([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{1,6}))?)?"
    r"|[时点](?:([0-9]{1,2})(?:分(?:([0-9]{1,2})秒)?)?)?)"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:([0-9]{2})([0-9]{2})([0-9]{2})?)?")
_DAY_FIRST = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{1,4}(?:\s.*)?")
_LAST_SERIAL = 2_958_465  # 9999-12-31 in the 1900 system
_FIRST_COUNT, _LAST_COUNT = 29221, 73050  # 1980 to 2099, as a text that is a count of days
_MIDNIGHT = time(0)

Moment = tuple[date, time | None]


def split_moment(value: date) -> tuple[date, time | None]:
    """Date and, where known, time of day of a DATETIME value."""
    if isinstance(value, datetime):
        return value.date(), value.time()
    return value, None


def date_converter(column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> date | None:
        moment = _moment(raw, column, source, notes)
        if moment is None:
            return None
        if moment[1] not in (None, _MIDNIGHT):
            notes.append("time_dropped")
        return moment[0]

    return convert


def datetime_converter(column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> date | None:
        moment = _moment(raw, column, source, notes)
        if moment is None:
            return None
        day, clock = moment
        # Exactly midnight is how Excel and most exports write "no time known".
        return day if clock is None or clock == _MIDNIGHT else datetime.combine(day, clock)

    return convert


def moments_at_once(source: Source) -> AtOnce:
    """Columns of Excel's own dates and moments of whole seconds; moments are seldom repeated."""
    earliest = source.options.earliest

    def read(raws: Sequence[Raw]) -> list[Value] | None:
        found: list[Value] = []
        for raw in raws:
            if not isinstance(raw, date):
                return None
            day, clock = split_moment(raw)
            if day < earliest or (clock is not None and (clock.microsecond or clock.tzinfo)):
                return None
            found.append(day if clock is None or clock == _MIDNIGHT else raw)
        return found

    return read


def time_converter(column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> time | None:
        if raw is None:
            return None
        if isinstance(raw, str):
            return _time_from_text(raw, column, source, notes)
        if isinstance(raw, time):
            return _whole_seconds(datetime.combine(date(2000, 1, 1), raw)).time()
        if isinstance(raw, timedelta) and timedelta(0) <= raw < timedelta(days=1):
            return (datetime(2000, 1, 1) + raw).time()  # noqa: DTZ001 -- wall clock of the sheet
        if isinstance(raw, float) and 0 <= raw < 1:
            return _seconds_of_day(raw)
        raise _bad_time(raw)

    return convert


def _moment(raw: Raw, column: ColumnSpec, source: Source, notes: Notes) -> Moment | None:
    if raw is None:
        return None
    if isinstance(raw, str):
        return _from_text(raw, column, source, notes)
    if isinstance(raw, datetime):
        excel = source.origin is Origin.EXCEL and raw.microsecond
        whole = _whole_seconds(raw) if excel else raw
        return _plausible(whole.date(), raw, source), whole.time()
    if isinstance(raw, date):
        return _plausible(raw, raw, source), None
    if isinstance(raw, (int, float, Decimal)):
        return _from_number(raw, source)
    if isinstance(raw, Truth):
        raise BadCell("not_a_date", f"这里应填日期，现在是逻辑值{shown(raw)}。请改为日期。")
    raise BadCell("not_a_date", f"这里应填日期，现在只有时刻或时长{shown(raw)}。请补上日期。")


def _from_number(raw: int | float | Decimal, source: Source) -> Moment:
    """A number in a date column: 20250301 (093000), else Excel's count of days."""
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise BadCell("not_a_date", f"这里应填日期，现在是{shown(raw)}。请改为日期。")
    whole = int(raw)
    if whole == raw and len(str(whole)) in (8, 12, 14):
        compact = _COMPACT.fullmatch(str(whole))
        if compact is not None:
            return _from_compact(compact, raw)
    shift = 1462 if source.date_1904 else 0
    serial = whole + shift
    if source.origin is not Origin.EXCEL or not 61 <= serial <= _LAST_SERIAL:
        raise BadCell("not_a_date", f"{shown(raw)}不是日期。请写成 2025-03-01 的形式。")
    day = _plausible(date(1899, 12, 30) + timedelta(days=serial), raw, source)
    fraction = float(raw) - whole
    return (day, None) if not fraction else (day, _seconds_of_day(fraction))


def _no_date(text: str, raw: Raw) -> str:
    """What is said of a text that is no date; a count of days is called so, and never guessed."""
    serial = int(text) if text.isascii() and text.isdigit() and len(text) == 5 else 0
    if not _FIRST_COUNT <= serial <= _LAST_COUNT:
        return f"{shown(raw)}不是日期。请写成 2025-03-01 的形式。"
    day = date(1899, 12, 30) + timedelta(days=serial)
    return (
        f"{shown(raw)}不是日期，像是 Excel 的日期序列数（{day}）。"
        "请在表格里把这一列设为日期格式再另存，或写成 2025-03-01 的形式。"
    )


def _from_text(raw: str, column: ColumnSpec, source: Source, notes: Notes) -> Moment | None:
    text = " ".join(fold(raw).split())
    if not text:
        return None
    if text in source.options.blank_marks:
        notes.append("blank_mark")
        return None
    if column.date_format:
        return _from_format(text, column.date_format, raw)
    compact = _COMPACT.fullmatch(text)
    if compact is not None:
        return _from_compact(compact, raw)
    match = _DAY.match(text)
    if match is None:
        if _DAY_FIRST.fullmatch(text):
            sentence = f"{shown(raw)}看不出年、月、日的次序。请写成 2025-03-01 的形式。"
            raise BadCell("date_order", sentence)
        raise BadCell("not_a_date", _no_date(text, raw))
    year, _, month, day, month_zh, day_zh = match.groups()
    found = _day(year, month or month_zh, day or day_zh, raw)
    rest = text[match.end() :]
    if not rest:
        return found, None
    clock = _CLOCK.fullmatch(rest[1:].lstrip() if rest[0] in " T" else rest.lstrip())
    if clock is None or (rest[0] not in " T" and not match.group(5)):
        sentence = (
            f"{shown(raw)}里日期后面的{shown(rest.strip())}看不懂。"
            "请写成 2025-03-01 的形式，有时刻的写成 2025-03-01 09:30。"
        )
        raise BadCell("not_a_date", sentence)
    return found, _clock(clock, raw)


def _from_format(text: str, form: str, raw: Raw) -> Moment:
    try:
        moment = datetime.strptime(text, form)  # noqa: DTZ007 -- wall clock of the file
    except ValueError:
        sentence = f"{shown(raw)}不是说好的日期形式「{form}」，或这一天不存在。请改正。"
        raise BadCell("date_format", sentence) from None
    return moment.date(), moment.time() if "%H" in form or "%I" in form else None


def _from_compact(match: re.Match[str], raw: Raw) -> Moment:
    year, month, day, hour, minute, second = match.groups()
    found = _day(year, month, day, raw)
    return found, None if hour is None else _make_time(hour, minute, second, "", raw)


def _day(year: str, month: str, day: str, raw: Raw) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise BadCell("no_such_day", f"{shown(raw)}这一天不存在。请核对日期。") from None


def _clock(match: re.Match[str], raw: Raw) -> time:
    hour, minute, second, fraction, minute_zh, second_zh = match.groups()
    return _make_time(hour, minute or minute_zh or "0", second or second_zh, fraction, raw)


def _make_time(hour: str, minute: str, second: str | None, fraction: str | None, raw: Raw) -> time:
    micro = int((fraction or "0").ljust(6, "0"))
    try:
        return time(int(hour), int(minute), int(second or 0), micro)
    except ValueError:
        raise BadCell("no_such_time", f"{shown(raw)}里的时刻不存在。请核对。") from None


def _time_from_text(raw: str, column: ColumnSpec, source: Source, notes: Notes) -> time | None:
    text = fold(raw)
    if not text:
        return None
    if text in source.options.blank_marks:
        notes.append("blank_mark")
        return None
    if column.date_format:
        return _from_format(text, column.date_format, raw)[1]
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise _bad_time(raw)
    return _clock(match, raw)


def _bad_time(raw: Raw) -> BadCell:
    return BadCell("not_a_time", f"这里应填时刻，现在是{shown(raw)}。请写成 09:30 的形式。")


def _seconds_of_day(fraction: float) -> time:
    """Excel's fraction of a day to the nearest second; it holds no more than that."""
    seconds = min(round(fraction * 86400), 86399)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _whole_seconds(moment: datetime) -> datetime:
    return (moment + timedelta(milliseconds=500)).replace(microsecond=0)


def _plausible(day: date, raw: Raw, source: Source) -> date:
    if source.origin is Origin.EXCEL and day < source.options.earliest:
        sentence = (
            f"{shown(raw)}作为日期是 {day.isoformat()}，早于 {source.options.earliest.isoformat()}，"
            "多半是误填。请核对；确是这一天的，请以文本填写。"
        )
        raise BadCell("date_too_early", sentence)
    return day
