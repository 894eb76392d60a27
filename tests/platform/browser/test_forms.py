"""Forms in a real browser: nothing typed is lost, errors are found, what matters is asked."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from playwright.sync_api import Page, Route

from tests.platform.browser.access import barriers
from tests.platform.browser.conftest import DESK, PHONE, Open
from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.web.errors import barely

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]

FORM = "/matters/register/complaint/"
DEMAND = "客户要求网点当面说明等候四十分钟的原因"


def demand(page: Page) -> str:
    return page.input_value("main form textarea >> nth=0")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_wrong_form_says_what_is_wrong_and_keeps_the_rest(
    visit: Open, cast: Cast, size: tuple[int, int]
) -> None:
    one = visit(cast.chen, size)
    page = one.go(FORM)
    assert barriers(page) == []

    page.fill("main form textarea >> nth=0", DEMAND)
    page.click("main form button.button--main")

    assert "还不能提交" in page.inner_text("[data-errors]")
    assert page.evaluate("document.activeElement.hasAttribute('data-errors')")
    assert demand(page) == DEMAND
    assert barriers(page) == []
    assert one.overflow() == 0
    page.click("[data-errors] a >> nth=0")
    assert page.evaluate("document.activeElement.closest('.field--wrong') !== null")


def test_what_was_typed_survives_the_end_of_the_session(visit: Open, cast: Cast) -> None:
    one = visit(cast.chen, DESK)
    page = one.go(FORM)
    page.fill("main form textarea >> nth=0", DEMAND)
    one.context.clear_cookies()

    page.click("main form button.button--main")
    if "/sign-in/" not in page.url:  # the token went with the session: a sentence, then the door
        one.go(FORM)
    page.fill("[name=number]", cast.chen.number)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("main form textarea")

    assert demand(page) == DEMAND
    assert "已恢复您上次没有提交的内容" in page.inner_text("main form")


def test_what_was_typed_survives_a_database_that_was_away(visit: Open, cast: Cast) -> None:
    one = visit(cast.chen, PHONE)
    page = one.go(FORM)
    page.fill("main form textarea >> nth=0", DEMAND)

    def away(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        asked = RequestFactory(SERVER_NAME="testserver").post(
            FORM, headers={"Referer": f"http://testserver{FORM}"}
        )
        told = barely(asked, 503, "现在不能保存", "没有保存任何内容：数据库暂时用不了。")
        route.fulfill(status=503, content_type="text/html", body=told.content)

    page.route(f"**{FORM}", away)
    page.click("main form button.button--main")
    page.wait_for_selector(".gone")
    assert barriers(page) == []
    assert one.overflow() == 0
    one.go("/")
    one.go(FORM)

    assert demand(page) == DEMAND


def test_somebody_else_does_not_find_what_was_typed(visit: Open, cast: Cast) -> None:
    one = visit(cast.chen, DESK)
    page = one.go(FORM)
    page.fill("main form textarea >> nth=0", DEMAND)
    page.wait_for_timeout(400)
    page.on("dialog", lambda dialog: dialog.accept())

    page.click(".person > summary")
    page.click(".person__menu button")
    page.fill("[name=number]", cast.handler.number)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    one.go(FORM)

    assert demand(page) == ""


def test_what_matters_is_asked_once_more_in_a_dialog(visit: Open, cast: Cast) -> None:
    page = visit(cast.chen, DESK).go("/me/")

    page.click("main button:has-text('退出所有设备')")
    assert "都要重新登录" in page.inner_text("dialog")
    assert barriers(page) == []
    page.keyboard.press("Escape")
    assert page.url.endswith("/me/")

    page.click("main button:has-text('退出所有设备')")
    page.click("dialog .button--main")
    page.wait_for_url("**/sign-in/**")
