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

from wenyou.accounts.models import AccessToken, User
from wenyou.api.models import ApiCall
from wenyou.api.tokens import SCOPES, token_of
from wenyou.jobs.tick import register_periodic
from wenyou_core.errors import WenyouError

KEY_HEADER = "Idempotency-Key"
LONGEST_KEY = 80
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
        if found is not None:
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
        token: AccessToken = request.auth  # type: ignore[attr-defined]
        digest = digest_of(request)
        try:
            with transaction.atomic():
                call = ApiCall.objects.create(
                    token=token, key=key[:LONGEST_KEY], request=digest, at=timezone.now()
                )
                done: Status[Any] = operation(request, *args, **kwargs)
                call.status, call.answer = done.status_code, plain(done.value)
                call.save(update_fields=["status", "answer"])
                return done
        except IntegrityError:
            first = ApiCall.objects.filter(token=token, key=key[:LONGEST_KEY]).first()
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
