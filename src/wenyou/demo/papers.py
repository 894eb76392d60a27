"""Invented files that matters of the demo bank hand in: a photograph, a signed sheet."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from wenyou.accounts.models import User
from wenyou.evidence.models import Evidence
from wenyou.evidence.services import store
from wenyou.org.models import Unit

SIZE = (480, 320)
WALL, FLOOR, DESK, LITTER = (226, 232, 236), (196, 190, 178), (120, 144, 156), (141, 110, 99)
NOTE = "演示材料：内容虚构，仅供试用。"


def photograph(name: str, *, tidy: bool, by: User, unit: Unit) -> Evidence:
    """A drawn counter hall, tidy or not."""
    picture = Image.new("RGB", SIZE, WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 200, *SIZE), fill=FLOOR)
    for left in (40, 190, 340):
        draw.rectangle((left, 120, left + 100, 200), fill=DESK)
    if not tidy:
        for left, top in ((60, 240), (150, 270), (260, 230), (390, 280)):
            draw.rectangle((left, top, left + 22, top + 14), fill=LITTER)
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=70)
    return _stored(f"{name}.jpg", kept.getvalue(), "image/jpeg", by, unit)


def sheet(name: str, *, by: User, unit: Unit) -> Evidence:
    """A sheet of paper with its name on it."""
    return _stored(f"{name}.pdf", _pdf((name, str(unit), NOTE)), "application/pdf", by, unit)


def _stored(name: str, content: bytes, media: str, by: User, unit: Unit) -> Evidence:
    file = SimpleUploadedFile(name, content, media)
    return store(file, by=by, unit=unit)


def _pdf(lines: tuple[str, ...]) -> bytes:
    """A page of text in the reader's own Chinese font."""
    moves = (
        f"BT /F1 {20 if at == 0 else 12} Tf 72 {760 - 36 * at} Td "
        f"<{line.encode('utf-16-be').hex()}> Tj ET"
        for at, line in enumerate(lines)
    )
    text = "\n".join(moves)
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(text)} >>\nstream\n{text}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
        " /DescendantFonts [6 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    )
    out = "%PDF-1.4\n"
    places = []
    for number, said in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{said}\nendobj\n"
    start = len(out)
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}"
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("ascii")
