"""How numbers, days and stretches of time read on every page; no database, no clock of its own."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from wenyou_core.worktime.texts import LAST_INSTANT, beijing, clock_text, weekday_text

NOTHING = "—"
MINUS = "\N{MINUS SIGN}"
NEAR_DAYS = {-1: "昨天", 0: "今天", 1: "明天"}
MASK = "*"
# An identity number keeps the region and the last four; a phone three and four.
KEPT = {"phone": (3, 4), "identity": (6, 4), "account": (4, 4)}


def yuan(fen: int | None) -> str:
    """Money in yuan with a real minus: 123456 → 1,234.56."""
    if fen is None:
        return NOTHING
    whole, rest = divmod(abs(fen), 100)
    return f"{MINUS if fen < 0 else ''}{whole:,}.{rest:02d}"


def points(value: Decimal | int | str | None) -> str:
    """Points with the digits they were given, and a real minus."""
    if value is None or value == "":
        return NOTHING
    try:
        text = format(Decimal(value), "f")
    except InvalidOperation:
        return str(value)
    return text.replace("-", MINUS)


def signed(value: Decimal | int | str | None) -> str:
    """Points as a reward or deduction: +2, −0.5, 0."""
    text = points(value)
    return f"+{text}" if text[:1].isdigit() and text.strip("0.") else text


def number(value: int | None) -> str:
    """A count with its thousands apart."""
    return NOTHING if value is None else f"{value:,}".replace("-", MINUS)


def day(value: date | None, today: date) -> str:
    """10月12日（周日）; the year where it is another one."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = beijing(value).date()
    year = "" if value.year == today.year else f"{value.year}年"
    return f"{year}{value.month}月{value.day}日（{weekday_text(value)}）"


def day_short(value: date | None, today: date) -> str:
    """10月12日（周日）; of another year without the weekday: for the cells of lists."""
    if value is None or value.year == today.year:
        return day(value, today)
    if isinstance(value, datetime):
        value = beijing(value).date()
    return f"{value.year}年{value.month}月{value.day}日"


def when(value: datetime | None, now: datetime) -> str:
    """今天 16:30, 明天 9:00, else 10月12日（周日）16:30; the day's last instant reads 24:00."""
    if value is None:
        return NOTHING
    moment, today = beijing(value), beijing(now).date()
    clock = clock_text(moment.replace(second=0, microsecond=0) if not at_end(moment) else moment)
    near = NEAR_DAYS.get((moment.date() - today).days)
    return f"{near} {clock}" if near else f"{day(moment.date(), today)}{clock}"


def when_short(value: datetime | None, now: datetime) -> str:
    """今天 16:30, else 10月12日 16:30 without the weekday: for the cells of lists."""
    if value is None:
        return NOTHING
    moment, today = beijing(value), beijing(now).date()
    if (moment.date() - today).days in NEAR_DAYS:
        return when(value, now)
    year = "" if moment.year == today.year else f"{moment.year}年"
    clock = "24:00" if at_end(moment) else f"{moment:%H:%M}"
    return f"{year}{moment.month}月{moment.day}日 {clock}"


def at_end(moment: datetime) -> bool:
    """Whether a moment stands for the end of its day."""
    return moment.time() == LAST_INSTANT


def duration(length: timedelta | None) -> str:
    """A stretch of time in its two largest measures: 2 天 3 小时, 45 分钟."""
    if length is None:
        return NOTHING
    minutes = int(abs(length).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分钟")]
    while len(parts) > 1 and not parts[0][0]:
        parts.pop(0)
    said = [f"{count} {unit}" for count, unit in parts[:2] if count]
    return " ".join(said) or "0 分钟"


def left(due: datetime | None, now: datetime, *, working_days: int | None = None) -> str:
    """还剩 2 个工作日, 还剩 3 小时, 超时 40 分钟 within the day, 逾期 3 天 after it."""
    if due is None:
        return "到期日未定"
    due, moment = beijing(due), beijing(now)
    days = (moment.date() - due.date()).days
    if moment > due:
        return f"逾期 {days} 天" if days else f"超时 {duration(moment - due)}"
    if days == 0:
        edge = due + timedelta.resolution if at_end(due) else due
        return f"还剩 {duration(edge - moment)}"
    if working_days is not None:
        return f"还剩 {working_days} 个工作日"
    return f"还剩 {-days} 天"


def masked(text: str | None, kind: str = "name") -> str:
    """Personal data with its middle hidden; a name keeps its first character."""
    text = (text or "").strip()
    if not text:
        return NOTHING
    first, last = KEPT.get(kind, (1, 0))
    if len(text) <= first + last:
        first, last = 1, 0
    hidden = len(text) - first - last
    return text[:first] + MASK * max(hidden, 1) + (text[-last:] if last else "")


def counted(total: int, most: int) -> str:
    """A total; above ``most`` only that it is more: 10,000+."""
    return f"{most:,}+" if total > most else f"{total:,}"
