"""Files of the keys: written whole or not at all, and a change that was cut off harms nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wenyou.vault.keyring import OLD_INDEX, KeyRing, write_secret


class Died(Exception):
    """The process is gone at this point."""


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    ring = KeyRing(tmp_path / "keys")
    ring.index_key()
    return ring


def test_a_secret_that_was_cut_off_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def died(*_: object) -> int:
        raise Died

    monkeypatch.setattr("os.fsync", died)
    with pytest.raises(Died):
        write_secret(tmp_path / "a.key", "0011")
    assert not (tmp_path / "a.key").exists()

    monkeypatch.undo()
    write_secret(tmp_path / "a.key", "2233")
    assert (tmp_path / "a.key").read_text(encoding="ascii") == "2233"
    assert [one.name for one in tmp_path.iterdir()] == ["a.key"]


def test_a_secret_that_is_there_stays_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    write_secret(tmp_path / "a.key", "0011")
    write_secret(tmp_path / "a.key", "2233")

    assert (tmp_path / "a.key").read_text(encoding="ascii") == "0011"
    assert stat.S_IMODE((tmp_path / "a.key").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["a.key"]


def test_a_change_cut_off_before_the_new_key_is_no_change_and_can_be_made_again(
    ring: KeyRing,
) -> None:
    old = ring.index_id()
    write_secret(ring.folder / OLD_INDEX, ring.index_key().hex())  # and the process died

    assert not ring.index_changing()
    assert len(ring.index_keys()) == 1
    assert not ring.retire_index(made_with=old)
    assert not (ring.folder / "retired").exists()
    assert ring.rotate_index() != old
    assert ring.index_changing()


def test_a_second_change_before_the_first_is_finished_loses_no_key(ring: KeyRing) -> None:
    first = ring.index_id()
    second = ring.rotate_index()

    assert ring.rotate_index() == second
    assert ring.retire_index(made_with=second)
    assert (ring.folder / "retired" / f"index-{first}.key").is_file()


def test_the_key_before_stays_while_marks_were_made_with_another(ring: KeyRing) -> None:
    before = ring.index_id()
    ring.rotate_index()

    assert not ring.retire_index(made_with=before)
    assert ring.index_changing()


def test_a_key_that_is_laid_aside_while_it_is_looked_for_is_none(
    ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring.rotate_index()
    read = KeyRing._read

    def late(path: Path, key_id: str) -> bytes:
        if path.name == OLD_INDEX:
            path.unlink()
        return read(path, key_id)

    monkeypatch.setattr(KeyRing, "_read", staticmethod(late))

    assert ring.index_keys() == (ring.index_key(),)
    assert not ring.index_changing()
