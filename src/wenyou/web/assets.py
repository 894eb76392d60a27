"""Scripts that pages load: our own by name, and ECharts out of its wheel under our own address."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage
from django.templatetags.static import static
from django.utils.safestring import SafeString

SCRIPTS = tuple(
    f"js/{name}.js"
    for name in ("frame", "confirm", "keep", "keyboard", "fragments", "chart", "upload")
)
# Refusals come as fragments: those of a form stay in its place, all others go to #told.
HTMX_CONFIG = json.dumps(
    {
        "includeIndicatorStyles": False,
        "allowEval": False,
        "allowScriptTags": False,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "responseHandling": [
            {"code": "204", "swap": False},
            {"code": "[23]..", "swap": True},
            {"code": "409|422", "swap": True, "error": False},
            {"code": "[45]..", "swap": True, "error": True, "target": "#told"},
        ],
    }
)


@cache
def script_links(version: str) -> SafeString:
    """The elements that load our scripts; the same on every page, so they are written once."""
    return SafeString(
        "\n".join(
            f'<script type="module" src="{static(name)}?v={version}"></script>' for name in SCRIPTS
        )
    )


NAME = "vendor/echarts.esm.min.js"
DISTRIBUTION = "instaui-echarts"
FILE = "echarts.esm.min.js"


def echarts_file() -> Path | None:
    """Where the wheel has put ECharts; None when it is not installed."""
    for file in files(DISTRIBUTION) or ():
        if file.name == FILE:
            return Path(str(file.locate()))
    return None


class EChartsFinder(BaseFinder):
    """Serves the one file and nothing else of its package."""

    def find(self, path: str, find_all: bool = False, **_: object) -> Any:
        """The file when it is asked for by its name."""
        place = echarts_file() if path == NAME else None
        if place is None:
            return []
        return [str(place)] if find_all else str(place)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        """For the collecting of all static files."""
        place = echarts_file()
        if place is not None:
            storage = FileSystemStorage(location=str(place.parent))
            storage.prefix = "vendor"  # type: ignore[attr-defined]
            yield FILE, storage
