"""What makes the core impure is found where it is planted."""

from __future__ import annotations

import ast

import pytest

from tools.purity import findings_in


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(tz)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "random.choice(rows)",
        "from random import shuffle",
        "float(points)",
        "share = 0.5",
    ],
)
def test_clock_luck_or_binary_fraction_is_found(source: str) -> None:
    assert len(list(findings_in(ast.parse(source), "src/wenyou_core/planted.py"))) == 1


@pytest.mark.parametrize(
    "source",
    ["random.Random(seed)", "from random import Random", "at.time()", "isinstance(x, float)"],
)
def test_what_is_handed_in_passes(source: str) -> None:
    assert list(findings_in(ast.parse(source), "src/wenyou_core/planted.py")) == []
