"""Cells of a Parquet column as DuckDB computes them: to keys, day numbers, scaled integers.

Every maker gives two expressions: the value, NULL where the cell is empty or cannot be read;
and whether the cell is filled in. What is filled in and gives NULL is a bad cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wenyou_core.assess.rounding import LARGEST
from wenyou_core.assess.sql.keys import STATES
from wenyou_core.scheme.model import FieldDef
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts.sheets import STATES as STATE_TITLES

_INTEGERS = (
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT",
    "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT",
)  # fmt: skip
_NARROW = ("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER")
_NARROW_DIGITS = 9  # 2**32 * 10**9 is less than 2**63
_MOMENTS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_WIDEST = 38
_PLACES = 12
_PIECES = r"'[、；;\n]+'"
PEOPLE = r"'[、；;，,\n]+'"


class OddType(Exception):
    """A Parquet column of a type that this kind of column cannot have."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a Parquet file: what to write in SQL, and its DuckDB type.

    ``clean``: no text in it is empty or has blanks around it, so that nothing need be trimmed.
    """

    sql: str
    type: str
    clean: bool = False

    @property
    def texts(self) -> bool:
        """Whether it holds text."""
        return self.type == "VARCHAR" or self.type.startswith("ENUM")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and whether the cell is filled in, as SQL."""

    value: str
    filled: str


def text(column: Column) -> Cell:
    """Texts and codes; whole numbers count as the codes they show."""
    if column.clean:
        return Cell(column.sql, f"{column.sql} IS NOT NULL")
    if column.texts:
        plain = f"NULLIF(TRIM(CAST({column.sql} AS VARCHAR)), '')"
        return Cell(plain, f"{plain} IS NOT NULL")
    if column.type in _INTEGERS:
        return Cell(f"CAST({column.sql} AS VARCHAR)", f"{column.sql} IS NOT NULL")
    raise OddType(column.type)


def unclean(column: Column) -> str:
    """Whether trimming would change a text, or it is empty. Texts of ASCII alone, which most
    codes are, are told by their ends, at a third of the cost."""
    sql = column.sql
    ascii_alone = f"STRLEN({sql}) = LENGTH({sql})"
    ends = f"{sql} < '!' OR {sql} LIKE '% '"
    return f"CASE WHEN {ascii_alone} THEN {ends} ELSE {sql} <> TRIM({sql}) END"


def day(column: Column) -> Cell:
    """Days since 1970-01-01."""
    if column.type == "DATE":
        found = column.sql
    elif column.type in _MOMENTS:
        found = f"CAST({column.sql} AS DATE)"
    elif column.texts:
        found = f"TRY_CAST({text(column).value} AS DATE)"
    else:
        raise OddType(column.type)
    return Cell(f"CAST({found} - DATE '1970-01-01' AS INTEGER)", _filled(column))


def moment(column: Column) -> Cell:
    """Microseconds since 1970; a day alone begins at 00:00."""
    if column.type == "DATE" or column.type in _MOMENTS:
        found = f"CAST({column.sql} AS TIMESTAMP)"
    elif column.texts:
        found = f"TRY_CAST({text(column).value} AS TIMESTAMP)"
    else:
        raise OddType(column.type)
    return Cell(f"EPOCH_US({found})", _filled(column))


def minutes(column: Column) -> Cell:
    """Minutes since midnight."""
    if column.type == "TIME":
        found = column.sql
    elif column.texts:
        found = f"TRY_CAST({text(column).value} AS TIME)"
    else:
        raise OddType(column.type)
    return Cell(f"CAST(HOUR({found}) * 60 + MINUTE({found}) AS INTEGER)", _filled(column))


def flag(column: Column) -> Cell:
    """1 or 0."""
    if column.type == "BOOLEAN":
        return Cell(f"CAST({column.sql} AS SMALLINT)", _filled(column))
    if column.texts:
        word = f"UPPER({text(column).value})"
        yes, no = "('是', 'TRUE', 'Y', 'YES', '1')", "('否', 'FALSE', 'N', 'NO', '0')"
        return Cell(
            f"CASE WHEN {word} IN {yes} THEN 1 WHEN {word} IN {no} THEN 0 END", _filled(column)
        )
    if column.type in _INTEGERS:
        return Cell(f"CASE {column.sql} WHEN 1 THEN 1 WHEN 0 THEN 0 END", _filled(column))
    raise OddType(column.type)


def word(column: Column, words: Sequence[str]) -> Cell:
    """The place of a word in its list, from 1."""
    if not column.texts or not words:
        raise OddType(column.type)
    listed = ", ".join(quoted(one) for one in words)
    plain = text(column).value
    return Cell(f"ENUM_CODE(TRY_CAST({plain} AS ENUM ({listed}))) + 1", _filled(column))


def state(column: Column) -> Cell:
    """The code of a state, from its title or name."""
    if not column.texts:
        raise OddType(column.type)
    plain = text(column).value
    branches = " ".join(
        f"WHEN {plain} IN ({quoted(STATE_TITLES[one])}, {quoted(one.value)}) THEN {code}"
        for code, one in enumerate(STATES)
    )
    return Cell(f"CASE {branches} END", _filled(column))


def number(column: Column, digits: int) -> Cell:
    """The integer of 10**-digits that is exactly the number; others are bad cells."""
    if column.type in _INTEGERS:
        return Cell(_scaled(column, digits), _filled(column))
    if column.type in ("FLOAT", "DOUBLE"):
        # As Excel shows it: 15 significant digits, so that 0.1 is one tenth.
        shown = f"TRY_CAST(PRINTF('%.15g', {column.sql}) AS DECIMAL({_WIDEST}, {_PLACES}))"
    elif column.texts:
        shown = f"TRY_CAST({text(column).value} AS DECIMAL({_WIDEST}, {_PLACES}))"
    elif column.type.startswith("DECIMAL"):
        shown = f"TRY_CAST({column.sql} AS DECIMAL({_WIDEST}, {_PLACES}))"
    else:
        raise OddType(column.type)
    scaled = f"TRY_CAST({shown} AS DECIMAL({_WIDEST}, {digits}))"
    whole = f"TRY_CAST({scaled} * {10**digits} AS BIGINT)"
    return Cell(f"CASE WHEN {scaled} = {shown} THEN {whole} END", _filled(column))


def _scaled(column: Column, digits: int) -> str:
    """A whole number times 10**digits; NULL beyond 64 bits, which a narrow type never is."""
    plain = f"CAST({column.sql} AS BIGINT) * {10**digits}"
    if column.type in _NARROW and digits <= _NARROW_DIGITS:
        return plain
    most = LARGEST // 10**digits
    return f"CASE WHEN {column.sql} BETWEEN {-most} AND {most} THEN {plain} END"


def pieces(column: Column) -> Cell:
    """How many different pieces of evidence a cell names."""
    if not column.texts:
        raise OddType(column.type)
    found = _split(column, _PIECES)
    return Cell(f"CAST(LEN(LIST_DISTINCT({found})) AS INTEGER)", _filled(column))


def people(column: Column) -> str:
    """The list of 员工号 in a cell, as they stand."""
    if not column.texts:
        raise OddType(column.type)
    return _split(column, PEOPLE)


def field(column: Column, one: FieldDef, words: Sequence[str], digits: int) -> Cell:
    """A field of the plan; identifiers stay texts, which are made keys by a join."""
    match one.type:
        case ValueType.CHOICE:
            return word(column, words)
        case ValueType.BOOL:
            return flag(column)
        case ValueType.DATE:
            return day(column)
        case ValueType.TIME:
            return minutes(column)
        case ValueType.INT | ValueType.DECIMAL | ValueType.MONEY:
            return number(column, digits)
    return text(column)


def quoted(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """A name in quotation marks."""
    return '"' + value.replace('"', '""') + '"'


def _filled(column: Column) -> str:
    return text(column).filled if column.texts else f"{column.sql} IS NOT NULL"


def _split(column: Column, between: str) -> str:
    parts = f"STRING_SPLIT_REGEX(COALESCE({column.sql}, ''), {between})"
    return f"LIST_FILTER(LIST_TRANSFORM({parts}, lambda part: TRIM(part)), lambda part: part <> '')"
