"""The examinations, one function each; every one answers even where another fails."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from wenyou.console import sentence_of
from wenyou.environment import ROOT
from wenyou.web.assets import echarts_file
from wenyou_core.errors import WenyouError

LEAST_FREE_BYTES = 1 << 30
OLDEST_BACKUP_DAYS = 7
SLOWEST_BEAT = timedelta(minutes=5)
# The newest open matters are looked at; a whole bank would take minutes.
MOST_MATTERS, SHOWN = 2_000, 5


class Grade(StrEnum):
    """How bad it is."""

    GOOD = "正常"
    HINT = "提醒"
    BAD = "有问题"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was examined, how it stands, and what to do."""

    subject: str
    grade: Grade
    text: str

    def __str__(self) -> str:
        return f"{self.grade}　{self.subject}：{self.text}"


Examination = Callable[[], Iterator[Verdict]]


def good(subject: str, text: str) -> Verdict:
    """As it should be."""
    return Verdict(subject, Grade.GOOD, text)


def folder_verdicts() -> Iterator[Verdict]:
    """Whether the data folder can be written, is private, and has room."""
    root: Path = settings.DATA.root
    free = shutil.disk_usage(root).free
    if not os.access(root, os.W_OK):
        yield Verdict("数据文件夹", Grade.BAD, f"“{root}”不能写入，请检查它的权限。")
    elif free < LEAST_FREE_BYTES:
        text = f"所在磁盘只剩 {free / 1e9:.1f} GB，请清理或换一个更大的磁盘。"
        yield Verdict("数据文件夹", Grade.BAD, text)
    else:
        yield good("数据文件夹", f"“{root}”可以写入，磁盘还有 {free / 1e9:.0f} GB。")
    loose = [path.name for path in settings.DATA.keys.glob("*") if open_to_others(path)]
    if loose:
        text = f"{'、'.join(loose)} 别的系统用户也能读，请改为只有本用户可读（chmod 600）。"
        yield Verdict("密钥", Grade.BAD, text)
    else:
        yield good("密钥", "只有本用户可读。")


def open_to_others(path: Path) -> bool:
    """Whether people other than the owner may read a file (not known on Windows)."""
    return os.name != "nt" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def database_verdicts() -> Iterator[Verdict]:
    """Whether the database answers, is sound, and fits this program."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        unknown = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    except DatabaseError as error:
        yield Verdict("数据库", Grade.BAD, told_of(error))
        return
    kind = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    if unknown:
        text = "数据来自更新的程序，本程序读不懂它。请换用更新的程序。"
        yield Verdict("数据库", Grade.BAD, text)
    elif missing:
        text = f"还有 {len(missing)} 步升级没有做；运行 ./wenyou up 会先备份再升级。"
        yield Verdict("数据库", Grade.HINT, text)
    else:
        yield good("数据库", f"{kind} 可用，与程序版本 {settings.VERSION} 相符。")
    if connection.vendor == "sqlite":
        yield from sqlite_verdicts()


def sqlite_verdicts() -> Iterator[Verdict]:
    """Whether the file is whole and in the mode that bears several writers."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA quick_check(1)")
        said = cursor.fetchone()[0]
    if said != "ok":
        text = f"数据库文件已损坏（{said}）。请停止平台，从最近的备份恢复。"
        yield Verdict("数据库文件", Grade.BAD, text)
    elif mode != "wal":
        text = f"日志方式是 {mode} 而不是 WAL（网络磁盘常不支持）。请把数据文件夹放到本机磁盘。"
        yield Verdict("数据库文件", Grade.BAD, text)
    else:
        yield good("数据库文件", f"完好，SQLite {sqlite3.sqlite_version}，WAL 方式。")


def search_verdicts() -> Iterator[Verdict]:
    """Whether the index of search holds what the texts say; it is built anew where it does not."""
    from wenyou.search.setup import TABLE, mended_index  # noqa: PLC0415 -- after the set-up

    if TABLE not in connection.introspection.table_names():
        return
    if mended_index():
        text = "搜索索引缺失或与内容不符，会搜不全、改名称时出错；已重新建立，不需要再做什么。"
        yield Verdict("搜索", Grade.HINT, text)
    else:
        yield good("搜索", "索引与内容一致。")


def calendar_verdicts() -> Iterator[Verdict]:
    """Whether this year and the next have their arrangement of holidays."""
    from wenyou.org.models import CalendarIssue  # noqa: PLC0415 -- after the set-up

    if "wenyou_calendarissue" not in connection.introspection.table_names():
        return
    year = timezone.localdate().year
    there = set(
        CalendarIssue.objects.filter(year__in=[year, year + 1], announced=True).values_list(
            "year", flat=True
        )
    )
    if year not in there:
        text = f"没有 {year} 年的节假日安排，工作日时限算不出来。请在“系统”里录入。"
        yield Verdict("工作日历", Grade.BAD, text)
    elif year + 1 not in there:
        text = f"{year + 1} 年的安排未录入；跨年的时限会标明“节假日未公布”，公布后请录入。"
        yield Verdict("工作日历", Grade.HINT, text)
    else:
        yield good("工作日历", f"{year} 年和 {year + 1} 年都已录入。")


def backup_verdicts() -> Iterator[Verdict]:
    """Whether there is a backup of late."""
    made = [path.stat().st_mtime for path in settings.DATA.backups.glob("*.wenyou")]
    if not made:
        text = "还没有备份。请运行 ./wenyou backup，并把文件和密钥分开保存。"
        yield Verdict("备份", Grade.HINT, text)
        return
    days = int((timezone.now().timestamp() - max(made)) // 86_400)
    if days > OLDEST_BACKUP_DAYS:
        yield Verdict("备份", Grade.HINT, f"最近一次在 {days} 天前，请运行 ./wenyou backup。")
    else:
        yield good("备份", "今天已备份。" if days == 0 else f"最近一次在 {days} 天前。")


def package_verdicts() -> Iterator[Verdict]:
    """Whether every pinned package is there in its pinned version."""
    wrong = []
    for line in (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8").splitlines():
        name, found, rest = line.partition("==")
        if not found or line.startswith((" ", "#")) or ";" in rest:
            continue
        pinned = rest.split()[0]
        try:
            installed = version(name.split("[")[0])
        except PackageNotFoundError:
            installed = "没有安装"
        if installed != pinned:
            wrong.append(f"{name}（应为 {pinned}，现为 {installed}）")
    if wrong:
        text = f"{'、'.join(wrong)}。请删除 .venv 后再运行一次。"
        yield Verdict("依赖", Grade.BAD, text)
    else:
        yield good("依赖", "版本与清单相符。")
    if echarts_file() is None:
        yield Verdict(
            "图表", Grade.HINT, "图表脚本缺失，页面改用静态图；请删除 .venv 后再运行一次。"
        )


def deadline_verdicts() -> Iterator[Verdict]:
    """Whether the stored due dates are what a computation gives."""
    from wenyou.matters.tick import due_differences  # noqa: PLC0415 -- after the set-up

    if "wenyou_clockrun" not in connection.introspection.table_names():
        return
    found = list(islice(due_differences(timezone.now(), most=MOST_MATTERS), SHOWN))
    if found:
        yield Verdict("到期时间", Grade.BAD, "".join(found))
    else:
        yield good("到期时间", "与重新计算的一致。")


def audit_verdicts() -> Iterator[Verdict]:
    """Whether anything in the log was changed, removed or cut off."""
    from wenyou.audit.verify import verify  # noqa: PLC0415 -- after the set-up

    if "wenyou_auditrow" not in connection.introspection.table_names():
        return
    verdict = verify()
    if not verdict.sound:
        yield Verdict("操作记录", Grade.BAD, "".join(verdict.faults[:SHOWN]))
    elif verdict.remarks:
        yield Verdict("操作记录", Grade.HINT, "".join(verdict.remarks))
    else:
        yield good("操作记录", f"{verdict.rows} 条前后相接，{verdict.anchors} 个锚点签名有效。")


def key_verdicts() -> Iterator[Verdict]:
    """Which keys the stored texts still need, and whether each is there."""
    from wenyou.privacy.marks import amiss  # noqa: PLC0415 -- after the set-up
    from wenyou.privacy.sealed import keys_needed  # noqa: PLC0415 -- after the set-up
    from wenyou.vault.house import house_ring  # noqa: PLC0415 -- after the set-up

    if "wenyou_personrequest" not in connection.introspection.table_names():
        return
    ring, total = house_ring(), Counter[str]()
    for found in keys_needed().values():
        total.update(found)
    if ring.index_changing():
        text = "查找密钥正在更换，查找标记还没有全部重做。请运行 ./wenyou keys reindex。"
        yield Verdict("查找标记", Grade.HINT, text)
    elif text := str(amiss()):
        yield Verdict("查找标记", Grade.BAD, text)
    current, there = ring.current().id, set(ring.ids())
    gone = {key: count for key, count in total.items() if key not in there}
    old = {key: total[key] for key in sorted(there - {current})}
    if gone:
        told = "、".join(f"{key}（{count} 处）" for key, count in gone.items())
        text = f"缺少密钥 {told}，相应内容打不开。请把密钥文件放回 keys 文件夹。"
        yield Verdict("加密内容", Grade.BAD, text)
    elif any(old.values()):
        told = "、".join(f"{key} {count} 处" for key, count in old.items() if count)
        text = f"还有内容要用旧密钥打开：{told}。请运行 ./wenyou keys reseal。"
        yield Verdict("加密内容", Grade.HINT, text)
    elif old:
        text = f"旧密钥 {'、'.join(old)} 已没有内容需要，可用 ./wenyou keys retire 停用。"
        yield Verdict("加密内容", Grade.HINT, text)
    else:
        yield good("加密内容", f"{total[current]} 处都用现用密钥 {current} 加密。")


EXAMINATIONS: tuple[Examination, ...] = (
    package_verdicts,
    folder_verdicts,
    database_verdicts,
    search_verdicts,
    calendar_verdicts,
    backup_verdicts,
    deadline_verdicts,
    audit_verdicts,
    key_verdicts,
)


# Under which name an examination that breaks is told.
SUBJECTS = {
    "package_verdicts": "依赖",
    "folder_verdicts": "数据文件夹",
    "database_verdicts": "数据库",
    "search_verdicts": "搜索",
    "calendar_verdicts": "工作日历",
    "backup_verdicts": "备份",
    "deadline_verdicts": "到期时间",
    "audit_verdicts": "操作记录",
    "key_verdicts": "加密内容",
}


def examine(examinations: tuple[Examination, ...] = EXAMINATIONS) -> Iterator[Verdict]:
    """All verdicts; an examination that breaks is itself a finding, told once for each cause."""
    told = set()
    for one in examinations:
        try:
            for verdict in one():
                told.add(verdict.text)
                yield verdict
        except Exception as error:  # noqa: BLE001 -- one broken examination must not hide the others
            text = told_of(error)
            if text not in told:
                told.add(text)
                yield Verdict(SUBJECTS.get(one.__name__, "检查"), Grade.BAD, text)


def told_of(error: Exception) -> str:
    """What is known of a failure, with what to do; else what somebody has to look into."""
    known = str(error) if isinstance(error, WenyouError) else sentence_of(error)
    said = (str(error).strip().splitlines() or [""])[0]
    return known or f"检查时出错（{type(error).__name__}：{said}），请交给维护人员。"
