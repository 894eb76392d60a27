"""Keys of programs: given once, kept as a hash, ended by date or by hand."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wenyou.accounts.actions import administers, path_of
from wenyou.accounts.models import AccessToken, RoleCode, User
from wenyou.accounts.queries import security_administrators, users_visible_to
from wenyou.accounts.scope import require, scope
from wenyou.accounts.second_step import in_force
from wenyou.accounts.services import prove
from wenyou.audit.actions import register_actions, register_codes
from wenyou.audit.services import Change, record
from wenyou.errors import NotFound
from wenyou.notices.services import notify
from wenyou.web.listing import State
from wenyou_core.errors import InputRefused

register_actions(
    {
        "api.token": "签发接口令牌",
        "api.accept": "确认接口令牌",
        "api.refuse": "拒绝接口令牌",
        "api.revoke": "收回接口令牌",
    }
)
WAITING = "/tokens/"
AGREE = "账号本人或安全管理员确认以后才能使用；不知情的请拒绝。"
KNOWN = "如不知情，请立即请系统管理员收回并核对操作记录。"

SCOPES = {
    "read": "读取权限范围内的内容",
    "matters": "登记和办理事项",
    "facts": "登记考核用的事实",
}
register_codes("scopes", SCOPES)
PREFIX = "wy_"
LONGEST_DAYS = 366
# Noting every use would make each reading call a writing one.
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """What a token is for, what it may do, and for how long."""

    title: str
    scopes: tuple[str, ...]
    days: int


@transaction.atomic
def issue_token(user: User, new: NewToken, *, by: User, code: str = "") -> tuple[AccessToken, str]:
    """A token that acts as ``user``, by a system administrator; the text is shown once.

    It opens what the one who issues it may not see himself: one for another account waits until
    the account's owner or a security administrator agrees. They are told.

    Who signs in with a second step gives a fresh ``code``. Raises CodeRefused for a wrong one.
    """
    administers(by, user, "签发接口令牌")
    if not new.title.strip():
        raise InputRefused("token-title", "请写明令牌的用途，例如“排队机”。")
    unknown = set(new.scopes) - set(SCOPES)
    if unknown or not new.scopes:
        raise InputRefused("token-scopes", "请选择令牌的权限，至少一项。")
    if not 1 <= new.days <= LONGEST_DAYS:
        raise InputRefused("token-days", f"令牌的有效期应为 1 到 {LONGEST_DAYS} 天，请改正。")
    if in_force(by):
        prove(by, code=code)
    text = PREFIX + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        user=user,
        title=new.title.strip()[:80],
        digest=digest_of(text),
        scopes=sorted(set(new.scopes)),
        expires_at=timezone.now() + timedelta(days=new.days),
        waits=user.pk != by.pk,
        issued_by=by,
    )
    said = {"title": token.title, "scopes": token.scopes, "expires_at": token.expires_at}
    record("api.token", by=by, change=Change(subject=token, new=said))
    notify(
        {user, *security_administrators(timezone.localdate())},
        kind="account",
        text=f"{by.name}为账号{user.number}签发了接口令牌“{token.title}”，有效期至"
        f"{timezone.localdate(token.expires_at)}。{AGREE if token.waits else KNOWN}",
        link=WAITING,
    )
    return token, text


@transaction.atomic
def answer_token(token: AccessToken, *, agreed: bool, by: User) -> AccessToken:
    """Agree to a token that acts as oneself, or as one a security administrator answers for.

    Without that it never works; refused, it is over. Nobody agrees to what he has issued himself.
    """
    token = AccessToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if by.pk != token.user_id:
        require(by, path_of(token.user), RoleCode.SECURITY_ADMIN, doing="确认接口令牌")
        if by.pk == token.issued_by_id:
            raise InputRefused(
                "token-own", "不能确认自己签发的令牌，请由账号本人或另一名安全管理员确认。"
            )
    if not token.waits or token.revoked_at is not None:
        raise InputRefused("token-answered", "这个令牌已经确认或收回，不用再办理。请刷新页面。")
    token.waits = False
    token.revoked_at = None if agreed else timezone.now()
    token.save(update_fields=["waits", "revoked_at"])
    record("api.accept" if agreed else "api.refuse", by=by, change=Change(subject=token))
    return token


@transaction.atomic
def revoke_token(token: AccessToken, *, by: User) -> AccessToken:
    """End a token at once."""
    administers(by, token.user, "收回接口令牌")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record("api.revoke", by=by, change=Change(subject=token))
    return token


def token_of(text: str, now: datetime) -> AccessToken | None:
    """The living token of a text, with its user; None for any other."""
    token = AccessToken.objects.select_related("user").filter(digest=digest_of(text)).first()
    if token is None or token.waits or token.revoked_at is not None or token.expires_at <= now:
        return None
    if not token.user.is_active:
        return None
    if token.used_at is None or now - token.used_at > NOTED_EVERY:
        AccessToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def state_of(token: AccessToken, now: datetime) -> State:
    """Whether a program gets in with it."""
    if token.revoked_at is not None:
        return State("plain", "已收回")
    if token.expires_at <= now:
        return State("plain", "已过期")
    if token.waits:
        return State("near", "待确认")
    if not token.user.is_active:
        return State("over", "账号已停用")
    return State("ok", "可用")


def digest_of(text: str) -> str:
    """What is kept of a token; it is random and long, so a plain hash will do."""
    return hashlib.sha256(text.encode()).hexdigest()


def tokens_visible_to(user: User) -> QuerySet[AccessToken]:
    """The tokens of the accounts that a system administrator looks after."""
    rows = AccessToken.objects.select_related("user").order_by("-created_at", "-pk")
    if RoleCode.SYSTEM_ADMIN not in scope(user).roles:
        return rows.none()
    return rows.filter(user__in=users_visible_to(user).order_by().values("pk"))


def token_for(user: User, pk: int) -> AccessToken:
    """One of them. Raises NotFound."""
    token = tokens_visible_to(user).filter(pk=pk).first()
    if token is None:
        raise NotFound("这个令牌")
    return token


def tokens_to_answer(user: User) -> QuerySet[AccessToken]:
    """The tokens somebody may agree to: his own, and of a security administrator's accounts all."""
    rows = AccessToken.objects.select_related("user", "issued_by").order_by("-created_at", "-pk")
    mine = Q(user=user)
    if RoleCode.SECURITY_ADMIN in scope(user).roles:
        mine |= Q(user__in=users_visible_to(user).order_by().values("pk"))
    return rows.filter(mine)


def tokens_waiting(user: User, now: datetime) -> QuerySet[AccessToken]:
    """Those of them that wait."""
    return tokens_to_answer(user).filter(waits=True, revoked_at=None, expires_at__gt=now)


def token_to_answer(user: User, pk: int) -> AccessToken:
    """One of them. Raises NotFound."""
    token = tokens_to_answer(user).filter(pk=pk).first()
    if token is None:
        raise NotFound("这个令牌")
    return token
