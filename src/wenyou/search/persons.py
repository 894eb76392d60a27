"""Which objects hold a number of a person: found by its blind index, while the number is sealed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from wenyou.search.models import PersonTrace
from wenyou.vault.house import index_of, indexes_of
from wenyou.vault.keyring import Key
from wenyou.vault.marking import marking
from wenyou.vault.mask import numbers_in

PURPOSES = {"phone": "电话号码", "identity": "身份证号", "card": "卡号", "mail": "邮箱"}


def digest_of(number: str, purpose: str, *, key: Key | None = None) -> str:
    """The blind index of a number; kinds are kept apart."""
    return index_of(number, purpose=f"trace {purpose}", key=key)


def trace(kind: str, object_id: int, texts: Iterable[str], *, key: Key | None = None) -> int:
    """Let an object be found by the numbers in these texts, besides those it is found by.
    ``key`` is that of ``marking`` where many are traced.
    """
    numbers = {one for text in texts for one in numbers_in(text)}
    if not numbers:
        return 0
    key = key or marking()
    rows = [
        PersonTrace(
            purpose=purpose,
            digest=digest_of(number, purpose, key=key),
            object_kind=kind,
            object_id=object_id,
            key=key.id,
        )
        for purpose, number in sorted(numbers)
    ]
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


def keys_besides(key: str) -> list[str]:
    """The other keys that traces were made with."""
    rows = PersonTrace.objects.exclude(key=key).order_by()
    return list(rows.values_list("key", flat=True).distinct())


def forget_made_with(keys: Collection[str], *, size: int) -> int:
    """Remove some traces that were made with these keys; how many."""
    rows = PersonTrace.objects.filter(key__in=keys).order_by("pk").values_list("pk", flat=True)
    return int(PersonTrace.objects.filter(pk__in=list(rows[:size])).delete()[0])


def forget(kind: str, ids: Iterable[int]) -> None:
    """Let objects be found by no number any more."""
    PersonTrace.objects.filter(object_kind=kind, object_id__in=list(ids)).delete()
