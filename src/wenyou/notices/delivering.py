"""The job that carries messages out of the house.

A message is claimed before it is sent and nothing is locked while another machine is waited for.
One whose worker died is sent again: a reminder that comes twice does less harm than one that is
lost. What fails is tried again, later each time, and then left for an administrator to see.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from wenyou.accounts.actions import house_path
from wenyou.accounts.models import RoleCode
from wenyou.accounts.queries import holders_of
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.models import Job
from wenyou.jobs.services import OPEN, enqueue
from wenyou.jobs.tick import register_periodic
from wenyou.knobs.services import settings_now
from wenyou.notices import mailing, robots, smsfile, smshttp
from wenyou.notices.models import Delivery, NoticeWish
from wenyou.notices.outgoing import MAIL, ROBOT, SMS, after_quiet
from wenyou.notices.sending import Message, NotSent
from wenyou.notices.services import notify
from wenyou.notices.table import FILE, OFF
from wenyou.org.private import whole
from wenyou_core.errors import WenyouError

KIND = "notices.deliver"
# A worker that has not come back by then is dead; no way out waits longer than a minute.
CLAIM = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=12)
# In seconds: other jobs wait for the same worker meanwhile, and a next round follows in a minute.
LONGEST_ROUND = 120.0
# So many messages in a row are left without any answer, then the others of that way wait.
MOST_SILENT = 2
DUE = (Delivery.State.WAITING, Delivery.State.HELD)
FAILED_LIST = "/system/deliveries/?state=failed"
CLOSED = "发送时这个渠道已停用，没有发送。"
PUT_OFF = "这个渠道刚才没有应答，稍后再发。"
Beat = Callable[[int, str], None]


def still(done: int, sentence: str) -> None:
    """Nobody watches the progress."""


@dataclass
class _Round:
    """One go through what is due: ``silent`` counts by way how often in a row nobody answered."""

    now: datetime
    values: dict[str, Any]
    silent: Counter[tuple[str, int | None]] = field(default_factory=Counter)


def deliver(now: datetime, beat: Beat = still) -> int:
    """Send what is due; how many left the house. An administrator hears of what was given up.

    It ends in time even if there is more, which the next round sends.
    """
    _free(now)
    round_ = _Round(now, settings_now())
    _hold(round_)
    until = time.monotonic() + LONGEST_ROUND
    ended: Counter[Delivery.State | None] = Counter()
    while pk := _due(now).order_by("pk").values_list("pk", flat=True).first():
        ended[_one(pk, round_)] += 1
        done, sent = ended.total(), ended[Delivery.State.SENT]
        beat(min(99, done), f"已处理 {done} 条，发出 {sent} 条。")
        if time.monotonic() >= until:
            break
    if ended[Delivery.State.FAILED]:
        _tell_administrators(now)
    return ended[Delivery.State.SENT]


def _hold(round_: _Round) -> None:
    """What fell due in the quiet hours waits for their end, also a second try and what a worker
    was late with.
    """
    values = round_.values
    begins = after_quiet(round_.now, values["quiet.from"], values["quiet.until"])
    if begins > round_.now:
        held = _due(round_.now).exclude(notice__kind__in=values["quiet.exempt"])
        held.update(state=Delivery.State.HELD, not_before=begins)


def _due(now: datetime) -> Any:
    return Delivery.objects.filter(state__in=DUE, not_before__lte=now)


def _free(now: datetime) -> None:
    """What a dead worker had claimed waits again."""
    stale = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=now - CLAIM)
    stale.update(state=Delivery.State.WAITING, claimed_at=None)


def _one(pk: int, round_: _Round) -> Delivery.State | None:
    """Claim and send one message; how it ended, None when it is another worker's or waits on."""
    now, values = round_.now, round_.values
    claimed = _due(now).filter(pk=pk).update(
        state=Delivery.State.SENDING, claimed_at=now, tries=F("tries") + 1
    )  # fmt: skip
    if not claimed:
        return None
    row = Delivery.objects.select_related("notice__to__employee", "robot").get(pk=pk)
    if row.notice.read_at is not None and row.channel != ROBOT:
        return _ended(row, Delivery.State.SENT, "已在系统中阅读，没有另发。", now)
    way = (row.channel, row.robot_id)
    try:
        _send(row, values)
    except NotSent as error:
        round_.silent[way] = round_.silent[way] + 1 if error.silent else 0
        if round_.silent[way] >= MOST_SILENT:
            _put_off(way, round_)
        return _not_sent(row, error, now, values)
    except WenyouError as error:
        return _not_sent(row, NotSent(str(error)), now, values)
    round_.silent[way] = 0
    return _ended(row, Delivery.State.SENT, "", now)


def _put_off(way: tuple[str, int | None], round_: _Round) -> None:
    """Whatever else would go that way waits, and no try is counted: else each message would be
    waited for in turn, and every other job of this worker with them.
    """
    channel, robot = way
    later = round_.now + timedelta(minutes=int(round_.values["retry.minutes"]))
    rows = _due(round_.now).filter(channel=channel, robot=robot)
    rows.update(state=Delivery.State.WAITING, not_before=later, error=PUT_OFF)


def _send(row: Delivery, values: dict[str, Any]) -> None:
    """Hand a message to its way out. Raises NotSent, and what the vault raises."""
    to = _address(row, values)
    message = Message(number=f"wy{row.pk}", to=to, words=row.words, settings=values)
    match row.channel:
        case "mail":
            mailing.send(message)
        case "robot":
            robots.send(message)
        case _ if values["sms.channel"] == FILE:
            smsfile.send(message)
        case _:
            smshttp.send(message)


def _address(row: Delivery, values: dict[str, Any]) -> str:
    """Where a message goes. Raises NotSent for a closed way and a person without an address."""
    user = row.notice.to
    if row.channel == ROBOT:
        if not values["robot.on"] or row.robot is None or row.robot.ended_at is not None:
            raise NotSent(CLOSED, again=False)
        return robots.address_of(row.robot)
    if row.channel == MAIL:
        wish = NoticeWish.objects.filter(user=user).first()
        found, missing = mailing.address_of(user, wish, values), "没有登记邮箱。"
        closed = not values["mail.on"]
    else:
        found = whole(user.employee, "phone") if user.employee is not None else ""
        missing, closed = "没有登记手机号。", values["sms.channel"] == OFF
    if closed:
        raise NotSent(CLOSED, again=False)
    if not found:
        raise NotSent(missing, again=False)
    return found


def _not_sent(
    row: Delivery, error: NotSent, now: datetime, values: dict[str, Any]
) -> Delivery.State | None:
    """Try again, later each time; or give up."""
    if not error.again or row.tries >= int(values["retry.tries"]):
        return _ended(row, Delivery.State.FAILED, str(error), now)
    wait = timedelta(minutes=int(values["retry.minutes"])) * 2 ** (row.tries - 1)
    _write(
        row,
        state=Delivery.State.WAITING,
        error=str(error)[:300],
        not_before=now + min(wait, LONGEST_WAIT),
    )
    return None


def _ended(row: Delivery, state: Delivery.State, error: str, now: datetime) -> Delivery.State:
    _write(row, state=state, error=error[:300], sent_at=now if state == "sent" else None)
    return state


def _write(row: Delivery, **columns: object) -> None:
    """A later notice about the same thing may have taken the row away meanwhile."""
    Delivery.objects.filter(pk=row.pk).update(claimed_at=None, **columns)


def _tell_administrators(now: datetime) -> None:
    """One notice however often; it never leaves the house, for the ways out are what failed."""
    count = Delivery.objects.filter(state=Delivery.State.FAILED).count()
    notify(
        holders_of(RoleCode.SYSTEM_ADMIN, house_path()),
        kind="delivery",
        text=f"有 {count} 条通知没有发出去，请在“发送情况”里看原因，处理后重发。",
        link=FAILED_LIST,
        about="delivery-failed",
        at=now,
    )


def run(work: Work) -> None:
    """The job."""
    sent = deliver(timezone.now(), work.says)
    work.result(sent=sent)


def ask(now: datetime) -> int:
    """Ask for the job when something is due and no job is about to see to it."""
    stale = Delivery.objects.filter(state=Delivery.State.SENDING, claimed_at__lt=now - CLAIM)
    if not (_due(now).exists() or stale.exists()):
        return 0
    if Job.objects.filter(kind=KIND, state__in=OPEN).exists():
        return 0
    enqueue(kind=KIND, title="发送通知", arguments={}, by=None)
    return 1


register_kind(KIND, run, "发送通知")
register_periodic("notices.deliver", timedelta(minutes=1), ask)

__all__ = ["SMS", "ask", "deliver", "run"]
