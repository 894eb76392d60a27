"""Masks: what may be seen of numbers, names and free text."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou.vault.mask import (
    is_identity,
    mask_identity,
    mask_name,
    mask_number,
    mask_phone,
    mask_text,
    one_form,
)


@pytest.mark.parametrize(
    ("typed", "masked"),
    [
        ("客户电话13812345678，请回电", "客户电话138****5678，请回电"),
        ("电话 138 1234 5678", "电话 138******5678"),
        ("＋86 １３８１２３４５６７８ 打不通", "＋86 *******5678 打不通"),
        ("证件11010519491231002X办理", "证件1101**********002X办理"),
        ("卡号6222021234567890123挂失", "卡号6222***********0123挂失"),
        ("座机0571-87654321", "座机0571*******21"),
        ("邮箱zhang.san@example.com", "邮箱z****************.com"),
        ("工单编号2026101200001231", "工单编号2026101200001231"),
        ("10月12日9:00到号，等候45分钟", "10月12日9:00到号，等候45分钟"),
        ("金额600.00元，第2026-031号", "金额600.00元，第2026-031号"),
    ],
)
def test_free_text_keeps_everything_but_the_numbers_of_people(typed: str, masked: str) -> None:
    assert mask_text(typed) == masked


def test_names_and_numbers_keep_what_one_knows_them_by() -> None:
    assert [mask_name(name) for name in ("张三丰", "李四", "王", "")] == ["张**", "李*", "*", ""]
    assert mask_phone("138 1234 5678") == "138****5678"
    assert mask_identity("11010519491231002x") == "1101**********002X"
    assert mask_number("123", 3, 4) == "***"


@pytest.mark.parametrize("number", ["11010519491231002X", "１１０１０５１９４９１２３１００２ｘ"])
def test_identity_number_with_the_right_check_digit_is_one(number: str) -> None:
    assert is_identity(number)


@pytest.mark.parametrize("number", ["110105194912310021", "11010519491231002", "X" * 18, ""])
def test_identity_number_with_a_wrong_check_digit_is_none(number: str) -> None:
    assert not is_identity(number)


@given(st.text(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text())
def test_mobile_number_between_other_text_never_stays_whole(
    before: str, number: str, after: str
) -> None:
    text = f"{before} {number} {after}"

    shown = mask_text(text)

    assert f" {number} " not in shown
    assert len(shown) == len(text)


@given(st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31")))
def test_number_that_begins_with_a_date_stays_whole(moment: datetime) -> None:
    name = f"wenyou-{moment:%Y%m%d-%H%M%S}.wenyou"

    assert mask_text(name) == name
    assert mask_text(f"{moment:%Y%m%d%H%M%S}") == f"{moment:%Y%m%d%H%M%S}"


def test_identity_number_without_a_right_check_digit_is_starred_all_the_same() -> None:
    assert mask_text("号码110105194912310021。") == "号码1101**********0021。"


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)


@given(st.text())
def test_one_form_is_a_fixed_point(text: str) -> None:
    once = one_form(text)

    assert one_form(once) == once or not once.isascii()
