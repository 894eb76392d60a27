"""A bank in one file: everything comes back, and nothing that was changed is accepted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from wenyou.backup import keys
from wenyou.backup.crypt import BLOCK, BackupBroken, DecryptingReader, EncryptingWriter
from wenyou.vault.keyring import KeyMissing, KeyRing
from wenyou_core.errors import InputRefused


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


def sealed(plain: bytes, ring: KeyRing) -> bytes:
    target = io.BytesIO()
    with EncryptingWriter(target, ring, {"version": "t"}) as writer:
        writer.write(plain)
    return target.getvalue()


def opened(data: bytes, ring: KeyRing) -> bytes:
    return io.BufferedReader(DecryptingReader(io.BytesIO(data), ring)).read()


@given(size=st.one_of(st.integers(0, 50), st.integers(BLOCK - 2, BLOCK + 2)))
def test_a_stream_of_any_length_comes_back(ring: KeyRing, size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)

    assert opened(sealed(plain[:size], ring), ring) == plain[:size]


def test_several_blocks_come_back_in_order(ring: KeyRing) -> None:
    plain = b"a" * BLOCK + b"b" * BLOCK + b"c"

    assert opened(sealed(plain, ring), ring) == plain


@given(place=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_any_changed_bit_is_refused(ring: KeyRing, place: int, bit: int) -> None:
    data = bytearray(sealed("服务质量".encode() * 20, ring))
    data[place % len(data)] ^= 1 << bit

    with pytest.raises((BackupBroken, InputRefused, KeyMissing)):
        opened(bytes(data), ring)


@given(cut=st.integers(1, 200))
def test_a_file_cut_off_is_refused(ring: KeyRing, cut: int) -> None:
    data = sealed(b"x" * 100, ring)

    with pytest.raises((BackupBroken, InputRefused)):
        opened(data[:-cut], ring)


def test_whole_blocks_cut_off_are_missed(ring: KeyRing) -> None:
    data = sealed(b"a" * BLOCK + b"b", ring)
    first = data[: data.index(b"\n", 20) + 1 + 4 + BLOCK + 16]

    with pytest.raises(BackupBroken):
        opened(first, ring)


def test_bytes_added_behind_the_end_are_refused(ring: KeyRing) -> None:
    with pytest.raises(BackupBroken, match="末尾"):
        opened(sealed(b"x", ring) + b"y", ring)


def test_without_its_key_the_key_is_named(ring: KeyRing, tmp_path: Path) -> None:
    with pytest.raises(KeyMissing, match=ring.current().id):
        opened(sealed(b"x", ring), KeyRing(tmp_path))


def adopted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys with the backup beside them, and where they are taken over to."""
    data = type(settings.DATA)(tmp_path / "data")
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    stick = tmp_path / "stick"
    KeyRing(stick).current()
    KeyRing(stick).index_key()
    (stick / "bank.wenyou").write_bytes(b"0" * 100_000)
    return stick


def test_only_what_can_be_a_key_is_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = adopted(tmp_path, monkeypatch)
    KeyRing(settings.DATA.keys).index_key()

    keys.adopt(stick)

    there = {one.name: one for one in settings.DATA.keys.iterdir()}
    assert set(there) == {one.name for one in stick.iterdir()} - {"bank.wenyou"}
    assert there["index.key"].read_bytes() == (stick / "index.key").read_bytes()
    assert {one.stat().st_mode & 0o777 for one in there.values()} == {0o600}


def test_a_key_whose_copying_was_cut_off_is_taken_over_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = adopted(tmp_path, monkeypatch)

    def died(*_: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr("os.fsync", died)
        with pytest.raises(KeyboardInterrupt):
            keys.adopt(stick)
    assert not list(settings.DATA.keys.iterdir())

    keys.adopt(stick)
    assert KeyRing(settings.DATA.keys).current().id == KeyRing(stick).current().id
