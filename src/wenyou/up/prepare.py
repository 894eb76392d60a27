"""Before anything is served: one instance, migrations with a backup first, the first people."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wenyou.tables import bring_to_today

if TYPE_CHECKING:
    from wenyou.demo.people import DemoPerson

Say = Callable[[str], None]
PEOPLE = "demo-people.json"
BEFORE = "升级前"


def prepare(*, empty: bool, address: str, say: Say) -> str:
    """Make the database fit the program and its first people; the greeting to print."""
    django.setup()
    migrate(say)
    from wenyou.accounts.models import User  # noqa: PLC0415 -- after the set-up

    if not User.objects.exists() and not empty:
        make_demo_bank(say)
    if not User.objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exists():
        return first_administrator(address)
    return greeting(address)


def migrate(say: Say) -> None:
    """Apply what is missing; a bank that exists is backed up first."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        furnish()
        return
    from wenyou.backup.services import note, write_file  # noqa: PLC0415 -- after the set-up

    written: Path | None = None
    if executor.loader.applied_migrations:
        say("程序已更新，数据库要升级；先备份……")
        written = write_file(reason=BEFORE)
        say(f"备份已写到“{written}”。")
    else:
        say("正在建立数据库……")
    bring_to_today()
    if written is not None:
        note(written, reason=BEFORE)


def furnish() -> None:
    """What belongs into every database; missing where a start was cut off once tables were there."""
    from wenyou.org.services.calendar import (  # noqa: PLC0415 -- after the set-up
        load_shipped_calendar,
    )
    from wenyou.search.setup import ensure_index  # noqa: PLC0415 -- after the set-up

    load_shipped_calendar()
    ensure_index()


def make_demo_bank(say: Say) -> None:
    """Fill an empty database, and keep the people's passwords where keys are kept."""
    from django.utils import timezone  # noqa: PLC0415 -- after the set-up

    from wenyou.demo.services import create_demo_bank  # noqa: PLC0415 -- after the set-up

    say("正在建立演示银行（6 家支行、60 个网点、900 名员工、两年台账），约需半分钟……")
    people = create_demo_bank(timezone.localdate(), say)
    rows = [asdict(one) for one in people]
    path = settings.DATA.keys / PEOPLE
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=1)


def demo_people() -> list[DemoPerson]:
    """The demo accounts of this data folder; empty for a real bank."""
    from wenyou.demo.people import DemoPerson  # noqa: PLC0415 -- after the set-up

    path: Path = settings.DATA.keys / PEOPLE
    if not path.exists():
        return []
    return [DemoPerson(**row) for row in json.loads(path.read_text(encoding="utf-8"))]


def first_administrator(address: str) -> str:
    """The link by which the first administrator comes in, once."""
    from wenyou.house.first import first_administrator_link  # noqa: PLC0415 -- after set-up

    link = address.rstrip("/") + first_administrator_link()
    return f"文优已启动：{address}\n首位系统管理员请打开这个一次性链接设置密码（24 小时内有效）：\n{link}"


def greeting(address: str) -> str:
    """The address, and the demo people where this is a demo bank."""
    lines = [f"文优已启动：{address}"]
    people = demo_people()
    if people:
        lines.append("演示人员（密码随机生成，只能在本机登录）：")
        width = max(len(one.part) for one in people)
        lines += [
            f"  {one.number}  {one.password}  {one.part.ljust(width, chr(0x3000))}  {one.name}"
            for one in people
        ]
    lines.append("按 Ctrl+C 停止。")
    return "\n".join(lines)
