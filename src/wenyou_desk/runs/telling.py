"""Every entry of a run as one Chinese sentence; the words are the core's."""

from __future__ import annotations

from wenyou_core.assess import telling
from wenyou_core.assess.telling import KINDS, Told
from wenyou_core.scheme.model import Plan
from wenyou_desk.runs.record import RunRecord

__all__ = ["KINDS", "Teller"]


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
