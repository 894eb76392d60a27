"""A fact on its day, looked at for a period."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from wenyou_core.assess.facts import Cell
from wenyou_core.assess.prepare import Happening
from wenyou_core.worktime.periods import Period


class InPeriod:
    """A happening as it is looked at for a period, whose days can be read too."""

    __slots__ = ("day", "one", "period")

    def __init__(self, one: Happening, period: Period | None) -> None:
        """Without a period its days are absent."""
        self.one, self.period, self.day = one, period, one.day

    def field(self, of: str, name: str) -> Cell | None:
        """What the happening has, or a day of the period."""
        if of != "period":
            return self.one.field(of, name)
        if self.period is None:
            return None
        return self.period.start if name == "start" else self.period.end

    def param(self, name: str) -> Cell | None:
        """A parameter on the deciding day."""
        return self.one.param(name)

    def measure(self, name: str) -> Fraction | None:
        """Facts do not look at measures."""
        return None

    def workdays(self, first: date, last: date) -> Fraction | None:
        """Working days d with first < d <= last."""
        return self.one.workdays(first, last)
