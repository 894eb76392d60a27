"""What is written is read back the same, whatever the values and whatever the format."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.desk.tables.make import rows_of
from wenyou_core.assess.rounding import LARGEST
from wenyou_desk.tables import (
    Choice,
    ColumnSpec,
    Kind,
    OutSheet,
    SheetSpec,
    Value,
    write_csv,
    write_workbook,
)

SPEC = SheetSpec(
    name="all",
    title="全部",
    columns=(
        ColumnSpec(name="key", title="序号", kind=Kind.CODE, required=True),
        ColumnSpec(name="text", title="文字"),
        ColumnSpec(name="int", title="整数", kind=Kind.INT),
        ColumnSpec(name="points", title="分值", kind=Kind.DECIMAL, digits=3, unit="分"),
        ColumnSpec(name="free", title="数", kind=Kind.DECIMAL),
        ColumnSpec(name="share", title="比例", kind=Kind.SHARE),
        ColumnSpec(name="money", title="金额", kind=Kind.MONEY),
        ColumnSpec(name="day", title="日期", kind=Kind.DATE),
        ColumnSpec(name="moment", title="时间", kind=Kind.DATETIME),
        ColumnSpec(name="clock", title="时刻", kind=Kind.TIME),
        ColumnSpec(name="flag", title="有责", kind=Kind.BOOL),
        ColumnSpec(
            name="choice",
            title="类别",
            kind=Kind.CHOICE,
            choices=(Choice("a", "投诉"), Choice("b", "意见")),
        ),
    ),
)

# Text is stripped and unseen signs are taken out on reading; what is left must survive.
SEEN = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Zl", "Zp"))
TEXTS = (
    st.text(SEEN | st.sampled_from("=+-@'\"\n,;\t_x"), max_size=30)
    .map(str.strip)
    .filter(lambda text: text != "")
)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
MOMENTS = st.datetimes(
    datetime.fromisoformat("1930-01-01"), datetime.fromisoformat("2199-12-31")
).filter(lambda moment: moment.time() != time(0))


def decimals(places: int, limit: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-limit, limit).map(lambda n: Decimal(n).scaleb(-places))


ROWS = st.lists(
    st.tuples(
        st.from_regex(r"[0-9A-Z]{1,12}", fullmatch=True),
        st.none() | TEXTS,
        st.none() | st.integers(-LARGEST, LARGEST),
        st.none() | decimals(3, 10**12),
        st.none() | st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 4),
        st.none() | st.integers(0, 1000).map(lambda n: Decimal(n).scaleb(-3)),
        st.none() | st.integers(-(10**13), 10**13),
        st.none() | DAYS,
        st.none() | DAYS | MOMENTS,
        st.none() | st.times(),
        st.none() | st.booleans(),
        st.none() | st.sampled_from(["a", "b"]),
    ),
    min_size=1,
    max_size=20,
)


@settings(max_examples=40)
@given(ROWS)
def test_a_workbook_is_read_back_as_it_was_written(rows: list[tuple[Value, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_workbook(path, [OutSheet(spec=SPEC, rows=rows)])

        assert rows_of(path, SPEC) == rows


@settings(max_examples=40)
@given(ROWS)
def test_a_csv_is_read_back_as_it_was_written_in_any_encoding(
    rows: list[tuple[Value, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "全部.csv"
        write_csv(path, SPEC, rows)
        text = path.read_bytes().decode("utf-8-sig")

        for encoding in ("utf-8-sig", "utf-8", "gb18030", "utf-16"):
            path.write_bytes(text.encode(encoding))
            assert rows_of(path, SPEC) == rows


@settings(max_examples=20)
@given(ROWS)
def test_a_workbook_and_a_csv_of_the_same_rows_are_read_alike(
    rows: list[tuple[Value, ...]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book, table = Path(folder) / "a.xlsx", Path(folder) / "全部.csv"
        write_workbook(book, [OutSheet(spec=SPEC, rows=rows)])
        write_csv(table, SPEC, rows)

        assert list(map(repr, rows_of(book, SPEC))) == list(map(repr, rows_of(table, SPEC)))
