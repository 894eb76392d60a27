"""A stream of bytes, encrypted in blocks that cannot be changed, swapped or cut off unseen.

Layout: a magic word, one line of JSON that may be read without a key (form, key id, version,
when), then blocks: four bytes of length, then AES-256-GCM of at most one MiB. The nonce counts
the blocks; the last block says in its associated data that it is the last.
"""

from __future__ import annotations

import io
import json
import secrets
import struct
from collections.abc import Mapping
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wenyou.vault.keyring import KeyRing
from wenyou_core.errors import InputRefused, WenyouError

MAGIC = b"WENYOU-BACKUP-1\n"
BLOCK = 1 << 20
TAG = 16
PURPOSE = "backup"
LONGEST_HEAD = 1 << 16
SALT_BYTES = 4


class BackupBroken(WenyouError):
    """The file is not what was written."""

    def __init__(self, how: str) -> None:
        super().__init__(
            "backup-broken", f"这份备份{how}，没有恢复任何内容。请换一份完好的备份再试。"
        )


class EncryptingWriter(io.RawIOBase):
    """Writes plain bytes as encrypted blocks into ``target``; close() writes the last one."""

    def __init__(self, target: IO[bytes], ring: KeyRing, head: Mapping[str, object]) -> None:
        key = ring.current()
        salt = secrets.token_bytes(SALT_BYTES)
        said = {**head, "form": 1, "key": key.id, "salt": salt.hex()}
        self._head = json.dumps(said, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        self._cipher = AESGCM(key.for_purpose(f"{PURPOSE} {salt.hex()}"))
        self._salt, self._count, self._kept, self._target = salt, 0, bytearray(), target
        target.write(MAGIC + self._head)

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: object) -> int:
        """Keep what does not fill a block yet."""
        more = bytes(data)  # type: ignore[call-overload]
        self._kept += more
        # One block is kept back: the last one is marked as such.
        while len(self._kept) > BLOCK:
            self._put(bytes(self._kept[:BLOCK]), last=False)
            del self._kept[:BLOCK]
        return len(more)

    def close(self) -> None:
        """Write the last block."""
        if not self.closed:
            self._put(bytes(self._kept), last=True)
            super().close()

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = self._salt + struct.pack(">Q", self._count)
        sealed = self._cipher.encrypt(nonce, plain, bound(self._head, last=last))
        self._target.write(struct.pack(">I", len(sealed)) + sealed)
        self._count += 1


class DecryptingReader(io.RawIOBase):
    """Reads what EncryptingWriter wrote; raises BackupBroken, KeyMissing."""

    def __init__(self, source: IO[bytes], ring: KeyRing) -> None:
        self.head, line = read_head(source)
        salt = bytes.fromhex(str(self.head["salt"]))
        key = ring.key(str(self.head["key"]))
        self._cipher = AESGCM(key.for_purpose(f"{PURPOSE} {salt.hex()}"))
        self._salt, self._line, self._source = salt, line, source
        self._count, self._kept, self._ended = 0, b"", False

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: object) -> int:
        """Decrypt as much as is asked for."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._kept and not self._ended:
            self._kept = self._next()
        taken = min(len(view), len(self._kept))
        view[:taken] = self._kept[:taken]
        self._kept = self._kept[taken:]
        return taken

    def _next(self) -> bytes:
        said = self._source.read(4)
        size = struct.unpack(">I", said)[0] if len(said) == 4 else 0
        sealed = self._source.read(size) if TAG <= size <= BLOCK + TAG else b""
        if not size or len(sealed) != size:
            raise BackupBroken("不完整（文件被截断）")
        nonce = self._salt + struct.pack(">Q", self._count)
        self._count += 1
        for last in (False, True):
            try:
                plain = self._cipher.decrypt(nonce, sealed, bound(self._line, last=last))
            except InvalidTag:
                continue
            self._ended = last
            if last and self._source.read(1):
                raise BackupBroken("末尾多出了内容")
            return plain
        if self._count == 1:
            name = f"key-{self.head['key']}.key"
            raise BackupBroken(
                f"用这里的 {name} 打不开（密钥文件不是写它时的那一份，或备份已损坏）"
            )
        raise BackupBroken("被改动过或已损坏")


def bound(head: bytes, *, last: bool) -> bytes:
    """What a block is bound to: the head of the file, and whether it is the last."""
    return head + (b"last" if last else b"more")


def read_head(source: IO[bytes]) -> tuple[dict[str, object], bytes]:
    """What a backup says of itself without a key, and the line as it stands."""
    if source.read(len(MAGIC)) != MAGIC:
        raise InputRefused("backup-form", "这不是文优的备份文件，请核对文件名。")
    line = source.readline(LONGEST_HEAD)
    try:
        head = json.loads(line)
        bytes.fromhex(head["salt"])
        known = head["form"] == 1 and isinstance(head["key"], str)
    except (ValueError, KeyError, TypeError):
        raise BackupBroken("开头已损坏") from None
    if not known:
        raise BackupBroken("由更新的程序写成")
    return head, line
