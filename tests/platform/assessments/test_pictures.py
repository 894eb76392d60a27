"""The pictures of a run and the numbers beneath each other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from tests.platform.assessments.computed import computed
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.assessments.models import RunSubject
from wenyou.assessments.pictures import standings
from wenyou.assessments.reading import Group
from wenyou.assessments.table import Column, TableHead, digits_of, evened
from wenyou.org.models import Unit
from wenyou.schemes.models import Adoption

ClientOf = Callable[[User], Client]


@pytest.mark.pages
def test_the_table_shows_how_the_ranked_units_compare(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = computed(cast, adoption)
    client = client_of(cast.chen)

    page = client.get(f"/assessments/{run.pk}/table/outlets/").content.decode()

    assert 'data-chart="ranking-data"' in page
    assert 'class="chart__still"><svg' in page


def test_numbers_of_a_column_stand_beneath_each_other() -> None:
    assert evened(["20", "19.966", "−0.5", "—"]) == ["20.000", "19.966", "−0.500", "—"]
    assert evened(["3", "4"]) == ["3", "4"]
    assert digits_of(["—", ""]) == 0


def test_the_middle_of_an_interval_is_the_mean_of_its_unit() -> None:
    head = TableHead(
        population="outlets", title="网点", of="unit", members=3, main="score", place="place",
        columns=(Column(key="score", title="得分", what="score"),),
    )  # fmt: skip
    groups = [Group("1", "甲支行", "/1/"), Group("2", "乙支行", "/2/")]
    rows = [
        RunSubject(title=name, unit=Unit(path=path), figures={"score": score})
        for name, path, score in (
            ("a", "/1/3/", "20"),
            ("b", "/1/4/", "19.5"),
            ("c", "/2/5/", "18"),
        )
    ]

    chart = standings(head, rows, groups, "")
    assert chart is not None
    assert chart.rows == [
        ("甲支行", [Decimal("19.5"), Decimal("19.75"), Decimal(20)]),
        ("乙支行", [Decimal(18), Decimal("18.00"), Decimal(18)]),
    ]
    assert standings(head, rows[:1], groups, "1") is None
    one = standings(head, rows, groups, "1")
    assert one is not None
    assert one.labels == ["a", "b"]
