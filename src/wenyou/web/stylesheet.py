"""The one sheet that a page asks for: those of all components, in the order of the cascade.

The files in ``static/css/`` stay the source; they are put together in memory, byte for byte. The
sheet has an address outside their folder, which another server may hand out as collected for a
release; so they name other files, if any, by addresses from the root. It is answered before anybody
asks who is there: a page of an error has its styles without a database.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

Next = Callable[[HttpRequest], HttpResponse]

SOURCES = Path(__file__).resolve().parents[1] / "static"
STYLES = tuple(
    f"css/{name}.css"
    for name in (
        "tokens", "base", "frame", "button", "badge", "due", "timeline", "field", "table",
        "filters", "chips", "tabs", "pagination", "notice", "empty", "facts", "progress", "upload",
        "dialog", "board", "tree", "chart", "paper", "search", "secret", "print",
    )
)  # fmt: skip
PLACE = "/style.css"
DIGITS = 16
# Whoever names the sheet as it is now may keep it for a year; else it is asked for again.
FOR_EVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text as it is sent, plain and packed, and the digest by which it is told apart."""

    text: bytes
    packed: bytes
    digest: str


def composed() -> Sheet:
    """The sheet out of the files as they are now."""
    text = b"".join((SOURCES / name).read_bytes() for name in STYLES)
    return Sheet(text, gzip.compress(text, mtime=0), hashlib.sha256(text).hexdigest()[:DIGITS])


@cache
def kept() -> Sheet:
    """The sheet of this process."""
    return composed()


def sheet() -> Sheet:
    """The sheet; while the program is being developed, with what was changed a moment ago."""
    return composed() if settings.DEBUG else kept()


def address() -> str:
    """Where pages find the sheet as it is now."""
    return f"{PLACE}?v={sheet().digest}"


class StylesheetMiddleware:
    """Answers for the sheet; everything else goes on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD") and request.path_info == PLACE:
            return answer(request)
        return self.get_response(request)


def answer(request: HttpRequest) -> HttpResponseBase:
    """The sheet, packed for who takes it so. A page of the program as it was before an update gets
    it too, but does not keep it under the old digest.
    """
    now = sheet()
    packed = TAKES_GZIP.search(request.headers.get("Accept-Encoding", ""))
    response = HttpResponse(
        now.packed if packed else now.text, content_type="text/css; charset=utf-8"
    )
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    response["Cache-Control"] = FOR_EVER if request.GET.get("v") == now.digest else ASK_AGAIN
    if request.method == "HEAD":
        response.content = b""
    tag = f'W/"{now.digest}"'
    response["ETag"] = tag
    patch_vary_headers(response, ["Accept-Encoding"])
    return get_conditional_response(request, etag=tag, response=response) or response
