"""Signs people in by number and password."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from wenyou.accounts.models import User


class NumberBackend(BaseBackend):
    """Number and password; a number nobody has costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, number: str = "", password: str = "", **_: object
    ) -> User | None:
        """The user, or None."""
        user = here().filter(number__upper=number.strip().upper()).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """The user of a session."""
        return here().filter(pk=user_id, is_active=True).order_by().first()


def here() -> QuerySet[User]:
    """The accounts of those who have not left the house."""
    today = timezone.localdate()
    stays = Q(employee__left_on__isnull=True) | Q(employee__left_on__gte=today)
    return User.objects.filter(stays)
