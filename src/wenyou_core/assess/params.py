"""The values of a program's parameters by day."""

from __future__ import annotations

from datetime import date

from wenyou_core.assess.program import Program
from wenyou_core.scheme.expr import Value


class Params:
    """The parameters of the plan with the adoption's values put in."""

    def __init__(self, program: Program) -> None:
        """Gather the parameters of all articles by name."""
        self._dated = {
            name: parameter.values
            for article in program.plan.articles
            for name, parameter in article.params.items()
        }

    def at(self, name: str, day: date) -> Value | None:
        """The value in force on a day; None before the first, and where it is unset."""
        value: Value | None = None
        for dated in self._dated.get(name, ()):
            if dated.since > day:
                break
            value = dated.value
        return value
