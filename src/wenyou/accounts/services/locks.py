"""Lift a lock-out before its time."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.db import transaction

from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import RoleCode, User
from wenyou.audit.services import Change, record
from wenyou_core.errors import InputRefused


@transaction.atomic
def lift_lock(number: str, address: str, *, by: User | None) -> int:
    """Forget the failures of a number from an address; refused when there are none."""
    for_the_house(by, RoleCode.SECURITY_ADMIN, "解除登录锁定")
    rows = AccessAttempt.objects.filter(username=number, ip_address=address)
    count = int(rows.delete()[0])
    if not count:
        raise InputRefused("lock-none", "这个登录号现在没有被锁定，可能刚刚已到时间或已被解除。")
    change = Change(new={"number": number, "address": address})
    record("accounts.lock.lift", by=by, change=change)
    return count
