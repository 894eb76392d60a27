"""The folder for a machine without network, and the launcher that installs from it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from wenyou.pack.build import MACHINES, SUMS, WHEELS, download_words, pack
from wenyou_core.errors import InputRefused


def loads_one_wheel(words: Sequence[str]) -> int:
    folder = Path(words[words.index("--dest") + 1])
    folder.mkdir(exist_ok=True)
    (folder / "a-1-py3-none-any.whl").write_bytes(b"wheel")
    return 0


def quiet(_: str) -> None:
    return None


def test_pack_holds_program_wheels_and_a_checksum_of_each_file(tmp_path: Path) -> None:
    target = tmp_path / "pack"

    assert pack(target, [], "3.11", quiet, loads_one_wheel) == 1

    lines = (target / SUMS).read_text(encoding="utf-8").splitlines()
    said = {line[66:]: line[:64] for line in lines}
    there = {p.relative_to(target).as_posix() for p in target.rglob("*") if p.is_file()} - {SUMS}
    assert set(said) == there
    assert {"wenyou", f"{WHEELS}/a-1-py3-none-any.whl", "requirements/base.txt"} <= there
    assert said["wenyou"] == hashlib.sha256((target / "wenyou").read_bytes()).hexdigest()


def test_a_failed_download_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="没有收齐"):
        pack(tmp_path / "pack", [], "3.11", quiet, lambda _: 1)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_not_written_into(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x", encoding="utf-8")

    with pytest.raises(InputRefused, match="不是空的"):
        pack(tmp_path, [], "3.11", quiet, loads_one_wheel)


def test_wheels_of_another_machine_are_asked_for_by_its_tags() -> None:
    words = download_words(Path("w"), MACHINES["windows-x64"], "3.12")

    assert words[words.index("--python-version") + 1] == "3.12"
    assert "win_amd64" in words
    assert "--require-hashes" in words
