"""Every action that may stand in an audit row, with its Chinese name.

Slices register their own at import; a code nobody registered is refused when it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping

_TITLES: dict[str, str] = {}
_CODES: dict[str, dict[str, str]] = {}


def register_actions(titles: Mapping[str, str]) -> None:
    """Make action codes known; a code may be given twice only with the same name."""
    for code, title in titles.items():
        if _TITLES.setdefault(code, title) != title:
            raise ValueError(f"audit action {code} has two titles")


def action_title(code: str) -> str:
    """The Chinese name of an action; its code for one of an older release."""
    return _TITLES.get(code, code)


def known_actions() -> Mapping[str, str]:
    """All actions by code."""
    return dict(_TITLES)


def register_codes(name: str, titles: Mapping[str, str]) -> None:
    """Say what the codes mean that stand under this name in old and new values."""
    _CODES.setdefault(name, {}).update(titles)


def titles_of_codes(name: str) -> Mapping[str, str]:
    """The Chinese names of the codes under a name, as far as somebody has registered them."""
    return _CODES.get(name, {})
