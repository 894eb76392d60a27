"""The words of the platform, after those of the desk; modules are imported when said."""

from __future__ import annotations

from dataclasses import replace

from wenyou_desk.cli import COMMANDS as DESK
from wenyou_desk.cli import Command

PLATFORM: tuple[Command, ...] = (
    Command("up", "启动平台：准备数据、网页和后台任务", "wenyou.up.command"),
    Command("doctor", "检查安装和数据，用中文说明哪里不对、怎么办", "wenyou.doctor.command"),
    Command("backup", "把数据库和佐证写成一个加密文件，或核对备份", "wenyou.backup.command"),
    Command("audit", "核对操作记录有没有被改动、删除或截断", "wenyou.audit.command"),
    Command("keys", "查看、更换密钥，用新密钥重新加密", "wenyou.keys.command"),
    Command("restore", "从备份恢复到一个空的数据库", "wenyou.backup.restoring"),
    Command("drill", "演练：多人同时办理、多次强行终止，核对有无丢失", "wenyou.drill.command"),
    Command("pack", "把程序和全部依赖收进一个文件夹，供没有网络的机器安装", "wenyou.pack.command"),
)
# The platform measures its pages, too.
BENCH = "wenyou.bench.command"
COMMANDS: tuple[Command, ...] = (
    *PLATFORM,
    *(replace(one, module=BENCH) if one.name == "bench" else one for one in DESK),
)
