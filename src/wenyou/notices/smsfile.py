"""The bank's SMS gateway, fed by a file: one line for each message, picked up by the gateway."""

from __future__ import annotations

import csv
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from wenyou.notices.sending import Message, NotSent


def send(message: Message) -> None:
    """Append the message to the file of the day in the outbox. Raises NotSent."""
    try:
        append(settings.DATA.root / "outbox", message.to, message.words, timezone.now())
    except OSError as error:
        raise NotSent(
            f"写不出短信文件：{error.strerror}。请检查 outbox 文件夹和磁盘空间。"
        ) from None


def append(folder: Path, phone: str, text: str, now: datetime) -> None:
    """One line to the file of the day."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    local = timezone.localtime(now)
    path = folder / f"sms-{local:%Y%m%d}.csv"
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow([phone, text, f"{local:%Y-%m-%d %H:%M:%S}"])
        file.flush()
        os.fsync(file.fileno())
