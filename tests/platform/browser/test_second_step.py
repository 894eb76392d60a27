"""The second step in a real browser: without a script on a phone, with one at a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.platform.accounts.devices import code_of, rewind
from tests.platform.browser.access import barriers
from tests.platform.browser.conftest import DESK, PHONE, Open
from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.accounts.models import User

pytestmark = [pytest.mark.pages, pytest.mark.django_db(transaction=True)]


def fresh_code(user: User) -> str:
    """What the device shows, as if no code had been used before."""
    rewind(user)
    return code_of(user)


def send(page: Page) -> None:
    page.click("main form button.button--main")
    page.wait_for_load_state()


@pytest.mark.parametrize(("size", "script"), [(PHONE, False), (DESK, True)])
def test_person_sets_it_up_and_signs_in_with_it(
    visit: Open, cast: Cast, size: tuple[int, int], script: bool
) -> None:
    one = visit(cast.lin, size, script=script)
    page = one.go("/me/second-step/")
    page.click("main a.button--main")
    page.fill("[name=password]", PASSWORD)
    send(page)
    side = page.locator(".secret__picture").bounding_box()
    assert side is not None
    assert side["width"] >= 180
    assert one.overflow() == 0
    page.fill("[name=code]", "000 000 0")
    send(page)
    assert "验证码不对" in page.inner_text("main")
    page.fill("[name=code]", fresh_code(cast.lin))
    send(page)
    assert page.locator(".secret__codes li").count() == 10
    assert one.overflow() == 0

    one.context.clear_cookies()
    one.go("/sign-in/?next=/inbox/")
    page.fill("[name=number]", cast.lin.number)
    page.fill("[name=password]", PASSWORD)
    send(page)
    assert one.overflow() == 0
    page.fill("[name=code]", fresh_code(cast.lin))
    send(page)

    assert page.url.endswith("/inbox/")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_pages_of_the_account_bar_nobody(visit: Open, cast: Cast, size: tuple[int, int]) -> None:
    User.objects.filter(pk=cast.system_admin.pk).update(name="阿卜杜热西提·买买提吐尔逊江" * 3)
    one = visit(cast.system_admin, size)
    for path in (
        "/me/", "/me/second-step/", "/me/second-step/begin/", "/me/notices/", "/system/robots/",
        "/system/robots/new/", "/system/deliveries/", "/system/tokens/new/",
    ):  # fmt: skip
        page = one.go(path)
        assert one.arrived, path
        assert barriers(page) == [], path
        assert one.overflow() == 0, path


def test_phone_reaches_every_door_and_the_way_out(visit: Open, cast: Cast) -> None:
    one = visit(cast.system_admin, PHONE, script=False)
    page = one.go("/me/")

    page.click("nav.links a:has-text('系统')")
    assert page.url.startswith(f"{one.base}/system/")
    one.go("/me/")
    page.click("main form[data-sign-out] button")
    assert page.url.startswith(f"{one.base}/sign-in/")
