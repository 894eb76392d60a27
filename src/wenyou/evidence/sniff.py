"""What a file is by its first bytes, whatever its name says; what is not known is not taken."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from wenyou_core.errors import InputRefused

MOST_INSIDE = 300 * 1024 * 1024
MOST_PARTS = 5_000
MOST_RATIO = 200
OFFICE = {
    "word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "ppt/": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class FileKind:
    """A media type, the endings a name may have, and whether it is a picture or a recording."""

    media: str
    endings: tuple[str, ...]
    group: str = "document"


JPEG = FileKind("image/jpeg", (".jpg", ".jpeg"), "picture")
PNG = FileKind("image/png", (".png",), "picture")
WEBP = FileKind("image/webp", (".webp",), "picture")
PDF = FileKind("application/pdf", (".pdf",))
OLD_OFFICE = FileKind("application/x-ole-storage", (".doc", ".xls", ".ppt", ".wps", ".et"))
TEXT = FileKind("text/plain", (".txt", ".csv"))
MP4 = FileKind("video/mp4", (".mp4", ".m4a", ".mov"), "recording")
MP3 = FileKind("audio/mpeg", (".mp3",), "recording")
WAV = FileKind("audio/wav", (".wav",), "recording")
AMR = FileKind("audio/amr", (".amr",), "recording")
AVI = FileKind("video/x-msvideo", (".avi",), "recording")
TAKEN = "照片（jpg、png、webp）、PDF、Word、Excel、PPT、文本、录音（mp3、wav、amr、m4a）、录像（mp4、avi）"


def kind_of(content: bytes, name: str) -> FileKind:
    """The kind of a file. Raises InputRefused for an unknown one and for a name that lies."""
    found = _by_magic(content) or _office(content) or _text(content)
    if found is None:
        raise InputRefused(
            "evidence-kind", f"“{name}”不是可以上传的文件。可以上传：{TAKEN}。", name=name
        )
    ending = PurePosixPath(name.lower()).suffix
    if ending not in found.endings:
        raise InputRefused(
            "evidence-name",
            f"“{name}”的内容其实是{found.media}，与文件名的后缀不符，没有保存。"
            f"请把后缀改为{'或'.join(found.endings)}，或重新导出后上传。",
            name=name,
        )
    return found


def _by_magic(content: bytes) -> FileKind | None:
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF":
        return {b"WEBP": WEBP, b"WAVE": WAV, b"AVI ": AVI}.get(content[8:12])
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(OLE):
        return OLD_OFFICE
    if content[4:8] == b"ftyp":
        return MP4
    if head.startswith(b"ID3") or head[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return MP3
    return AMR if head.startswith(b"#!AMR") else None


def _office(content: bytes) -> FileKind | None:
    """A document of three kinds; an archive that would burst when opened is refused."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return None
    inside = sum(one.file_size for one in parts)
    bursting = inside > MOST_INSIDE or inside > MOST_RATIO * max(len(content), 4096)
    if len(parts) > MOST_PARTS or bursting:
        raise InputRefused(
            "evidence-bomb", "这个文件解开后大得不正常，为安全起见没有保存。请另存后再上传。"
        )
    names = [one.filename for one in parts]
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        raise InputRefused(
            "evidence-macro", "这个文件带有宏，没有保存。请另存为不带宏的格式后再上传。"
        )
    if "[Content_Types].xml" not in names:
        return None
    for start, (media, ending) in OFFICE.items():
        if any(one.startswith(start) for one in names):
            return FileKind(media, (ending,))
    return None


def _text(content: bytes) -> FileKind | None:
    if not content or b"\x00" in content or content.lstrip()[:1] == b"<":
        return None
    if content.startswith((b"#!", b"MZ", b"\x7fELF", b"PK")):
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return TEXT
    return None
