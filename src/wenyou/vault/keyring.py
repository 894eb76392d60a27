"""The keys of a bank, each in a file of its own that never goes into a backup.

A key has an id that stands beside everything made with it, so that an older key still opens
what it sealed. Uses are kept apart by deriving a key for each purpose (HKDF, RFC 5869).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from wenyou_core.errors import WenyouError

KEY_BYTES = 32
INDEX_ID = 8
_NAME = re.compile(r"key-([0-9a-f]{8})\.key")
CURRENT = "current"
INDEX, OLD_INDEX, NEXT_INDEX = "index.key", "index.old.key", "index.next.key"
RETIRED = "retired"


class KeyMissing(WenyouError):
    """Something was sealed with a key that is not in the folder."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            "key-missing",
            f"缺少编号为 {key_id} 的密钥，相应内容打不开。"
            f"请把文件 key-{key_id}.key 放回数据文件夹的 keys 目录后再试。",
            key_id=key_id,
        )
        self.key_id = key_id


@dataclass(frozen=True, slots=True)
class Key:
    """A secret of 32 bytes and the id by which it is known."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"

    def for_purpose(self, purpose: str) -> bytes:
        """The key of one purpose, 32 bytes."""
        info = f"wenyou {purpose}".encode()
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(self.secret)


class KeyRing:
    """The keys in a folder; the first is made at first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: dict[str, Key] = {}

    def current(self) -> Key:
        """The key that seals today."""
        pointer = self.folder / CURRENT
        if not pointer.exists():
            return self.rotate()
        return self.key(pointer.read_text(encoding="ascii").strip())

    def key(self, key_id: str) -> Key:
        """The key of an id; raises KeyMissing."""
        if key_id not in self._kept:
            self._kept[key_id] = Key(key_id, self._read(self.folder / f"key-{key_id}.key", key_id))
        return self._kept[key_id]

    def ids(self) -> tuple[str, ...]:
        """The ids of all keys in the folder."""
        names = (_NAME.fullmatch(path.name) for path in self.folder.glob("key-*.key"))
        return tuple(sorted(found[1] for found in names if found))

    def rotate(self) -> Key:
        """Make a new key and seal with it from now on; older ones stay."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = Key(secrets.token_hex(4), secrets.token_bytes(KEY_BYTES))
        write_secret(self.folder / f"key-{key.id}.key", key.secret.hex())
        fresh = self.folder / f"{CURRENT}.{key.id}"
        write_secret(fresh, key.id)
        fresh.replace(self.folder / CURRENT)
        return self.key(key.id)

    def retire(self, key_id: str) -> None:
        """Lay a key aside in a folder of its own: nothing sealed with it opens any more here.

        It is not destroyed: older backups need it.
        """
        aside = self.folder / RETIRED
        aside.mkdir(mode=0o700, exist_ok=True)
        (self.folder / f"key-{key_id}.key").replace(aside / f"key-{key_id}.key")
        self._kept.pop(key_id, None)

    def index(self) -> Key:
        """The key of the blind indexes, made at first use; its id does not tell the key."""
        secret = self.index_key()
        return Key(_index_id(secret), secret)

    def index_before(self) -> Key | None:
        """The key before, while indexes are made anew. A copy of the key of today, left by a
        change that was cut off, is none.
        """
        path = self.folder / OLD_INDEX
        if not path.exists():
            return None
        try:
            secret = self._read(path, "index")
        except KeyMissing:
            if path.exists():
                raise
            return None  # It was laid aside just now.
        return Key(_index_id(secret), secret) if secret != self.index_key() else None

    def index_keys(self) -> tuple[bytes, ...]:
        """The key of the blind indexes, and the one before while indexes are still made anew."""
        # Today's first: where it is changed in between, it comes back as the one before.
        today, before = self.index_key(), self.index_before()
        return (today, *((before.secret,) if before is not None else ()))

    def index_in_force(self) -> tuple[Key, ...]:
        """The keys by which is looked up: one, or two while indexes are made anew."""
        return tuple(Key(_index_id(one), one) for one in self.index_keys())

    def index_id(self) -> str:
        """By what the key of the blind indexes is known; it does not tell the key."""
        return self.index().id

    def index_changing(self) -> bool:
        """Whether indexes made with the key before are still looked for."""
        return self.index_before() is not None

    def rotate_index(self) -> str:
        """Make a new key for the blind indexes; the old one stays beside it until
        ``retire_index``. Done once more where it was cut off in between; while a change is not
        finished, nothing is changed again.
        """
        if self.index_changing():
            return self.index_id()
        now, old, fresh = (self.folder / name for name in (INDEX, OLD_INDEX, NEXT_INDEX))
        write_secret(old, self.index_key().hex())
        write_secret(fresh, secrets.token_bytes(KEY_BYTES).hex())
        fresh.replace(now)
        return self.index_id()

    def retire_index(self, *, made_with: str) -> bool:
        """Lay the key before aside, when all indexes are made with this one; whether it was."""
        before = self.index_before()
        if before is None or self.index_id() != made_with or before.id == made_with:
            return False
        aside = self.folder / RETIRED
        aside.mkdir(mode=0o700, exist_ok=True)
        (self.folder / OLD_INDEX).replace(aside / f"index-{before.id}.key")
        return True

    def index_key(self) -> bytes:
        """The key of the blind indexes, made at first use."""
        path = self.folder / INDEX
        if not path.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_secret(path, secrets.token_bytes(KEY_BYTES).hex())
        return self._read(path, "index")

    @staticmethod
    def _read(path: Path, key_id: str) -> bytes:
        try:
            secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except (OSError, ValueError):
            raise KeyMissing(key_id) from None
        if len(secret) != KEY_BYTES:
            raise KeyMissing(key_id)
        return secret


def _index_id(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()[:INDEX_ID]


def write_secret(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, whole or not at all; one that is there stays."""
    if path.exists():
        return
    # A name of its own: what a killed process left half is never taken for the file.
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _put(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def _put(aside: Path, path: Path) -> None:
    """Give a file its name unless another has it by now."""
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        return
    except OSError:
        # A file system without links; two processes at once are the rarer harm there.
        aside.replace(path)
