"""A copy of a run's workbook that says on every sheet who took it, and when.

The kept workbook has a line on top of each sheet for this; in the copy the line is filled in and
repeated in the header of the print. Everything else stays byte for byte what was computed: the
sheets are passed on as text, for reading and writing them again would lose what Excel knows.
"""

from __future__ import annotations

import tempfile
import zipfile
from html import escape
from pathlib import Path
from typing import IO

# What the kept workbook says in place of the watermark.
TOP_LINE = "测算工作簿（下载时在此处注明导出人和时间）"
SHEETS = "xl/worksheets/sheet"
FOOT, HEAD = b"<headerFooter>", b"<headerFooter><oddHeader>&amp;R%s</oddHeader>"
MOST_STAMP = 110  # Excel bears 255 signs in a header, and each & takes two


def stamped(path: Path, watermark: str) -> IO[bytes]:
    """The copy, in a file without a name."""
    copy = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    line = escape(watermark, quote=False).encode()
    head = HEAD % escape(watermark[:MOST_STAMP].replace("&", "&&"), quote=False).encode()
    with zipfile.ZipFile(path) as kept, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as out:
        for part in kept.infolist():
            content = kept.read(part)
            if part.filename.startswith(SHEETS):
                content = content.replace(TOP_LINE.encode(), line, 1).replace(FOOT, head, 1)
            elif part.filename == "xl/sharedStrings.xml":
                content = content.replace(TOP_LINE.encode(), line)
            fresh = zipfile.ZipInfo(part.filename, part.date_time)
            fresh.compress_type, fresh.external_attr = part.compress_type, part.external_attr
            out.writestr(fresh, content)
    copy.seek(0)
    return copy
