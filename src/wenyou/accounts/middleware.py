"""What wraps the pages of a signed-in person: idle time, demo accounts, passwords to change,
and from where an act comes.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from ipaddress import ip_address
from time import time
from typing import TYPE_CHECKING

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from wenyou.accounts.locks import address_of
from wenyou.accounts.passwords import too_old
from wenyou.accounts.second_step import DUE, note_due
from wenyou.audit.context import acting
from wenyou.knobs.services import kept, knob_of, setting
from wenyou.web.frame import tell

if TYPE_CHECKING:
    from wenyou.accounts.models import User

Next = Callable[[HttpRequest], HttpResponse]
SEEN = "seen_at"
# Written at most once a minute: a page must not cost a write.
STEP = 60
IDLE = "session.idle_minutes"
OPEN = frozenset(
    {"accounts:change_password", "accounts:sign_out", "accounts:sign_in", "accounts:sign_in_code"}
)
SECOND_STEP = "accounts:second_step"


def via(request: HttpRequest) -> str:
    """Whether a page or a program is asking."""
    return "api" if request.path_info.startswith("/api/v1/") else "page"


class OriginMiddleware:
    """Audit rows of a request name its address and its id; one that only shows reads the settings
    once.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = acting(via(request), address_of(request)[:45], getattr(request, "request_id", ""))
        shows = request.method in ("GET", "HEAD")
        with origin, kept() if shows else nullcontext():
            return self.get_response(request)


class GuardMiddleware:
    """Ends a session that was idle too long or is of a demo account from elsewhere; whoever
    must change his password or set up his second step does that first.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated:
            if user.loopback_only and not is_local(request):
                logout(request)
                tell(request, "演示账号只能在安装文优的这台电脑上使用，已退出。", "over")
            elif idle(request):
                logout(request)
                tell(request, "您较长时间没有操作，为安全起见已自动退出，请重新登录。", "near")
            elif moved_on(request):
                note_due(request, user)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: object
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or getattr(view, "is_public", False):
            return None
        match = request.resolver_match
        if match is None or match.view_name in OPEN:
            return None
        if must_change(request.user):
            target = reverse("accounts:change_password")
        elif request.session.get(DUE) and not match.view_name.startswith(SECOND_STEP):
            target = reverse(SECOND_STEP)
        else:
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)


def must_change(user: User) -> bool:
    """Whether the password has to be changed before anything else."""
    return user.must_change or too_old(user)


def idle(request: HttpRequest) -> bool:
    """Whether nothing was done for longer than the setting."""
    now, seen = int(time()), request.session.get(SEEN)
    # Nobody may set less than the bound, so a recent page asks no setting.
    least = knob_of(IDLE).low * 60
    return isinstance(seen, int) and now - seen >= least and now - seen >= int(setting(IDLE)) * 60


def moved_on(request: HttpRequest) -> bool:
    """Whether a minute has gone by since the time was noted; then it is noted anew."""
    now, seen = int(time()), request.session.get(SEEN)
    if isinstance(seen, int) and now - seen < STEP:
        return False
    request.session[SEEN] = now
    return True


def is_local(request: HttpRequest) -> bool:
    """Whether a request comes from this machine itself, not through a proxy on it."""
    if "HTTP_X_FORWARDED_FOR" in request.META or "HTTP_FORWARDED" in request.META:
        return False
    try:
        return ip_address(address_of(request)).is_loopback
    except ValueError:
        return False
