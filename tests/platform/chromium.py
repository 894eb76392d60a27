"""Debian's Chromium, driven by Playwright: one for all tests of a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def browser_path() -> str:
    """The browser of this machine, by WENYOU_CHROMIUM or by the usual names."""
    named = os.environ.get("WENYOU_CHROMIUM", "")
    found = [shutil.which(name) for name in ([named] if named else NAMES)]
    return next((path for path in found if path), "")


def launched() -> Iterator[Browser]:
    """The browser while tests run. Playwright takes the thread's loop: there cannot be a second."""
    path = browser_path()
    if not path:
        pytest.skip(
            "这台机器上没有 Chromium，浏览器测试没有运行；请安装 chromium 和 fonts-noto-cjk。"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
