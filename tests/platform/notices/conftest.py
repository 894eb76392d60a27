"""Settings of the ways out, and people who can be reached by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings

from tests.platform.notices.servers import Post, Web, mail_server, web_server
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.knobs.models import Setting
from wenyou.notices.services import notify
from wenyou.org.private import put

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=8)))
PHONE = "13812345678"
Sets = Callable[..., None]


@pytest.fixture
def sets(db: None) -> Sets:
    """Set settings: ``sets(sms_channel="file")``; the first underscore stands for the dot."""

    def change(**values: object) -> None:
        for name, value in values.items():
            row = {"value": value, "set_at": NOON}
            Setting.objects.update_or_create(name=name.replace("_", ".", 1), defaults=row)

    return change


@pytest.fixture
def lin(cast: Cast) -> User:
    """林, who has a telephone."""
    employee = cast.lin.employee
    assert employee is not None
    put(employee, "phone", PHONE)
    employee.save()
    return cast.lin


@pytest.fixture
def outbox(sets: Sets) -> Path:
    """SMS by file; the folder, empty."""
    sets(sms_channel="file")
    folder = Path(settings.DATA.root) / "outbox"
    for file in folder.glob("*"):
        file.unlink()
    return folder


@pytest.fixture
def web() -> Iterator[Web]:
    """A real HTTP server."""
    with web_server() as server:
        yield server


@pytest.fixture
def post() -> Iterator[Post]:
    """A real SMTP server."""
    with mail_server() as server:
        yield server


def say(*users: User, at: datetime = NOON, about: str = "", kind: str = "matter", outside: str = "投诉 TS2026-000001 等待您办理") -> None:  # fmt: skip
    """Tell somebody of a matter."""
    text = "投诉 TS2026-000001：客户王小明（13900001111）已派单，请办理。"
    notify(users, kind=kind, text=text, about=about, outside=outside, at=at)
