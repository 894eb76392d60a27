"""The page that tells the language shows files that load, and editors accept them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.scheme.test_schema import judge, plain
from wenyou_core.scheme.cases import load_cases
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_core.scheme.parse import parse_expr
from wenyou_core.scheme.schema import adoption_schema, plan_schema
from wenyou_core.scheme.show import show
from wenyou_core.scheme.yamlread import read_yaml

PAGE = "docs/dev/scheme-language.md"
BLOCK = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def blocks(root: Path) -> list[str]:
    return BLOCK.findall((root / PAGE).read_text("utf-8"))


def test_every_block_of_the_page_is_a_plan_an_adoption_or_cases(blocks: list[str]) -> None:
    assert {block.split(":")[0] for block in blocks} == {"plan", "adoption", "cases"}


def test_every_plan_of_the_page_loads_and_is_valid_in_an_editor(blocks: list[str]) -> None:
    for block in (one for one in blocks if one.startswith("plan:")):
        assert load_plan(block, PAGE).articles
        judge(plan_schema).validate(plain(read_yaml(block, PAGE)))


def test_every_adoption_of_the_page_loads_and_is_valid_in_an_editor(blocks: list[str]) -> None:
    for block in (one for one in blocks if one.startswith("adoption:")):
        assert load_adoption(block, PAGE).record.complete
        judge(adoption_schema).validate(plain(read_yaml(block, PAGE)))


def test_every_case_of_the_page_loads(blocks: list[str]) -> None:
    for block in (one for one in blocks if one.startswith("cases:")):
        assert load_cases(block, PAGE)


@pytest.mark.parametrize(
    "text",
    [
        "a in [甲, 乙]",
        "a between [90, 95)",
        "exists a and not b",
        "days(happened, known) <= 3",
        "a + b * 2 - c",
    ],
)
def test_the_operators_of_the_page_parse_and_print(text: str) -> None:
    assert show(parse_expr(text)) == text
