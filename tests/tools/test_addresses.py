"""Addresses of registries and paths of machines are found wherever they stand."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools.addresses import findings_under
from tools.tree import files_of


def found(root: Path, text: str) -> list[str]:
    (root / "notes.md").write_text(f"first line\n{text}\n", encoding="utf-8")
    return [str(finding) for finding in findings_under(root)]


# The samples are put together here, or this file would be found itself.
@pytest.mark.parametrize(
    "sample",
    [
        "--index" + "-url somewhere",
        "https" + "://mirror.example/pypi/simple/",
        "see pypi" + ".org for it",
        '"resolved"' + ': "https' + '://registry.example/x.tgz"',
        "registry" + "=https" + "://registry.example",
    ],
)
def test_address_of_a_registry_is_found(tmp_path: Path, sample: str) -> None:
    assert found(tmp_path, sample) == ["notes.md:2: address of a package registry"]


@pytest.mark.parametrize(
    "sample", ["/" + "work/main", "cd /" + "tmp/x", "(/" + "home/chen/wenyou)", "/" + "root/.venv"]
)
def test_path_of_a_machine_is_found(tmp_path: Path, sample: str) -> None:
    assert found(tmp_path, sample) == ["notes.md:2: path of a machine"]


@pytest.mark.parametrize(
    "sample",
    ["src/" + "work/rules.py", "http://www.apache.org/licenses/", "a/" + "tmp/b", "registry: 台账"],
)
def test_plain_text_passes(tmp_path: Path, sample: str) -> None:
    assert found(tmp_path, sample) == []


def test_ignored_files_do_not_belong_to_the_tree(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("/var/\n", encoding="utf-8")
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "x.txt").touch()
    (tmp_path / "新.txt").touch()

    assert [path.name for path in files_of(tmp_path)] == [".gitignore", "新.txt"]


def test_place_of_this_very_tree_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, f"cd {tmp_path}") == ["notes.md:2: path of a machine"]
