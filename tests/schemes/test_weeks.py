"""A time limit whose length is a reading stands once for each reading."""

from __future__ import annotations

import pytest

from tests.schemes.shipped import checked


@pytest.mark.proves("S003-35")
def test_each_reading_of_the_week_for_rectification_has_its_own_limit() -> None:
    (article,) = (one for one in checked("cib_coaching").plan.articles if "S003-35" in one.covers)
    duties = article.obligations.values()
    weeks = [one for one in duties if one.facts == "rectification"]
    assert {(one.start, one.unit, one.limit) for one in weeks} == {
        (start, unit, limit)
        for start in ("notified_on", "found_on")
        for unit, limit in (("days", "param.week_days"), ("working_days", "param.week_workdays"))
    }
    assert len({one.where for one in weeks}) == len(weeks) == 4
