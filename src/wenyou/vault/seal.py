"""Seal and open short texts, and index them blindly for exact look-up.

A sealed text reads ``1.aes.<key id>.<base64>``: form, cipher, key, then nonce and ciphertext
with its tag. What it belongs to is bound in as associated data, so that a sealed text copied
into another row does not open there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from wenyou.vault.keyring import Key, KeyRing
from wenyou_core.errors import WenyouError

FORM = "1"
NONCE_BYTES, TAG_BYTES, SM4_BYTES = 12, 16, 16
PURPOSE = "seal"


class CipherName(StrEnum):
    """AES-256-GCM, or SM4-GCM (GB/T 32907) where the house must use national ciphers."""

    AES = "aes"
    SM4 = "sm4"


class SealBroken(WenyouError):
    """A sealed text was changed, cut off, or stands where it does not belong."""

    def __init__(self) -> None:
        super().__init__(
            "seal-broken", "这项加密内容已被改动或移位，无法打开。请联系系统管理员从备份核对。"
        )


def seal(text: str, *, bound_to: str, ring: KeyRing, cipher: CipherName = CipherName.AES) -> str:
    """Encrypt ``text`` with the current key; an empty text stays empty."""
    if not text:
        return ""
    key = ring.current()
    nonce = secrets.token_bytes(NONCE_BYTES)
    secret, plain, bound = key.for_purpose(f"{PURPOSE} {cipher}"), text.encode(), bound_to.encode()
    if cipher is CipherName.AES:
        sealed = AESGCM(secret).encrypt(nonce, plain, bound)
    else:
        encryptor = Cipher(algorithms.SM4(secret[:SM4_BYTES]), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(bound)
        sealed = encryptor.update(plain) + encryptor.finalize() + encryptor.tag
    return ".".join((FORM, cipher, key.id, base64.b64encode(nonce + sealed).decode("ascii")))


def unseal(sealed: str, *, bound_to: str, ring: KeyRing) -> str:
    """The text of :func:`seal`; raises SealBroken, KeyMissing."""
    if not sealed:
        return ""
    try:
        form, name, key_id, body = sealed.split(".")
        cipher, raw = CipherName(name), base64.b64decode(body, validate=True)
    except ValueError:
        raise SealBroken from None
    if form != FORM or len(raw) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken
    secret = ring.key(key_id).for_purpose(f"{PURPOSE} {cipher}")
    nonce, body_bytes, bound = raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()
    try:
        if cipher is CipherName.AES:
            return AESGCM(secret).decrypt(nonce, body_bytes, bound).decode()
        tag = body_bytes[-TAG_BYTES:]
        decryptor = Cipher(algorithms.SM4(secret[:SM4_BYTES]), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound)
        return (decryptor.update(body_bytes[:-TAG_BYTES]) + decryptor.finalize()).decode()
    except (InvalidTag, UnicodeDecodeError):
        raise SealBroken from None


def blind_index(text: str, *, purpose: str, ring: KeyRing, key: Key | None = None) -> str:
    """A keyed hash for exact look-up, 64 hex digits; empty stays empty. ``key`` where it was
    read already.

    The caller brings the text into its one form first (no spaces, capital letters).
    """
    return _hashed(text, purpose, ring.index_key() if key is None else key.secret)


def blind_indexes(text: str, *, purpose: str, ring: KeyRing) -> tuple[str, ...]:
    """What to look for: the same under each key that indexes may still be made with."""
    return tuple(_hashed(text, purpose, key) for key in ring.index_keys())


def _hashed(text: str, purpose: str, key: bytes) -> str:
    if not text:
        return ""
    message = f"{purpose}\0{text}".encode()
    return hmac.new(key, message, hashlib.sha256).hexdigest()
