"""A person's own notices."""

from __future__ import annotations

from django.db.models import QuerySet

from wenyou.accounts.models import User
from wenyou.errors import NotFound
from wenyou.notices.models import Notice

MANY = 99


def notices_visible_to(user: User) -> QuerySet[Notice]:
    """One's own, newest first."""
    return Notice.objects.filter(to=user)


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
