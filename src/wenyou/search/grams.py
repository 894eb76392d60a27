"""From what people type to pieces of it: pairs, for most Chinese words have two characters."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 400
_RUN = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[0-9a-z]{4,}")


def plain(text: str) -> str:
    """One form for what looks alike: full width, case and blanks do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split())[:LONGEST]


def runs(text: str) -> list[str]:
    """Stretches of letters and digits in the plain form."""
    return _RUN.findall(plain(text))


def grams(text: str) -> list[str]:
    """The pieces a document is found by, and that a question asks for; each once.

    Each pair of adjoining characters, and a stretch of one character as it is. Letters and
    digits of numbers are few and every pair of them common, so four in a row are a piece, too.
    """
    found: dict[str, None] = {}
    for run in runs(text):
        for at in range(max(len(run) - 1, 1)):
            found[run[at : at + 2]] = None
    for stretch in _LATIN.findall(plain(text)):
        for at in range(len(stretch) - 3):
            found[stretch[at : at + 4]] = None
    return list(found)


def singles(text: str) -> list[str]:
    """Each Chinese character once: a question of a single one is asked, too."""
    return list(dict.fromkeys(one for run in runs(text) for one in run if not one.isascii()))
