"""Which files somebody may see: those of objects he may see, and his own that hang on nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Model

from wenyou.accounts.models import User
from wenyou.errors import NotFound
from wenyou.evidence.models import Evidence, EvidenceUse

Sees = Callable[[User, str], bool]
_OBJECTS: dict[str, Sees] = {}


def register_object(kind: str, sees: Sees) -> None:
    """Let the slice of an object say who sees it, by model name; once."""
    if _OBJECTS.setdefault(kind, sees) is not sees:
        raise ValueError(f"object {kind} has two rules of sight")


def evidence_for(user: User, pk: int) -> Evidence:
    """A file by id. Raises NotFound."""
    evidence = Evidence.objects.filter(pk=pk).select_related("unit").first()
    if evidence is None or not _may(user, evidence):
        raise NotFound("这份材料")
    return evidence


def _may(user: User, evidence: Evidence) -> bool:
    uses = list(evidence.uses.filter(withdrawn_at__isnull=True))
    if not uses:
        return evidence.stored_by_id == user.pk
    return any(
        one.object_kind in _OBJECTS and _OBJECTS[one.object_kind](user, one.object_id)
        for one in uses
    )


def uses_of(of: Model) -> list[EvidenceUse]:
    """The files of an object, in the order they came."""
    rows = EvidenceUse.objects.filter(
        object_kind=of._meta.model_name, object_id=str(of.pk), withdrawn_at__isnull=True
    )
    return list(rows.select_related("evidence"))
