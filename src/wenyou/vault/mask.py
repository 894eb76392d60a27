"""Hide personal data on screen: telephone, identity and card numbers, names, free text.

What is left serves to recognise what one knows already, not to learn it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

STAR = "*"
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:18|19|20)\d{9}[\dXx](?![0-9A-Za-z])")
_CARD = re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){2}(?:[ -]?\d{1,7})(?!\d)")
_DATED = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ -]\d{7,8}(?!\d)")
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9.\-]{1,253}\.[A-Za-z]{2,24}")
_PATTERNS = (
    (_IDENTITY, 4, 4),
    (_MOBILE, 3, 4),
    (_CARD, 4, 4),
    (_LANDLINE, 4, 2),
    (_MAIL, 1, 4),
)
_KINDS = ("identity", "phone", "card", "phone", "mail")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def one_form(text: str) -> str:
    """A number in the one form that is indexed: no blanks or dashes, half-width, capitals."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if sign.isalnum()).upper()


def is_identity(text: str) -> bool:
    """Whether an identity number is whole and its check digit is right (GB 11643)."""
    number = one_form(text)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[17]


def mask_number(text: str, head: int, tail: int) -> str:
    """The first and last signs; everything between, and all of a short one, is starred."""
    if len(text) <= head + tail:
        return STAR * len(text)
    return text[:head] + STAR * (len(text) - head - tail) + text[len(text) - tail :]


class _Halves(dict[int, int]):
    """Digits of any width as plain ones, everything else as it is; each sign is asked once."""

    def __missing__(self, code: int) -> int:
        folded = unicodedata.normalize("NFKC", chr(code))
        plain = len(folded) == 1 and folded.isascii() and folded.isdigit()
        return self.setdefault(code, ord(folded) if plain else code)


_HALVES = _Halves()


def mask_phone(text: str) -> str:
    """13812345678 → 138****5678."""
    return mask_number(one_form(text), 3, 4)


def mask_identity(text: str) -> str:
    """Region and last four stay."""
    return mask_number(one_form(text), 4, 4)


def mask_name(name: str) -> str:
    """The first sign stays: 张三丰 → 张**."""
    plain = name.strip()
    return plain[:1] + STAR * (len(plain) - 1) if len(plain) > 1 else STAR * len(plain)


def mask_text(text: str) -> str:
    """Free text in which every identity, card and telephone number and address of mail is
    starred; the rest stays as typed, so that it can be searched.
    """
    # Full-width digits would slip through; one sign stays one sign, so places are kept.
    plain = text.translate(_HALVES)
    for pattern, head, tail in _PATTERNS:
        plain = pattern.sub(_starred(pattern, head, tail), plain)
    return plain


def numbers_in(text: str) -> list[tuple[str, str]]:
    """The numbers that :func:`mask_text` stars, in their one form, each with its kind."""
    plain = text.translate(_HALVES)
    found: list[tuple[str, str]] = []
    for (pattern, head, tail), kind in zip(_PATTERNS, _KINDS, strict=True):
        for match in pattern.finditer(plain):
            if pattern is _CARD and not _may_be_card(match[0]):
                continue
            found.append((kind, number_form(match[0], kind)))
        plain = pattern.sub(_starred(pattern, head, tail), plain)
    return found


def number_form(text: str, kind: str) -> str:
    """A number in the form it is looked up by: 86 before a mobile number does not count."""
    number = one_form(text)
    if kind == "phone" and len(number) == 13 and number.startswith("86"):
        return number[2:]
    return number


def _starred(pattern: re.Pattern[str], head: int, tail: int) -> Callable[[re.Match[str]], str]:
    def star(found: re.Match[str]) -> str:
        if pattern is _CARD and not _may_be_card(found[0]):
            return found[0]
        return mask_number(found[0], head, tail)

    return star


def _may_be_card(text: str) -> bool:
    """By its first digits or its check digit; what begins with a date is none: numbers of
    tickets and names of files like 20261012… would be starred one time in ten."""
    if _DATED.match(one_form(text)):
        return False
    digits = [int(sign) for sign in text if sign.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return digits[0] in (3, 4, 5, 6, 9) or (sum(doubled) + sum(digits[::-2])) % 10 == 0
