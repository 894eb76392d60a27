"""Small makers for the sheets of the result workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from wenyou_core.assess.rounding import rounded
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Rounding
from wenyou_desk.tables.spec import ColumnSpec, Kind, SheetSpec, Value
from wenyou_desk.tables.workbook import OutSheet

SHOWN_DIGITS = 8
"""Decimals of a ratio as it is shown; the exact fraction stands beside it."""

_SHOWN = Round(digits=SHOWN_DIGITS, mode=Rounding.HALF_UP)


class Columns:
    """Columns in order; a title that is taken gets a number behind."""

    def __init__(self) -> None:
        self._columns: list[ColumnSpec] = []
        self._titles: dict[str, int] = {}

    def add(self, title: str, kind: Kind = Kind.TEXT, *, digits: int | None = None) -> None:
        """One more column."""
        number = self._titles[title] = self._titles.get(title, 0) + 1
        shown = title if number == 1 else f"{title}（{number}）"
        name = f"c{len(self._columns)}"
        self._columns.append(ColumnSpec(name=name, title=shown, kind=kind, digits=digits))

    def texts(self, *titles: str) -> None:
        """Several columns of text."""
        for title in titles:
            self.add(title)

    def sheet(
        self, title: str, rows: Iterable[Sequence[Value]], heading: Sequence[str] = ()
    ) -> OutSheet:
        """The sheet with these columns."""
        spec = SheetSpec(name="sheet", title=title, columns=tuple(self._columns))
        return OutSheet(spec=spec, rows=rows, heading=tuple(heading))


def exact_decimal(number: Fraction) -> Decimal | None:
    """The number as a decimal; None where no decimal says it exactly."""
    rest, digits = number.denominator, 0
    while rest % 10 == 0:
        rest, digits = rest // 10, digits + 1
    while rest % 2 == 0:
        rest, digits = rest // 2, digits + 1
    while rest % 5 == 0:
        rest, digits = rest // 5, digits + 1
    if rest != 1:
        return None
    return Decimal(number.numerator * 10**digits // number.denominator).scaleb(-digits)


def shown_decimal(number: Fraction) -> Decimal:
    """The number as it is shown: rounded half up to ``SHOWN_DIGITS``, for the eye only."""
    exact = exact_decimal(rounded(number, _SHOWN))
    if exact is None:
        raise ValueError(number)
    return exact


def amount_decimal(amount: int, digits: int) -> Decimal:
    """An amount of a ledger as a decimal of its unit."""
    return Decimal(amount).scaleb(-digits)
