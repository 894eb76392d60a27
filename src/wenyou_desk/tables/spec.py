"""What a table looks like: columns with a kind, sheets, and the limits of one reading.

The layer knows nothing of plans. Whoever reads facts describes the columns here and
gets typed rows back; whoever writes results describes them with the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum

Value = str | int | Decimal | date | datetime | time | bool | None


class Kind(StrEnum):
    """What a cell of a column holds, and the Python value it becomes."""

    TEXT = "text"  # str, free text, kept as typed but for outer blanks
    CODE = "code"  # str, an identifier such as 员工号 or 机构号; never a number
    INT = "int"  # int
    DECIMAL = "decimal"  # Decimal, at most ``digits`` places
    SHARE = "share"  # Decimal from 0 to 1; 「20%」 and 0.2 are the same
    MONEY = "money"  # int 分, written in 元 with at most two places
    DATE = "date"  # date
    DATETIME = "datetime"  # datetime, or date where no time of day is given
    TIME = "time"  # time
    BOOL = "bool"  # bool
    CHOICE = "choice"  # str, the code of one of ``choices``
    FILE = "file"  # str, a relative file name with forward slashes


_NUMBERS = (Kind.INT, Kind.DECIMAL, Kind.SHARE, Kind.MONEY)


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted word: ``title`` stands in the sheet, ``code`` in the program."""

    code: str
    title: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSpec:
    """One column. ``name`` is the program's word, ``title`` the header people see.

    ``digits`` are the decimal places of a DECIMAL or SHARE; ``least`` and ``greatest`` bound
    a number, both included (MONEY in 元); ``unit`` stands behind the
    title in brackets and must agree with the file. ``date_format`` (strptime) is the only
    form of text then read as a date: the way to say that days come first.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    digits: int | None = None
    least: Decimal | None = None
    greatest: Decimal | None = None
    date_format: str = ""
    meaning: str = ""

    def __post_init__(self) -> None:
        if not self.name or not self.title:
            raise ValueError("a column needs a name and a title")
        if bool(self.choices) != (self.kind is Kind.CHOICE):
            raise ValueError(f"column {self.name}: CHOICE needs choices, no other kind has them")
        if self.digits is not None and self.kind not in (Kind.DECIMAL, Kind.SHARE):
            raise ValueError(f"column {self.name}: digits belong to DECIMAL and SHARE")
        if (self.least, self.greatest) != (None, None) and self.kind not in _NUMBERS:
            raise ValueError(f"column {self.name}: bounds belong to numbers")
        if self.date_format and self.kind not in (Kind.DATE, Kind.DATETIME, Kind.TIME):
            raise ValueError(f"column {self.name}: date_format belongs to dates and times")

    @property
    def bounds_text(self) -> str:
        """``不小于 0``, ``不大于 100``, ``在 0 至 100 之间``; empty without bounds."""
        low, high = self.least, self.greatest
        if low is not None and high is not None:
            return f"在 {low:f} 至 {high:f} 之间"
        if low is not None:
            return f"不小于 {low:f}"
        return "" if high is None else f"不大于 {high:f}"

    @property
    def unit_text(self) -> str:
        return self.unit or ("元" if self.kind is Kind.MONEY else "")

    @property
    def label(self) -> str:
        """The header as we write it: title, and the unit in brackets."""
        return f"{self.title}({self.unit_text})" if self.unit_text else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetSpec:
    """One table: found by the sheet's or file's name, else by its header."""

    name: str
    title: str
    columns: tuple[ColumnSpec, ...]
    aliases: tuple[str, ...] = ()
    meaning: str = ""

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        titles = [column.title for column in self.columns]
        if not names or len(set(names)) != len(names) or len(set(titles)) != len(titles):
            raise ValueError(f"sheet {self.name}: it needs columns with differing names and titles")

    def column(self, name: str) -> ColumnSpec:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """The limits of one reading; an installation may pass its own.

    Sizes are bytes. ``max_unpacked_bytes`` and ``max_ratio`` refuse a zip bomb before
    anything is unpacked; a workbook that unpacks to no more than ``max_held_bytes`` is read from
    memory, which is quicker; ``max_cells`` bounds the rectangle a sheet spans. A true Excel date
    before ``earliest`` is taken for a slip (the year 2025 in a date cell reads as 1905).
    Files whose name ends in one of ``ignored_endings`` are passed over, without a word but for those
    of ``told_endings``, which may as well hold rows.
    """

    max_file_bytes: int = 200_000_000
    max_unpacked_bytes: int = 500_000_000
    max_held_bytes: int = 50_000_000
    max_ratio: int = 200
    max_cells: int = 30_000_000
    max_rows: int = 5_000_000
    max_text: int = 32_767
    max_files: int = 2_000
    max_faults: int = 20_000
    header_rows: int = 20
    earliest: date = date(1930, 1, 1)
    total_words: tuple[str, ...] = ("合计", "总计", "小计")
    blank_marks: tuple[str, ...] = ("/", "-", "—", "——", "–")
    ignored_endings: frozenset[str] = frozenset()
    told_endings: frozenset[str] = frozenset({".txt"})
