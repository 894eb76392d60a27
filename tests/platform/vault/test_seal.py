"""Sealed texts: they open where they belong, and nowhere else."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou.vault.keyring import KeyMissing, KeyRing
from wenyou.vault.seal import CipherName, SealBroken, blind_index, seal, unseal


@pytest.fixture(scope="module")
def ring(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys"))


@given(text=st.text(max_size=200), cipher=st.sampled_from(CipherName))
def test_what_is_sealed_opens_again(ring: KeyRing, text: str, cipher: CipherName) -> None:
    sealed = seal(text, bound_to="employee/phone/1", ring=ring, cipher=cipher)

    assert unseal(sealed, bound_to="employee/phone/1", ring=ring) == text


@pytest.mark.parametrize("cipher", CipherName)
def test_a_sealed_text_does_not_open_in_another_row(ring: KeyRing, cipher: CipherName) -> None:
    sealed = seal("13800000000", bound_to="employee/phone/1", ring=ring, cipher=cipher)

    with pytest.raises(SealBroken):
        unseal(sealed, bound_to="employee/phone/2", ring=ring)


@given(place=st.integers(0, 10_000), cipher=st.sampled_from(CipherName))
def test_a_changed_character_is_found(ring: KeyRing, place: int, cipher: CipherName) -> None:
    sealed = seal("13800000000", bound_to="x", ring=ring, cipher=cipher)
    at = place % len(sealed)
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]

    with pytest.raises((SealBroken, KeyMissing)):
        unseal(changed, bound_to="x", ring=ring)


def test_the_same_text_is_sealed_differently_each_time(ring: KeyRing) -> None:
    assert seal("同一句话", bound_to="x", ring=ring) != seal("同一句话", bound_to="x", ring=ring)


def test_after_a_new_key_the_old_one_still_opens(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    before = seal("内容", bound_to="x", ring=ring)

    fresh = ring.rotate()

    assert unseal(before, bound_to="x", ring=ring) == "内容"
    assert seal("内容", bound_to="x", ring=ring).split(".")[2] == fresh.id


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    sealed = seal("内容", bound_to="x", ring=KeyRing(tmp_path / "keys"))
    key_id = sealed.split(".")[2]

    with pytest.raises(KeyMissing, match=f"key-{key_id}.key"):
        unseal(sealed, bound_to="x", ring=KeyRing(tmp_path / "other"))


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    ring.current()
    ring.index_key()

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "keys").glob("*.key")}
    assert modes == {0o600}


def test_a_blind_index_finds_the_same_text_of_the_same_purpose_alone(ring: KeyRing) -> None:
    index = blind_index("13800000000", purpose="phone", ring=ring)

    assert index == blind_index("13800000000", purpose="phone", ring=ring)
    assert index != blind_index("13800000000", purpose="identity", ring=ring)
    assert "138" not in index
