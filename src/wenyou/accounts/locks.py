"""Lock-out after wrong passwords: django-axes with our settings, numbers and sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wenyou.knobs.services import setting

if TYPE_CHECKING:
    from wenyou.accounts.models import User

TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Lock:
    """A number that cannot sign in from an address until a moment."""

    number: str
    address: str
    failures: int
    until: datetime


def number_of(request: HttpRequest | None, credentials: Mapping[str, object] | None) -> str:
    """The number that was tried, in one form: its case does not open a second count."""
    said = (credentials or {}).get("number")
    if said is None and request is not None:
        said = request.POST.get("number", "")
    return unicodedata.normalize("NFKC", str(said or "")).strip().upper()[:255]


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; what a header claims is no proof."""
    return str(request.META.get("REMOTE_ADDR", ""))


def failure_limit(request: HttpRequest, credentials: object) -> int:
    """After how many failures, by the setting."""
    return int(setting("lockout.failures"))


def cool_off(request: HttpRequest | None = None) -> timedelta:
    """For how long, by the setting."""
    return timedelta(minutes=int(setting("lockout.minutes")))


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """The sign-in page with what happened and what to do."""
    minutes, failures = int(setting("lockout.minutes")), int(setting("lockout.failures"))
    text = (
        f"这个登录号在本机连续输错 {failures} 次，已锁定 {minutes} 分钟。"
        "请稍后再试；急用请联系安全管理员解除锁定。"
    )
    context = {"refused": text, "next": "/"}
    return render(request, "accounts/sign_in.html", context, status=TOO_MANY)


def may_try(request: HttpRequest, user: User) -> bool:
    """Whether the person is not locked out from where the request comes."""
    return bool(AxesProxyHandler.is_allowed(request, {"number": user.number}))


def note_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong code like a wrong password: together they lock the door."""
    said = {"number": user.number}
    user_login_failed.send(sender=__name__, credentials=said, request=request)


def locks_now() -> list[Lock]:
    """Who is locked out at present, newest first."""
    length, limit = cool_off(), int(setting("lockout.failures"))
    rows = (
        AccessAttempt.objects.filter(attempt_time__gt=timezone.now() - length)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=limit)
        .order_by("-last")
    )
    return [
        Lock(
            str(row["username"] or ""), str(row["ip_address"] or ""), row["failures"],
            row["last"] + length,
        )
        for row in rows
    ]  # fmt: skip
