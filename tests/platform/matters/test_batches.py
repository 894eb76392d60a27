"""Rows that are written to one by one are read without a statement that stays open."""

from __future__ import annotations

from django.db import connection

from tests.platform.factories import make_unit
from tests.platform.people import Cast
from wenyou.matters.batches import few_at_a_time
from wenyou.org.models import Unit


def scratch(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_nothing_stays_open_between_two_rows(cast: Cast) -> None:
    seen = []
    for unit in few_at_a_time(Unit.objects.order_by("pk"), size=2):
        scratch("CREATE TABLE scratch (a integer)")
        # SQLite refuses this while a statement of the same connection is open.
        scratch("DROP TABLE scratch")
        seen.append(unit.pk)

    assert seen == list(Unit.objects.order_by("pk").values_list("pk", flat=True))


def test_rows_keep_their_order_and_those_that_went_are_left_out(cast: Cast) -> None:
    lone = [make_unit(f"{name}所") for name in "丁戊己"]
    rows = Unit.objects.filter(pk__in=[one.pk for one in lone]).order_by("-code")
    found = few_at_a_time(rows, size=1)

    assert next(found) == lone[2]
    lone[1].spells.all().delete()
    lone[1].delete()

    assert list(found) == [lone[0]]
