"""Cutting the text of an expression into tokens; the place of a fault is a character, from 1."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction


class ExprError(Exception):
    """A text that is no expression; ``str()`` is a Chinese sentence with the character's place."""


class Kind(Enum):
    """Kinds of tokens."""

    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    NAME = "name"  # an ASCII word, maybe with dots: unit.region
    SIGN = "sign"  # an operator, a bracket, a comma
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``at`` counts characters from 1. Numbers and dates carry their value."""

    kind: Kind
    text: str
    at: int
    value: Fraction | date | None = None
    digits: int = 0


_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n\u00a0\u3000]+)
      | (?P<date>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?!\w))
      | (?P<number>[0-9]+(?:\.[0-9]+)?%?(?!\w))
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*(?!\w))
      | (?P<word>\w+)
      | (?P<quoted>"(?:[^"]|"")*"|'(?:[^']|'')*')
      | (?P<sign>!=|<=|>=|[=<>+\-*(),\[\]])
    """,
    re.VERBOSE,
)
_DECIMAL = re.compile(r"([0-9]+)(?:\.([0-9]+))?(%?)\Z")
_MAX_LENGTH = 2000
_MAX_SIGNS = 1000  # Python itself reads no number of more than 4300 digits

# What authors type in place of our operators, and what to write instead.
_INSTEAD = {
    "==": "=",
    "<>": "!=",
    "&&": "and",
    "||": "or",
    "=<": "<=",
    "=>": ">=",
    "\u2265": ">=",
    "\u2264": "<=",
    "\u2260": "!=",
    "\u00d7": "*",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u201c": '"',
    "\u201d": '"',
    "\u2018": "'",
    "\u2019": "'",
    "\u3010": "[",
    "\u3011": "]",
    "\u3001": ",",
    "!": "not",
    "&": "and",
    "|": "or",
}


def tokens_of(text: str) -> list[Token]:
    """All tokens, with an END at last. Raises ExprError at the first character that fits none."""
    if len(text) > _MAX_LENGTH:
        raise ExprError(f"表达式有{len(text)}个字符，太长了；请拆成几个指标。")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ExprError(_unknown(text, at))
        if match.lastgroup != "space":
            found.append(_token(match, text))
        at = match.end()
    found.append(Token(Kind.END, "", len(text) + 1))
    return found


def number_of(text: str) -> tuple[Fraction, int] | None:
    """The exact value and the decimals of ``95``, ``0.50`` or ``20%``; None for other texts.

    Decimals are counted as written; of a percentage as many as its exact value needs, so that
    ``20%`` (0.2) has one and ``12.5%`` has three.
    """
    match = _DECIMAL.match(text) if len(text) <= _MAX_SIGNS else None
    if match is None:
        return None
    whole, part, percent = match[1], match[2] or "", match[3]
    number = Fraction(int(whole + part), 10 ** len(part))
    if not percent:
        return number, len(part)
    digits = len(part) + 2
    scaled = int(whole + part)
    while digits and scaled % 10 == 0:
        scaled //= 10
        digits -= 1
    return number / 100, digits


def date_of(text: str) -> date | None:
    """The date of ``2025-03-01``; None for every other form and for days that do not exist."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _token(match: re.Match[str], text: str) -> Token:
    raw, at = match.group(), match.start() + 1
    match match.lastgroup:
        case "number":
            read = number_of(raw)
            assert read is not None  # noqa: S101 -- the pattern admits nothing else
            return Token(Kind.NUMBER, raw, at, *read)
        case "date":
            day = date_of(raw)
            if day is None:
                raise ExprError(f"第{at}个字符起的“{raw}”不是日期，请写成“2025-03-01”的样子。")
            return Token(Kind.DATE, raw, at, day)
        case "quoted":
            quote = raw[0]
            return Token(Kind.TEXT, raw[1:-1].replace(quote * 2, quote), at)
        case "word":
            return Token(Kind.TEXT, _checked_word(raw, at), at)
        case "name":
            return Token(Kind.NAME, raw, at)
        case _:
            pair = text[match.start() : match.start() + 2]
            if pair in _INSTEAD:
                raise ExprError(_instead(pair, at))
            return Token(Kind.SIGN, raw, at)


def _checked_word(raw: str, at: int) -> str:
    """A bare word; refused where it is a number run into a word, or has full-width characters."""
    for offset, char in enumerate(raw):
        if 0xFF00 < ord(char) < 0xFFEF:
            raise ExprError(_instead(char, at + offset))
    if raw.isascii():
        raise ExprError(
            f"第{at}个字符起的“{raw}”既不是数也不是名称；是文字请加引号，名称以小写字母开头。"
        )
    return raw


def _unknown(text: str, at: int) -> str:
    char, pair = text[at], text[at : at + 2]
    if char in "\"'":
        return f"第{at + 1}个字符的引号没有成对，请在文字末尾补上引号。"
    if char == "/":
        return f"第{at + 1}个字符“/”：表达式里没有除法，请另立一个比率指标（ratio）。"
    if pair in _INSTEAD:
        return _instead(pair, at + 1)
    return _instead(char, at + 1)


def _instead(typed: str, at: int) -> str:
    half = unicodedata.normalize("NFKC", typed)
    if typed in _INSTEAD:
        return f"第{at}个字符“{typed}”认不出来，请写成半角的“{_INSTEAD[typed]}”。"
    if half != typed and half.isascii():
        return f"第{at}个字符“{typed}”是全角字符，请用半角“{half}”。"
    return f"第{at}个字符“{typed}”认不出来，请删去；是文字请加引号。"
