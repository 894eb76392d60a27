"""Set and change passwords."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import PasswordUsed, User
from wenyou.accounts.passwords import refuse_weak
from wenyou.audit.services import Change, record
from wenyou.knobs.services import setting
from wenyou_core.errors import InputRefused


@transaction.atomic
def change_password(user: User, *, old: str, new: str) -> User:
    """A person changes his own password; all other sessions of his end.

    Raises InputRefused for a wrong old password, PasswordRefused with every rule broken.
    """
    if not user.check_password(old):
        raise InputRefused("password-old", "原密码不对，没有修改。请重新输入原密码。")
    refuse_weak(new, user)
    set_password(user, new)
    record("accounts.password", by=user, change=Change(subject=user))
    return user


def set_password(user: User, password: str) -> User:
    """Store a password that has been judged; earlier ones are remembered as hashes."""
    user.set_password(password)
    user.password_at = timezone.now()
    user.must_change = False
    user.session_epoch += 1
    user.save(update_fields=["password", "password_at", "must_change", "session_epoch"])
    PasswordUsed.objects.create(user=user, encoded=user.password)
    kept = max(int(setting("password.history")), 1)
    recent = PasswordUsed.objects.filter(user=user).values_list("pk", flat=True)[:kept]
    PasswordUsed.objects.filter(user=user).exclude(pk__in=list(recent)).delete()
    return user
