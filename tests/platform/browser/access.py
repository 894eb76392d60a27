"""Whether a page can be used by everybody: WCAG 2.1 A and AA by axe, offline."""

from __future__ import annotations

import json
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
OPTIONS = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
# In one go, and without all that was found to be right, which is long.
RUN = f"() => {{ {AXE_SCRIPT}\n; return axe.run({OPTIONS}).then((told) => told.violations); }}"


def barriers(page: Page) -> list[str]:
    """What axe finds: the rule, and the first places where it is broken."""
    found: list[dict[str, Any]] = page.evaluate(RUN)
    return [
        f"{one['id']}: " + "; ".join(node["html"][:160] for node in one["nodes"][:3])
        for one in found
    ]
