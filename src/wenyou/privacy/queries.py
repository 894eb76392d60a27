"""Who sees exports, periods, lists of what has fallen due, and requests of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import beneath, scope
from wenyou.audit.models import ExportRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.privacy.models import CleanupList, PersonRequest, RetentionRule, Tombstone

if TYPE_CHECKING:
    from wenyou.accounts.models import User

READERS = frozenset(
    {
        RoleCode.SYSTEM_ADMIN.value, RoleCode.SECURITY_ADMIN.value, RoleCode.AUDIT_ADMIN.value,
        RoleCode.AUDITOR.value, RoleCode.SERVICE_OFFICE.value,
        RoleCode.CONSUMER_PROTECTION.value,
    }
)  # fmt: skip
DECIDERS = frozenset(
    {RoleCode.SECURITY_ADMIN.value, RoleCode.AUDIT_ADMIN.value, RoleCode.AUDITOR.value}
)
WHOLE = 2  # slashes in the path of the house's root


def may_read(user: User) -> None:
    """Raise NotAllowed for whoever has no business with periods."""
    if not scope(user).roles & READERS:
        raise NotAllowed("查看保存期限", "管理员、审计人员、服务办公室和消保部门")


def exports_visible_to(user: User) -> QuerySet[ExportRow]:
    """All to the audit administrator, those of his units to an auditor; nobody else sees any.

    Raises NotAllowed for everybody else.
    """
    held = scope(user)
    rows = ExportRow.objects.select_related("unit")
    if RoleCode.AUDIT_ADMIN in held.roles:
        return rows
    if RoleCode.AUDITOR not in held.roles:
        raise NotAllowed("查阅导出记录", "审计人员、安全审计员")
    paths = held.paths({RoleCode.AUDITOR})
    seen = beneath(paths)
    if any(path.count("/") == WHOLE for path in paths):
        seen |= Q(unit=None)
    return rows.filter(seen)


def cleanups_visible_to(user: User) -> QuerySet[CleanupList]:
    """The lists, for the administrators of security and audit and for auditors."""
    if not scope(user).roles & DECIDERS:
        raise NotAllowed("查看清理清单", "安全管理员、安全审计员、审计人员")
    rows = CleanupList.objects.select_related("decided_by", "job")
    return rows.annotate(due=Sum("lines__count"), gone=Sum("lines__erased"))


def cleanup_for(user: User, pk: int) -> CleanupList:
    """One of them. Raises NotFound."""
    found = cleanups_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这份清理清单")
    return found


def count_of(made: CleanupList) -> int:
    """How many records a list would erase."""
    return sum(made.lines.values_list("count", flat=True))


def history_of(code: str) -> QuerySet[RetentionRule]:
    """All periods a class has had, newest first."""
    rows = RetentionRule.objects.filter(record_class=code).select_related("set_by")
    return rows.order_by("-version")


def stones_of(made: CleanupList) -> QuerySet[Tombstone]:
    """What a list has erased, object by object."""
    return Tombstone.objects.filter(cleanup=made).select_related("unit").order_by("-pk")


def requests_visible_to(user: User) -> QuerySet[PersonRequest]:
    """One's own requests: nobody else learns who asked for what."""
    rows = PersonRequest.objects.filter(asked_by=user)
    return rows.select_related("employee", "job").defer("file_sealed")


def request_for(user: User, pk: int) -> PersonRequest:
    """One of one's own. Raises NotFound."""
    rows = PersonRequest.objects.select_related("employee__unit", "job", "asked_by")
    found = rows.filter(asked_by=user, pk=pk).first()
    if found is None:
        raise NotFound("这份个人信息申请")
    return found
