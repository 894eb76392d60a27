"""A chart as data: the browser draws it, the server draws it (``svgchart``) when there is no
script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line, or one set of bars; a value for each label, None where there is none."""

    name: str
    values: Sequence[Value]


@dataclass(frozen=True, slots=True)
class Chart:
    """``kind`` is ``bars`` (lying, for rankings), ``dots`` (for scores that lie close together: on
    a scale of their own; of three series the middle one is the dot, the others its interval) or
    ``lines`` (course over time).

    ``key`` is the element's id on the page. At most five series.
    """

    key: str
    title: str
    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    label_head: str = "名称"
    note: str = ""

    @property
    def data_key(self) -> str:
        """The element that carries the data."""
        return f"{self.key}-data"

    @property
    def data(self) -> dict[str, object]:
        """What the script draws from; numbers as the browser's, for drawing alone."""
        return {
            "kind": self.kind,
            "title": self.title,
            "unit": self.unit,
            "labels": list(self.labels),
            "digits": self.digits,
            "series": [
                {"name": one.name, "values": [drawable(value) for value in one.values]}
                for one in self.series
            ],
        }

    @property
    def digits(self) -> int:
        """The most digits behind the point of any figure."""
        known = (value for one in self.series for value in one.values if value is not None)
        return max((-int(Decimal(value).as_tuple().exponent) for value in known), default=0)

    @property
    def span(self) -> tuple[Decimal, Decimal]:
        """Where the scale of dots begins and ends: at the least and the greatest figure."""
        known = [Decimal(value) for one in self.series for value in one.values if value is not None]
        low, high = min(known, default=Decimal(0)), max(known, default=Decimal(0))
        return (low, high) if high > low else (low - 1, low + 1)

    @property
    def rows(self) -> list[tuple[str, list[Value]]]:
        """The table beneath: a label with the value of each series."""
        return [
            (label, [one.values[place] for one in self.series])
            for place, label in enumerate(self.labels)
        ]


def drawable(value: Value) -> float | int | None:
    """A number the canvas understands."""
    return float(value) if isinstance(value, Decimal) else value
