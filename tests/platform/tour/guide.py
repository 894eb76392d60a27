"""Somebody who follows the guided tour in a browser, changing hats as the page tells."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page

DOC = Path(__file__).resolve().parents[3] / "docs" / "tour.md"
STEP = re.compile(r"^## (第.+步 .+)$", re.MULTILINE)
GREETED = re.compile(r"^  (\d{7})  (\S+)  (.+?)　*  (\S+)$", re.MULTILINE)
WAIT = 120_000.0
# A picture of one point, and a sheet: what is handed in on the way.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8"
    "cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
SHEET = "签字件（演示）。\n".encode()


def steps_told() -> list[str]:
    """The headings of the steps, as the page has them."""
    return STEP.findall(DOC.read_text(encoding="utf-8"))


@dataclass
class Guide:
    """A browser before a running house, and who may sign in there."""

    browser: Browser
    base: str
    people: dict[str, tuple[str, str, str]]
    page: Page = field(init=False)
    pages: dict[str, Page] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)

    def as_(self, part: str) -> Page:
        """Be that person from here on; everybody has a window of his own and stays signed in."""
        if part not in self.pages:
            number, password, _ = self.people[part]
            context = self.browser.new_context(
                viewport={"width": 1280, "height": 900}, locale="zh-CN",
                timezone_id="Asia/Shanghai",
            )  # fmt: skip
            page = context.new_page()
            page.set_default_timeout(WAIT)
            page.goto(f"{self.base}/sign-in/")
            page.fill("[name=number]", number)
            page.fill("[name=password]", password)
            page.click("main button[type=submit]")
            page.wait_for_selector("h1:has-text('待办')")
            self.pages[part] = page
        self.page = self.pages[part]
        return self.page

    def number_of(self, part: str) -> str:
        """The number of a person."""
        return self.people[part][0]

    def go(self, path: str) -> Page:
        """Open an address."""
        self.page.goto(self.base + path)
        return self.page

    def look_up(self, number: str) -> Page:
        """Find a matter by its number in the search of the frame."""
        self.go(f"/search/?q={number}")
        self.page.click(f"main a:has-text('{number}')")
        self.page.wait_for_load_state()
        return self.page

    def press(self, word: str) -> None:
        """Press a button or a link of the page by its word."""
        pressed = self.page.get_by_role("link", name=word, exact=True)
        if not pressed.count():
            pressed = self.page.get_by_role("button", name=word, exact=True)
        pressed.first.click()
        self.page.wait_for_load_state()

    def do(self, word: str, **said: object) -> None:
        """A move: open its form, fill it in, send it; refused when the form comes back."""
        self.press(word)
        self.fill(**said)
        self.page.click("main form button.button--main")
        self.page.wait_for_load_state()
        wrong = self.page.locator("[data-errors]")
        assert wrong.count() == 0, wrong.inner_text()

    def fill(self, **said: object) -> None:
        """Fill in a form by the names of its fields."""
        for name, value in said.items():
            spot = self.page.locator(f"main form [name={name}]")
            kind = spot.evaluate("one => one.tagName + (one.type || '')")
            if isinstance(value, bytes):
                ending = "png" if value.startswith(b"\x89PNG") else "txt"
                files = [{"name": f"{name}.{ending}", "mimeType": "", "buffer": value}]
                spot.set_input_files(files=files)  # type: ignore[arg-type]
            elif kind.startswith("SELECT"):
                spot.select_option(label=str(value))
            else:
                spot.fill(str(value))

    @property
    def text(self) -> str:
        """What the page says."""
        return self.page.inner_text("main")

    @property
    def state(self) -> str:
        """The state of the matter that is open."""
        return self.page.locator(".subject .badge").first.inner_text().strip()


def people_of(greeting: str) -> dict[str, tuple[str, str, str]]:
    """Number, password and name by part, from what the start has printed."""
    return {part: (number, word, name) for number, word, part, name in GREETED.findall(greeting)}
