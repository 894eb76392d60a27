"""Rows of the log."""

from __future__ import annotations

from django.db.models import QuerySet

from wenyou.audit.models import AuditRow


def audit_rows() -> QuerySet[AuditRow]:
    """All rows, newest first; who may see which is for the slice that knows people."""
    return AuditRow.objects.select_related("unit")
