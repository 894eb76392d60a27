"""What was taken out of the house as a workbook is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from wenyou.audit.services import Change, record

if TYPE_CHECKING:
    from wenyou.accounts.models import User


@transaction.atomic
def exported(title: str, narrowed: str, rows: int, *, by: User) -> None:
    """Note which list was exported, how it was narrowed, and how many rows it had."""
    said = {"list": title, "narrowed": narrowed, "rows": rows}
    record("org.export", by=by, change=Change(new=said))
