"""From which page of the house a request comes; a browser says so, and may be made to lie."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest


def page_before(request: HttpRequest) -> str:
    """The page on which a link or form was pressed; empty where it is none of ours.

    A path that begins with two slashes would be read as another host.
    """
    try:
        said = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    here = said.netloc == request.get_host()
    if not here or not said.path.startswith("/") or said.path.startswith(("//", "/\\")):
        return ""
    return f"{said.path}?{said.query}" if said.query else said.path


def came_from(request: HttpRequest) -> str:
    """Where to go on after signing in: this page, or the one whose form was sent, for what only
    takes forms cannot be opened.
    """
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    return page_before(request) or "/"
