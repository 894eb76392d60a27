"""Which words of its own the suite gives to pytest."""

from __future__ import annotations

import pytest

from tools.test import LEAN, PLATFORM, TWO, quick


@pytest.mark.parametrize(
    ("words", "lean", "two"),
    [
        (("tests/core", "-m", "not differential"), True, True),
        (("tests/core/test_rows.py",), True, False),
        (("tests/core/test_rows.py::test_one", "tests/tools"), True, True),
        (("tests/core", "-n", "4"), True, False),
        (("tests/core", *PLATFORM), False, True),
        (PLATFORM, False, True),
        (("-k", "ties"), False, False),
        ((), False, False),
    ],
)
def test_folders_are_run_by_two_processes_and_without_django_unless_they_need_it(
    words: tuple[str, ...], lean: bool, two: bool
) -> None:
    given = quick(words)

    assert (given[-len(LEAN) :] == LEAN) is lean
    assert (given[: len(TWO)] == TWO) is two
