"""Take a file in as evidence, and say of what it is evidence."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.evidence.pictures import looked_at
from wenyou.evidence.sniff import FileKind, kind_of
from wenyou.knobs.services import setting
from wenyou.knobs.table import Knob, KnobKind, register_knobs
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Model

    from wenyou.accounts.models import User
    from wenyou.org.models import Unit

register_actions(
    {
        "evidence.stored": "上传佐证材料",
        "evidence.downloaded": "下载佐证材料",
        "evidence.withdrawn": "撤下佐证材料",
    }
)
GROUP = "佐证材料"
MEGA = 1024 * 1024
register_knobs(
    Knob(
        name="evidence.document_mb", group=GROUP, title="照片和文档的大小上限", unit="MB",
        kind=KnobKind.INT, default=20, low=1, high=200,
    ),
    Knob(
        name="evidence.recording_mb", group=GROUP, title="录音录像的大小上限", unit="MB",
        kind=KnobKind.INT, default=100, low=1, high=500,
        help="整段录像请在监控系统中封存，这里只放片段。",
    ),
    Knob(
        name="evidence.megapixels", group=GROUP, title="照片的像素上限", unit="百万像素",
        kind=KnobKind.INT, default=50, low=5, high=200,
        help="超过的不打开，直接退回。处理一张照片时，每百万像素约占用 8 MB 内存。",
    ),
)  # fmt: skip
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]')
LONGEST_NAME = 120


def store(
    file: UploadedFile[bytes],
    *,
    by: User,
    unit: Unit | None = None,
    as_taken: bool = False,
) -> Evidence:
    """Keep a file under the hash of its content; ``as_taken`` keeps place and device too.

    Raises InputRefused when it is empty, too large, of an unknown kind, or named as another. A
    picture is unpacked before the transaction begins: nobody who writes waits for it.
    """
    name = clean_name(file.name or "")
    most = max(setting("evidence.document_mb"), setting("evidence.recording_mb")) * MEGA
    if not file.size:
        raise InputRefused("evidence-empty", f"“{name}”是空文件，没有保存。请重新选择。", name=name)
    if file.size > most:
        raise _too_large(name, most)
    content = file.read()
    kind = kind_of(content, name)
    _check_size(kind, name, len(content))
    taken = None
    if kind.group == "picture":
        pixels = setting("evidence.megapixels") * 1_000_000
        content, taken = looked_at(content, kind.media, most_pixels=pixels, anew=not as_taken)
    return _saved(content, kind.media, name=name, by=by, unit=unit, as_taken=as_taken, taken=taken)


@transaction.atomic
def _saved(
    content: bytes,
    media: str,
    *,
    name: str,
    by: User,
    unit: Unit | None,
    as_taken: bool,
    taken: datetime | None,
) -> Evidence:
    digest = hashlib.sha256(content).hexdigest()
    write_once(path_of(digest), content)
    evidence = Evidence.objects.create(
        sha256=digest,
        kind=media,
        size=len(content),
        name=name,
        as_taken=as_taken,
        taken_at=taken,
        stored_at=timezone.now(),
        stored_by=by,
        unit=unit,
    )
    new = {"sha256": digest, "size": len(content), "kind": media}
    record("evidence.stored", by=by, change=Change(subject=evidence, unit=unit, new=new))
    return evidence


def _check_size(kind: FileKind, name: str, size: int) -> None:
    which = "recording" if kind.group == "recording" else "document"
    most = setting(f"evidence.{which}_mb") * MEGA
    if size > most:
        raise _too_large(name, most)


def _too_large(name: str, most: int) -> InputRefused:
    return InputRefused(
        "evidence-large",
        f"“{name}”超过{most // MEGA}MB，没有保存。请压缩或截取需要的部分后再上传。",
        name=name,
    )


@transaction.atomic
def use(evidence: Evidence, of: Model, *, caption: str = "") -> EvidenceUse:
    """Say that a file is evidence of an object."""
    return EvidenceUse.objects.create(
        evidence=evidence,
        object_kind=of._meta.model_name or "",
        object_id=str(of.pk),
        caption=caption[:160],
    )


@transaction.atomic
def withdraw(used: EvidenceUse, *, by: User, reason: str) -> EvidenceUse:
    """Take a file off an object; the file and the fact that it was there remain."""
    if used.withdrawn_at is not None:
        raise InputRefused("evidence-withdrawn", "这份材料已经撤下，不用再撤。")
    if not reason.strip():
        raise InputRefused("evidence-reason", "撤下佐证材料须写明理由，请补上。")
    used.withdrawn_at = timezone.now()
    used.save(update_fields=["withdrawn_at"])
    record("evidence.withdrawn", by=by, change=Change(subject=used.evidence, note=reason))
    return used


@transaction.atomic
def opened(evidence: Evidence, *, by: User) -> Path:
    """The path of a file that somebody takes out; it is recorded. InputRefused when it is lost."""
    path = path_of(evidence.sha256)
    if not path.is_file():
        raise InputRefused(
            "evidence-lost", f"“{evidence.name}”的文件不在存储中，请联系系统管理员从备份恢复。"
        )
    record("evidence.downloaded", by=by, change=Change(subject=evidence, unit=evidence.unit))
    return path


def clean_name(name: str) -> str:
    """A file name without what systems stumble over, its ending kept."""
    plain = _UNFIT.sub("", PurePosixPath(name.replace("\\", "/")).name).strip(" .")
    path = PurePosixPath(plain or "未命名")
    return f"{path.stem[:LONGEST_NAME]}{path.suffix[:10]}"


def path_of(digest: str) -> Path:
    """Where content of a hash lies."""
    return Path(settings.DATA.evidence) / digest[:2] / digest


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; the same content is never written twice."""
    if path.is_file() and path.stat().st_size == len(content):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
