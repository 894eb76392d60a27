"""The guided tour of the demo bank as a page, read from the same text that its test walks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wenyou.errors import NotFound

DOC = Path(__file__).resolve().parents[3] / "docs" / "tour.md"
# Where the start keeps the passwords of a demo bank; a real bank has no such file.
DEMO_PEOPLE = "demo-people.json"
_QUOTED = re.compile(r"`([^`]+)`")


@dataclass(slots=True)
class Section:
    """A heading with its sentences; ``listed`` where they are points."""

    title: str
    lines: list[str] = field(default_factory=list)
    listed: bool = False


def is_demo() -> bool:
    """Whether this house is a demo bank, with a tour to walk."""
    return (settings.DATA.keys / DEMO_PEOPLE).exists() and DOC.exists()


@require_GET
def tour(request: HttpRequest) -> HttpResponse:
    """All steps on one page."""
    if not DOC.exists():
        raise NotFound("导览")
    title, sections = told(DOC.stat().st_mtime_ns)
    return render(request, "house/tour.html", {"title": title, "steps": sections})


@lru_cache(maxsize=1)
def told(_changed: int) -> tuple[str, tuple[Section, ...]]:
    """The text in sections: the first is the introduction."""
    title = ""
    sections = [Section("")]
    for line in DOC.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            title = line[2:]
        elif line.startswith("## "):
            sections.append(Section(line[3:]))
        elif line.strip():
            sections[-1].listed = sections[-1].listed or line.startswith("- ")
            sections[-1].lines.append(_QUOTED.sub(r"“\1”", line.removeprefix("- ")))
    return title, tuple(sections)
