"""Search finds what holds the words, in Chinese too, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wenyou.search import queries
from wenyou.search.grams import grams, plain
from wenyou.search.models import SearchDoc
from wenyou.search.queries import matching, newest, plenty, rarest
from wenyou.search.services import Doc, drop, put, put_many

pytestmark = pytest.mark.django_db

TITLES = {
    1: "客户对柜台服务态度不满意",
    2: "服务大厅排队时间过长",
    3: "态度很好，表扬张三",
    4: "TS2026-000123 转账失败",
    5: "服务好，态度一般",
}


@pytest.fixture
def filled() -> None:
    put_many(Doc("matter", number, (title,)) for number, title in TITLES.items())


def found(text: str, kind: str = "matter") -> set[int]:
    return set(matching(kind, text).values_list("object_id", flat=True))


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("服务", {1, 2, 5}),
        ("服务态度", {1}),
        ("态度 服务", {1, 5}),
        ("ts2026", {4}),
        ("ＴＳ２０２６－０００１２３", {4}),
        ("000123", {4}),
        ("排", {2}),
        ("意", {1}),
        ("0012", {4}),
        ("26-0001", {4}),
        ("6", {4}),
        ("不存在", set()),
        ("", set()),
        ("  ，。 ", set()),
        ('"', set()),
        ("服务*", {1, 2, 5}),
        ("%", set()),
        ("务 NOT 态", set()),
    ],
)
def test_search_finds_what_holds_the_words(text: str, expected: set[int]) -> None:
    assert found(text) == expected


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("text", ["服务", "服务态度", "态度 服务", "000123", "意"])
def test_words_that_are_common_are_found_like_rare_ones(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = found(text)
    monkeypatch.setattr(queries, "COMMON", 0)

    assert found(text) == rare != set()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("text", ["服务", "服务态度", "态度 服务", "000123", "不存在"])
@pytest.mark.parametrize("within", [None, Q(object_id__gt=1)])
@pytest.mark.parametrize("bounds", [{}, {"KNOWN": 0}, {"TWICE": -1}, {"TWICE": -1, "COUNTED": 1}, {"FEW": -1},
                                    {"FEW": -1, "COUNTED": 1}])  # fmt: skip
def test_the_newest_are_the_same_on_every_road(
    text: str, within: Q | None, bounds: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN", 2)
    expected = sorted((n for n in found(text) if within is None or n > 1), reverse=True)
    for name, value in bounds.items():
        monkeypatch.setattr(queries, name, value)

    keys, total = newest("matter", text, within)

    assert keys == expected[:2]
    assert total == min(len(expected), queries.COUNTED + 1)


@pytest.fixture
def looked_through() -> Iterator[bool]:
    """Whether the database has noted how many texts there are; forgotten afterwards."""
    notes = connection.vendor == "postgresql"
    if notes:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE wenyou_searchdoc")
    queries._rows.cache_clear()
    yield notes
    queries._rows.cache_clear()


@pytest.mark.usefixtures("filled")
def test_of_far_more_than_are_counted_a_sample_is_enough(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    notes = request.getfixturevalue("looked_through")
    for name, value in {"COUNTED": 1, "SAMPLE": 5, "SURE": 1, "TWICE": -1}.items():
        monkeypatch.setattr(queries, name, value)

    assert newest("matter", "服务") == ([5, 2, 1], 2)
    assert newest("matter", "转账") == ([4], 1)
    assert [plenty("matter", text) for text in ("服务", "转账")] == [notes, False]


def test_the_rarest_pieces_are_looked_up_and_common_ones_never() -> None:
    shares = {"客户": 0.4, "坡道": 0.001, "轮椅": 0.002, "柜台": 0.01}

    assert rarest(["客户", "柜台", "轮椅", "坡道"], shares) == ["坡道", "轮椅"]
    assert rarest(["客户"], shares) == []
    assert rarest(["客户", "新词"], shares) == ["新词"]


@pytest.mark.usefixtures("filled")
def test_another_kind_is_not_found() -> None:
    assert found("服务", "unit") == set()


@pytest.mark.usefixtures("filled")
def test_a_new_title_takes_the_place_of_the_old_one() -> None:
    put("matter", 2, "改了名字")

    assert found("服务") == {1, 5}
    assert found("改了") == {2}


@pytest.mark.usefixtures("filled")
def test_what_is_dropped_is_found_no_more() -> None:
    drop("matter", 1)

    assert found("服务") == {2, 5}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    titles=st.lists(st.text("服务态度好a1 ，", max_size=8), max_size=8),
    text=st.text("服务态度好a1", min_size=2, max_size=4),
)
def test_search_finds_the_same_as_reading_every_title(titles: list[str], text: str) -> None:
    SearchDoc.objects.all().delete()
    put_many(Doc("matter", number, (title,)) for number, title in enumerate(titles))

    assert found(text) == {n for n, title in enumerate(titles) if text in plain(title)}


def test_each_pair_stands_once() -> None:
    assert grams("服务服务") == ["服务", "务服"]


def test_numbers_are_cut_into_fours_besides() -> None:
    assert grams("TS2026-1")[-3:] == ["ts20", "s202", "2026"]
