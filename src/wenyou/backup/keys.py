"""The keys that a bank needs besides the one that opens its backup: named, asked for, taken over.

Sealed columns may still be under older keys, and without the key of the blind indexes nobody is
found by his number again, though nothing would say so.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings

from wenyou.vault.keyring import INDEX, KeyRing
from wenyou_core.errors import InputRefused

MARK = 16
LARGEST = 64 * 1024


def ring_of(keys: Path | None) -> KeyRing:
    """The keys named, or those of this data folder."""
    return KeyRing(keys or settings.DATA.keys)


def needed(ring: KeyRing) -> dict[str, object]:
    """What the head of a backup says of the keys: their ids, and a mark of the index key."""
    return {"keys": list(ring.ids()), "index": index_mark(ring.folder)}


def index_mark(folder: Path) -> str:
    """By what the key of the blind indexes is told from another; empty where there is none."""
    try:
        text = (folder / INDEX).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:MARK]


def refuse_missing(head: dict[str, object], ring: KeyRing, *, lenient: bool) -> list[str]:
    """The files of keys that the bank needs and that are not there, as sentences.

    Raises InputRefused with them unless ``lenient``. Backups of older releases say nothing.
    """
    said = head.get("keys")
    wanted = [str(one) for one in said] if isinstance(said, list) else []
    there = set(ring.ids())
    lacks = [f"缺少 key-{one}.key：用它加密的内容将打不开。" for one in wanted if one not in there]
    mark = head.get("index")
    if mark and index_mark(ring.folder) != mark:
        lacks.append(
            f"缺少 {INDEX}（或后来更换过）：按手机号、身份证号将查不到人，"
            "恢复后须运行 ./wenyou keys reindex 重做查找标记。"
        )
    if lacks and not lenient:
        text = "".join(lacks)
        raise InputRefused(
            "backup-keys",
            f"{text}没有恢复任何内容。请把这些文件放进密钥文件夹再试；"
            "确实找不回来的，可加 --without-keys 恢复其余内容。",
        )
    return lacks


def adopt(keys: Path) -> None:
    """Take over the keys that opened the backup, for sealed columns need them too.

    The bank here is empty: an index key of its own has indexed nothing and gives way. What is too
    large for a key (the backup itself, lying beside them) stays where it is.
    """
    for path in keys.iterdir():
        target = settings.DATA.keys / path.name
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        if not target.exists() or (path.name == INDEX and not target.samefile(path)):
            _taken(path, target)


def _taken(path: Path, target: Path) -> None:
    """Copy a secret, whole or not at all, readable for its owner alone."""
    aside = target.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(path.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    finally:
        aside.unlink(missing_ok=True)
