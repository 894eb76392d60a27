"""The layers hold: planted imports against them are found, and the core stands alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ALONE = """
import importlib, pkgutil, sys
for name in ("django", "wenyou", "wenyou_desk", "wenyou_schemes"):
    sys.modules[name] = None
import wenyou_core
names = [found.name for found in pkgutil.walk_packages(wenyou_core.__path__, "wenyou_core.")]
for name in names:
    importlib.import_module(name)
print(len(names))
"""


@pytest.fixture
def planted(root: Path, tmp_path: Path) -> Path:
    """The contracts of this repository over packages that hold next to nothing."""
    shutil.copy(root / "pyproject.toml", tmp_path)
    shutil.copytree(root / "tools", tmp_path / "tools")  # a contract of our own is among them
    for name in ("wenyou", "wenyou_core", "wenyou_desk", "wenyou_schemes"):
        (tmp_path / "src" / name).mkdir(parents=True)
        (tmp_path / "src" / name / "__init__.py").touch()
    for name in ("rows", "errors", "money", "scheme", "assess"):
        (tmp_path / "src" / "wenyou_core" / f"{name}.py").touch()
    return tmp_path


def broken_contracts(root: Path) -> list[str]:
    linter = "from importlinter.cli import lint_imports_command as command; command()"
    done = subprocess.run(
        [sys.executable, "-c", linter, "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    lines = done.stdout.splitlines()
    broken = [line.removesuffix(" BROKEN") for line in lines if line.endswith(" BROKEN")]
    assert (done.returncode == 0) == (broken == []), done.stdout + done.stderr
    return broken


def test_empty_packages_break_no_contract(planted: Path) -> None:
    assert broken_contracts(planted) == []


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("wenyou_core/scheme.py", "import django", "The core is plain Python"),
        ("wenyou_core/scheme.py", "import wenyou_desk", "The core is plain Python"),
        ("wenyou_core/scheme.py", "import wenyou_schemes", "The core is plain Python"),
        ("wenyou_schemes/__init__.py", "import wenyou_core", "Plans are data"),
        ("wenyou_desk/__init__.py", "import django", "The desk needs no Django"),
        ("wenyou_core/money.py", "import wenyou_core.scheme", "Inside the core"),
        ("wenyou_core/scheme.py", "import wenyou_core.assess", "Inside the core"),
        ("wenyou_core/stray.py", "", "Inside the core"),
    ],
)
def test_import_against_the_layers_is_found(
    planted: Path, module: str, line: str, contract: str
) -> None:
    (planted / "src" / module).write_text(f"{line}\n", encoding="utf-8")

    assert broken_contracts(planted) == [contract]


def test_import_down_the_layers_passes(planted: Path) -> None:
    scheme = planted / "src" / "wenyou_core" / "scheme.py"
    scheme.write_text("import wenyou_core.money\nimport wenyou_core.errors\n", encoding="utf-8")

    assert broken_contracts(planted) == []


@pytest.mark.parametrize("late", ["", "def late():\n    "])
def test_modules_that_import_each_other_are_found_however_late_they_do(
    planted: Path, late: str
) -> None:
    desk = planted / "src" / "wenyou_desk"
    (desk / "one.py").write_text("import wenyou_desk.two\n", encoding="utf-8")
    (desk / "two.py").write_text(f"{late}import wenyou_desk.one\n", encoding="utf-8")

    assert broken_contracts(planted) == ["No circles"]


def test_core_is_imported_without_django_desk_or_schemes(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ALONE],
        env={**os.environ, "PYTHONPATH": str(root / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )

    assert done.stderr == ""
    assert int(done.stdout) >= 1
