"""What people type into names, codes and notes: brought into one form, or refused."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from wenyou_core.errors import InputRefused

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._\-]{0,31}")


def clean_code(text: str, title: str) -> str:
    """A unit's or person's number: full-width signs folded, letters and digits only."""
    code = unicodedata.normalize("NFKC", text).strip()
    if not _CODE.fullmatch(code):
        raise InputRefused(
            "org-code",
            f"{title}“{printable(text)[:40]}”不能用，应为 1 至 32 位字母或数字，请改正。",
        )
    return code


def clean_text(text: str, title: str, longest: int, *, required: bool = True) -> str:
    """A name or note in one line. Raises InputRefused for control signs or too much."""
    plain = text.strip()
    if any(unicodedata.category(sign) in ("Cc", "Cs", "Co", "Cn") for sign in plain):
        raise InputRefused(
            "org-control", f"{title}里有看不见的控制字符，请重新输入，不要从别处粘贴。"
        )
    if len(plain) > longest:
        raise InputRefused("org-long", f"{title}有 {len(plain)} 个字，最多 {longest} 个，请改短。")
    if required and not plain:
        raise InputRefused("org-blank", f"{title}没有填写，请补上。")
    return plain


def printable(text: str) -> str:
    """Text that can stand in a sentence: signs without a shape left out."""
    return "".join(sign for sign in text if unicodedata.category(sign)[0] != "C")


def day_words(day: date) -> str:
    """A day as people write it: 2026年10月12日."""
    return f"{day.year}年{day.month}月{day.day}日"


def listed(words: list[str], most: int = 5) -> str:
    """The first few of a list and how many there are: 甲、乙等 7 项."""
    shown = "、".join(words[:most])
    return shown if len(words) <= most else f"{shown}等 {len(words)} 项"
