"""What differs between two runs and why, as the page of a comparison shows it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from wenyou.assessments.table import MINUS

if TYPE_CHECKING:
    from pathlib import Path

    from wenyou_desk.difference.compute import Difference
    from wenyou_desk.difference.text import Told

MOST_SHOWN, FEW = 500, 6


@dataclass(frozen=True, slots=True)
class Sum:
    """A ledger of a subject in both runs."""

    ledger: str
    before: str
    after: str
    step: str


@dataclass(frozen=True, slots=True)
class Share:
    """What one cause does to a subject: amounts, what stands behind it, what else changes."""

    cause: str
    amounts: str
    behind: list[str]
    changes: list[str]

    @property
    def first(self) -> list[str]:
        """The changes that are shown at once."""
        return self.changes[:FEW]

    @property
    def more(self) -> list[str]:
        """What is folded away."""
        return self.changes[FEW:]


@dataclass(frozen=True, slots=True)
class Differing:
    """A subject that differs."""

    key: str
    name: str
    sums: list[Sum]
    shares: list[Share]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole page: both runs' heads, the causes, who differs, and what concerns everybody."""

    old: Mapping[str, str]
    new: Mapping[str, str]
    causes: list[tuple[str, int]]
    whole: list[Share]
    subjects: list[Differing]

    @property
    def shown(self) -> list[Differing]:
        """Those that the page lists."""
        return self.subjects[:MOST_SHOWN]


def kept_as(found: Difference) -> str:
    """A difference as the page's file keeps it."""
    from wenyou_desk.difference.text import Told, head  # noqa: PLC0415 -- slow import

    told = Told(found)
    data = {
        "old": head(found.first, found.old),
        "new": head(found.last, found.new),
        "whole": [
            {"cause": told.causes(part), "amounts": "", "behind": [], "changes": changes}
            for at, part in enumerate(found.parts)
            if (changes := [with_minus(told.change(one)) for one in told.changes(at, None)])
        ],
        "subjects": [_subject(told, key) for key in found.subjects],
    }
    return json.dumps(data, ensure_ascii=False)


def _subject(told: Told, key: tuple[bool, str]) -> dict[str, Any]:
    found = told.found
    before, after = told.totals(found.first, key), told.totals(found.last, key)
    parts = range(len(found.parts))
    ledgers = sorted({name for at in parts for name in told.share(at, key)})
    return {
        "key": f"{'person' if key[0] else 'unit'}:{key[1]}",
        "name": told.who(key),
        "sums": [_sum(told, name, before, after) for name in ledgers],
        "shares": [
            {
                "cause": told.causes(found.parts[at]),
                "amounts": "，".join(
                    f"{told.ledger(name)} {with_minus(told.money(number, name, signed=True))}"
                    for name, number in sorted(told.share(at, key).items())
                ),
                "behind": list(told.behind[at].of(key)),
                "changes": [with_minus(told.change(one)) for one in told.changes(at, key)],
            }
            for at in parts
            if told.share(at, key) or told.changes(at, key)
        ],
    }


def _sum(
    told: Told, name: str, before: Mapping[str, Fraction], after: Mapping[str, Fraction]
) -> dict[str, str]:
    old, new = before.get(name, Fraction(0)), after.get(name, Fraction(0))
    return {
        "ledger": told.ledger(name),
        "before": with_minus(told.money(old, name)),
        "after": with_minus(told.money(new, name)),
        "step": with_minus(told.money(new - old, name, signed=True)),
    }


def with_minus(text: str) -> str:
    """A real minus before a number; hyphens inside words and days stay."""
    pieces = text.split("-")
    for at in range(1, len(pieces)):
        before, after = pieces[at - 1], pieces[at]
        negative = after[:1].isdigit() and not before[-1:].isalnum()
        pieces[at] = (MINUS if negative else "-") + after
    return "".join(pieces)


def comparison_in(path: Path) -> Comparison | None:
    """The comparison a file keeps; None before it was computed."""
    if not path.is_file():
        return None
    data = json.loads(path.read_text(encoding="utf-8"))
    subjects = [
        Differing(
            one["key"],
            one["name"],
            [Sum(**row) for row in one["sums"]],
            [Share(**row) for row in one["shares"]],
        )
        for one in data["subjects"]
    ]
    whole = [Share(**row) for row in data["whole"]]
    return Comparison(data["old"], data["new"], _causes(subjects), whole, subjects)


def _causes(subjects: Iterable[Differing]) -> list[tuple[str, int]]:
    """Each cause with how many subjects it touches, in the order they are met."""
    found: dict[str, int] = {}
    for one in subjects:
        for cause in dict.fromkeys(share.cause for share in one.shares):
            found[cause] = found.get(cause, 0) + 1
    return list(found.items())
