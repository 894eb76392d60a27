"""Open the zip inside an .xlsx without trusting a word of what it declares.

Every part is unpacked once, counted and checked, before any other reader sees the file.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from wenyou_desk.tables.loaded import FileRefused
from wenyou_desk.tables.spec import ReadOptions

_CHUNK = 1 << 22  # nearly every sheet as one piece
_MAX_DIRECTORY = 4_000_000  # bytes of central directory: tens of thousands of parts
_RATIO_FLOOR = 20_000_000  # below this size a high ratio harms nobody
_BROKEN = "压缩结构已损坏，无法读取。请用 Excel 或 WPS 重新保存，或重新取得这个文件。"
_BOMB = "这不像正常的工作簿，为安全起见没有打开。请核对文件来源。"


class SafeZip:
    """The parts of a checked zip file. Use as a context manager.

    ``unpacked`` keeps, in pieces, every part that was checked as a whole, where all of them
    together are small enough (``ReadOptions.max_held_bytes``); else it stays None.
    """

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self._file: BinaryIO = path.open("rb")
        try:
            self.parts = _directory(self._file, options)
            size = sum(part.file_size for part in self.parts.values())
            held = size <= options.max_held_bytes
            self.unpacked: dict[str, list[bytes]] | None = {} if held else None
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> SafeZip:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of one part; refuses a part that is not as long as declared."""
        if self.unpacked is None:
            yield from self._checked(name)
            return
        held: list[bytes] = []
        for data in self._checked(name):
            held.append(data)
            yield data
        self.unpacked[name] = held

    def _checked(self, name: str) -> Iterator[bytes]:
        part = self.parts[name]
        unpack = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
        self._seek_data(part)
        left, size, crc = part.compress_size, 0, 0
        while left:
            packed = self._file.read(min(_CHUNK // 4, left))
            if not packed:
                raise FileRefused("broken_zip", _BROKEN)
            left -= len(packed)
            for data in _inflate(unpack, packed):
                size += len(data)
                crc = zlib.crc32(data, crc)
                if size > part.file_size:
                    text = f"内部部件「{name}」解开后比声明的大。{_BOMB}"
                    raise FileRefused("zip_lies", text)
                yield data
        if size != part.file_size or crc != part.CRC or (unpack is not None and not unpack.eof):
            raise FileRefused("broken_zip", _BROKEN)

    def read(self, name: str, limit: int = 20_000_000) -> bytes:
        """A small part as a whole."""
        if self.parts[name].file_size > limit:
            raise FileRefused("zip_bomb", f"内部部件「{name}」大得异常。{_BOMB}")
        return b"".join(self.chunks(name))

    def _seek_data(self, part: zipfile.ZipInfo) -> None:
        if part.header_offset < 0:
            raise FileRefused("broken_zip", _BROKEN)
        self._file.seek(part.header_offset)
        header = self._file.read(30)
        if len(header) != 30 or header[:4] != b"PK\x03\x04":
            raise FileRefused("broken_zip", _BROKEN)
        name_length, extra_length = struct.unpack_from("<HH", header, 26)
        self._file.seek(name_length + extra_length, 1)


def _inflate(unpack: zlib._Decompress | None, packed: bytes) -> Iterator[bytes]:
    if unpack is None:
        yield packed
        return
    try:
        while packed:
            data = unpack.decompress(packed, _CHUNK)
            if data:
                yield data
            packed = unpack.unconsumed_tail
            if unpack.eof:
                return
    except zlib.error:
        raise FileRefused("broken_zip", _BROKEN) from None


def _directory(file: BinaryIO, options: ReadOptions) -> dict[str, zipfile.ZipInfo]:
    _check_directory_size(file)
    try:
        with zipfile.ZipFile(file) as opened:
            infos = opened.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise FileRefused("broken_zip", _BROKEN) from None
    packed = sum(info.compress_size for info in infos)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > options.max_unpacked_bytes:
        text = (
            f"解开后有 {unpacked // 1_000_000} MB，超过上限 "
            f"{options.max_unpacked_bytes // 1_000_000} MB。请拆成几个文件再读入。"
        )
        raise FileRefused("zip_bomb", text)
    if unpacked > _RATIO_FLOOR and unpacked > packed * options.max_ratio:
        text = (
            f"解开后是压缩时的 {unpacked // max(packed, 1)} 倍，超过上限 {options.max_ratio} 倍。"
        )
        raise FileRefused("zip_bomb", text + _BOMB)
    parts = {info.filename: info for info in infos}
    if len({name.casefold() for name in parts}) != len(infos):
        raise FileRefused("broken_zip", f"内部有同名的部件。{_BOMB}")
    for info in infos:
        if info.flag_bits & 1:
            raise FileRefused("encrypted", "文件加了密码，无法读取。请去掉密码后重新保存。")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused("broken_zip", f"内部用了少见的压缩方式。{_BOMB}")
    return parts


def _check_directory_size(file: BinaryIO) -> None:
    """Millions of empty parts would fill memory before zipfile returns."""
    size = file.seek(0, 2)
    file.seek(max(size - 65_557, 0))
    tail = file.read()
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or len(tail) < found + 22:
        raise FileRefused("broken_zip", _BROKEN)
    (directory,) = struct.unpack_from("<I", tail, found + 12)
    if directory > _MAX_DIRECTORY:
        raise FileRefused("zip_bomb", f"内部部件多得异常。{_BOMB}")
    file.seek(0)
