"""Codes of the second step: the secret, its address and picture, and judging a code (RFC 6238).

The picture is made here, so that no other host learns the secret.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from urllib.parse import quote, urlencode

import qrcode
from django_otp.oath import TOTP

from wenyou.accounts.models import SecondStep, User
from wenyou.vault.house import house_ring, open_field, seal_field
from wenyou.vault.seal import blind_index

MODEL, FIELD = "second_step", "secret"
# What every authenticator takes as given when an address does not say otherwise.
STEP_SECONDS, DIGITS, SECRET_BYTES = 30, 6, 20
ISSUER = "文优"
# Without signs that are mistaken for each other; ten of them are 49 bits.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWX"
RECOVERY_SIGNS = 10


def seal_fresh(row: SecondStep, cipher: str) -> None:
    """Put a fresh secret into a saved row (not saving it)."""
    plain = secrets.token_bytes(SECRET_BYTES).hex()
    row.sealed = seal_field(plain, model=MODEL, field=FIELD, pk=row.pk, cipher=cipher)


def secret_of(row: SecondStep) -> bytes:
    """The secret itself. Raises KeyMissing, SealBroken."""
    return bytes.fromhex(open_field(row.sealed, model=MODEL, field=FIELD, pk=row.pk))


def typed_secret(row: SecondStep) -> str:
    """The secret as people type it: base32 in groups of four."""
    text = base64.b32encode(secret_of(row)).decode("ascii")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of_secret(row: SecondStep, user: User) -> str:
    """What the picture says: an ``otpauth:`` address; short, for a worn camera has to read it."""
    said = {"secret": typed_secret(row).replace(" ", ""), "issuer": ISSUER}
    return f"otpauth://totp/{quote(f'{ISSUER}:{user.number}')}?{urlencode(said, quote_via=quote)}"


def picture(text: str) -> tuple[int, str]:
    """A QR code as the side of its square and the path of its dark modules, margin included."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return len(rows), path


def step_of(row: SecondStep, code: str, *, now: float, drift: int) -> int | None:
    """The time step a code belongs to, within ``drift`` steps; None for a wrong or older one."""
    if len(code) != DIGITS or not code.isascii() or not code.isdigit():
        return None
    totp = TOTP(secret_of(row), step=STEP_SECONDS, digits=DIGITS)
    totp.time = now
    return totp.t() if totp.verify(int(code), drift, row.last_step + 1) else None


def one_form_of(code: str) -> str:
    """A code as it is compared: half-width, no blanks or dashes, capital letters."""
    plain = unicodedata.normalize("NFKC", code)
    return "".join(sign for sign in plain if sign.isalnum()).upper()


def fresh_recovery() -> str:
    """A recovery code: ABCDE-FGHJK."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_SIGNS))
    return f"{signs[:5]}-{signs[5:]}"


def digest_of(user: User, code: str) -> str:
    """What is kept of a recovery code: hashed with a key that lies outside the database."""
    purpose = f"recovery {user.pk}"
    return blind_index(one_form_of(code), purpose=purpose, ring=house_ring())
