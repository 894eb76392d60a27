"""Lists in a real browser: narrowed, sorted and exported with and without a script."""

from __future__ import annotations

import pytest

from tests.platform.browser.access import barriers
from tests.platform.browser.conftest import DESK, PHONE, Open
from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.matters.models import Matter

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]

COMPLAINT = "TS2026-000001"


@pytest.fixture
def matters(cast: Cast) -> Matter:
    """One complaint and one commendation; the complaint."""
    complaint = begin("complaint", cast)
    begin("commendation", cast)
    return complaint


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("path", ["/", "/complaints/", "/matters/{}/", "/matters/register/"])
def test_page_has_no_barriers_and_fits(
    visit: Open, cast: Cast, matters: Matter, path: str, size: tuple[int, int]
) -> None:
    one = visit(cast.chen, size)
    page = one.go(path.format(matters.pk))

    assert one.arrived
    assert page.locator("h1").count() == 1
    assert barriers(page) == []
    assert one.overflow() == 0


def test_paper_leaves_out_what_can_only_be_opened_or_copied(
    visit: Open, cast: Cast, matters: Matter
) -> None:
    page = visit(cast.chen, DESK).go(f"/matters/{matters.pk}/")
    folds, copies = page.locator("summary >> text=为什么是这一分钟"), page.locator("[data-copy]")
    assert folds.first.is_visible()
    assert copies.first.is_visible()
    page.locator("details.fold > summary").first.click()

    page.emulate_media(media="print")

    assert [one.is_visible() for one in folds.all()] == [True] + [False] * (folds.count() - 1)
    assert not copies.first.is_visible()
    assert page.locator("details.fold > ol").first.is_visible()


def test_paper_says_the_title_of_a_matter_once(visit: Open, cast: Cast, matters: Matter) -> None:
    title = "客户反映排队两个小时后被告知业务停办，要求说明原因并当面道歉，同时退还多收的手续费。"
    Matter.objects.filter(pk=matters.pk).update(title=title)
    one = visit(cast.chen, (688, 970))
    page = one.go(f"/matters/{matters.pk}/")

    page.emulate_media(media="print")

    shown = [each for each in page.get_by_text(title, exact=True).all() if each.is_visible()]
    assert [each.evaluate("one => one.tagName") for each in shown] == ["H1"]
    assert one.overflow() == 0


def test_paper_of_a_unit_leaves_out_what_only_leads_on(visit: Open, cast: Cast) -> None:
    page = visit(cast.he, (688, 970)).go(f"/units/{cast.east.pk}/")
    ways = ["这个机构的事", "变动", "机构停业", "设立小组或名单", "下达责任书", "查看全部下级机构"]
    shown = [page.get_by_text(one, exact=True) for one in ways]
    assert [one.is_visible() for one in shown] == [True] * len(ways)

    page.emulate_media(media="print")

    assert [one.is_visible() for one in shown] == [False] * len(ways)
    for title in ("沿革", "联系", "小组和名单", "责任书", "下级机构", "营业时间"):
        assert page.get_by_role("heading", name=title, exact=True).is_visible()


@pytest.mark.usefixtures("matters")
@pytest.mark.parametrize("script", [True, False])
def test_list_is_narrowed_and_the_address_says_so(visit: Open, cast: Cast, script: bool) -> None:
    page = visit(cast.chen, DESK, script=script).go("/complaints/")
    assert page.locator("[data-rows] tr").count() == 2

    page.select_option("[name=kind]", "complaint")
    if not script:
        page.click(".filters button[type=submit]")
    page.wait_for_selector(".chip--on")

    assert "kind=complaint" in page.url
    assert page.locator("[data-rows] tr").count() == 1
    assert page.locator("[data-rows] th").inner_text() == COMPLAINT
    page.click(".chip--on")
    page.wait_for_selector(".chip--on", state="detached")
    assert page.locator("[data-rows] tr").count() == 2


@pytest.mark.usefixtures("matters")
@pytest.mark.parametrize("script", [True, False])
def test_list_is_sorted_by_its_heads(visit: Open, cast: Cast, script: bool) -> None:
    page = visit(cast.chen, DESK, script=script).go("/complaints/")

    page.click("thead >> text=编号")
    page.wait_for_selector("th[aria-sort=ascending]")
    first = page.locator("[data-rows] th").first.inner_text()
    page.click("thead >> text=编号")
    page.wait_for_selector("th[aria-sort=descending]")

    assert page.locator("[data-rows] th").last.inner_text() == first


@pytest.mark.usefixtures("matters")
def test_columns_are_chosen_without_a_script(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, DESK, script=False).go("/complaints/")
    heads = page.locator("thead th").count()

    page.click(".columns-menu summary")
    page.uncheck("[name=col][value=unit]")
    page.click(".columns-menu button")

    assert page.locator("thead th").count() == heads - 1
    assert "机构" not in page.inner_text("thead")


@pytest.mark.usefixtures("matters")
def test_list_is_taken_out_as_a_workbook(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, DESK).go("/complaints/?kind=complaint")

    with page.expect_download() as waiting:
        page.click("text=导出 Excel")

    assert waiting.value.suggested_filename.endswith(".xlsx")


@pytest.mark.usefixtures("matters")
def test_j_and_k_walk_the_rows_and_enter_opens_one(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, DESK).go("/complaints/?kind=complaint")

    page.keyboard.press("j")
    assert page.locator("tr.is-here").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/matters/*/")

    assert page.locator(".subject").count() == 1


@pytest.mark.usefixtures("matters")
def test_filters_open_on_a_phone_without_a_script(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, PHONE, script=False).go("/complaints/")
    assert not page.is_visible("[name=kind]")

    page.click(".filters__toggle")

    assert page.is_visible("[name=kind]")


@pytest.mark.usefixtures("matters")
def test_filters_stay_open_on_a_phone_while_the_list_is_narrowed(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, PHONE).go("/complaints/")

    page.click(".filters__toggle")
    assert page.is_visible("[name=kind]")
    with page.expect_response("**/complaints/?**"):
        page.select_option("[name=kind]", "complaint")
    page.wait_for_selector(".chips")

    assert page.is_visible("[name=kind]")
    assert page.input_value("[name=kind]") == "complaint"
