"""Rows of the database as lines of JSON and back, the same for SQLite and PostgreSQL.

So a bank that has outgrown one file moves to PostgreSQL by a backup and a restore.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from django.apps.registry import Apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

BATCH = 2000
# Sign-ins end with a restore, and the queue's own bookkeeping belongs to the old machine.
LEFT_OUT = frozenset({"sessions.Session", "contenttypes.ContentType", "auth.Permission"})


class ExactEncoder(DjangoJSONEncoder):
    """Django's own forms, with every microsecond."""

    def default(self, o: object) -> object:
        """Times whole; the rest as Django has it."""
        return o.isoformat() if isinstance(o, datetime | time) else super().default(o)


def kept_models(registry: Apps) -> list[type[models.Model]]:
    """Every stored model, parents before children where that is possible.

    ``registry`` may be that of an older state of the migrations.
    """
    found = [
        model
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in LEFT_OUT
    ]
    ordered: list[type[models.Model]] = []
    seen: set[type[models.Model]] = set()

    def visit(model: type[models.Model]) -> None:
        if model in seen:
            return
        seen.add(model)
        for field in model._meta.concrete_fields:
            target = field.related_model
            if isinstance(target, type) and target in found:
                visit(target)
        ordered.append(model)

    for model in sorted(found, key=lambda one: one._meta.label):
        visit(model)
    return ordered


def rows_of(model: type[models.Model]) -> Iterator[bytes]:
    """The rows of a model by key, each as a JSON array of its columns."""
    names = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*names)
    encoder = ExactEncoder(ensure_ascii=False, separators=(",", ":"))
    for row in rows.iterator(chunk_size=BATCH):
        yield encoder.encode(row).encode() + b"\n"


def load_rows(model: type[models.Model], names: list[str], lines: Iterable[bytes]) -> int:
    """Insert rows as they were, keys and all; the number of rows."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    makers = [(name, maker_of(fields[name])) for name in names]
    batch: list[models.Model] = []
    count = 0
    for line in lines:
        values = json.loads(line)
        named = zip(makers, values, strict=True)
        batch.append(model(**{name: make(value) for (name, make), value in named}))
        if len(batch) >= BATCH:
            insert(model, batch)
            count += len(batch)
            batch = []
    if batch:
        insert(model, batch)
    return count + len(batch)


def insert(model: type[models.Model], batch: list[models.Model]) -> None:
    """Insert as given: automatic times must not be made anew."""
    timed = [
        field
        for field in model._meta.concrete_fields
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    ]
    kept = [(field, field.auto_now, field.auto_now_add) for field in timed]  # type: ignore[attr-defined]
    try:
        for field in timed:
            field.auto_now = field.auto_now_add = False  # type: ignore[attr-defined]
        model._base_manager.bulk_create(batch, batch_size=BATCH)
    finally:
        for field, now, add in kept:
            field.auto_now, field.auto_now_add = now, add  # type: ignore[attr-defined]


def maker_of(field: models.Field[Any, Any]) -> Any:
    """How a JSON value becomes the field's own."""
    if isinstance(field, models.JSONField):
        return lambda value: value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python


def advance_sequences(registry: Apps) -> None:
    """After rows came in with their keys, new ones go on behind them."""
    statements = connection.ops.sequence_reset_sql(no_style(), kept_models(registry))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def look_through() -> None:
    """Have PostgreSQL count what came in: until it has, it plans as for empty tables."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
