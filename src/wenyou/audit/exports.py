"""The log of exports: whatever is taken out of the house leaves a row here and one in the chain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from wenyou.audit.models import ExportRow
from wenyou.audit.services import Change, record
from wenyou.vault.mask import mask_text

if TYPE_CHECKING:
    from django.db import models

    from wenyou.accounts.models import User
    from wenyou.org.models import Unit
    from wenyou.web.listing import Exported

LONGEST_TITLE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """What was handed over: its kind, name and bytes (by hash), and how it was narrowed."""

    kind: str
    title: str
    sha256: str
    size: int
    rows: int = 0
    narrowed: str = ""
    subject: models.Model | None = None


@transaction.atomic
def note_export(taken: TakenOut, *, action: str, by: User) -> ExportRow:
    """Write both rows of an export; ``action`` is the code of the slice whose list it is.

    Numbers of people that were typed as a filter are starred.
    """
    unit = unit_of(by)
    narrowed = mask_text(taken.narrowed)
    said: dict[str, Any] = {
        "list": taken.title, "rows": taken.rows, "size": taken.size, "sha256": taken.sha256,
    }  # fmt: skip
    change = Change(subject=taken.subject, unit=unit, new=said, note=narrowed)
    row = record(action, by=by, change=change)
    return ExportRow.objects.create(
        at=row.at,
        actor=by,
        actor_name=by.label,
        unit=unit,
        kind=taken.kind,
        title=taken.title[:LONGEST_TITLE],
        narrowed=narrowed,
        rows=taken.rows,
        size=taken.size,
        sha256=taken.sha256,
        audit_row=row.pk,
    )


def note_list(taken: Exported, *, action: str, by: User) -> ExportRow:
    """The same for a list that was exported as a workbook."""
    said = TakenOut(
        kind=ExportRow.Kind.LIST, title=taken.title, sha256=taken.sha256, size=taken.size,
        rows=taken.rows, narrowed=taken.narrowed,
    )  # fmt: skip
    return note_export(said, action=action, by=by)


def taken_bytes(kind: str, title: str, content: bytes, subject: models.Model | None) -> TakenOut:
    """What was handed over as one piece of bytes."""
    digest = hashlib.sha256(content).hexdigest()
    return TakenOut(kind=kind, title=title, sha256=digest, size=len(content), subject=subject)


def unit_of(by: User) -> Unit | None:
    """Where a person works; an account without one belongs to the house."""
    return by.employee.unit if by.employee is not None else None


def watermark_of(by: User) -> str:
    """Who takes something away, and when: the line that stands on every sheet."""
    return f"导出人：{by.label}　导出时间：{timezone.localtime():%Y-%m-%d %H:%M}"
