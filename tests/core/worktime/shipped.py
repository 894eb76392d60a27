"""The shipped calendar, read once for all tests of this folder."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.calendar_data import read_calendar


def shipped_text() -> str:
    data = files("wenyou_core.worktime") / "data" / "cn_holidays.yaml"
    return data.read_text("utf-8")


@cache
def shipped_calendar() -> Calendar:
    return read_calendar(shipped_text(), "cn_holidays.yaml")
