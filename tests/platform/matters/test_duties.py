"""Duties by exception: a normal day costs nothing, what is rare is opened once a period."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.platform.matters.made import BEIJING, set_limit
from tests.platform.people import Cast
from wenyou.matters.duties import generate, pass_quietly, record_exception, rules_for
from wenyou.matters.models import Matter
from wenyou_core.errors import InputRefused

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
DAILY = {"title": "晨会", "every": "day", "levels": ["outlet"]}
MONTHLY = {"title": "服务例会", "every": "month", "levels": ["outlet"]}


def test_daily_duty_opens_nothing_by_itself(cast: Cast) -> None:
    set_limit(cast.east, "duty.morning", DAILY)

    assert generate(MONDAY) == 0
    assert not Matter.objects.exists()


def test_monthly_duty_is_opened_once_for_each_outlet_beneath(cast: Cast) -> None:
    set_limit(cast.east, "duty.meeting", MONTHLY, article="五.2")

    assert [generate(MONDAY), generate(MONDAY + timedelta(days=20))] == [2, 0]
    assert generate(MONDAY + timedelta(days=30)) == 2

    duties = Matter.objects.filter(flow="duty", unit=cast.jia).order_by("pk")
    assert [f"{one.due_at:%m-%d}" for one in duties] == ["03-31", "04-30"]
    assert (duties[0].title, duties[0].article) == ("服务例会", "五.2")


def test_quiet_period_counts_as_kept_when_it_is_over(cast: Cast) -> None:
    set_limit(cast.east, "duty.meeting", MONTHLY)
    generate(MONDAY)

    assert pass_quietly(MONDAY + timedelta(days=29)) == 0
    assert pass_quietly(MONDAY + timedelta(days=30)) == 2
    assert set(Matter.objects.values_list("state", flat=True)) == {"kept"}


def test_exception_of_a_normal_day_opens_the_duty_and_waits_for_the_office(cast: Cast) -> None:
    set_limit(cast.east, "duty.morning", DAILY)

    matter = record_exception(
        "morning", unit=cast.jia, day=date(2026, 3, 2), grounds="停电", by=cast.lin, at=MONDAY
    )

    assert (matter.state, matter.in_hands_of) == ("exception", "service_office")
    assert matter.data["grounds"] == "停电"


def test_exception_joins_the_duty_that_stands_open(cast: Cast) -> None:
    set_limit(cast.east, "duty.meeting", MONTHLY)
    generate(MONDAY)

    record_exception(
        "meeting", unit=cast.jia, day=date(2026, 3, 2), grounds="推迟", by=cast.lin, at=MONDAY
    )

    assert Matter.objects.filter(unit=cast.jia).count() == 1
    assert pass_quietly(MONDAY + timedelta(days=30)) == 1


@pytest.mark.parametrize(
    ("code", "day", "sentence"),
    [
        ("morning", date(2026, 3, 3), "这一天还没有到"),
        ("no_such", date(2026, 3, 2), "没有这项职责"),
    ],
)
def test_exception_that_makes_no_sense_is_refused(
    code: str, day: date, sentence: str, cast: Cast
) -> None:
    set_limit(cast.east, "duty.morning", DAILY)

    with pytest.raises(InputRefused, match=sentence):
        record_exception(code, unit=cast.jia, day=day, grounds="停电", by=cast.lin, at=MONDAY)

    assert not Matter.objects.exists()


def test_second_exception_of_a_day_is_refused(cast: Cast) -> None:
    set_limit(cast.east, "duty.morning", DAILY)
    said = {"unit": cast.jia, "day": date(2026, 3, 2), "grounds": "停电", "by": cast.lin}
    record_exception("morning", **said, at=MONDAY)  # type: ignore[arg-type]

    with pytest.raises(InputRefused, match="已经登记过"):
        record_exception("morning", **said, at=MONDAY)  # type: ignore[arg-type]


def test_rule_ends_from_the_day_it_is_emptied(cast: Cast) -> None:
    set_limit(cast.east, "duty.morning", DAILY)
    set_limit(cast.east, "duty.morning", {}, from_on=date(2026, 4, 1))

    assert [one.title for one in rules_for(cast.jia, date(2026, 3, 31))] == ["晨会"]
    assert rules_for(cast.jia, date(2026, 4, 1)) == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [({**DAILY, "every": "hour"}, "每日、每周、每月或每季"), ({**DAILY, "title": ""}, "写明内容")],
)
def test_rule_that_cannot_be_read_is_refused(
    rule: dict[str, object], sentence: str, cast: Cast
) -> None:
    set_limit(cast.east, "duty.morning", rule)

    with pytest.raises(InputRefused, match=sentence):
        rules_for(cast.jia, date(2026, 3, 2))
