"""Limits, windows and duties that a unit sets: who may, from when, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.matters.made import BEIJING, begin
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.matters.duties import Every, rules_for
from wenyou.matters.limits import limits_for
from wenyou.matters.models import Matter
from wenyou.matters.setting import set_duty, set_limit, set_window, shown_limits
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.limits import describe

DAY = date(2026, 3, 2)
TWO_HOURS = {"unit": "working_hours", "amount": 2, "end": "24:00"}
ClientOf = Callable[[User], Client]


def test_limit_holds_from_its_day_for_the_units_beneath(cast: Cast) -> None:
    set_limit(cast.east, "rectify", TWO_HOURS, article="四.1", from_on=DAY, by=cast.chen)

    before = limits_for(cast.jia, DAY - timedelta(days=1)).rules["rectify"]
    after = limits_for(cast.jia, DAY).rules["rectify"]
    assert describe(after.limit) == "知悉后2小时工作时间"
    assert (before.article, after.article) == ("建议值", "四.1")
    assert limits_for(cast.bing, DAY).rules["rectify"].article == "建议值"
    assert AuditRow.objects.get(action="limit.set").article == "四.1"


def test_limits_are_told_with_whose_they_are(cast: Cast) -> None:
    set_limit(cast.branch, "rectify", TWO_HOURS, article="四.1", from_on=DAY, by=cast.he)
    set_limit(cast.east, "recheck", {}, article="", from_on=DAY, by=cast.chen)

    told = {one.name: (one.text, one.set_by) for one in shown_limits(cast.jia, DAY)}

    assert told["rectify"] == ("下达或退回整改后2小时工作时间", "江州分行")
    assert told["recheck"] == ("不计时", "城东支行")
    assert told["finding_confirm"][1] == "产品默认"


@pytest.mark.parametrize(
    ("name", "limit", "article", "sentence"),
    [
        ("no_such", TWO_HOURS, "四.1", "没有“no_such”这个时限"),
        ("rectify", {"unit": "weeks", "amount": 2}, "四.1", "认不出来"),
        ("rectify", {"unit": "hours", "amount": 0}, "四.1", "须为正整数"),
        ("rectify", {"unit": "hours", "amount": True}, "四.1", "认不出来"),
        ("rectify", {"hours": 2}, "四.1", "认不出的内容“hours”"),
        ("rectify", TWO_HOURS, " ", "写明依据的条款"),
    ],
)
def test_limit_that_makes_no_sense_is_refused(
    name: str, limit: dict[str, object], article: str, sentence: str, cast: Cast
) -> None:
    with pytest.raises(InputRefused, match=sentence):
        set_limit(cast.east, name, limit, article=article, from_on=DAY, by=cast.chen)


def test_only_the_office_of_the_unit_sets(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        set_limit(cast.jia, "rectify", TWO_HOURS, article="四.1", from_on=DAY, by=cast.lin)
    with pytest.raises(NotAllowed):
        set_limit(cast.west, "rectify", TWO_HOURS, article="四.1", from_on=DAY, by=cast.chen)
    with pytest.raises(NotAllowed):
        set_window(cast.jia, "appeal", opens_at=None, closes_at=None, article="", from_on=DAY,
                   by=cast.lin)  # fmt: skip


def test_announced_window_opens_and_reversed_one_is_refused(cast: Cast) -> None:
    opens = datetime(2026, 3, 1, tzinfo=BEIJING)
    said = {"article": "七.9", "from_on": DAY, "by": cast.chen}

    set_window(cast.east, "exemption_filing", opens_at=opens, closes_at=None, **said)  # type: ignore[arg-type]

    found = limits_for(cast.jia, DAY).windows["exemption_filing"]
    assert found is not None
    assert found.opens_at == opens
    with pytest.raises(InputRefused, match="关闭时间早于开放时间"):
        set_window(
            cast.east, "appeal", opens_at=opens, closes_at=opens - timedelta(days=1), **said,  # type: ignore[arg-type]
        )  # fmt: skip
    with pytest.raises(InputRefused, match="没有这种办理窗口"):
        set_window(cast.east, "visit", opens_at=None, closes_at=None, **said)  # type: ignore[arg-type]


def test_duty_is_set_for_levels_and_ended_by_an_empty_one(cast: Cast) -> None:
    said = {"every": Every.DAY, "article": "", "by": cast.chen}
    row = set_duty(cast.east, title="晨会", levels=["outlet"], from_on=DAY, **said)  # type: ignore[arg-type]

    assert [one.title for one in rules_for(cast.jia, DAY)] == ["晨会"]
    code = row.name.removeprefix("duty.")
    later = DAY + timedelta(days=9)
    set_duty(cast.east, title="", levels=[], code=code, from_on=later, **said)  # type: ignore[arg-type]
    assert rules_for(cast.jia, later) == []
    with pytest.raises(InputRefused, match="哪些层级"):
        set_duty(cast.east, title="晨会", levels=["planet"], from_on=DAY, **said)  # type: ignore[arg-type]


@pytest.mark.pages
def test_limit_is_set_through_its_page(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)
    said = {"unit": "working_days", "amount": "2", "end": "closing", "article": "四.1"}

    listed = client.get("/matters/limits/").content.decode()
    wrong = client.post("/matters/limits/rectify/", {**said, "amount": "", "from_on": "2026-03-02"})
    done = client.post("/matters/limits/rectify/", {**said, "from_on": "2026-03-02"})

    assert "银保监会令2020年第3号" in listed
    assert wrong.status_code == 422
    assert "请填数量。" in wrong.content.decode()
    assert done["Location"] == "/matters/limits/?at=111000"
    text = client.get("/matters/limits/").content.decode()
    assert "下达或退回整改后2个工作日（次日起算，至当日下班止）" in text


@pytest.mark.pages
def test_window_is_announced_through_its_page(cast: Cast, client_of: ClientOf) -> None:
    said = {"opens_at": "2026-03-01T08:00", "closes_at": "", "article": "七.9"}

    answer = client_of(cast.chen).post("/matters/windows/exemption_filing/", said)

    assert answer.status_code == 302
    assert limits_for(cast.jia, timezone.localdate()).windows["exemption_filing"] is not None


@pytest.mark.pages
@pytest.mark.parametrize("address", ["/matters/limits/", "/matters/limits/rectify/",
                                     "/matters/windows/appeal/", "/matters/duties/new/"])  # fmt: skip
def test_setting_is_for_the_office(address: str, cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.lin).get(address).status_code == 403
    assert client_of(cast.chen).get(f"{address}?at=112001").status_code == 404


@pytest.mark.pages
def test_exception_of_a_duty_is_recorded_in_one_form(cast: Cast, client_of: ClientOf) -> None:
    office, head = client_of(cast.chen), client_of(cast.lin)
    office.post("/matters/duties/new/", {"title": "晨会", "every": "day", "levels": ["outlet"]})
    code = rules_for(cast.jia, timezone.localdate())[0].code
    today = timezone.localdate().isoformat()

    assert "每日　晨会" in head.get("/matters/duties/").content.decode()
    mine = office.get("/matters/duties/").content.decode()
    assert "为下级机构设定的职责" in mine
    assert "每日　晨会" in mine
    assert "为下级机构设定的职责" not in head.get("/matters/duties/").content.decode()
    wrong = head.post("/matters/duties/", {"duty": code, "day": "2099-01-01", "grounds": "停电"})
    done = head.post("/matters/duties/", {"duty": code, "day": today, "grounds": "停电"})

    assert "这一天还没有到" in wrong.content.decode()
    assert done["Location"] == f"/matters/{Matter.objects.get().pk}/"


@pytest.mark.pages
def test_duties_page_is_empty_until_some_are_set(cast: Cast, client_of: ClientOf) -> None:
    begin("duty", cast)

    assert "还没有设定日常职责" in client_of(cast.lin).get("/matters/duties/").content.decode()
