"""The budgets find what is planted, and let pass what is within them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.budgets import EXCEPTIONS, Allowance, findings_under

Plant = Callable[[str, str], None]
CORE = "src/wenyou_core/planted.py"
DESK = "src/wenyou_desk/planted.py"


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    def write(name: str, source: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")

    return write


def function(lines: int, docstring: str = "Doc.") -> str:
    """A module with one public function of so many lines, its docstring not counted."""
    body = "    pass\n" * (lines - 1)
    return f'"""Module."""\ndef planted() -> None:\n    """{docstring}"""\n{body}'


def texts(root: Path, exceptions: dict[str, Allowance] | None = None) -> list[str]:
    return [str(finding) for finding in findings_under(root, exceptions or {})]


def test_function_of_the_core_at_its_limit_passes(plant: Plant, tmp_path: Path) -> None:
    plant(CORE, function(40))

    assert texts(tmp_path) == []


def test_function_of_the_core_over_its_limit_is_found(plant: Plant, tmp_path: Path) -> None:
    plant(CORE, function(41))

    assert texts(tmp_path) == [f"{CORE}:2: 41 lines in planted(), limit 40"]


def test_long_docstring_costs_nothing(plant: Plant, tmp_path: Path) -> None:
    plant(CORE, function(40, "Doc.\n\n" + "    More.\n" * 30 + "    "))

    assert texts(tmp_path) == []


@pytest.mark.parametrize(("lines", "found"), [(60, 0), (61, 1)])
def test_function_elsewhere_has_the_wider_limit(
    plant: Plant, tmp_path: Path, lines: int, found: int
) -> None:
    plant(DESK, function(lines))

    assert len(texts(tmp_path)) == found


@pytest.mark.parametrize(("lines", "found"), [(400, 0), (401, 1)])
def test_file_has_a_limit(plant: Plant, tmp_path: Path, lines: int, found: int) -> None:
    plant(DESK, "x = 1\n" * lines)

    assert len(texts(tmp_path)) == found


def test_sixth_argument_by_position_is_found(plant: Plant, tmp_path: Path) -> None:
    plant(DESK, "class A:\n    def m(self, a, b, c, d, e): ...\ndef f(a, b, c, d, e, g): ...\n")

    assert texts(tmp_path) == [f"{DESK}:3: f() takes 6 arguments by position, limit 5"]


def test_arguments_by_keyword_are_free(plant: Plant, tmp_path: Path) -> None:
    plant(DESK, "def f(a, *, b, c, d, e, g, h): ...\n")

    assert texts(tmp_path) == []


def test_silent_public_function_of_the_core_is_found(plant: Plant, tmp_path: Path) -> None:
    plant(
        CORE, '"""Module."""\ndef f(): ...\nclass A:\n    def m(self): ...\n    def _p(self): ...\n'
    )

    assert texts(tmp_path) == [
        f"{CORE}:2: public function f() of the core without docstring",
        f"{CORE}:4: public function m() of the core without docstring",
    ]


def test_silent_function_elsewhere_passes(plant: Plant, tmp_path: Path) -> None:
    plant(DESK, "def f(): ...\n")

    assert texts(tmp_path) == []


def test_suppression_without_reason_is_found(plant: Plant, tmp_path: Path) -> None:
    mark = "# no" + "qa"
    plant(DESK, f"x = 1  {mark}\ny = 1  {mark}: E501\nz = 1  {mark}: E501 -- a long address\n")

    assert [text.split(":")[1] for text in texts(tmp_path)] == ["1", "2"]


def test_exception_of_exactly_that_figure_is_borne(plant: Plant, tmp_path: Path) -> None:
    plant(DESK, function(70))

    assert texts(tmp_path, {f"{DESK}::planted": Allowance(70, "a table")}) == []


@pytest.mark.parametrize("figure", [69, 71])
def test_exception_of_another_figure_is_found(plant: Plant, tmp_path: Path, figure: int) -> None:
    plant(DESK, function(70))

    found = texts(tmp_path, {f"{DESK}::planted": Allowance(figure, "a table")})

    assert found == [f"{DESK}:2: 70 lines in planted(); the exception says {figure}"]


def test_exception_that_is_no_longer_needed_is_found(plant: Plant, tmp_path: Path) -> None:
    plant(DESK, function(60))

    assert len(texts(tmp_path, {f"{DESK}::planted": Allowance(60, "a table")})) == 1


def test_exception_for_what_is_gone_is_found(tmp_path: Path) -> None:
    found = texts(tmp_path, {"src/gone.py": Allowance(500, "a table")})

    assert found == ["src/gone.py:1: an exception for something that is gone"]


def test_every_exception_gives_its_reason() -> None:
    assert [key for key, allowance in EXCEPTIONS.items() if len(allowance.reason) < 10] == []
