"""Amounts of ledgers as text: integers of 10**-digits inside, exact decimals outside.

Which digits people see is decided here: all of them in files that are read again
(``amount_text``), those that line up in tables (``column_text``), the shortest exact figure in
sentences and on the command line (``told_amount``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from fractions import Fraction

from wenyou_core.scheme.model import Ledger
from wenyou_core.scheme.show import show_sum

_LINED_UP = 2
"""Ledgers of so many decimals show all of them in tables, those of more none that are idle."""


def told_amount(amount: int, ledger: Ledger, *, signed: bool = False) -> str:
    """``-600元``, ``-1.5分``."""
    return show_sum(Fraction(amount, 10**ledger.digits), ledger.unit, signed=signed)


def total_lines(ledgers: Mapping[str, Ledger], amounts: Iterable[tuple[str, int]]) -> list[str]:
    """What amounts, each with its ledger, come to: a line for each ledger that has any."""
    sums: dict[str, int] = defaultdict(int)
    for name, amount in amounts:
        sums[name] += amount
    return [
        f"  {ledger.title}合计 {told_amount(sums[name], ledger)}"
        for name, ledger in ledgers.items()
        if name in sums
    ]


def column_text(amount: int, digits: int) -> str:
    """``-600.00``, ``-2.5``: as a table shows it, money with all its decimals."""
    text = amount_text(amount, digits)
    return text.rstrip("0").rstrip(".") if digits > _LINED_UP else text


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
