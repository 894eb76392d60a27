"""Every page of the access table on a narrow phone: nothing too wide, nothing too small to press.

The pages come from the test client and are laid out without a script, so that all of them take
seconds; names are as long as they get in a bank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from tests.platform.browser.conftest import PHONE
from tests.platform.test_access import ASKS, Ask
from tests.platform.world import World
from wenyou.matters.models import Matter
from wenyou.org.models import Employee, Unit, UnitSpell
from wenyou.web.stylesheet import kept

pytestmark = [pytest.mark.pages, pytest.mark.django_db]

LONG_UNIT = "江南银行股份有限公司江州分行城东支行人民路步行街文化广场储蓄所（旗舰网点）"
LONG_NAME = "买买提艾力·阿卜杜热依木江·吐尔逊"
LONG_TITLE = (
    "客户反映排队两个小时后被告知业务停办，要求说明原因并当面道歉，同时退还多收的手续费二十元。"
)
OK = 200
LEAST = 40
LINKS = re.compile(r"<link[^>]*rel=\"stylesheet\"[^>]*>")
SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)
# Links in the midst of a sentence are as high as it; boxes are pressed by their label; where two
# links of a row lead to the same page, one that can be pressed is enough.
MEASURE = """(least) => {
  const seen = (one) => one.checkVisibility() && one.getClientRects().length &&
    !one.closest('.visually-hidden, .skip, .table--cards thead');
  const alone = (one) => getComputedStyle(one).display !== 'inline' ||
    one.parentElement.innerText.trim() === one.innerText.trim();
  const height = (one) => (one.closest('label') || one).getBoundingClientRect().height;
  const all = [...document.querySelectorAll('a, button, input, select, summary, textarea')]
    .filter((one) => seen(one) && one.type !== 'hidden' && alone(one));
  const led = new Set(all.filter((one) => height(one) >= least).map((one) => one.href));
  led.delete(undefined);
  const small = all.filter((one) => height(one) < least && !led.has(one.href))
    .map((one) => `${one.tagName} ${Math.round(height(one))} ${one.innerText || one.name}`);
  const root = document.documentElement;
  return {
    over: root.scrollWidth - root.clientWidth,
    small: small,
    heads: [...document.querySelectorAll('h1, h2, h3, h4')].map((one) => Number(one.tagName[1])),
    main: document.querySelectorAll('.button--main').length,
  };
}"""


def addresses() -> list[Ask]:
    """Those that are read, by somebody at least."""
    return [one for one in ASKS if one.method == "GET" and not one.address.startswith("/api/v1")]


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """The things of the access table under names as long as they get."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = World(tmp_path_factory.mktemp("world"))
        Unit.objects.filter(pk=made.cast.jia.pk).update(name=LONG_UNIT)
        UnitSpell.objects.filter(unit=made.cast.jia).update(name=LONG_UNIT)
        assert made.cast.zhou.employee is not None
        Employee.objects.filter(pk=made.cast.zhou.employee.pk).update(name=LONG_NAME)
        Matter.objects.update(title=LONG_TITLE)
        yield made
        transaction.set_rollback(True)


@cache
def styles() -> str:
    """All styles of the product in their order."""
    return f"<style>{kept().text.decode()}</style>"


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[Page]:
    """A phone's window without a script."""
    context = chromium.new_context(viewport={"width": PHONE[0], "height": PHONE[1]}, has_touch=True)
    yield context.new_page()
    context.close()


def measured(page: Page, html: str) -> dict[str, Any]:
    """What a page measures."""
    page.set_content(LINKS.sub("", SCRIPTS.sub("", html)).replace("</head>", styles() + "</head>"))
    found: dict[str, Any] = page.evaluate(MEASURE, LEAST)
    return found


@pytest.mark.parametrize("ask", addresses(), ids=lambda ask: ask.address)
def test_page_fits_a_phone(ask: Ask, world: World, window: Page) -> None:
    people = world.cast.people()
    who = next((one for name, one in people.items() if ask.expected(name) == OK), None)
    if who is None:
        return
    client = Client(headers={"User-Agent": "Mobile"})
    client.force_login(who)
    answer = client.get(ask.address.format(**world.names))
    answer.close()
    if answer.streaming or not answer.headers["Content-Type"].startswith("text/html"):
        return

    found = measured(window, answer.content.decode())

    steps = zip([1, *found["heads"]], found["heads"], strict=False)
    assert found["over"] == 0
    assert found["small"] == []
    assert [two for one, two in steps if two > one + 1] == []
    assert found["main"] <= 1
