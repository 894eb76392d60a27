"""A real browser before the live server: Debian's Chromium, driven by Playwright.

Every page is watched: one report of the content policy or one error of a script fails the test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from wenyou.accounts.models import User

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

# Playwright's loop runs in this thread; the ORM is asked beside it, never inside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESK, PHONE = (1280, 800), (390, 844)
WATCH = """document.addEventListener('securitypolicyviolation', (event) =>
  window.wenyouReport(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""
# What a browser says by itself of a page that was refused on purpose.
EXPECTED = ("Failed to load resource",)


@dataclass
class Visit:
    """A browser window of one person; ``reports`` must stay empty."""

    page: Page
    context: BrowserContext
    base: str
    reports: list[str] = field(default_factory=list)
    arrived: bool = False

    def go(self, path: str) -> Page:
        """Open an address of the house; ``arrived``: it answered with its own page."""
        answer = self.page.goto(self.base + path)
        where = unquote(self.page.url.removeprefix(self.base))
        self.arrived = answer is not None and answer.ok and where == unquote(path)
        return self.page

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window, once all of it is there."""
        self.page.wait_for_load_state()
        width: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return width


Open = Callable[..., Visit]


@pytest.fixture
def visit(chromium: Browser, live_server: LiveServer) -> Iterator[Open]:
    """Open windows: ``visit(user, PHONE, script=False)``; checks their reports at the end."""
    opened: list[Visit] = []

    def window(
        user: User | None = None, size: tuple[int, int] = DESK, *, script: bool = True
    ) -> Visit:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=script,
            has_touch=size == PHONE,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])  # type: ignore[list-item]
        page = context.new_page()
        one = Visit(page, context, live_server.url)
        context.expose_function("wenyouReport", lambda text: one.reports.append(text))
        context.add_init_script(WATCH)
        page.on("console", lambda message: one.reports.extend(worrying(message)))
        page.on("pageerror", lambda error: one.reports.append(str(error)))
        opened.append(one)
        return one

    yield window
    reports = [report for one in opened for report in one.reports]
    for one in opened:
        one.context.close()
    assert reports == []


def worrying(message: ConsoleMessage) -> list[str]:
    """The message where it is an error the page is to blame for."""
    if message.type != "error" or message.text.startswith(EXPECTED):
        return []
    return [message.text]


def session_cookie(user: User, address: str) -> dict[str, str]:
    """The cookie of a person who has signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": address}
