"""What a raw cell may be, and the small tools every kind of value needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from wenyou_desk.tables.spec import ReadOptions, Value


class Truth(Enum):
    """True and False of a file. Not bool: True == 1.0 would share a memo with a number."""

    TRUE = "TRUE"
    FALSE = "FALSE"


Raw = str | int | float | Decimal | date | datetime | time | timedelta | Truth | None
Notes = list[str]
Converter = Callable[[Raw, Notes], Value]
AtOnce = Callable[[Sequence[Raw]], list[Value] | None]
"""A whole column read at once, or None where some cell has to be looked at by itself."""

# Width folding only: NFKC would also read 10² as 102 and ½ as 1⁄2.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WIDTH |= {0x3000: 0x20, 0xFFE5: 0xA5, 0x2212: 0x2D, 0xFE63: 0x2D, 0xA0: 0x20}

# Controls, zero-width and direction marks: unseen in the sheet, yet they keep words apart. They come
# along when a cell is copied from a web page, a chat or the properties of a file.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069"
    "\ufeff\ufffe\uffff]"
)

EXCEL_DIGITS = Decimal(10) ** 15  # Excel keeps 15 significant digits


class Origin(Enum):
    EXCEL = "excel"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Source:
    """What a converter must know of the file a cell comes from."""

    origin: Origin
    options: ReadOptions
    date_1904: bool = False


class BadCell(Exception):
    """A cell that cannot be read; the text is a Chinese sentence without the place."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text


def fold(text: str) -> str:
    """Full-width letters, digits and signs to plain ones; outer blanks and unseen signs off."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return UNSEEN.sub("", text.translate(_WIDTH)).strip()


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """The form in which words (headers, choices, sheet names) are compared.

    Kept, because a header is looked for under the titles of every sheet.
    """
    text = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    return "".join(text.split()).replace("*", "").casefold()


def shown(raw: object) -> str:
    """A raw value as it is quoted in a sentence: short, on one line."""
    text = raw.value if isinstance(raw, Truth) else plain(raw)
    text = "".join(char if char.isprintable() else " " for char in text)
    return f"「{text[:20]}…」" if len(text) > 20 else f"「{text}」"


def exact(number: float) -> Decimal:
    """A float as Excel shows it: 15 significant digits, so 0.1+0.2 is 0.3."""
    return Decimal(f"{number:.15g}")


def plain(raw: object) -> str:
    """A raw value as text, as a person reads it in the sheet."""
    if isinstance(raw, float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            return str(raw)
        return canonical_text(exact(raw))
    if isinstance(raw, Decimal) and raw.is_finite():
        return canonical_text(raw)
    if isinstance(raw, datetime):
        return raw.isoformat(sep=" ", timespec="seconds")
    if isinstance(raw, time):
        return raw.isoformat(timespec="seconds")
    return str(raw)


def canonical_text(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
