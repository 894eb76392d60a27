"""A checked workbook as it is handed to python-calamine: its parts, unpacked, in memory.

The parts were unpacked to be looked at; so they are not unpacked again, and what is read is what
was checked. calamine goes through a sheet a second time for its merged cells, unless it meets
their list before the cells: to a sheet that has none, an empty list is given there, which halves
the reading. Wherever that list should not be understood, the sheet is merely read the slow way.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from itertools import pairwise

_CELLS, _MERGED = b"<sheetData", b"mergeCell"
_NONE_MERGED = b'<mergeCells count="0"></mergeCells>'
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _FIRST_DAY = 20, 0x800, 0x21


def unpacked_workbook(parts: Mapping[str, Sequence[bytes]], sheets: Iterable[str]) -> io.BytesIO:
    """A zip file of parts by name, not compressed; ``sheets`` names those that are worksheets.

    The pieces of a part are copied once: memory that is touched anew is dear.
    """
    worksheets = set(sheets)
    file: list[bytes | memoryview] = []
    directory: list[bytes] = []
    offset = 0
    for part, content in parts.items():
        pieces = _without_second_pass(content) if part in worksheets else content
        name, size, check = part.encode(), sum(map(len, pieces)), reduce(_crc_of_both, pieces, 0)
        about = (_UTF8, 0, 0, _FIRST_DAY, check, size, size, len(name))
        file += (_LOCAL.pack(b"PK\3\4", _VERSION, *about, 0), name, *pieces)
        place = (0, 0, 0, 0, 0, offset)
        directory += (_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *about, *place), name)
        offset += _LOCAL.size + len(name) + size
    listed = b"".join(directory)
    count = len(parts)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, 0)
    return io.BytesIO(b"".join((*file, listed, end)))


def _crc_of_both(before: int, piece: bytes | memoryview) -> int:
    return zlib.crc32(piece, before)


def _without_second_pass(sheet: Sequence[bytes]) -> Sequence[bytes | memoryview]:
    cells = sheet[0].find(_CELLS) if sheet else -1
    seams = (one[-len(_MERGED) :] + two[: len(_MERGED)] for one, two in pairwise(sheet))
    if cells < 0 or any(_MERGED in piece for piece in (*sheet, *seams)):
        return sheet
    first = memoryview(sheet[0])
    return (first[:cells], _NONE_MERGED, first[cells:], *sheet[1:])
