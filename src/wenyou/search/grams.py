"""From what people type to pairs of characters: most Chinese words have two."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 400
_RUN = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """One form for what looks alike: full width, case and blanks do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())[:LONGEST]


def runs(text: str) -> list[str]:
    """Stretches of letters and digits in the plain form."""
    return _RUN.findall(plain(text))


def grams(text: str) -> list[str]:
    """Each pair of adjoining characters once, and a stretch of one character as it is."""
    found: dict[str, None] = {}
    for run in runs(text):
        for at in range(max(len(run) - 1, 1)):
            found[run[at : at + 2]] = None
    return list(found)
