"""Unit and flow beside the texts of a bank that is older than they are."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.search.models import SearchDoc
from wenyou.search.queries import matching
from wenyou.search.services import put
from wenyou.search.setup import ensure_index

pytestmark = pytest.mark.django_db
fill = import_module("wenyou.migrations.0016_where_texts_belong")


def test_texts_of_an_older_bank_learn_where_they_belong_and_stay_found(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [begin("complaint", cast, title="门口没有坡道") for _ in range(5)]
    docs = SearchDoc.objects.filter(object_kind="matter")
    docs.update(unit=None, flow="")
    docs.filter(object_id=made[2].pk).update(unit=cast.yi, flow="kept")
    put("matter", 10**9, "没有这件事了")
    put("unit", cast.jia.pk, "甲网点")
    monkeypatch.setattr(fill, "STEP", 2)

    for _ in range(2):
        fill.tell_where(apps, connection.schema_editor())
    ensure_index()
    put("matter", made[0].pk, "窗口关了")

    found = dict(docs.exclude(object_id=10**9).values_list("object_id", "unit"))
    assert found == {one.pk: cast.jia.pk for one in made} | {
        made[0].pk: None,
        made[2].pk: cast.yi.pk,
    }
    assert set(docs.values_list("flow", flat=True)) == {"complaint", "kept", ""}
    assert not SearchDoc.objects.filter(object_kind="unit", unit__isnull=False).exists()
    assert matching("matter", "坡道").count() == 4
    assert matching("matter", "窗口").count() == 1
