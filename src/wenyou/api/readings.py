"""What programs read of people, in the log of exports: one row per token and list every few minutes.

What a registration or a move is answered with is read as well.

Each answer is counted before it is handed over, in a row of its own that is written at once; the
tick makes a row of the log of what has come together. So a nightly copy of a whole house is in the
log with its size and leaves few rows, and nothing was read that is not counted.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from ninja import Status

from wenyou.accounts.models import AccessToken
from wenyou.api.doors import Operation, signed
from wenyou.api.models import ApiReading
from wenyou.audit.actions import register_actions
from wenyou.audit.context import acting
from wenyou.audit.exports import TakenOut, note_export
from wenyou.audit.models import ExportRow
from wenyou.jobs.tick import register_periodic

EVERY = timedelta(minutes=5)
READ = "api.read"
UNIT = "unit:"
register_actions({READ: "接口读取个人信息"})


def rows_in(answer: Any) -> int:
    """How many rows an answer has: those of its list, else itself."""
    items = items_of(answer)
    return len(items) if items is not None else 1


def items_of(answer: Any) -> list[Any] | None:
    """The list of an answer; None where it tells of one thing. A repeated answer is as it was kept."""
    said = answer.value if isinstance(answer, Status) else answer
    items = said.get("items") if isinstance(said, dict) else getattr(said, "items", None)
    return items if isinstance(items, list) else None


def people_in(answer: Any) -> int:
    """How many rows of an answer are not about units; ``key`` says of each what it is about."""
    items = items_of(answer) or ()
    return sum(not one.key.startswith(UNIT) for one in items)


def personal(title: str, count: Callable[[Any], int] = rows_in) -> Callable[[Operation], Operation]:
    """The operation gives data of people: what it answers is counted under ``title``."""

    def wrap(operation: Operation) -> Operation:
        @functools.wraps(operation)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            answer = operation(request, *args, **kwargs)
            request.personal = (title, count(answer))  # type: ignore[attr-defined]
            return answer

        return signed(guarded, operation)

    return wrap


def note_reading(request: HttpRequest, content: bytes) -> None:
    """Count an answer of an operation that is ``personal``; one without rows tells of nobody."""
    title, rows = getattr(request, "personal", ("", 0))
    if not rows:
        return
    token: AccessToken = request.auth  # type: ignore[attr-defined]
    now = timezone.now()
    with transaction.atomic():
        # Locked, for the digest goes on from that of the answers before.
        row = ApiReading.objects.select_for_update().filter(token=token, title=title).first()
        if row is None:
            fresh = {"since": now, "last": now}
            row = ApiReading.objects.get_or_create(token=token, title=title, defaults=fresh)[0]
        piece = hashlib.sha256(content).hexdigest()
        ApiReading.objects.filter(pk=row.pk).update(
            calls=F("calls") + 1,
            rows=F("rows") + rows,
            size=F("size") + len(content),
            digest=hashlib.sha256(f"{row.digest}{piece}".encode()).hexdigest(),
            last=now,
        )


def tell_readings(now: datetime) -> int:
    """Make rows of the log of exports of what was counted for some minutes; how many."""
    told = 0
    for pk in ApiReading.objects.filter(since__lte=now - EVERY).values_list("pk", flat=True):
        with transaction.atomic(), acting("api"):
            rows = ApiReading.objects.select_related("token__user__employee__unit")
            row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
            if row is not None and row.calls:
                _tell(row)
                told += 1
            ApiReading.objects.filter(pk=pk).delete()
    return told


def _tell(row: ApiReading) -> None:
    first, last = timezone.localtime(row.since), timezone.localtime(row.last)
    taken = TakenOut(
        kind=ExportRow.Kind.API,
        title=f"接口读取：{row.title}",
        sha256=row.digest,
        size=row.size,
        rows=row.rows,
        narrowed=f"令牌“{row.token.title}”读取 {row.calls} 次，{first:%H:%M:%S} 至 {last:%H:%M:%S}",
        subject=row.token,
    )
    note_export(taken, action=READ, by=row.token.user)


register_periodic("api.readings", timedelta(minutes=1), tell_readings)
