"""Rows: dataclasses with slots that the type checker keeps from being changed."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from wenyou_core.rows import row


@row(order=True)
class Span:
    """A row of these tests; where it was found does not tell it from others."""

    since: date
    name: str = ""
    place: str = dataclasses.field(default="", compare=False)


FIRST = Span(date(2025, 1, 1), "甲")


def test_a_row_equals_and_hashes_by_its_compared_fields() -> None:
    again = Span(date(2025, 1, 1), "甲", place="第2行")
    assert again == FIRST
    assert {FIRST: "found"}[again] == "found"
    assert dataclasses.replace(FIRST, name="乙") != FIRST


def test_a_row_sorts_by_its_fields_in_their_order() -> None:
    earlier = Span(date(2024, 1, 1), "乙")
    assert sorted([FIRST, earlier]) == [earlier, FIRST]


def test_a_row_takes_no_other_fields() -> None:
    with pytest.raises(AttributeError):
        setattr(FIRST, "title", "丙")  # noqa: B010 -- the type checker refuses the plain form
