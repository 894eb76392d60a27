"""What the tests of matters share."""

from __future__ import annotations

import pytest

from wenyou.org import timetable


@pytest.fixture(autouse=True)
def calendars_of_this_test() -> None:
    """A test's entries are rolled back and their keys given again: nothing is remembered."""
    timetable._calendar.cache_clear()
