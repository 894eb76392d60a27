"""Rows by where their unit lies, in the form a database of any size can answer from an index."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from wenyou.accounts.models import User
from wenyou.accounts.scope import among, beneath
from wenyou.org.models import Unit

FEW = 2_000
ROOT_SLASHES = 2


def units_at(user: User, paths: Iterable[str], field: str = "unit") -> Q:
    """Rows whose unit lies at or beneath one of the paths.

    Few units are named one by one: beside other conditions only then can the database read an
    index. Many are a subquery, for most rows are seen anyhow.
    """
    wanted = tuple(paths)
    if not wanted:
        return Q(pk__in=[])
    if whole(user, wanted):
        return Q(**{f"{field}__isnull": False})
    kept: dict[tuple[str, ...], list[int]] = user.__dict__.setdefault("_units_beneath", {})
    units = Unit.objects.filter(beneath(wanted, "")).order_by()
    if wanted not in kept:
        kept[wanted] = list(units.values_list("pk", flat=True)[: FEW + 1])
    if len(kept[wanted]) <= FEW:
        return among(f"{field}_id", kept[wanted])
    return Q(**{f"{field}__in": units.values("pk")})


def places_of(user: User) -> int:
    """How many units a person has been found to reach, counted as far as they are named."""
    kept: dict[tuple[str, ...], list[int]] = user.__dict__.get("_units_beneath", {})
    return max(map(len, kept.values()), default=0)


def whole(user: User, paths: Iterable[str]) -> bool:
    """Whether the paths cover all there is: one of them is that of the only root."""
    if not any(path.count("/") == ROOT_SLASHES for path in paths):
        return False
    if "_one_house" not in user.__dict__:
        roots = Unit.objects.filter(parent__isnull=True).order_by().values_list("pk")
        user.__dict__["_one_house"] = len(roots[:2]) == 1
    return bool(user.__dict__["_one_house"])
