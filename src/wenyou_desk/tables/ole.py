"""The old compound file (OLE2) that holds .xls and encrypted .xlsx: names and streams.

Only as much as is needed to tell what a file is and to look at its workbook stream.
"""

from __future__ import annotations

import struct
from pathlib import Path

from wenyou_desk.tables.loaded import FileRefused

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = "文件已损坏，无法读取。请用 Excel 或 WPS 重新保存，或重新取得这个文件。"
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks
_STREAM = 2


class CompoundFile:
    """Directory and streams of a compound file held in memory."""

    def __init__(self, path: Path) -> None:
        self._data = path.read_bytes()
        try:
            self._read_header()
        except (struct.error, IndexError, ValueError):
            raise FileRefused("broken_ole", _BROKEN) from None

    def stream(self, name: str) -> bytes | None:
        """The bytes of a stream, or None when there is none of that name."""
        for entry_name, kind, start, size in self._entries:
            if entry_name.casefold() == name.casefold() and kind == _STREAM:
                return self._bytes(start, size)
        return None

    @property
    def names(self) -> set[str]:
        return {name for name, _, _, _ in self._entries}

    def _read_header(self) -> None:
        data = self._data
        sector_shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if not data.startswith(SIGNATURE) or sector_shift not in (9, 12) or mini_shift != 6:
            raise ValueError("not a compound file")
        self._size = 1 << sector_shift
        # Readers in Rust reserve memory for what the header declares and abort when they
        # cannot have it: a count that the file cannot hold is refused here.
        sectors = len(data) // self._size
        if any(struct.unpack_from("<I", data, at)[0] > sectors for at in (40, 44, 64, 72)):
            raise ValueError("more sectors than the file has")
        directory, self._cutoff = struct.unpack_from("<I4xI", data, 48)
        mini_fat = struct.unpack_from("<I", data, 60)[0]
        self._fat = self._read_fat()
        self._entries = self._read_directory(directory)
        self._mini_fat = _numbers(self._chain(mini_fat)) if mini_fat < _LAST else ()
        root = self._entries[0] if self._entries else ("", 5, _LAST, 0)
        self._mini = self._chain(root[2]) if root[2] < _LAST else b""

    def _read_fat(self) -> tuple[int, ...]:
        sectors = [n for n in struct.unpack_from("<109I", self._data, 76) if n < _LAST]
        following = struct.unpack_from("<I", self._data, 68)[0]
        seen: set[int] = set()
        while following < _LAST:
            if following in seen:
                raise ValueError("loop")
            seen.add(following)
            numbers = _numbers(self._sector(following))
            sectors += [n for n in numbers[:-1] if n < _LAST]
            following = numbers[-1]
        return _numbers(b"".join(map(self._sector, sectors)))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        data = self._data[start : start + self._size]
        if not data:
            raise ValueError("sector outside the file")
        return data.ljust(self._size, b"\0")

    def _chain(self, start: int) -> bytes:
        parts: list[bytes] = []
        while start < _LAST:
            parts.append(self._sector(start))
            if len(parts) > len(self._fat):
                raise ValueError("loop")
            start = self._fat[start]
        return b"".join(parts)

    def _bytes(self, start: int, size: int) -> bytes:
        try:
            if size >= self._cutoff:
                return self._chain(start)[:size]
            parts: list[bytes] = []
            while start < _LAST and len(parts) <= len(self._mini_fat):
                parts.append(self._mini[start * 64 : start * 64 + 64])
                start = self._mini_fat[start]
        except (IndexError, ValueError):
            raise FileRefused("broken_ole", _BROKEN) from None
        return b"".join(parts)[:size]

    def _read_directory(self, start: int) -> list[tuple[str, int, int, int]]:
        data = self._chain(start)
        entries = []
        for offset in range(0, len(data) - 127, 128):
            length, kind = struct.unpack_from("<HB", data, offset + 64)
            first, size = struct.unpack_from("<II", data, offset + 116)
            if size > len(self._data):
                raise ValueError("a stream longer than the file")
            if kind:
                name = data[offset : offset + max(length - 2, 0)].decode("utf-16-le", "replace")
                entries.append((name, kind, first, size))
        return entries


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
