"""What slices above want to be asked or told; they register themselves when they are imported.

The organization knows no matters, yet a unit with open matters must not close, and deadlines
have to be computed again when the calendar changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Unit

# Sentences that say what still hangs on the unit after the day; none: nothing does.
ClosingCheck = Callable[["Unit", date], Iterable[str]]
# Called inside the transaction with the calendar's version before and after.
CalendarListener = Callable[[str, str], None]
# Called inside the transaction with the unit, the day from which what began is concerned (None:
# all of it), and who did it (None: the system).
SettingListener = Callable[["Unit", "date | None", "User | None"], None]

_closing: list[ClosingCheck] = []
_calendar: list[CalendarListener] = []
_setting: list[SettingListener] = []


def before_closing(check: ClosingCheck) -> ClosingCheck:
    """Register a check that is asked before a unit closes or is merged."""
    if check not in _closing:
        _closing.append(check)
    return check


def after_calendar(listener: CalendarListener) -> CalendarListener:
    """Register what happens when a year of the calendar was entered or mended."""
    if listener not in _calendar:
        _calendar.append(listener)
    return listener


def after_setting(listener: SettingListener) -> SettingListener:
    """Register what happens when hours or the place of a unit have changed."""
    if listener not in _setting:
        _setting.append(listener)
    return listener


def what_hangs_on(unit: Unit, day: date) -> list[str]:
    """All sentences of all checks."""
    return [sentence for check in _closing for sentence in check(unit, day)]


def tell_calendar(old: str, new: str) -> None:
    """Tell every listener."""
    for listener in _calendar:
        listener(old, new)


def tell_setting(unit: Unit, since: date | None, by: User | None) -> None:
    """Tell every listener."""
    for listener in _setting:
        listener(unit, since, by)
