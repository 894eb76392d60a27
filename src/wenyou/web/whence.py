"""From which page of the house a request comes; a browser says so, and may be made to lie."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve


def page_before(request: HttpRequest) -> str:
    """The page on which a link or form was pressed; empty where it is none of ours, or a page for
    those who have not signed in, left behind by who has.

    A path that begins with two slashes would be read as another host.
    """
    try:
        said = urlsplit(request.headers.get("Referer", ""))
        here = said.netloc == request.get_host()
    except (ValueError, DisallowedHost):
        return ""
    if not here or not said.path.startswith("/") or said.path.startswith(("//", "/\\")):
        return ""
    page = _match(said.path)
    if page is None or (_is_public(page) and not _is_public(_match(request.path_info))):
        return ""
    return f"{said.path}?{said.query}" if said.query else said.path


def page_above(path: str) -> str:
    """The nearest page above an address: the list of a thing, or the thing of a form."""
    above = path.rstrip("/")
    while above := above.rpartition("/")[0]:
        if _match(f"{above}/") is not None:
            break
    return f"{above}/"


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _is_public(match: ResolverMatch | None) -> bool:
    return match is not None and getattr(match.func, "is_public", False)


def came_from(request: HttpRequest) -> str:
    """Where to go on after signing in: this page, or the one whose form was sent, for what only
    takes forms cannot be opened.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return page_before(request) or "/"
