"""Faults of a call's fields are told in Chinese, whatever the library says of them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from wenyou.api.faults import EXPECTED, SENTENCES, UNKNOWN, sentence, sentences_of
from wenyou.api.shapes import FactBatch, FactIn, MatterIn, MoveIn

pytestmark = pytest.mark.pages
ENGLISH = re.compile(r"\b(?:should|must|input|valid|least|most|required|character)\b", re.I)


def faults(shape: type[BaseModel], given: object) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        shape.model_validate(given)
    return sentences_of(caught.value.errors())


class Everything(BaseModel):
    whole: Annotated[int, Field(gt=1, lt=9)] = 2
    sure: bool = False
    number: float = 1.0
    money: Decimal = Decimal(1)
    day: date = date(2026, 1, 1)
    clock: time = time(9)
    moment: datetime | None = None
    one: Literal["甲", "乙"] = "甲"
    many: list[int] = Field(default_factory=list)
    named: dict[str, int] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("whole", "x", "应为整数"),
        ("whole", 2.5, "应为整数，不带小数"),
        ("whole", 1, "应大于 1"),
        ("whole", 9, "应小于 9"),
        ("whole", "9" * 5000, "数太大"),
        ("sure", "x", "应为 true 或 false"),
        ("number", [], "应为数"),
        ("money", "x", "应为数，用文字写，如 12.5"),
        ("day", "31.3.2026", "应为日期，如 2026-03-31"),
        ("day", "2026-03-31T09:30", "应只写日期，不带时刻"),
        ("clock", "25:00", "应为时刻，如 09:30"),
        ("moment", "x", "应为日期和时刻，如 2026-03-31T09:30:00+08:00"),
        ("one", "丙", "只能是 '甲'、'乙'"),
        ("many", "x", "应为列表"),
        ("named", [], "应为一组键和值"),
    ],
)
def test_what_was_expected_is_said(name: str, value: object, said: str) -> None:
    assert faults(Everything, {name: value}) == [f"{name}：{said}。"]


@pytest.mark.parametrize(
    ("shape", "given", "said"),
    [
        (MoveIn, {"action": "x y", "turn": 0}, "turn：不能小于 1。"),
        (MoveIn, {"action": "x y", "turn": 0}, "action：须合乎样式 ^[A-Za-z0-9_.-]+$。"),
        (FactBatch, {"facts": []}, "facts：至少要有 1 项。"),
        (FactBatch, {"facts": [{}] * 201}, "facts：最多 200 项。"),
        (FactBatch, {"facts": [{"adoption": 1}]}, "facts.0.kind：缺少这一项，请补上。"),
        (FactIn, {"happened_on": 5.5}, "happened_on：应只写日期，不带时刻。"),
        (MatterIn, {"flow": "a", "unit": "b", "title": "长" * 301}, "title：最多 300 个字符。"),
    ],
)
def test_faults_of_real_calls_name_the_field_as_it_was_sent(
    shape: type[BaseModel], given: object, said: str
) -> None:
    assert said in faults(shape, given)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "应为 true 或 false；或应为整数；或应为文字"),
        (2.5, "应为 true 或 false；或应为整数，不带小数；或应为文字"),
        ("长" * 301, "最多 300 个字符"),
    ],
)
def test_a_value_that_may_be_of_several_kinds_is_told_of_once(value: object, said: str) -> None:
    given = {"adoption": 1, "kind": "a", "happened_on": "2026-03-31", "values": {"int": value}}

    assert faults(FactIn, given) == [f"values.int：{said}。"]
    assert f"facts.0.values.int：{said}。" in faults(FactBatch, {"facts": [given]})


def test_a_fault_of_the_whole_body_has_a_place() -> None:
    said = sentences_of([{"loc": ("body", "given"), "type": "model_type"}])

    assert said == ["请求体：应为一组键和值。"]


def test_a_fault_the_library_learns_later_is_told_all_the_same() -> None:
    assert sentence({"type": "something_new", "ctx": {}}) == UNKNOWN
    assert sentence({"type": "too_long", "ctx": {}}) == UNKNOWN


def test_no_sentence_speaks_english() -> None:
    told: list[Any] = [*SENTENCES.values(), *EXPECTED.values(), UNKNOWN]

    assert [one for one in told if ENGLISH.search(one)] == []
