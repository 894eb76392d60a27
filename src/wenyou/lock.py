"""One program at a time on a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from wenyou.environment import DataFolder, no_folder
from wenyou_core.errors import InputRefused


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the data folder; a second instance on the same folder is refused."""
    folder: DataFolder = settings.DATA
    path = folder.root / "up.lock"
    try:
        file = path.open("a+b")
    except OSError as error:
        raise no_folder(folder.root, error) from None
    with file as handle:
        if not locked(handle.fileno()):
            raise InputRefused(
                "up-running",
                f"数据文件夹“{folder.root}”正被另一个文优使用。请先停掉它，"
                "或用 WENYOU_DATA 指定另一个文件夹。",
            )
        yield


def locked(handle: int) -> bool:
    """Take the lock without waiting; the system frees it however the process ends."""
    try:
        if os.name == "nt":
            import msvcrt  # noqa: PLC0415 -- exists on Windows alone

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl  # noqa: PLC0415 -- exists elsewhere alone

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
