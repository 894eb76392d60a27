"""Signed daily lines of the chain, kept in files outside the database.

Whoever can write the database can write a new chain; without the key he cannot sign it, and
the lines that lie elsewhere tell which end was true on which day.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wenyou.audit.chain import chain_rows, end_of_chain, lock
from wenyou.audit.models import AuditAnchor
from wenyou.environment import text as from_environment
from wenyou.vault.keyring import write_secret
from wenyou_core.errors import InputRefused

KEY_FILE = "anchor.key"
SAYS = "wenyou-anchor-1"
ID_SIGNS, WHOLE_SIGNS = 16, 64
PINNED = "WENYOU_AUDIT_KEY"
_BETWEEN, _HEX = re.compile(r"[\s,，、;；]+"), re.compile(r"[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it lies in a file: the end of the chain on a day, with who signed it."""

    day: date
    place: int
    chain: str
    key_id: str
    signature: str

    @property
    def said(self) -> bytes:
        """What is signed."""
        return f"{SAYS} {self.day.isoformat()} {self.place} {self.chain}".encode("ascii")

    @property
    def text(self) -> str:
        """The line without its end."""
        parts = (self.day.isoformat(), str(self.place), self.chain, self.key_id, self.signature)
        return "\t".join(parts)


def anchor(now: datetime | None = None, *, folder: Path | None = None) -> AuditAnchor | None:
    """Sign the end of the chain once a day; None when today is signed or nothing is chained.

    The line is written before the row: what broke off in between is taken up from the line.
    """
    now = now or timezone.now()
    folder = folder or settings.DATA.anchors
    day = timezone.localdate(now)
    if AuditAnchor.objects.filter(day=day).exists():
        return None
    chain_rows(now)
    with transaction.atomic():
        lock()
        place, chain = end_of_chain()
        if not place or AuditAnchor.objects.filter(day=day).exists():
            return None
        line = next((one for one in read_lines(folder) if one.day == day), None)
        if line is None:
            line = signed(Line(day, place, chain, "", ""))
            append(folder, line)
        return AuditAnchor.objects.create(
            day=day,
            place=line.place,
            chain=line.chain,
            key_id=line.key_id,
            signature=line.signature,
            at=now,
        )


def signed(line: Line) -> Line:
    """The line with the signature of this house."""
    key = house_key()
    signature = base64.b64encode(key.sign(line.said)).decode("ascii")
    return Line(line.day, line.place, line.chain, id_of(key.public_key()), signature)


def house_key() -> Ed25519PrivateKey:
    """The key in the data folder, made at first use; its public half lies with the lines."""
    path = settings.DATA.keys / KEY_FILE
    if not path.is_file():
        write_secret(path, Ed25519PrivateKey.generate().private_bytes_raw().hex())
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip()))
    public = key.public_key()
    file = settings.DATA.anchors / f"anchor-{id_of(public)}.pub"
    if not file.is_file():
        file.write_text(public.public_bytes_raw().hex() + "\n", encoding="ascii")
    return key


def fingerprint(public: Ed25519PublicKey) -> str:
    """The whole fingerprint of a key, to be kept on paper: SHA-256 in 64 signs."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()


def id_of(public: Ed25519PublicKey) -> str:
    """A short name of a key."""
    return fingerprint(public)[:ID_SIGNS]


def public_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    """The public halves that lie beside the lines, by their id; one that lies is left out."""
    found = {}
    for file in sorted(folder.glob("anchor-*.pub")):
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(file.read_text("ascii").strip()))
        except (OSError, ValueError):
            continue
        if file.name == f"anchor-{id_of(key)}.pub":
            found[id_of(key)] = key
    return found


def pinned(said: Sequence[str]) -> tuple[str, ...]:
    """The fingerprints that are trusted: as said, else as the environment has them; may be none.

    Raises InputRefused for what is no fingerprint.
    """
    words = [one for text in said or (from_environment(PINNED),) for one in _BETWEEN.split(text)]
    found = tuple(one.lower() for one in words if one)
    for one in found:
        if len(one) not in (ID_SIGNS, WHOLE_SIGNS) or not _HEX.fullmatch(one):
            raise InputRefused(
                "audit-key",
                f"“{one[:70]}”不是公钥指纹，应为 {ID_SIGNS} 或 {WHOLE_SIGNS} 位十六进制字符，请核对。",
            )
    return found


def holds(line: Line, keys: dict[str, Ed25519PublicKey]) -> bool:
    """Whether a line was signed by one of the keys."""
    key = keys.get(line.key_id)
    if key is None:
        return False
    try:
        key.verify(base64.b64decode(line.signature, validate=True), line.said)
    except (InvalidSignature, ValueError):
        return False
    return True


def append(folder: Path, line: Line) -> None:
    """Add a line to the year's file, on the disk before anything else happens."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{line.day.year}.txt"
    with path.open("a", encoding="ascii", newline="\n") as file:
        file.write(line.text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_lines(folder: Path) -> list[Line]:
    """All lines of all years, by day."""
    return sorted(_lines(folder.glob("*.txt")), key=lambda one: (one.day, one.place))


def _lines(files: Iterable[Path]) -> Iterator[Line]:
    for file in files:
        for text in file.read_text(encoding="utf-8", errors="replace").splitlines():
            parts = text.split("\t")
            if len(parts) != 5 or not parts[1].isdecimal():
                continue
            try:
                day = date.fromisoformat(parts[0])
            except ValueError:
                continue
            yield Line(day, int(parts[1]), parts[2], parts[3], parts[4])
