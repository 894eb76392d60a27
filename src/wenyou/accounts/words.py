"""Numbers and names of accounts in one form, or refused."""

from __future__ import annotations

import re
import unicodedata

from wenyou_core.errors import InputRefused

_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z._\-]{0,31}")


def clean_number(text: str) -> str:
    """A number to sign in with: full-width signs folded, letters and digits."""
    number = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(number):
        raise InputRefused("user-number", "登录号应为 1 至 32 位字母或数字，请改正。")
    return number


def clean_name(text: str) -> str:
    """A name in one line of at most 60 signs."""
    name = text.strip()
    if not name or len(name) > 60 or any(unicodedata.category(one) == "Cc" for one in name):
        raise InputRefused("user-name", "姓名应为 1 至 60 个字，不含控制字符，请改正。")
    return name
