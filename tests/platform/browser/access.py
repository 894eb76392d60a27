"""Whether a page can be used by everybody: WCAG 2.1 A and AA by axe, offline."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def barriers(page: Page) -> list[str]:
    """What axe finds: the rule, and the first places where it is broken."""
    found: dict[str, Any] = (
        Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response
    )
    return [
        f"{one['id']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in found["violations"]
    ]
