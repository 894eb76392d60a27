"""One-time links: the first administrator, a new account, a forgotten password.

Only the hash of a link is kept; it works once, for as long as the setting says.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.actions import administers
from wenyou.accounts.models import SignInLink, User
from wenyou.accounts.passwords import refuse_weak
from wenyou.accounts.services.passwords import set_password
from wenyou.audit.services import Change, record
from wenyou.knobs.services import setting
from wenyou_core.errors import InputRefused

DEAD_LINK = "这个链接已用过、已过期或不完整。请联系系统管理员重新生成一个。"


@transaction.atomic
def make_link(user: User, *, by: User | None) -> str:
    """A path that lets the person set a password once; earlier links stop working.

    Nobody makes his own: whoever finds a session open must not set another password in it.
    """
    administers(by, user, "生成一次性链接")
    if by is not None and by.pk == user.pk:
        raise InputRefused("link-self", "不能给自己生成一次性链接，请在“我的”页面修改密码。")
    if not user.is_active:
        raise InputRefused("link-disabled", f"{user.label}的账号已停用，请先启用。")
    now = timezone.now()
    user.links.filter(used_at=None, expires_at__gt=now).update(expires_at=now)
    token = secrets.token_urlsafe(32)
    hours = timedelta(hours=int(setting("link.hours")))
    SignInLink.objects.create(user=user, digest=_digest(token), expires_at=now + hours)
    record("accounts.link", by=by, change=Change(subject=user))
    return f"/link/{token}/"


@transaction.atomic
def reset_password(user: User, *, by: User) -> str:
    """Make the password useless, end all sessions, and give a link to set a new one.

    Nobody resets his own: he changes it, which asks for the old one.
    """
    administers(by, user, "重置密码")
    if by.pk == user.pk:
        raise InputRefused("reset-self", "不能重置自己的密码，请在“我的”页面修改密码。")
    user.set_unusable_password()
    user.session_epoch += 1
    user.save(update_fields=["password", "session_epoch"])
    record("accounts.reset", by=by, change=Change(subject=user))
    return make_link(user, by=by)


def user_of_link(token: str) -> User:
    """Whose link it is. Raises InputRefused when it is dead."""
    rows = SignInLink.objects.filter(used_at=None, expires_at__gt=timezone.now())
    link = rows.select_related("user").filter(digest=_digest(token)).first()
    if link is None or not link.user.is_active:
        raise InputRefused("link-dead", DEAD_LINK)
    return link.user


@transaction.atomic
def use_link(token: str, *, password: str) -> User:
    """Set the password by a link; of two that use it at once only one succeeds."""
    user = user_of_link(token)
    refuse_weak(password, user)
    used = SignInLink.objects.filter(digest=_digest(token), used_at=None)
    if used.update(used_at=timezone.now()) != 1:
        raise InputRefused("link-dead", DEAD_LINK)
    set_password(user, password)
    record("accounts.password", by=user, change=Change(subject=user, note="一次性链接"))
    return user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
