"""Step 10: what a rule does besides an entry: bars, caps of grades, tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wenyou_core.assess.lines import CapHit, Hit
from wenyou_core.assess.result import BarRow, TaskRow
from wenyou_core.scheme.rules import Bar
from wenyou_core.scheme.words import Until


class Effects:
    """The bars, caps and tasks of all rules so far."""

    def __init__(self) -> None:
        """Begin empty."""
        self.bars: list[BarRow] = []
        self.caps: list[CapHit] = []
        self.tasks: list[TaskRow] = []

    def add(self, hits: Iterable[Hit]) -> None:
        """Write down what follows from hits; an entry that was taken back changes nothing."""
        for hit in hits:
            for effect in hit.rule.effects:
                if effect.bar is not None:
                    self.bars.append(_bar(hit, effect.bar))
                if effect.cap is not None:
                    self.caps.append(CapHit(effect.cap, hit.rule.name, hit.subject, hit.period))
                if effect.task:
                    self.tasks.append(_task(hit, effect.task))


def _bar(hit: Hit, bar: Bar) -> BarRow:
    since = _day(hit)
    ends = {Until.PERIOD_END: hit.period.end, Until.YEAR_END: date(since.year, 12, 31)}
    return BarRow(
        what=bar.what,
        subject=hit.subject,
        since=since,
        until=ends.get(bar.until),
        rule=hit.rule.name,
        article=hit.rule.article,
        period=hit.period.code,
        fact=hit.one.fact.id if hit.one else "",
    )


def _task(hit: Hit, task: str) -> TaskRow:
    return TaskRow(
        task=task,
        subject=hit.subject,
        rule=hit.rule.name,
        article=hit.rule.article,
        period=hit.period.code,
        day=_day(hit),
        fact=hit.one.fact.id if hit.one else "",
    )


def _day(hit: Hit) -> date:
    return hit.one.day if hit.one else hit.period.end
