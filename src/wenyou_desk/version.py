"""Which version this is: CHANGELOG.md says it, nothing else does."""

from __future__ import annotations

import functools
import re
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
HEADING = re.compile(r"^## (\d+\.\d+\.\d+)", re.MULTILINE)


@functools.cache
def version(changelog: Path = CHANGELOG) -> str:
    """The number in the first heading of the changelog, e.g. ``0.1.0``."""
    found = HEADING.search(changelog.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"no version heading in {changelog.name}")
    return found.group(1)
