"""Turn to a page of a long list: its keys first, off an index, then the rows of those alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import CharField, F, Model, OrderBy, QuerySet, Transform


class Aside(Transform):
    """A text as a value, to sort by: what is narrowed down is sorted then, where a database would
    walk all the texts in the order of their index to find it.
    """

    template = "(%(expressions)s || '')"
    output_field = CharField()


def order_by(model: type[Model], fields: Sequence[Any], *, down: bool) -> list[OrderBy]:
    """The order by fields or expressions, rows without a value last, then by key.

    The key goes the same way as the fields, and a column that always has a value says nothing of
    those without: an index then serves both ways.
    """
    found = []
    for one in fields:
        named = F(one) if isinstance(one, str) else one
        last = None if isinstance(one, str) and always_there(model, one) else True
        found.append(named.desc(nulls_last=last) if down else named.asc(nulls_last=last))
    return [*found, F("pk").desc() if down else F("pk").asc()]


def always_there(model: type[Model], name: str) -> bool:
    """Whether a field is one of the model's own columns and never empty."""
    try:
        return not getattr(model._meta.get_field(name), "null", True)
    except FieldDoesNotExist:
        return False


def keys_of(rows: QuerySet[Any], start: int, stop: int) -> list[Any]:
    """The keys of the rows from ``start`` up to ``stop``, in their order.

    Where many rows have no value to sort by, those that have one are read by themselves.
    """
    name = sparse(rows)
    if not name:
        return list(rows.values_list("pk", flat=True)[start:stop])
    first = rows.filter(**{f"{name}__isnull": False}).values_list("pk", flat=True)
    found = list(first[start:stop])
    if len(found) < stop - start:
        many = start + len(found) if found else first.order_by()[:start].count()
        rest = rows.filter(**{f"{name}__isnull": True}).order_by("-pk")
        found += rest.values_list("pk", flat=True)[max(start - many, 0) : stop - many]
    return found


def sparse(rows: QuerySet[Any]) -> str:
    """The field that rows are sorted by, when it is the model's own and may be empty."""
    order = rows.query.order_by
    said = order[0] if order else None
    if not isinstance(said, OrderBy) or not isinstance(said.expression, F) or not said.nulls_last:
        return ""
    name = str(said.expression.name)  # type: ignore[attr-defined]  # the stubs do not know it
    try:
        field = rows.model._meta.get_field(name)
    except FieldDoesNotExist:
        return ""
    return name if getattr(field, "column", None) else ""


def rows_of(rows: QuerySet[Any], keys: Sequence[Any]) -> list[Any]:
    """The rows of these keys, in this order."""
    if not keys:
        return []
    found = {row.pk: row for row in rows.filter(pk__in=keys).order_by()}
    return [found[key] for key in keys if key in found]
