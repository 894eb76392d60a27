"""Columns that are read as a whole: as cell by cell, or not at all."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_desk.tables.cells import Origin, Raw, Source
from wenyou_desk.tables.convert import Memo, at_once_for, converter_for
from wenyou_desk.tables.spec import ColumnSpec, Kind, ReadOptions

EXCEL = Source(Origin.EXCEL, ReadOptions())
CODE = ColumnSpec(name="id", title="编号", kind=Kind.CODE)
MOMENT = ColumnSpec(name="known", title="登记时间", kind=Kind.DATETIME)
CODES = st.sampled_from(["", "JC2025-0001", "A 1", " A", "1.2E+10", "Ａ１", "甲", "a\tb", "0012"])
MOMENTS: st.SearchStrategy[Raw] = st.one_of(
    st.datetimes(datetime.fromisoformat("1899-01-01")),
    st.datetimes(datetime.fromisoformat("2024-01-01")).map(lambda one: one.replace(microsecond=0)),
    st.dates(date(2024, 1, 1)),
    st.just(datetime.fromisoformat("2025-03-01")),
    st.sampled_from(["", "2025-03-01"]),
)


def read_at_once(column: ColumnSpec, raws: list[Raw]) -> list[object] | None:
    """The column as a whole, or None where it has to be read cell by cell."""
    read = at_once_for(column, EXCEL)
    assert read is not None
    values = read(raws)
    return None if values is None else list(values)


@pytest.mark.parametrize("column", [CODE, MOMENT])
@given(raws=st.lists(CODES, min_size=1) | st.lists(MOMENTS, min_size=1))
def test_a_column_is_read_at_once_as_it_is_cell_by_cell(
    column: ColumnSpec, raws: list[Raw]
) -> None:
    memo = Memo(converter_for(column, EXCEL))
    values = read_at_once(column, raws)
    if values is not None:
        assert values == memo.column(raws)
        assert [type(value) for value in values] == [type(memo[raw]) for raw in raws]
        assert not memo.bad
        assert not memo.noted


def test_a_plain_column_is_read_at_once() -> None:
    known = datetime.fromisoformat("2025-03-01T09:30:00")

    assert read_at_once(CODE, ["JC2025-0001", "", "0012"]) == ["JC2025-0001", None, "0012"]
    assert read_at_once(MOMENT, [known, date(2025, 3, 2)]) == [known, date(2025, 3, 2)]
