"""Texts, identifiers, file names, yes/no and choices."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from datetime import date, time, timedelta
from decimal import Decimal

from wenyou_desk.tables.cells import (
    EXCEL_DIGITS,
    UNSEEN,
    AtOnce,
    BadCell,
    Converter,
    Notes,
    Raw,
    Source,
    Truth,
    exact,
    fold,
    key,
    plain,
    shown,
)
from wenyou_desk.tables.spec import ColumnSpec, Value

_SCIENTIFIC = re.compile(r"[0-9]\.[0-9]+E\+[0-9]+")
_DRIVE = re.compile(r"[A-Za-z]:")
_YES = {key(word) for word in ("是", "√", "✓", "✔", "☑", "TRUE", "1", "Y", "YES")}
_NO = {key(word) for word in ("否", "×", "✗", "✘", "✕", "☒", "FALSE", "0", "N", "NO")}
_LISTED = 12


def text_converter(_column: ColumnSpec, source: Source) -> Converter:
    limit = source.options.max_text

    def convert(raw: Raw, notes: Notes) -> str | None:
        if isinstance(raw, str):
            return _clean(raw, limit, notes) or None
        if raw is None:
            return None
        if isinstance(raw, (date, time, timedelta)):
            notes.append("date_as_text")
        return raw.value if isinstance(raw, Truth) else plain(raw)

    return convert


def code_converter(_column: ColumnSpec, source: Source) -> Converter:
    limit = source.options.max_text

    def convert(raw: Raw, notes: Notes) -> str | None:
        if isinstance(raw, str):
            if _is_plain_code(raw) and len(raw) <= limit:
                return raw  # nearly every cell
            text = " ".join(fold(_clean(raw, limit, notes)).split())
            if _SCIENTIFIC.fullmatch(text):
                sentence = f"编号变成了科学记数法{shown(raw)}，末几位已丢失。请以文本重填完整编号。"
                raise BadCell("scientific", sentence)
            return text or None
        if raw is None:
            return None
        if isinstance(raw, (int, float, Decimal)):
            return _code_from_number(raw, notes)
        sentence = f"这里应填编号，单元格却是{shown(raw)}。请把单元格设为文本，再填编号。"
        raise BadCell("not_a_code", sentence)

    return convert


def codes_at_once(source: Source) -> AtOnce:
    """Columns of codes that are all plain, or blank, as nearly all are."""
    limit = source.options.max_text

    def read(raws: Sequence[Raw]) -> list[Value] | None:
        texts = [raw for raw in raws if isinstance(raw, str)]
        if len(texts) < len(raws) or not _is_plain_code("".join(texts)):
            return None
        return [text or None for text in texts] if max(map(len, texts)) <= limit else None

    return read


def file_converter(_column: ColumnSpec, source: Source) -> Converter:
    limit = source.options.max_text

    def convert(raw: Raw, notes: Notes) -> str | None:
        if raw is None:
            return None
        text = _clean(raw if isinstance(raw, str) else plain(raw), limit, notes)
        text = text.replace("\\", "/")
        parts = text.split("/")
        if text.startswith("/") or _DRIVE.match(text) or ".." in parts or "\n" in text:
            sentence = f"{shown(raw)}不是可用的文件名。请只写相对的文件名，例如 照片/012.jpg。"
            raise BadCell("file_name", sentence)
        return "/".join(part for part in parts if part not in ("", ".")) or None

    return convert


def bool_converter(_column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> bool | None:
        if raw is None:
            return None
        if isinstance(raw, Truth):
            return raw is Truth.TRUE
        word = key(raw if isinstance(raw, str) else plain(raw))
        if not word:
            return None
        if word in _YES:
            return True
        if word in _NO:
            return False
        if word in source.options.blank_marks:
            notes.append("blank_mark")
            return None
        raise BadCell("not_yes_or_no", f"这里应填「是」或「否」，现在是{shown(raw)}。请改正。")

    return convert


def choice_converter(column: ColumnSpec, source: Source) -> Converter:
    codes: dict[str, str] = {}
    for choice in column.choices:
        for word in (choice.title, choice.code, *choice.aliases):
            codes.setdefault(key(word), choice.code)
    titles = [choice.title for choice in column.choices]

    def convert(raw: Raw, notes: Notes) -> str | None:
        if raw is None:
            return None
        word = key(shown_word(raw))
        if not word:
            return None
        code = codes.get(word)
        if code is not None:
            return code
        if word in source.options.blank_marks:
            notes.append("blank_mark")
            return None
        raise _not_listed(raw, titles)

    return convert


def shown_word(raw: Raw) -> str:
    if isinstance(raw, str):
        return UNSEEN.sub("", raw)
    return raw.value if isinstance(raw, Truth) else plain(raw)


def _not_listed(raw: Raw, titles: list[str]) -> BadCell:
    near = difflib.get_close_matches(shown_word(raw), titles, n=1, cutoff=0.5)
    hint = f"是否指「{near[0]}」？" if near else ""
    listed = "、".join(titles[:_LISTED]) + ("等" if len(titles) > _LISTED else "")
    return BadCell("not_listed", f"{shown(raw)}不在可填的词里。{hint}可填：{listed}。")


def _is_plain_code(raw: str) -> bool:
    """A code with nothing to fold or take off, and no sign of scientific notation: JC2025-0012."""
    return bool(raw) and raw.isascii() and raw.isprintable() and " " not in raw and "+" not in raw


def _clean(raw: str, limit: int, notes: Notes) -> str:
    text = raw.strip()
    if not text.isprintable():  # seldom: a line break at least
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if UNSEEN.search(text):
            notes.append("unseen")
            text = UNSEEN.sub("", text).strip()
    if len(text) > limit:
        sentence = f"文字有 {len(text)} 个字符，超过一格的上限 {limit}。请缩短，或改附文件。"
        raise BadCell("text_too_long", sentence)
    return text


def _code_from_number(raw: int | float | Decimal, notes: Notes) -> str:
    number = exact(raw) if isinstance(raw, float) else Decimal(raw)
    if not number.is_finite():
        raise BadCell("not_a_code", f"这里应填编号，现在是{shown(raw)}。请以文本重填。")
    if isinstance(raw, float) and abs(number) >= EXCEL_DIGITS:
        sentence = f"编号{shown(raw)}存成了数，超过 15 位，末几位已丢失。请以文本重填完整编号。"
        raise BadCell("digits_lost", sentence)
    notes.append("number_as_code")
    return plain(number)
