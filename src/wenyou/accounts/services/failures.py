"""Failed sign-ins as rows of the audit log: few, however many there were.

The counting and the locking are done by axes, whose rows anybody with the database can remove.
Every few minutes what has come in is told in the chained log and taken away there: one row for an
account and an address, one for all the numbers from an address that nobody has, and one for the
rest when there are too many addresses. So an attack is seen and cannot fill the log.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessFailureLog
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import Upper

from wenyou.accounts.locks import locks_now
from wenyou.accounts.models import User
from wenyou.audit.context import acting
from wenyou.audit.services import Change, record
from wenyou.vault.mask import STAR

EVERY = timedelta(minutes=5)
MOST_ROWS = 100
MOST_PAIRS = 5000
CHUNK = 500
# A failure that is being saved at this moment is told the next time.
SETTLED = timedelta(seconds=5)
FAILED, LOCKED = "accounts.sign_in.failed", "accounts.sign_in.locked"


@dataclass
class _Tried:
    """What came from an address for an account, or for numbers that nobody has."""

    address: str
    user: User | None
    count: int = 0
    names: list[str] = field(default_factory=list)
    locked: bool = False


@transaction.atomic
def note_failures(now: datetime) -> int:
    """Tell of the failures since the last time; how many rows were written."""
    rows = AccessFailureLog.objects.filter(attempt_time__lte=now - SETTLED)
    newest = rows.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return 0
    rows = rows.filter(pk__lte=newest)
    tried = sorted(_tried(rows), key=lambda one: (not one.locked, one.user is None, -one.count))
    for one in tried[:MOST_ROWS]:
        _tell(one)
    told = sum(one.count for one in tried[:MOST_ROWS])
    left = int(rows.count()) - told
    if left > 0:
        record(FAILED, by=None, change=Change(new={"次数": left}, note="其余地址合计"))
    rows.delete()
    return min(len(tried), MOST_ROWS) + int(left > 0)


def _tried(rows: QuerySet[AccessFailureLog]) -> list[_Tried]:
    pairs = rows.order_by().values("username", "ip_address").annotate(count=Count("pk"))
    many = list(pairs.order_by("-count")[:MOST_PAIRS])
    users = _users({_name(one) for one in many})
    locked = {(one.number, one.address) for one in locks_now()}
    found: dict[tuple[str, int], _Tried] = {}
    for one in many:
        name, address = _name(one), str(one["ip_address"] or "")
        user = users.get(name)
        key = (address, user.pk if user else 0)
        tried = found.setdefault(key, _Tried(address, user))
        tried.count += one["count"]
        tried.names.append(name)
        tried.locked = tried.locked or (name, address) in locked
    return list(found.values())


def _name(pair: dict[str, Any]) -> str:
    return str(pair["username"] or "")


def _users(names: set[str]) -> dict[str, User]:
    """The accounts of numbers as axes has them: in capitals."""
    found: dict[str, User] = {}
    for chunk in _batched(sorted(names), CHUNK):
        rows = User.objects.annotate(tried=Upper("number")).filter(tried__in=chunk)
        found |= {str(one.number).upper(): one for one in rows.select_related("employee__unit")}
    return found


def _batched(names: list[str], size: int) -> Iterator[list[str]]:
    return (names[at : at + size] for at in range(0, len(names), size))


def _tell(tried: _Tried) -> None:
    new: dict[str, object] = {"次数": tried.count}
    user = tried.user
    unit = user.employee.unit if user is not None and user.employee is not None else None
    if user is None:
        # It may be anything, somebody's password among it: its first sign is enough to know one's own.
        new |= {"登录号": _hidden(tried.names[0]), "登录号个数": len(tried.names)}
    note = "没有这个登录号" if user is None else ""
    if tried.locked:
        note = f"{note}，已锁定".lstrip("，")
    with acting("page", tried.address):
        record(
            LOCKED if tried.locked else FAILED,
            by=None,
            change=Change(subject=user, unit=unit, new=new, note=note),
        )


def _hidden(name: str) -> str:
    return name[:1] + STAR * 3 if name else ""
