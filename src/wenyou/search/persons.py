"""Which objects hold a number of a person: found by its blind index, while the number is sealed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from wenyou.search.models import PersonTrace
from wenyou.vault.house import house_ring, index_of, indexes_of
from wenyou.vault.mask import numbers_in

PURPOSES = {"phone": "电话号码", "identity": "身份证号", "card": "卡号", "mail": "邮箱"}


def digest_of(number: str, purpose: str) -> str:
    """The blind index of a number; kinds are kept apart."""
    return index_of(number, purpose=f"trace {purpose}")


def trace(kind: str, object_id: int, texts: Iterable[str]) -> int:
    """Let an object be found by the numbers in these texts, besides those it is found by."""
    numbers = {one for text in texts for one in numbers_in(text)}
    key = house_ring().index_id() if numbers else ""
    rows = [
        PersonTrace(
            purpose=purpose,
            digest=digest_of(number, purpose),
            object_kind=kind,
            object_id=object_id,
            key=key,
        )
        for purpose, number in sorted(numbers)
    ]
    if rows:
        PersonTrace.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["digest", "purpose", "object_kind", "object_id"],
            update_fields=["key"],
        )
    return len(rows)


def digests_of(number: str, purpose: str) -> tuple[str, ...]:
    """What a stored trace of a number may be: two while the key is being changed."""
    return indexes_of(number, purpose=f"trace {purpose}")


def holding(kind: str, digests: Collection[str], purpose: str) -> QuerySet[PersonTrace, int]:
    """The ids of the objects of a kind that hold a number."""
    rows = PersonTrace.objects.filter(object_kind=kind, digest__in=digests, purpose=purpose)
    return rows.order_by().values_list("object_id", flat=True)


def forget_older(key: str, *, size: int) -> int:
    """Remove some traces that were made with another key than this; how many."""
    rows = PersonTrace.objects.exclude(key=key).order_by("pk").values_list("pk", flat=True)
    return int(PersonTrace.objects.filter(pk__in=list(rows[:size])).delete()[0])


def forget(kind: str, ids: Iterable[int]) -> None:
    """Let objects be found by no number any more."""
    PersonTrace.objects.filter(object_kind=kind, object_id__in=list(ids)).delete()
