"""The frame of every page in a real browser: sign-in, home, errors, keys, without a script."""

from __future__ import annotations

import pytest

from tests.platform.browser.access import barriers
from tests.platform.browser.conftest import DESK, PHONE, Open
from tests.platform.factories import PASSWORD
from tests.platform.people import Cast

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]


def test_barriers_are_found_where_there_are_some(visit: Open) -> None:
    page = visit().page
    page.set_content("<html><title>x</title><body><img src='data:,'><input></body></html>")

    assert {"image-alt", "label", "html-has-lang"} <= {
        one.partition(":")[0] for one in barriers(page)
    }


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_signing_in_leads_home_and_out_again(
    visit: Open, cast: Cast, size: tuple[int, int]
) -> None:
    one = visit(None, size)
    page = one.go("/")
    assert page.url.endswith("/sign-in/?next=/")
    assert barriers(page) == []

    page.fill("[name=number]", cast.chen.number)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")

    assert page.url == one.base + "/"
    assert page.inner_text("h1") == "待办"
    assert one.overflow() == 0


def test_signing_in_works_without_a_script(visit: Open, cast: Cast) -> None:
    page = visit(None, DESK, script=False).go("/")

    page.fill("[name=number]", cast.chen.number)
    page.fill("[name=password]", "不是这个")
    page.click("main button[type=submit]")
    assert "员工号或密码不对" in page.inner_text("main")
    assert page.input_value("[name=number]") == cast.chen.number

    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    assert page.inner_text("h1") == "待办"


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_home_has_no_barriers_and_fits(visit: Open, cast: Cast, size: tuple[int, int]) -> None:
    one = visit(cast.chen, size)
    page = one.go("/")

    assert barriers(page) == []
    assert one.overflow() == 0


def test_a_page_that_is_not_there_says_so_and_leads_back(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, DESK).go("/nothing/here/")

    assert "没有找到这一页" in page.inner_text("h1")
    assert barriers(page) == []
    page.click("main a.button--main")
    assert page.inner_text("h1") == "待办"


def test_keys_are_told_and_escape_closes_them(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, DESK).go("/")

    page.keyboard.press("?")
    assert "快捷键" in page.inner_text("dialog")
    page.keyboard.press("Escape")

    # It goes when the browser tells that it was closed, which is after the key was pressed.
    page.wait_for_selector("dialog", state="detached")


def test_person_menu_opens_without_a_script_and_signs_out(visit: Open, cast: Cast) -> None:
    one = visit(cast.chen, DESK, script=False)
    page = one.go("/")

    page.click(".person > summary")
    assert cast.chen.number in page.inner_text(".person__menu")
    page.click(".person__menu button")

    assert page.url.startswith(one.base + "/sign-in/")
    assert one.go("/").url.endswith("/sign-in/?next=/")


@pytest.mark.parametrize("path", ["/assessments/", "/units/", "/people/", "/system/settings/"])
def test_front_page_of_a_door_has_no_barriers(visit: Open, cast: Cast, path: str) -> None:
    one = visit(cast.chen, PHONE)
    page = one.go(path)

    assert one.arrived
    assert page.locator("h1").count() == 1
    assert barriers(page) == []
    assert one.overflow() == 0
