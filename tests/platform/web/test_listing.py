"""The helper of all lists, tried on units."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from tests.platform.people import Cast
from wenyou.notices.models import Notice
from wenyou.org.models import Unit
from wenyou.web.listing import (
    Beneath,
    Choice,
    Column,
    Days,
    Exported,
    Found,
    Listing,
    ListPage,
    Switch,
    Text,
)
from wenyou.web.listing import page as pages

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def find(request: HttpRequest, said: str) -> Found | None:
    unit = Unit.objects.filter(code=said).first()
    return Found(unit.path, unit.name) if unit else None


UNITS = Listing(
    title="网点",
    columns=(
        Column(key="code", title="机构号", value=lambda one: one.code, sort="code", fixed=True),
        Column(key="name", title="名称", value=lambda one: one.name, link=lambda one: "/units/1/"),
        Column(key="opened", title="开业", value=lambda one: one.opened_on, kind="day"),
        Column(key="depth", title="层", value=lambda one: one.depth, kind="number", hidden=True),
    ),
    filters=(
        Text("q", "名称", fields=("name", "code")),
        Choice("area", "类别", (("city", "城区"), ("rural", "农村"))),
        Days("opened", "开业日期", "opened_on", moment=False),
        Beneath("unit", "机构", find, field="path"),
        Switch("top", "只看本级", Q(depth=0)),
    ),
    order=("code",),
)


def put(code: str, name: str = "", path: str = "", **more: Any) -> Unit:
    unit = Unit(code=code, name=name or f"网点{code}", opened_on=date(2020, 1, 1), **more)
    unit.path = path or f"/{code}/"
    unit.save()
    return unit


def shown(address: str = "/units/", listing: Listing = UNITS) -> ListPage:
    return ListPage(listing, RequestFactory().get(address), Unit.objects.all())


def codes(page: ListPage) -> list[str]:
    return [str(row.code) for row in page.found]


def test_list_shows_all_in_its_own_order() -> None:
    put("2")
    put("1")

    page = shown()

    assert codes(page) == ["1", "2"]
    assert page.total_text == "2"
    assert page.chips == []


def test_list_is_turned_by_shorter_pages_on_a_phone() -> None:
    for number in range(60):
        put(f"{number:02}")
    pixel = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/89.0 Mobile Safari/537.36"

    def page(agent: str) -> ListPage:
        request = RequestFactory().get("/units/?page=2", headers={"User-Agent": agent})
        return ListPage(UNITS, request, Unit.objects.all())

    assert (codes(page(pixel))[0], len(page(pixel).found), page(pixel).pages) == ("20", 20, 3)
    assert (len(page("Chrome/89.0").found), page("Chrome/89.0").pages) == (10, 2)


def test_list_is_narrowed_by_words_and_the_chip_takes_them_away() -> None:
    put("1", "江城支行")
    put("2", "河口支行")

    page = shown("/units/?q=江城&sort=-code")

    assert codes(page) == ["1"]
    assert page.chips == [("/units/?sort=-code", "名称：江城")]


def test_list_is_narrowed_by_a_choice_and_refuses_one_that_is_not_offered() -> None:
    put("1", area="city")
    put("2", area="rural")

    assert codes(shown("/units/?area=rural")) == ["2"]
    refused = shown("/units/?area=moon")
    assert refused.errors == ["「类别」没有“moon”这个选项，请重新选择。"]
    assert codes(refused) == []


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (
            "opened_from=2026-13-01",
            "「开业日期」的日期写法不对，请写成 2026-10-12 这样的年-月-日。",
        ),
        (
            "opened_from=2026-02-02&opened_to=2026-02-01",
            "「开业日期」的截止日期早于起始日期，请改正。",
        ),
        ("opened_from=0001-01-01", "「开业日期」的年份应在 1900 至 2200 之间，请改正。"),
        ("opened_to=9999-12-31", "「开业日期」的年份应在 1900 至 2200 之间，请改正。"),
    ],
)
def test_days_that_make_no_sense_are_refused_and_kept_as_typed(query: str, error: str) -> None:
    page = shown(f"/units/?{query}")

    assert page.errors == [error]
    assert (page.inputs[2].value or page.inputs[2].until) in query


def test_days_count_both_ends() -> None:
    put("1")

    assert codes(shown("/units/?opened_from=2020-01-01&opened_to=2020-01-01")) == ["1"]
    assert codes(shown("/units/?opened_to=2019-12-31")) == []


def test_unit_filter_shows_the_unit_and_what_is_beneath() -> None:
    put("1", path="/1/")
    put("2", path="/1/2/")
    put("3", path="/3/")

    assert codes(shown("/units/?unit=1")) == ["1", "2"]
    assert shown("/units/?unit=9").errors == [
        "没有找到机构“9”。请填写机构号，或您查看范围内机构的完整名称。"
    ]


def test_switch_narrows_only_when_it_is_on() -> None:
    put("1")
    put("2", depth=1)

    assert codes(shown("/units/?top=1")) == ["1"]
    assert codes(shown("/units/?top=0")) == ["1", "2"]


def test_sorting_takes_declared_columns_only() -> None:
    put("1", "乙")
    put("2", "甲")

    assert codes(shown("/units/?sort=-code")) == ["2", "1"]
    assert codes(shown("/units/?sort=name")) == ["1", "2"]
    assert codes(shown("/units/?sort=merged_into__phone")) == ["1", "2"]
    assert shown("/units/?sort=code").heads[0].address == "/units/?sort=-code"


def test_columns_are_chosen_in_the_address_and_a_fixed_one_stays() -> None:
    put("1")

    assert [one.key for one in shown().columns] == ["code", "name", "opened"]
    assert [one.key for one in shown("/units/?col=depth").columns] == ["code", "depth"]
    assert [one.key for one in shown("/units/?col=nothing").columns] == ["code", "name", "opened"]


def test_paging_turns_fifty_at_a_time_and_knows_the_end() -> None:
    Unit.objects.bulk_create(
        Unit(code=f"{place:03}", name="网点", opened_on=date(2020, 1, 1), path=f"/{place}/")
        for place in range(120)
    )

    first, last = shown(), shown("/units/?page=3")

    assert (len(first.found), first.total, first.pages) == (50, 120, 3)
    assert first.following == "/units/?page=2"
    assert (len(last.found), last.following, last.previous) == (20, "", "/units/?page=2")
    assert last.other_end == ""


@pytest.mark.parametrize("said", ["0", "-1", "abc", "٣", "9" * 30, "1.5"])
def test_page_numbers_that_make_no_sense_show_a_page_all_the_same(said: str) -> None:
    put("1")

    assert shown(f"/units/?page={said}").number >= 1


CLOSED = Listing(
    title="停业",
    columns=(
        Column(key="closed", title="停业", value=lambda one: one.closed_on, sort="closed_on"),
    ),
    per_page=2,
)


@pytest.mark.parametrize(("sort", "order"), [("closed", "21354"), ("-closed", "31254")])
def test_rows_without_a_value_come_last_both_ways_on_whatever_page(sort: str, order: str) -> None:
    for code, closed in (("1", 2), ("2", 1), ("3", 3), ("4", None), ("5", None)):
        put(code, closed_on=date(2026, 1, closed) if closed else None)

    found = [codes(shown(f"/units/?sort={sort}&page={page}", CLOSED)) for page in (1, 2, 3)]

    assert "".join(one for page in found for one in page) == order
    assert [len(page) for page in found] == [2, 2, 1]


def test_a_list_narrowed_to_some_time_goes_by_that_time() -> None:
    listing = Listing(title="消息", columns=(), filters=(Days("at", "时间", "at"),))

    def order(address: str) -> object:
        page = ListPage(listing, RequestFactory().get(address), Notice.objects.all())
        return page.narrowed.query.order_by

    assert order("/inbox/") == ("-pk",)
    assert order("/inbox/?at_from=2026-01-01") == ("-at", "-pk")


def test_totals_stop_at_the_most_that_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 4)
    for code in "123456":
        put(code)
    small = Listing(title="网点", columns=UNITS.columns, order=("code",), per_page=2)

    page = shown("/units/?page=2", small)

    assert page.total_text == "4+"
    assert page.at_end_of_counting
    assert page.following == ""
    assert page.other_end == "/units/?sort=-code"
    assert codes(shown(page.other_end, small)) == ["6", "5"]
    assert shown("/units/?sort=-code&page=2", small).other_end == "/units/?sort=code"


def test_a_list_in_the_order_of_its_keys_is_turned_round_by_the_age_of_its_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "MOST_COUNTED", 1)
    for code in "12":
        put(code)

    plain = Listing(title="网点", columns=UNITS.columns, per_page=1)
    aged = Listing(title="网点", columns=UNITS.columns, per_page=1, by_age="code")
    assert shown("/units/", plain).other_end == ""
    assert shown("/units/", aged).other_end == "/units/?sort=code"


def test_control_characters_are_not_carried_into_the_query() -> None:
    put("1", "江城支行")

    assert codes(shown("/units/?q=江%00城")) == ["1"]


def test_list_asks_as_much_for_one_row_as_for_three() -> None:
    put("1")
    with CaptureQueriesContext(connection) as one:
        assert shown().body.count("<tr") == 1
    put("2")
    put("3")
    with CaptureQueriesContext(connection) as three:
        assert shown().body.count("<tr") == 3

    assert len(one) == len(three) == 2


def export(address: str, taken: list[Exported]) -> Any:
    request = RequestFactory().get(address)
    request.user = type("Person", (), {"label": "陈静（c1）"})()
    answer = UNITS.answer(request, Unit.objects.all(), exported=taken.append)
    content = b"".join(answer)
    answer.close()
    return openpyxl.load_workbook(io.BytesIO(content)).active


def test_export_writes_what_the_list_shows_and_says_who_took_it() -> None:
    put("1", "江城支行")
    put("2", "河口支行")
    taken: list[Exported] = []

    sheet = export("/units/?q=江城&export=xlsx", taken)

    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][0] == "网点"
    assert rows[1][0].startswith("导出人：陈静（c1）　导出时间：")
    assert rows[1][0].endswith("筛选条件：名称：江城　共 1 行")
    assert rows[2][:3] == ["机构号", "名称", "开业"]
    assert rows[3][:2] == ["1", "江城支行"]
    assert [(one.title, one.narrowed, one.rows) for one in taken] == [("网点", "名称：江城", 1)]
    assert "导出人：陈静（c1）" in sheet.oddHeader.right.text
    assert "导出人：陈静（c1）" in sheet.oddFooter.left.text


def test_export_cells_calculate_nothing() -> None:
    put("1", "=HYPERLINK(0)")

    sheet = export("/units/?export=xlsx", [])

    cell = sheet.cell(row=4, column=2)
    assert (cell.value, cell.data_type) == ("=HYPERLINK(0)", "s")


def test_export_is_not_offered_without_somebody_who_records_it() -> None:
    put("1")

    assert shown("/units/?export=xlsx").export_address == ""


def test_cells_escape_what_people_have_typed() -> None:
    put("1", "<script>alert(1)</script>")

    html = shown().body

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_page_and_its_fragment_come_from_one_address(cast: Cast) -> None:
    put("1", "江城支行")
    request = RequestFactory().get("/units/?q=江城")
    request.user = cast.chen
    request.session = {}  # type: ignore[assignment]

    whole = UNITS.answer(request, Unit.objects.all(), exported=lambda taken: None).content.decode()  # type: ignore[attr-defined]
    request.META["HTTP_HX_TARGET"] = "list"
    request.__dict__.pop("headers", None)
    part = UNITS.answer(request, Unit.objects.all()).content.decode()  # type: ignore[attr-defined]

    assert whole.startswith("<!doctype html>")
    assert "导出 Excel" in whole
    assert part.startswith('<div id="list"')
    assert "江城支行" in part
    assert "导出 Excel" not in part
