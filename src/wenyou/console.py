"""What the commands of the platform share: set Django up, and speak beside the result."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys

# What SQLite calls a failure that the house can mend, and what to say of it.
SQLITE = {
    "FULL": "磁盘已满，数据库没有写成。请清理磁盘后再运行一次。",
    "CORRUPT": "数据库文件已损坏。请停止平台，把数据文件夹另存一份，再从最近的备份恢复。",
    "NOTADB": "数据库文件已损坏。请停止平台，把数据文件夹另存一份，再从最近的备份恢复。",
    "READONLY": "数据库文件不能写入。请检查数据文件夹和其中文件的权限。",
    "CANTOPEN": "数据库文件打不开。请检查数据文件夹和其中文件的权限。",
    "IOERR": "数据库文件读写出错。请检查磁盘。",
    "BUSY": "数据库正忙，没有完成。请稍后再运行一次。",
}
DISK_FULL = "53100"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
AWAY = "AWAY"
ON_PAGES = {
    "FULL": "服务器的磁盘满了。请告诉系统管理员清理磁盘，之后再做一次。",
    "BUSY": "数据库正忙。请稍候再做一次。",
    AWAY: "数据库暂时用不了。请告诉系统管理员用 ./wenyou doctor 检查，之后再做一次。",
}


def set_up() -> None:
    """Load the settings of the environment and all models, once the words are known good."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"

    import django  # noqa: PLC0415 -- slow import, and after the settings are named

    django.setup()


def say(text: str) -> None:
    """A line for the person; standard output stays for the result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def sentence_of(error: BaseException) -> str:
    """What to say of a failure of the database that is no fault of the program; else empty."""
    why = hindrance_of(error)
    if why == AWAY:
        said = (str(error).strip().splitlines() or [""])[0]
        return f"连不上数据库（{said}）。请检查 WENYOU_DATABASE_URL 和数据库服务。"
    return SQLITE.get(why, "")


def page_sentence_of(error: BaseException | None) -> str:
    """The same for somebody in front of a page or behind a job, who cannot mend it himself."""
    why = "" if error is None else hindrance_of(error)
    if not why:
        return ""
    return ON_PAGES.get(why, ON_PAGES[AWAY])


def hindrance_of(error: BaseException) -> str:
    """What hindered the database or a file, as ``SQLITE`` names it, or ``AWAY``; else empty."""
    from django.db import OperationalError  # noqa: PLC0415 -- slow import

    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "FULL"
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    if isinstance(cause, sqlite3.Error):
        name = getattr(cause, "sqlite_errorname", "").removeprefix("SQLITE_").partition("_")[0]
        return name if name in SQLITE else ""
    state = getattr(cause, "sqlstate", "")
    if state == DISK_FULL:
        return "FULL"
    return AWAY if state is None and isinstance(error, OperationalError) else ""
