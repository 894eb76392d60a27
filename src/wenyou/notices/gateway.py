"""The bank's own SMS gateway, fed by a file: one line for each message, picked up by the gateway.

Messages carry the kind, the number and the state of a matter; nothing of a customer, no names,
no amounts. What could not be handed over is shown to an administrator and tried again.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wenyou.jobs.tick import register_periodic
from wenyou.knobs.services import setting, settings_now
from wenyou.knobs.table import Knob, KnobKind, register_knobs
from wenyou.notices.models import Delivery, Notice
from wenyou.org.private import whole
from wenyou_core.errors import WenyouError

GROUP = "短信通知"
OFF, FILE = "off", "file"
SMS = "sms"
MOST_TRIES = 3
AT_ONCE = 500
AGAIN = timedelta(minutes=10)
LONGEST = 200
register_knobs(
    Knob(
        name="sms.channel", group=GROUP, title="短信", kind=KnobKind.CHOICE, default=OFF,
        choices=((OFF, "不发送"), (FILE, "写文件交给本行短信网关")),
        help="文件写在数据文件夹的 outbox 里，每行一条：手机号、内容、时间。",
    ),
    Knob(
        name="sms.quiet_from", group=GROUP, title="免打扰开始", kind=KnobKind.INT, default=20,
        low=0, high=23, unit="时",
    ),
    Knob(
        name="sms.quiet_until", group=GROUP, title="免打扰结束", kind=KnobKind.INT, default=8,
        low=0, high=23, unit="时", help="免打扰时段的短信到结束时再发。起止相同表示没有免打扰时段。",
    ),
)  # fmt: skip


def prepare(notices: Iterable[Notice], at: datetime) -> int:
    """Note which notices are to leave the house, in the transaction of the act; how many."""
    values = settings_now()
    if values["sms.channel"] == OFF:
        return 0
    begins = after_quiet(at, values["sms.quiet_from"], values["sms.quiet_until"])
    state = Delivery.State.HELD if begins > at else Delivery.State.WAITING
    rows = [Delivery(notice=one, channel=SMS, state=state, not_before=begins) for one in notices]
    Delivery.objects.bulk_create(rows)
    return len(rows)


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


def deliver(now: datetime) -> int:
    """Hand over what is due; how many went out. What fails is tried again, then left to be seen."""
    if setting("sms.channel") == OFF:
        return 0
    waiting = (Delivery.State.WAITING, Delivery.State.HELD)
    rows = Delivery.objects.filter(state__in=waiting, not_before__lte=now, channel=SMS)
    rows = rows.select_related("notice__to__employee").order_by("pk")
    return sum(_hand_over(row, now) for row in rows[:AT_ONCE])


@transaction.atomic
def _hand_over(row: Delivery, now: datetime) -> bool:
    """One message; read already in the inbox, it need not be sent."""
    if row.notice.read_at is not None:
        return _ended(row, Delivery.State.SENT, "已在系统中阅读，没有另发。", now)
    try:
        employee = row.notice.to.employee
        phone = whole(employee, "phone") if employee is not None else ""
        if not phone:
            return _ended(row, Delivery.State.FAILED, "没有登记手机号。", now)
        append(settings.DATA.root / "outbox", phone, row.notice.text, now)
    except (WenyouError, OSError) as error:
        row.tries += 1
        if row.tries >= MOST_TRIES:
            return _ended(row, Delivery.State.FAILED, f"写不出短信文件或读不出手机号：{error}", now)
        row.not_before = now + AGAIN
        row.save(update_fields=["tries", "not_before"])
        return False
    return _ended(row, Delivery.State.SENT, "", now)


def _ended(row: Delivery, state: Delivery.State, error: str, now: datetime) -> bool:
    sent = state is Delivery.State.SENT
    row.state, row.error, row.sent_at = state, error[:300], now if sent else None
    row.save(update_fields=["state", "error", "sent_at", "tries"])
    return sent


def append(folder: Path, phone: str, text: str, now: datetime) -> None:
    """One line to the file of the day."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    local = timezone.localtime(now)
    path = folder / f"sms-{local:%Y%m%d}.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([phone, text[:LONGEST], f"{local:%Y-%m-%d %H:%M:%S}"])
        file.flush()
        os.fsync(file.fileno())


register_periodic("notices.sms", timedelta(minutes=1), deliver)
