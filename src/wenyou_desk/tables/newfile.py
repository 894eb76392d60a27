"""Write a file whole or not at all, and over nothing unless asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wenyou_core.errors import InputRefused
from wenyou_desk.machine import placing


@contextmanager
def new_file(path: Path, *, overwrite: bool) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to; on success it takes the name ``path``.

    Raises InputRefused when the folder is missing or nothing can be made in it, or the file
    exists and may not be replaced. After a failure nothing is left behind and the old file is as it was.
    """
    with placing(path.parent):
        known, there = path.parent.is_dir(), path.exists()
    if not known:
        text = f"文件夹「{path.parent.name}」不存在，无法写入「{path.name}」。请先建好文件夹。"
        raise InputRefused("no_such_folder", text)
    if there and not overwrite:
        raise _exists(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with placing(path.parent):
        temporary.touch()
    try:
        yield temporary
        if overwrite:
            temporary.replace(path)
        else:
            _move_to_new(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def _move_to_new(temporary: Path, path: Path) -> None:
    try:
        path.hardlink_to(temporary)  # fails if meanwhile somebody else made the file
    except FileExistsError:
        raise _exists(path) from None
    except (OSError, NotImplementedError):  # a file system without hard links
        if path.exists():
            raise _exists(path) from None
        temporary.replace(path)


def _exists(path: Path) -> InputRefused:
    text = f"「{path.name}」已经存在，没有覆盖。请换一个文件名，或先移走原来的文件。"
    return InputRefused("file_exists", text)
