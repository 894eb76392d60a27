"""Take a workbook in: checked first, applied whole or not at all, confirmed by another person."""

from __future__ import annotations

import hashlib
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wenyou.accounts.scope import require, scope
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.knobs.services import setting
from wenyou.register.confirming import confirmed_anew
from wenyou.register.entries import revision
from wenyou.register.models import Coverage, Fact, Upload
from wenyou.register.queries import DECIDERS, WRITERS
from wenyou.register.reading import (
    CHANGED,
    MOST_FAULTS,
    NEW,
    SAME,
    Read,
    Reader,
    change_row,
    fault_row,
)
from wenyou.register.services import SECOND
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from wenyou.accounts.models import User

register_actions(
    {
        "upload.checked": "校验导入文件",
        "upload.loaded": "导入登记事项",
        "upload.confirmed": "确认导入的事项",
    }
)
ENDINGS = frozenset({".xlsx", ".xls", ".csv"})
MOST_BYTES = 50_000_000
MOST_LISTED = 2000
DOING = "导入登记事项"
BATCH = 500


def check(*, adoption: Adoption, name: str, chunks: Iterable[bytes], by: User) -> Upload:
    """Keep a workbook and say row by row what is wrong in it, or what it would change."""
    require_any(by, adoption)
    if adoption.state == Adoption.State.DRAFT:
        raise InputRefused("draft_plan", f"《{adoption.title}》还是草稿，不能导入。请先施行方案。")
    path, digest = _kept(name, chunks)
    reader = Reader(adoption, by)
    found = reader.read(path, name)
    counts: dict[str, object] = {what: found.count(what) for what in (NEW, CHANGED, SAME)}
    counts["覆盖声明"] = len(found.coverage)
    counts["问题"] = len(found.faults)
    listed = [one for one in found.changes if one.what != SAME][:MOST_LISTED]
    with transaction.atomic():
        upload = Upload.objects.create(
            purpose="facts",
            adoption=adoption,
            unit=adoption.unit,
            name=name[-160:],
            sha256=digest,
            state=Upload.State.REFUSED if found.faults else Upload.State.CHECKED,
            counts=counts,
            faults=[fault_row(one) for one in found.faults[:MOST_FAULTS]],
            changes=[change_row(one, reader.title(one.fact.kind)) for one in listed],
            uploaded_by=by,
            uploaded_at=timezone.now(),
        )
        change = Change(subject=upload, unit=adoption.unit, new={**counts, "sha256": digest})
        record("upload.checked", by=by, change=change)
    return upload


def require_any(by: User, adoption: Adoption) -> None:
    """Whoever registers for some unit of the adoption may import; each row is judged by itself."""
    paths = scope(by).paths(WRITERS)
    top = adoption.unit.path
    if not any(path.startswith(top) or top.startswith(path) for path in paths):
        raise NotAllowed(DOING, "服务办公室或网点负责人")


def _kept(name: str, chunks: Iterable[bytes]) -> tuple[Path, str]:
    """The file under the hash of its content. Refuses other formats and what is too large."""
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        text = f"「{name[-60:]}」不是可以导入的表格。请用 Excel 或 WPS 另存为 .xlsx 再上传。"
        raise InputRefused("upload_kind", text)
    hasher, size = hashlib.sha256(), 0
    folder: Path = settings.DATA.uploads
    with tempfile.NamedTemporaryFile(dir=folder, suffix=ending, delete=False) as file:
        stage = Path(file.name)
        for chunk in chunks:
            hasher.update(chunk)
            size += len(chunk)
            if size > MOST_BYTES:
                break
            file.write(chunk)
    if size > MOST_BYTES or not size:
        stage.unlink()
        why = "是空的" if not size else f"超过 {MOST_BYTES // 1_000_000} MB"
        raise InputRefused("upload_size", f"「{name[-60:]}」{why}，没有读入。请核对文件后再上传。")
    digest = hasher.hexdigest()
    place = folder / f"{digest}{ending}"
    stage.replace(place)
    return place, digest


def apply(*, upload: Upload, by: User) -> Upload:
    """Save everything the workbook says, or nothing.

    It is read and judged again: what was registered meanwhile counts. Refused with what is wrong
    now, and for a workbook that was loaded before.
    """
    if upload.uploaded_by_id != by.pk:
        raise NotAllowed("导入别人上传的文件", "上传的人")
    adoption = _adoption_of(upload)
    require_any(by, adoption)
    path = settings.DATA.uploads / f"{upload.sha256}{Path(upload.name).suffix.lower()}"
    if not path.is_file():
        raise InputRefused("upload_gone", "上传的文件已经不在了。请重新上传。")
    now = timezone.now()
    with transaction.atomic():
        # Everybody who writes into this register waits here for the one before him.
        Adoption.objects.select_for_update().get(pk=adoption.pk)
        held = Upload.objects.filter(pk=upload.pk, state=Upload.State.CHECKED)
        if not held.update(state=Upload.State.LOADED):
            raise InputRefused("upload_over", "这份文件已经导入过，或者没有通过校验。请刷新页面。")
        reader = Reader(adoption, by)
        found = reader.read(path, upload.name)
        if found.faults:
            first = "；".join(fault.text for fault in found.faults[:3])
            text = f"校验以后情况有变，现在有 {len(found.faults)} 处问题：{first}请重新上传校验。"
            raise InputRefused("upload_stale", text)
        counts = _save(upload, reader, found, by, now)
        upload.refresh_from_db()
        change = Change(subject=upload, unit=adoption.unit, new=dict(counts))
        record("upload.loaded", by=by, change=change)
    return upload


def _save(upload: Upload, reader: Reader, found: Read, by: User, now: datetime) -> Counter[str]:
    adoption, counts = reader.adoption, Counter[str]()
    decides = scope(by).covers(adoption.unit.path, DECIDERS) and not setting(SECOND)
    newest: dict[tuple[str, str], int] = {}
    rows: dict[tuple[str, str, int], Fact] = {}
    for one in found.changes:
        if one.what == SAME:
            continue
        counts[one.what] += 1
        slot = (one.fact.kind, one.fact.id)
        number = newest.get(slot, one.before.revision if one.before else 0) + 1
        state = one.fact.state.value
        if state == Fact.State.CONFIRMED and not decides:
            state = Fact.State.PROPOSED
        row = revision(
            adoption, *slot, one.entry, state=state, by=by, now=now, number=number, upload=upload,
        )  # fmt: skip
        row.unit_id, row.employee_id = reader.unit_id(one.fact), reader.employee_id(one.fact)
        if state == Fact.State.CONFIRMED:
            row.decided_by, row.decided_at = by, now
        if slot in newest:
            rows[*slot, newest[slot]].latest = False
        newest[slot] = number
        rows[*slot, number] = row
    replaced = [one.before.pk for one in found.changes if one.before and one.what == CHANGED]
    for start in range(0, len(replaced), BATCH):
        Fact.objects.filter(pk__in=replaced[start : start + BATCH]).update(latest=False)
    Fact.objects.bulk_create(rows.values(), batch_size=BATCH)
    Coverage.objects.bulk_create(
        Coverage(
            adoption=adoption, kind=one.kind, unit_id=reader.units.get(one.unit, adoption.unit_id),
            from_on=one.since, until_on=one.till, declared_by=by, declared_at=now,
        )
        for one in found.coverage
    )  # fmt: skip
    counts["覆盖声明"] = len(found.coverage)
    return counts


def waiting(upload: Upload) -> int:
    """How many facts of a workbook nobody has confirmed yet."""
    return _unconfirmed(upload).count()


def confirm_all(*, upload: Upload, by: User) -> int:
    """Confirm all facts of a workbook at once; all or none. How many."""
    require(by, upload.unit.path, *sorted(DECIDERS), doing="确认登记事项")
    if upload.uploaded_by_id == by.pk and setting(SECOND):
        raise NotAllowed("确认自己导入的事项", "另一位服务办公室人员")
    now = timezone.now()
    with transaction.atomic():
        Adoption.objects.select_for_update().get(pk=_adoption_of(upload).pk)
        found = list(_unconfirmed(upload))
        if not found:
            raise InputRefused("nothing_waiting", "这份文件里没有待确认的事项。请刷新页面查看。")
        keys = confirmed_anew(found, by, now)
        new = {"facts": len(keys), "keys": keys[:MOST_LISTED]}
        record("upload.confirmed", by=by, change=Change(subject=upload, unit=upload.unit, new=new))
    return len(found)


def _adoption_of(upload: Upload) -> Adoption:
    if upload.adoption is None:
        raise TypeError("a workbook of facts belongs to an adoption")
    return upload.adoption


def _unconfirmed(upload: Upload) -> QuerySet[Fact]:
    return Fact.objects.filter(upload=upload, latest=True, state=Fact.State.PROPOSED)
