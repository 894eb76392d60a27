"""Holds: a matter that is disputed, audited or before a court keeps everything for as long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import beneath, require, scope
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.matters.models import Matter
from wenyou.matters.queries import sees
from wenyou.privacy.models import LegalHold
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wenyou.accounts.models import User

register_actions({"hold.placed": "暂缓清理", "hold.lifted": "解除暂缓"})
HOLDERS = (RoleCode.SERVICE_OFFICE, RoleCode.CONSUMER_PROTECTION, RoleCode.AUDITOR)
DOING = "暂缓清理"
SHORTEST = 4


def holds_visible_to(user: User) -> QuerySet[LegalHold]:
    """The holds of one's units; the administrators of audit and security see all.

    Raises NotAllowed for everybody else.
    """
    roles = scope(user).roles
    rows = LegalHold.objects.select_related("matter__unit", "placed_by", "lifted_by")
    if roles & {RoleCode.AUDIT_ADMIN, RoleCode.SECURITY_ADMIN}:
        return rows
    if not roles & set(HOLDERS):
        raise NotAllowed("查看暂缓清理", "服务办公室、消保部门、审计人员")
    return rows.filter(beneath(scope(user).paths(HOLDERS), prefix="matter__unit__"))


def hold_for(user: User, pk: int) -> LegalHold:
    """One of them. Raises NotFound."""
    found = holds_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这条暂缓")
    return found


def standing() -> Q:
    """A filter for holds that were not lifted."""
    return Q(lifted_at=None)


def may_hold(user: User) -> bool:
    """Whether somebody places holds somewhere."""
    return bool(scope(user).roles & set(HOLDERS))


@transaction.atomic
def place(number: str, *, ground: str, by: User) -> LegalHold:
    """Hold a matter by its number. Raises NotFound, NotAllowed, InputRefused."""
    found = Matter.objects.select_related("unit", "with_unit").filter(number=number.strip())
    matter = found.first()
    if matter is None or not sees(by, matter):
        raise NotFound("这件事项")
    require(by, matter.unit.path, *HOLDERS, doing=DOING)
    why = _reason(ground, "暂缓理由")
    try:
        with transaction.atomic():
            row = LegalHold.objects.create(
                matter=matter, ground=why, placed_by=by, placed_at=timezone.now()
            )
    except IntegrityError:
        raise InputRefused("hold-twice", f"{matter.number} 已经暂缓，不用再登记。") from None
    record("hold.placed", by=by, change=Change(subject=matter, unit=matter.unit, note=why))
    return row


@transaction.atomic
def lift(row: LegalHold, *, reason: str, by: User) -> LegalHold:
    """End a hold. Raises NotAllowed, InputRefused for one that has ended."""
    matter = row.matter
    require(by, matter.unit.path, *HOLDERS, doing="解除暂缓")
    why = _reason(reason, "解除理由")
    done = LegalHold.objects.filter(pk=row.pk, lifted_at=None).update(
        lifted_for=why, lifted_by=by, lifted_at=timezone.now()
    )
    if not done:
        raise InputRefused("hold-over", "这条暂缓已经解除，请刷新页面查看。")
    row.refresh_from_db()
    record("hold.lifted", by=by, change=Change(subject=matter, unit=matter.unit, note=why))
    return row


def _reason(text: str, what: str) -> str:
    plain = " ".join(text.split())[:200]
    if len(plain) < SHORTEST:
        raise InputRefused("hold-reason", f"请写明{what}（至少 {SHORTEST} 个字）。")
    return plain
