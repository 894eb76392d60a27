"""What the machine refuses, as far as a person can mend it: no right, no room, no such place."""

from __future__ import annotations

import errno
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wenyou_core.errors import InputRefused

MACHINE = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "这里是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EFBIG: "文件超过了这里允许的大小",
    errno.EIO: "读写设备出错",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOTDIR: "路径当中有一段是文件，不是文件夹",
    errno.ELOOP: "路径当中的链接绕成了一圈",
}
NO_PLACE = "这里不能新建文件，或文件夹已经不在"


@contextmanager
def placing(folder: Path) -> Iterator[None]:
    """Within, files and folders get their places in a folder, and nothing else is done.

    Raises InputRefused with the reason where the machine refuses that.
    """
    try:
        yield
    except OSError as error:
        why = MACHINE.get(error.errno or 0, NO_PLACE)
        text = f"不能在「{folder.name or '当前文件夹'}」写入（{why}）。请换一个能写入的文件夹。"
        raise InputRefused("no_place", text) from error


def typed(word: str) -> str:
    """A word of a command as it is typed in a shell: in quotes where signs of it mean more there."""
    plain = "".join(sign for sign in word if sign.isascii())
    return shlex.quote(word) if shlex.quote(plain or "-") != (plain or "-") else word
