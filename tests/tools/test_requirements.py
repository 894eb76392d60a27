"""The pinned files: complete with hashes, and silent about where packages come from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

GROUPS = ("base", "assets", "notify", "dev", "bench")
PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==\S+(?: ; [^\\]+)?(?: --hash=sha256:[0-9a-f]{64})+")


def logical_lines(path: Path) -> list[str]:
    joined = re.sub(r"\s*\\\n\s*", " ", path.read_text(encoding="utf-8"))
    return [line.strip() for line in joined.splitlines() if line.strip()]


def names_in(path: Path) -> set[str]:
    return {re.split(r"[=\[ ;]", line)[0].lower() for line in logical_lines(path)}


@pytest.mark.parametrize("group", GROUPS)
def test_every_pinned_line_is_a_version_with_hashes_and_nothing_else(
    root: Path, group: str
) -> None:
    lines = logical_lines(root / "requirements" / f"{group}.txt")

    assert lines != []
    assert [line for line in lines if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_wanted_package_is_pinned(root: Path, group: str) -> None:
    folder = root / "requirements"
    wanted = {name for name in names_in(folder / f"{group}.in") if not name.startswith("#")}

    assert wanted - names_in(folder / f"{group}.txt") == set()


def test_groups_that_are_installed_together_agree_on_versions(root: Path) -> None:
    pins: dict[str, set[str]] = {}
    for group in GROUPS:
        for line in logical_lines(root / "requirements" / f"{group}.txt"):
            pin = line.split(" --hash")[0].split(" ;")[0]
            if " ; python_full_version" not in line:
                pins.setdefault(pin.partition("==")[0], set()).add(pin)

    assert {name: found for name, found in pins.items() if len(found) > 1} == {}
