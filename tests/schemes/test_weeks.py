"""A time limit whose length is a reading stands once for each reading."""

from __future__ import annotations

import pytest

from tests.schemes.shipped import checked
from wenyou_core.scheme.show import show

LENGTHS = (
    ("7个自然日", "days", "param.week_days"),
    ("5个工作日", "working_days", "param.week_workdays"),
)
STARTS = (("通知之日", "notified_on"), ("发现之日", "found_on"))


@pytest.mark.proves("S003-35")
def test_each_reading_of_the_week_for_rectification_has_its_own_limit() -> None:
    (article,) = (one for one in checked("cib_coaching").plan.articles if "S003-35" in one.covers)
    duties = article.obligations.values()
    weeks = [one for one in duties if one.facts == "rectification"]
    found = {
        (show(one.where) if one.where else "", one.start, one.unit, one.limit) for one in weeks
    }
    assert found == {
        (f"param.week_means = {means} and param.week_from = {since}", start, unit, limit)
        for means, unit, limit in LENGTHS
        for since, start in STARTS
    }
    assert len(weeks) == len(found)
