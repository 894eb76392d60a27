"""An uploaded list waits here between the dry run and its application."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core import signing

from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User

DAY = 24 * 60 * 60
LARGEST = 64 * 1024 * 1024
SALT = "wenyou.org.import"
_BAD = re.compile(r"[^\w.\-（）()]+")
GONE = "这次上传已过期或不是您上传的，请重新选择文件上传。"


def keep(name: str, chunks: Iterable[bytes], *, by: User) -> str:
    """Keep an uploaded file; returns a token that only this person can use, for one day."""
    clean = _BAD.sub("_", Path(name.replace("\\", "/")).name)[-80:].lstrip(".") or "upload"
    folder = _folder() / hashlib.sha256(f"{by.pk} {time.time_ns()}".encode()).hexdigest()[:24]
    folder.mkdir(parents=True)
    size = 0
    with (folder / clean).open("wb") as file:
        for chunk in chunks:
            size += len(chunk)
            if size > LARGEST:
                break
            file.write(chunk)
    if size > LARGEST:
        shutil.rmtree(folder)
        raise InputRefused("import-large", "文件超过 64 MB，没有收下。请按机构或按月拆成几个文件。")
    return signing.dumps([by.pk, folder.name, clean], salt=SALT)


def kept(token: str, *, by: User) -> Path:
    """The file of a token. Raises InputRefused for another person's, an old or a made-up one."""
    try:
        pk, folder, name = signing.loads(token, salt=SALT, max_age=DAY)
    except (signing.BadSignature, ValueError):
        raise InputRefused("import-gone", GONE) from None
    path = _folder() / str(folder) / str(name)
    if pk != by.pk or not path.is_file():
        raise InputRefused("import-gone", GONE)
    return path


def forget(path: Path) -> None:
    """Remove a file that was applied."""
    shutil.rmtree(path.parent, ignore_errors=True)


def forget_old(now: float) -> int:
    """Remove uploads nobody came back for within a day; the tick calls it. Returns how many."""
    found = [one for one in _folder().glob("*") if now - one.stat().st_mtime > DAY]
    for one in found:
        shutil.rmtree(one, ignore_errors=True)
    return len(found)


def _folder() -> Path:
    folder: Path = settings.DATA.uploads / "org"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def template() -> bytes:
    """The empty workbook with the three sheets, their headers and what they mean."""
    from wenyou.org.imports.sheets import SHEETS  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.template import write_template  # noqa: PLC0415 -- slow import

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, SHEETS)
        return path.read_bytes()
