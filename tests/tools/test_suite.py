"""Which words of its own the suite gives to pytest."""

from __future__ import annotations

import os
import sys

import pytest

from tools.test import COMPILED, LEAN, PLATFORM, TWO, compiled_once, quick


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


@pytest.mark.parametrize("forbidden", [True, False])
def test_what_may_not_be_compiled_beside_the_sources_is_compiled_beside_the_libraries(
    monkeypatch: pytest.MonkeyPatch, forbidden: bool
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", forbidden)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    before = dict(os.environ)

    with compiled_once():
        kept = "PYTHONDONTWRITEBYTECODE" in os.environ, os.environ.get("PYTHONPYCACHEPREFIX")

    assert kept == ((False, str(COMPILED)) if forbidden else (True, None))
    assert dict(os.environ) == before
