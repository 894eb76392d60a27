"""A person's own notices."""

from __future__ import annotations

from django.db.models import QuerySet

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import scope
from wenyou.errors import NotAllowed, NotFound
from wenyou.notices.models import Delivery, Notice

MANY = 99
ADMINS = frozenset({RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN})


def notices_visible_to(user: User) -> QuerySet[Notice]:
    """One's own, newest first."""
    return Notice.objects.filter(to=user)


def deliveries_visible_to(user: User) -> QuerySet[Delivery]:
    """What left the house or could not, for those who run it. Raises NotAllowed."""
    if not scope(user).roles & ADMINS:
        raise NotAllowed("查看发送情况", "系统管理员、安全管理员")
    return Delivery.objects.select_related("notice__to", "robot")


def notice_for(user: User, pk: int) -> Notice:
    """One of one's own. Raises NotFound."""
    found = notices_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这条通知")
    return found


def unread_count(user: User) -> int:
    """How many are unread, counted no further than is shown (99+)."""
    unread = notices_visible_to(user).filter(read_at__isnull=True).order_by()
    return unread[: MANY + 1].count()
