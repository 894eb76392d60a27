"""Who calls: a bearer token, its scopes, and the key that makes a repeated call harmless."""

from __future__ import annotations

import functools
import hashlib
import inspect
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Status
from ninja.security import HttpBearer
from pydantic import BaseModel

from wenyou.accounts.middleware import is_local
from wenyou.accounts.models import AccessToken, User
from wenyou.api.models import ApiCall
from wenyou.api.tokens import SCOPES, token_of
from wenyou.jobs.tick import register_periodic
from wenyou_core.errors import InputRefused, WenyouError

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 80
KEY_TOO_LONG = f"请求头 {KEY_HEADER} 的键最多 {LONGEST_KEY} 个字符，请换一个短的键再发。"
# What the description tells of it, for an operation that is done once.
KEYED: dict[str, Any] = {
    "parameters": [
        {
            "in": "header",
            "name": KEY_HEADER,
            "required": False,
            "description": "幂等键，由调用方生成；同一个键重发只办一次，七天内有效。",
            "schema": {"type": "string", "maxLength": LONGEST_KEY},
        }
    ]
}
# A program that repeats a call does so within minutes, after a long fault within days.
KEPT = timedelta(days=7)
Operation = Callable[..., Any]


class Unauthorized(WenyouError):
    """No token, or one that is dead."""

    def __init__(self) -> None:
        super().__init__(
            "api-token",
            "令牌不对、已过期或已收回。请在请求头 Authorization 中写 Bearer 加令牌，"
            "或向系统管理员申请新的令牌。",
        )


class ScopeMissing(WenyouError):
    """The token may not do this."""

    def __init__(self, scope: str) -> None:
        super().__init__(
            "api-scope", f"这个令牌没有“{SCOPES[scope]}”的权限，请向系统管理员申请。", scope=scope
        )


class KeyReused(WenyouError):
    """An idempotency key came again with another content."""

    def __init__(self) -> None:
        super().__init__(
            "api-key-reused", "这个幂等键已用于另一项内容不同的请求。请为新的请求换一个键。"
        )


class BearerToken(HttpBearer):
    """Reads the token; the person it acts as becomes the request's user."""

    def authenticate(self, request: HttpRequest, token: str) -> AccessToken | None:
        """The token, or None."""
        found = token_of(token, timezone.now())
        if found is None or (found.user.loopback_only and not is_local(request)):
            return None
        request.user = found.user
        return found


def caller(request: HttpRequest) -> User:
    """Whom the token acts as."""
    token: AccessToken = request.auth  # type: ignore[attr-defined]
    return token.user


def needs(scope: str) -> Callable[[Operation], Operation]:
    """The operation is refused to tokens without ``scope``."""

    def wrap(operation: Operation) -> Operation:
        @functools.wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if scope not in request.auth.scopes:  # type: ignore[attr-defined]
                raise ScopeMissing(scope)
            return operation(request, *args, **kwargs)

        return signed(guarded, operation)

    return wrap


def once(operation: Operation) -> Operation:
    """With an idempotency key the operation is done once; a repetition gets the same answer.

    The key is saved in the transaction of the act: what was refused or broken may be tried
    again with the same key.
    """

    @functools.wraps(operation)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        key = request.headers.get(KEY_HEADER, "").strip()
        if not key:
            return operation(request, *args, **kwargs)
        if len(key) > LONGEST_KEY:
            raise InputRefused("api-key-long", KEY_TOO_LONG)
        token: AccessToken = request.auth  # type: ignore[attr-defined]
        digest = digest_of(request)
        try:
            with transaction.atomic():
                call = ApiCall.objects.create(
                    token=token, key=key, request=digest, at=timezone.now()
                )
                done: Status[Any] = operation(request, *args, **kwargs)
                call.status, call.answer = done.status_code, plain(done.value)
                call.save(update_fields=["status", "answer"])
                return done
        except IntegrityError:
            first = ApiCall.objects.filter(token=token, key=key).first()
            if first is None:
                raise
            return repeated(first, digest)

    return signed(guarded, operation)


def signed(guarded: Operation, operation: Operation) -> Operation:
    """Give a wrapper the signature of what it wraps, its types read in their own module."""
    guarded.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    return guarded


def repeated(first: ApiCall, digest: str) -> Status[Any]:
    """The answer of the first call; raises KeyReused when something else was asked."""
    if first.request != digest:
        raise KeyReused
    return Status(first.status, first.answer)


def digest_of(request: HttpRequest) -> str:
    """What was asked: method, address and body."""
    said = f"{request.method} {request.path}\n".encode() + request.body
    return hashlib.sha256(said).hexdigest()


def plain(answer: Any) -> Any:
    """An answer as JSON keeps it."""
    return answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer


def forget_calls(now: datetime) -> int:
    """Remove the keys of old calls; how many."""
    return int(ApiCall.objects.filter(at__lt=now - KEPT).delete()[0])


register_periodic("api.calls", timedelta(hours=6), forget_calls)
