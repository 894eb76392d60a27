"""What a person wants to be told outside the house, and where."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from wenyou.accounts.models import User
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.knobs.services import settings_now
from wenyou.notices.mailing import FIELD, MODEL, put_address
from wenyou.notices.models import NoticeWish
from wenyou.vault.house import open_field
from wenyou.vault.keyring import KeyMissing
from wenyou.vault.mask import mask_text
from wenyou.vault.seal import SealBroken

register_actions({"notices.wish": "修改通知设置"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """SMS and mail, or not; ``address`` of mail, None to leave it as it is."""

    sms: bool
    mail: bool
    address: str | None = None


def wish_of(user: User) -> NoticeWish:
    """What a person wants; everything, until he says otherwise."""
    return NoticeWish.objects.filter(user=user).first() or NoticeWish(user=user)


def address_shown(wish: NoticeWish) -> str:
    """One's own address, masked: it may be read over a shoulder."""
    if not wish.mail_sealed:
        return ""
    try:
        return mask_text(open_field(wish.mail_sealed, model=MODEL, field=FIELD, pk=wish.pk))
    except (KeyMissing, SealBroken):
        return "（密钥缺失，无法显示）"


@transaction.atomic
def save_wish(said: Wish, *, by: User) -> NoticeWish:
    """Keep what a person wants. Raises InputRefused for an address that is none or not allowed."""
    wish, _ = NoticeWish.objects.get_or_create(user=by)
    wish.sms, wish.mail = said.sms, said.mail
    if said.address is not None:
        put_address(wish, said.address, settings_now())
    wish.save()
    told = {"sms": said.sms, "mail": said.mail, "address": said.address is not None}
    record("notices.wish", by=by, change=Change(subject=by, new=told))
    return wish
