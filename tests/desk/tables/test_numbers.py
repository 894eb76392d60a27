from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.desk.tables.make import Cell, refusal_of, value_of
from wenyou_desk.tables import Kind


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (600, 60000),
        (600.0, 60000),
        (0.1 + 0.2, 30),
        (1800.3000000000002, 180030),
        ("600", 60000),
        ("1,200.50", 120050),
        ("-3", -300),
        ("−3", -300),
        ("\uff16\uff10\uff10", 60000),
        ("\uff11\uff0c\uff12\uff10\uff10\uff0e\uff15", 120050),
        ("\uff0d\uff13", -300),
        ("\uffe5600", 60000),
        (" \u3000¥1,200.5 ", 120050),
        ("600元", 60000),
        (".5", 50),
        ("", None),
        ("/", None),
    ],
)
def test_money_becomes_exact_fen(tmp_path: Path, cell: Cell, fen: int | None) -> None:
    assert value_of(tmp_path, cell, Kind.MONEY) == fen


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (600.125, "金额最多两位小数，现在是「600.125」。请改为精确到分的金额。"),
        ("六百", "这里应填数，现在是「六百」。请改为数。"),
        ("1,20", "这里应填数，现在是「1,20」。请改为数。"),
        ("10²", "这里应填数，现在是「10²」。请改为数。"),
        ("20%", "这里不能填百分数，现在是「20%」。请改为数。"),
        ("1.2E+05", "「1.2E+05」是科学记数法，末几位可能已丢失。请把完整的数填上。"),
        (True, "这里应填数，现在是逻辑值「TRUE」。请改为数。"),
        (
            date(2025, 3, 1),
            "这里应填数，单元格却是日期或时刻「2025-03-01」。请把单元格格式改为常规，再填入数。",
        ),
        (
            1234567890123456.0,
            "「1234567890123460」超过 15 位，表格里的末几位已不可靠。请核对后重填。",
        ),
        ("9" * 40, "「99999999999999999999…」的位数太多，无法精确计算。请核对后重填。"),
    ],
)
def test_what_is_no_money_is_refused(tmp_path: Path, cell: Cell, sentence: str) -> None:
    assert refusal_of(tmp_path, cell, Kind.MONEY) == sentence


@pytest.mark.parametrize(
    ("cell", "number"), [(3.0, 3), ("3", 3), ("10.0", 10), ("-1,000", -1000), (-0.0, 0)]
)
def test_whole_numbers_may_be_stored_as_floats(tmp_path: Path, cell: Cell, number: int) -> None:
    found = value_of(tmp_path, cell, Kind.INT)

    assert found == number
    assert type(found) is int


def test_a_fraction_is_no_whole_number(tmp_path: Path) -> None:
    sentence = refusal_of(tmp_path, 3.5, Kind.INT)

    assert sentence == "这里应填整数，现在是「3.5」。请改为整数。"


@pytest.mark.parametrize(
    ("cell", "digits", "text"),
    [
        (1.2, 2, "1.20"),
        ("1.2", 2, "1.20"),
        ("20%", None, "0.2"),
        ("12.5%", 3, "0.125"),
        (100.0, None, "100"),
        ("0.10", None, "0.1"),
        (-0.0, 1, "0.0"),
    ],
)
def test_a_decimal_has_one_form_whatever_wrote_it(
    tmp_path: Path, cell: Cell, digits: int | None, text: str
) -> None:
    found = value_of(tmp_path, cell, Kind.DECIMAL, digits=digits)

    assert isinstance(found, Decimal)
    assert str(found) == text


@pytest.mark.parametrize(
    ("digits", "sentence"),
    [
        (2, "这里应填最多 2 位小数，现在是「0.125」。请改正。"),
        (0, "这里应填没有小数的数，现在是「0.125」。请改正。"),
    ],
)
def test_too_many_places_are_refused(tmp_path: Path, digits: int, sentence: str) -> None:
    assert refusal_of(tmp_path, 0.125, Kind.DECIMAL, digits=digits) == sentence


@pytest.mark.parametrize("cell", ["20%", "\uff12\uff10\uff05", 0.2, "0.2"])
def test_a_share_is_the_same_however_written(tmp_path: Path, cell: Cell) -> None:
    assert value_of(tmp_path, cell, Kind.SHARE) == Decimal("0.2")


@pytest.mark.parametrize("cell", ["20", "-0.1", "101%"])
def test_a_share_outside_zero_to_one_is_refused(tmp_path: Path, cell: str) -> None:
    sentence = refusal_of(tmp_path, cell, Kind.SHARE)

    expected = f"比例应在 0 到 100% 之间，现在是「{cell}」。请写成 20% 或 0.2 的形式。"
    assert sentence == expected


@pytest.mark.parametrize(
    ("kind", "cell", "kept"),
    [
        (Kind.DECIMAL, "0", Decimal(0)),
        (Kind.DECIMAL, 2.5, Decimal("2.5")),
        (Kind.INT, 3, 3),
        (Kind.MONEY, "2.5", 250),
    ],
)
def test_number_on_or_inside_its_bounds_is_read(
    tmp_path: Path, kind: Kind, cell: Cell, kept: Decimal | int
) -> None:
    assert value_of(tmp_path, cell, kind, least=Decimal(0), greatest=Decimal(3)) == kept


@pytest.mark.parametrize("kind", [Kind.DECIMAL, Kind.INT, Kind.MONEY])
@pytest.mark.parametrize("cell", ["-2", -2, "−2", "４", 4])
def test_number_beyond_its_bounds_is_refused(tmp_path: Path, kind: Kind, cell: Cell) -> None:
    said = refusal_of(tmp_path, cell, kind, least=Decimal(0), greatest=Decimal(3))

    assert said == f"这里的数应在 0 至 3 之间，现在是「{cell}」。请核对后重填。"


@pytest.mark.parametrize(
    ("kind", "digits", "most", "beyond"),
    [
        (Kind.INT, None, "9223372036854775807", "9223372036854775808"),
        (Kind.INT, None, "-9223372036854775807", "-9223372036854775808"),
        (Kind.MONEY, None, "92233720368547758.07", "92233720368547758.08"),
        (Kind.DECIMAL, 1, "922337203685477580.7", "922337203685477580.8"),
        (Kind.DECIMAL, None, "9223372036854775807", "9223372036854775808"),
    ],
)
def test_number_beyond_what_can_be_kept_is_refused_where_it_stands(
    tmp_path: Path, kind: Kind, digits: int | None, most: str, beyond: str
) -> None:
    assert value_of(tmp_path, most, kind, digits=digits) is not None
    said = refusal_of(tmp_path, beyond, kind, digits=digits)
    assert said == f"「{beyond}」超出了能记的范围。请核对后重填。"


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ({"least": Decimal("0.5")}, "这里的数应不小于 0.5，现在是「0」。请核对后重填。"),
        ({"greatest": Decimal(-1)}, "这里的数应不大于 -1，现在是「0」。请核对后重填。"),
    ],
)
def test_one_bound_alone_bounds_too(tmp_path: Path, bounds: dict[str, Decimal], text: str) -> None:
    assert refusal_of(tmp_path, "0", Kind.DECIMAL, **bounds) == text
