"""What is to leave the house besides the inbox: noted with the act, sent by a job.

The words that leave are made here and kept with each delivery: the number of a matter at most,
nothing of a customer; what an administrator sees in the list is exactly what went out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.knobs.services import settings_now
from wenyou.notices.kinds import kind_of
from wenyou.notices.models import Delivery, GroupRobot, Notice, NoticeWish
from wenyou.notices.table import OFF
from wenyou.vault.mask import mask_text

SMS, MAIL, ROBOT = "sms", "mail", "robot"
CHANNELS = ((SMS, "短信"), (MAIL, "邮件"), (ROBOT, "群机器人"))
MOST_NAMES = 5


def prepare(notices: Sequence[Notice], at: datetime, outside: str = "") -> int:
    """Note what is to leave the house, in the transaction of the act; how many messages.

    ``outside`` is what may be said there: the kind's own sentence where the teller gives none.
    """
    if not notices:
        return 0
    kind = kind_of(notices[0].kind)
    said = outside or kind.outside
    values = settings_now() if said else {}
    if not said or not any_channel(values):
        return 0
    begins = when(kind.code, at, values)
    state = Delivery.State.HELD if begins > at else Delivery.State.WAITING
    rows = [
        Delivery(notice=notice, channel=channel, robot=robot, words=words, state=state, not_before=begins)
        for notice, channel, robot, words in _ways(notices, said, values)
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows)
    return len(rows)


def any_channel(values: dict[str, Any]) -> bool:
    """Whether anything leaves the house at all."""
    return bool(values["sms.channel"] != OFF or values["mail.on"] or values["robot.on"])


def words_of(outside: str, names: str = "") -> str:
    """Exactly what leaves the house."""
    end = f"（{names}）" if names else ""
    return mask_text(f"【文优】{outside}{end}，请登录文优查看。")[:400]


def _ways(
    notices: Sequence[Notice], said: str, values: dict[str, Any]
) -> Iterable[tuple[Notice, str, GroupRobot | None, str]]:
    """Every message with its way out."""
    told = [one.to_id for one in notices]
    wishes = {one.user_id: one for one in NoticeWish.objects.filter(user__in=told)}
    for notice in notices:
        wish = wishes.get(notice.to_id)
        if values["sms.channel"] != OFF and (wish is None or wish.sms):
            yield notice, SMS, None, words_of(said)
        reached = bool(values["mail.pattern"] or (wish and wish.mail_sealed))
        if values["mail.on"] and reached and (wish is None or wish.mail):
            yield notice, MAIL, None, words_of(said)
    if values["robot.on"]:
        yield from _robots(notices, said)


def _robots(
    notices: Sequence[Notice], said: str
) -> Iterable[tuple[Notice, str, GroupRobot | None, str]]:
    """One message for each group whose unit the people told belong to, the nearest above each."""
    robots = list(GroupRobot.objects.filter(ended_at=None).select_related("unit"))
    if not robots:
        return
    rows = User.objects.filter(pk__in=[one.to_id for one in notices]).order_by("number")
    groups: dict[int, list[str]] = {}
    for name, path in rows.values_list("name", "employee__unit__path"):
        above = [one for one in robots if path and path.startswith(one.unit.path)]
        depth = max((len(one.unit.path) for one in above), default=0)
        for one in above:
            if len(one.unit.path) == depth:
                groups.setdefault(one.pk, []).append(name)
    for one in robots:
        if names := groups.get(one.pk):
            shown = "、".join(names[:MOST_NAMES]) + (
                f"等 {len(names)} 人" if len(names) > MOST_NAMES else ""
            )
            yield notices[0], ROBOT, one, words_of(said, shown)


def when(kind: str, at: datetime, values: dict[str, Any]) -> datetime:
    """When a message of a kind may leave: at once, or at the end of the quiet hours."""
    if kind in values["quiet.exempt"]:
        return at
    return after_quiet(at, values["quiet.from"], values["quiet.until"])


def after_quiet(at: datetime, quiet_from: int, quiet_until: int) -> datetime:
    """The moment itself, or the end of the quiet hours it lies in."""
    local = timezone.localtime(at)
    if quiet_from == quiet_until:
        return at
    over_midnight = quiet_from > quiet_until
    inside = quiet_from <= local.hour < quiet_until
    if over_midnight:
        inside = local.hour >= quiet_from or local.hour < quiet_until
    if not inside:
        return at
    day = local.date()
    if over_midnight and local.hour >= quiet_from:
        day += timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time(quiet_until)))
