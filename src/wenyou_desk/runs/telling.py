"""Every entry of a run as one Chinese sentence; the words are the core's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wenyou_core.assess import telling
from wenyou_core.assess.telling import KINDS, Told
from wenyou_core.scheme.model import Adoption, Plan
from wenyou_core.scheme.sentence_words import day_text
from wenyou_desk.runs.record import RunRecord

__all__ = ["KINDS", "Teller", "named", "told_adoption"]

_WITHIN = r"[0-9A-Za-z_./-]"
"""What beside a number makes it a part of something longer."""


class Teller(telling.Teller):
    """Says entries, measures and subjects of a kept run in words.

    ``plan`` is the plan with the adoption's values put in (``Program.plan``).
    """

    def __init__(self, plan: Plan, record: RunRecord, *, minus: str = "-") -> None:
        told = Told(
            result=record.result,
            period=record.period,
            book=record.book,
            unit_names=record.unit_names,
            person_names=record.person_names,
        )
        super().__init__(plan, told, minus=minus)

    def article(self, name: str) -> str:
        """The number of the article of a rule or node; empty where there is none."""
        return getattr(self.things.get(name), "article", "")


def named(text: str, names: Mapping[str, str]) -> str:
    """A sentence with the name before each number: 甲网点（111001）.

    A number within a longer one, as that of a fact, or within a day is none of theirs.
    """
    known = {code: name for code, name in names.items() if code and name and name != code}
    if not known:
        return text
    either = "|".join(re.escape(code) for code in sorted(known, key=len, reverse=True))
    whole = rf"(?<!{_WITHIN})(?:{either})(?!{_WITHIN}|[年月日])"
    return re.sub(whole, lambda found: f"{known[found[0]]}（{found[0]}）", text)


def told_adoption(adoption: Adoption) -> str:
    """What people know an adoption by: its documents, and the days it is in force."""
    first, last = adoption.in_force_from, adoption.in_force_to
    days = f"自{day_text(first)}起" if last is None else f"{day_text(first)}至{day_text(last)}"
    return "，".join(filter(None, ("、".join(adoption.record.documents), f"{days}施行")))
