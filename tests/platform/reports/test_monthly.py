"""The monthly report: counted right, within reach, in a fixed number of queries."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from tests.platform.matters.made import begin, made_named, take
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.matters.models import ClockRun
from wenyou.reports.monthly import per_cent, report_of
from wenyou.reports.months import Month, chosen, course_to, month_of, offered
from wenyou.reports.views import parted

pytestmark = [pytest.mark.django_db, pytest.mark.pages]
ClientOf = Callable[[User], Client]
NOW = timezone.now()
MONTH = month_of(timezone.localdate(NOW))


def order(cast: Cast, *, late: bool) -> None:
    """An order to put right at 甲, reported just now, in time or not."""
    at = NOW - timedelta(minutes=30)
    due = timezone.localdate(NOW) + timedelta(days=-3 if late else 3)
    matter = begin("rectification", cast, at=at, own_limits={"rectify": due})
    take(matter, made_named("rectification", "submit", matter.state), cast, NOW)


def test_complaints_and_limits_are_counted_by_unit(cast: Cast) -> None:
    for unit in (cast.jia, cast.jia, cast.yi):
        begin("complaint", cast, by=cast.chen, unit=unit, at=NOW - timedelta(minutes=9))
    order(cast, late=False)
    order(cast, late=True)
    order(cast, late=True)

    found = report_of(cast.chen, MONTH, NOW)

    lines = {one.name: one for one in found.units}
    assert (lines[cast.jia.name].complaints, lines[cast.yi.name].complaints) == (2, 1)
    assert (lines[cast.jia.name].mended, lines[cast.jia.name].mended_late) == (1, 2)
    assert lines[cast.jia.name].late == 2
    (rectify,) = [one for one in found.limits if one.title == "整改"]
    assert (rectify.kept, rectify.late, rectify.share) == (1, 2, "33.3%")
    assert ClockRun.objects.filter(name="rectify").count() == 3
    assert found.course[MONTH] == (3, 0)
    assert sum(many for _, many in found.sources) == 3
    assert found.total("complaints") == 3


def test_a_head_reads_of_his_own_outlet_alone(cast: Cast) -> None:
    for unit in (cast.jia, cast.yi):
        begin("complaint", cast, by=cast.chen, unit=unit, at=NOW - timedelta(minutes=9))

    assert [one.name for one in report_of(cast.lin, MONTH, NOW).units] == [cast.jia.name]
    assert [one.name for one in report_of(cast.wu, MONTH, NOW).units] == [cast.yi.name]


def test_who_has_no_business_with_reports_is_refused(cast: Cast, client_of: ClientOf) -> None:
    with pytest.raises(NotAllowed):
        report_of(cast.zhou, MONTH, NOW)
    assert client_of(cast.zhou).get("/reports/").status_code == 403


def test_page_says_figures_and_prints_tables_beneath_charts(
    cast: Cast, client_of: ClientOf
) -> None:
    for unit in (cast.jia, cast.yi):
        begin("complaint", cast, by=cast.chen, unit=unit, at=NOW - timedelta(minutes=9))

    page = client_of(cast.chen).get("/reports/").content.decode()

    assert f"{MONTH.label}服务月报" in page
    assert page.count("<figure") == 2
    assert page.count("查看数据") == 2
    assert cast.jia.name in page


def test_units_without_anything_in_a_month_are_folded_away(cast: Cast, client_of: ClientOf) -> None:
    begin("complaint", cast, by=cast.chen, unit=cast.jia, at=NOW - timedelta(minutes=9))
    order(cast, late=False)
    found = report_of(cast.chen, MONTH, NOW)
    (unit,) = found.units
    empty = replace(unit, code="9", name="空网点", complaints=0, orders=0,
                    mended=0, kept=0, done=0, visits=0, findings=0)  # fmt: skip

    busy, idle = parted([unit, empty])

    assert [one.name for one in busy] == [cast.jia.name]
    assert [one.name for one in idle] == ["空网点"]


def test_a_month_without_anything_says_what_will_stand_there(
    cast: Cast, client_of: ClientOf
) -> None:
    page = client_of(cast.chen).get("/reports/", {"month": "2021-03"}).content.decode()

    assert "2021年3月服务月报" in page
    assert "这个月还没有数据" in page


def test_the_table_is_taken_out_as_a_workbook_and_that_is_recorded(
    cast: Cast, client_of: ClientOf
) -> None:
    begin("complaint", cast, by=cast.chen, at=NOW - timedelta(minutes=9))

    answer = client_of(cast.chen).get("/reports/", {"export": "1"})

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [cast.jia.code, cast.jia.name, 1.0] in [row[:3] for row in rows]
    assert AuditRow.objects.filter(action="report.exported", actor=cast.chen).count() == 1


def test_query_count_is_the_same_for_one_and_three_units(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)
    counts = []
    for units in ((cast.jia,), (cast.yi, cast.east)):
        for unit in units:
            begin("complaint", cast, by=cast.chen, unit=unit, at=NOW - timedelta(minutes=9))
        client.get("/reports/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/reports/")
        counts.append(len(asked))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2026-03", Month(2026, 3)),
        ("2026-13", Month(2026, 5)),
        ("二月", Month(2026, 5)),
        ("", Month(2026, 5)),
        ("2099-01", Month(2026, 5)),
    ],
)
def test_month_of_an_address_is_one_that_has_begun(said: str, expected: Month) -> None:
    assert chosen(said, date(2026, 5, 9)) == expected


def test_months_follow_one_another_over_the_year() -> None:
    assert Month(2026, 1).back(1) == Month(2025, 12)
    assert Month(2025, 12).end == Month(2026, 1).start
    assert [one.code for one in course_to(Month(2026, 2))] == [
        "2025-09", "2025-10", "2025-11", "2025-12", "2026-01", "2026-02",
    ]  # fmt: skip
    assert offered(date(2026, 2, 3))[0] == Month(2026, 2)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(0, 0, "—"), (1, 3, "33.3%"), (2, 3, "66.7%"), (5, 5, "100.0%"), (1, 2000, "0.1%")],
)
def test_shares_are_rounded_half_up_to_one_digit(part: int, whole: int, text: str) -> None:
    assert per_cent(part, whole) == text
