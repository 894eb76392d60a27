"""The words of the platform, after those of the desk; modules are imported when said."""

from __future__ import annotations

from wenyou_desk.cli import COMMANDS as DESK
from wenyou_desk.cli import Command

PLATFORM: tuple[Command, ...] = (
    Command("up", "启动平台：准备数据、网页和后台任务", "wenyou.up.command"),
)
COMMANDS: tuple[Command, ...] = (*PLATFORM, *DESK)
