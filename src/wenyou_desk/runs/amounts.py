"""Amounts of ledgers as text: integers of 10**-digits inside, exact decimals outside."""

from __future__ import annotations


def amount_text(amount: int, digits: int) -> str:
    """``-60000`` with 2 digits is ``-600.00``."""
    sign, whole = ("-", -amount) if amount < 0 else ("", amount)
    if not digits:
        return f"{sign}{whole}"
    front, rest = divmod(whole, 10**digits)
    return f"{sign}{front}.{rest:0{digits}d}"


def amount_of(text: str, digits: int) -> int:
    """The integer of ``amount_text``. Raises ValueError when it has other digits."""
    front, dot, rest = text.partition(".")
    figures = front.removeprefix("-") + rest
    if len(rest) != digits or bool(dot) != bool(digits) or not _figures(figures):
        raise ValueError(f"{digits} decimals expected: {text!r}")
    return int(front + rest)


def _figures(text: str) -> bool:
    return text.isascii() and text.isdigit()
