"""What every page knows: the product, the person, the doors open to the person."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString

from wenyou.accounts.models import User
from wenyou.accounts.scope import scope
from wenyou.house.doors import ALL, DOORS, INBOX, OWN, PHONE, SEARCH, Door, Page, address
from wenyou.notices.queries import MANY, unread_count
from wenyou.web import stylesheet
from wenyou.web.assets import HTMX_CONFIG, script_links
from wenyou.web.frame import told
from wenyou.web.words import counted

PRODUCT = "文优"


@dataclass(frozen=True, slots=True)
class Shown:
    """A door or page as the frame draws it."""

    title: str
    address: str
    icon: str
    here: bool
    letter: str = ""


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the frame around each page; fragments do not pay for the doors."""
    base: dict[str, object] = {
        "product": PRODUCT,
        "version": settings.VERSION,
        "htmx_config": HTMX_CONFIG,
        "stylesheet": stylesheet.address(),
        "script_links": script_links(settings.VERSION),
        "printed_at": timezone.now(),
        "rail": drawn("ui/rail.html"),
    }
    if signed_in(request):
        base |= {
            "person": request.user,
            "told": SimpleLazyObject(lambda: told(request)),
            "doors": SimpleLazyObject(lambda: doors(request)),
            "rail": SimpleLazyObject(lambda: drawn("ui/rail.html", doors(request))),
            "sections": SimpleLazyObject(lambda: sections(request)),
            "phone_doors": SimpleLazyObject(lambda: pages(request, PHONE)),
            "bottombar": SimpleLazyObject(
                lambda: drawn("ui/bottombar.html", pages(request, PHONE))
            ),
            "own_links": SimpleLazyObject(lambda: drawn("ui/links.html", pages(request, OWN))),
            "own_pages": SimpleLazyObject(lambda: pages(request, OWN)),
            "search_address": SimpleLazyObject(lambda: address(SEARCH)),
            "inbox_address": SimpleLazyObject(lambda: address(INBOX)),
            "unread": SimpleLazyObject(lambda: unread(request)),
        }
    return base


def drawn(template: str, shown: Iterable[Shown] = ()) -> SafeString:
    """A bar of the frame. The same few stand on every page, so each is drawn once."""
    return _drawn(template, tuple(shown))


@lru_cache(maxsize=1024)
def _drawn(template: str, shown: tuple[Shown, ...]) -> SafeString:
    return SafeString(render_to_string(template, {"product": PRODUCT, "shown": shown}))


def unread(request: HttpRequest) -> str:
    """How many notices wait; empty when none does."""
    count = unread_count(request.user) if isinstance(request.user, User) else 0
    return counted(count, MANY) if count else ""


def signed_in(request: HttpRequest) -> bool:
    """Whether there is a person; an error may come before anybody has asked."""
    user = getattr(request, "user", None)
    return bool(user is not None and user.is_authenticated)


def doors(request: HttpRequest) -> list[Shown]:
    """The doors behind which the person has business, with the one that is open marked."""
    roles = held(request)
    here = door_of(request)
    found = []
    for one in DOORS:
        place = front(request, one) if may(one.roles, roles) else ""
        if place:
            found.append(Shown(one.title, place, one.icon, one is here, one.letter))
    return found


def front(request: HttpRequest, door: Door) -> str:
    """Where a door leads: to the first of its pages that the person may open."""
    inside = pages(request, door.pages)
    return inside[0].address if inside else address(door.names, door.query)


def door_of(request: HttpRequest) -> Door | None:
    """The door of this page: what the view has said, else whose address it is."""
    said = getattr(request, "door", "")
    if said:
        return next((one for one in DOORS if one.key == said), None)
    if request.path == "/":
        return DOORS[0]
    beneath = (one for one in DOORS if request.path.startswith(one.paths or ("-",)))
    return next(beneath, None)


def held(request: HttpRequest) -> frozenset[str]:
    """The roles of the person of the request."""
    user = request.user
    return scope(user).roles if isinstance(user, User) else frozenset()


def may(wanted: Collection[str], roles: frozenset[str]) -> bool:
    """Whether one of the roles is wanted; somebody without any role still has a home."""
    return wanted is ALL or bool(roles & frozenset(wanted))


def sections(request: HttpRequest) -> list[Shown]:
    """The pages inside the open door, on each of them; deeper pages have their way back."""
    door = door_of(request)
    found = pages(request, door.pages) if door else []
    return found if len(found) > 1 and any(one.here for one in found) else []


def pages(request: HttpRequest, wanted: tuple[Page, ...]) -> list[Shown]:
    """Those of the pages that exist and that the person may open."""
    roles = held(request)
    match = request.resolver_match
    found = []
    for one in wanted:
        place = address(one.names, one.query) if may(one.roles, roles) else ""
        if place:
            here = bool(match and match.view_name in one.names)
            found.append(Shown(one.title, place, one.icon, here))
    return found
