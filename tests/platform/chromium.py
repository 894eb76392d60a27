"""Debian's Chromium, driven by Playwright: one for all tests of a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

# The shell is the same Chromium without a window around the page, whose tabs and address bar take as
# much of the processor as the pages do.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Every window would start three processes besides that of its page: two lay out the suggestions of
# an address bar that nobody sees, one waits for a page of another house.
UNSEEN = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    "SpareRendererForSitePerProcess",
)  # fmt: skip
# What Playwright switches off itself; of two such switches Chromium reads the last.
SWITCHED_OFF = (
    "AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades",
    "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding",
    "PreconnectToSearch", "ThirdPartyStoragePartitioning",
)  # fmt: skip
SWITCHES = (
    "--no-sandbox",
    f"--disable-features={','.join((*UNSEEN, *SWITCHED_OFF))}",
    # Every page reads its scripts anew and is left soon: what the last compiler does never pays.
    "--js-flags=--no-turbofan",
)


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
        browser = playwright.chromium.launch(executable_path=path, args=[*SWITCHES])
        yield browser
        browser.close()
