"""Chinese sentences of the program carry full-width marks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

HALF_WIDTH = re.compile(
    r"[\u4e00-\u9fff」”）](?:[,;!?]|:(?! ))|[,;:!?](?=[\u4e00-\u9fff「“（])|\((?=[\u4e00-\u9fff「“])"
)
# Lists, mappings and calls of the scheme language, article numbers, patterns, statements.
FORMS = re.compile(r"\[[^\]]*\]|\{[^}]*\}|[a-z]+\([^)]*\)|[一二三四五六七八九十]\([^)]*\)")
NOT_SAID = re.compile(r"\\d|\(\?|SELECT|choose from")
CLOSING_LINE = "一致 「」 条,不一致 「」 条,未评级 「」 条"
"""The closing line of a reconciliation, which is so by agreement."""


def literals(source: str) -> Iterator[str]:
    """The texts of a module that may be said; what an f-string puts in stands as 「」."""
    tree = ast.parse(source)
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            inside.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            parts = (
                part.value if isinstance(part, ast.Constant) else "「」" for part in node.values
            )
            yield "".join(map(str, parts))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in inside
        ):
            yield node.value


def half_width(source: str) -> list[str]:
    """The texts with Han characters beside half-width marks."""
    return [
        text
        for text in literals(source)
        if re.search(r"[\u4e00-\u9fff]", text)
        and not NOT_SAID.search(text)
        and text != CLOSING_LINE
        and HALF_WIDTH.search(FORMS.sub("", text))
    ]


@pytest.mark.parametrize(
    "source",
    ["x = '请核对,再算。'", "x = f'{y}:主键重复。'", "x = f'应有(事实{y})。'", "x = '重复;请改'"],
)
def test_half_width_mark_beside_a_han_character_is_found(source: str) -> None:
    assert len(half_width(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "x = '请写 days(起, 止)。'",
        "x = '例如“[甲, 乙]”。'",
        "x = '三(三)'",
        "'''说明,书'''",
        "x = 'a:b'",
    ],
)
def test_forms_of_the_language_are_not_taken_for_marks(source: str) -> None:
    assert half_width(source) == []


@pytest.mark.parametrize("package", ["wenyou_core", "wenyou_desk"])
def test_sentences_of_the_program_are_set_in_full_width(root: Path, package: str) -> None:
    found = {
        f"{path.relative_to(root)}：{text}"
        for path in sorted((root / "src" / package).rglob("*.py"))
        for text in half_width(path.read_text("utf-8"))
    }
    assert found == set()
