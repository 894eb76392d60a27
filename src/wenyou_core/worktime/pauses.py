"""Pauses of a clock: intervals with a reason, joined so that no minute is left out twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.texts import beijing, clock_text, day_text


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from ``start`` until ``end``; None: it still stands.

    ``start`` belongs to the pause and ``end`` does not. ``reason`` is a code that clocks are
    told to heed or not; ``label`` is how explanations name it.
    """

    reason: str
    start: datetime
    end: datetime | None = None
    label: str = ""

    def __post_init__(self) -> None:
        if self.end is not None and beijing(self.end) < beijing(self.start):
            raise InputRefused(
                "pause-reversed",
                f"暂停“{self.label or self.reason}”的恢复时间早于暂停时间，请核对。",
                reason=self.reason,
            )


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch without running clock, made of one or more pauses that touch."""

    start: datetime
    end: datetime | None
    labels: tuple[str, ...]

    @property
    def label(self) -> str:
        """Every reason once, in order of time."""
        return "、".join(self.labels)

    def text(self) -> str:
        """Until when it stands, for explanations."""
        until = f"至{_short(self.end)}" if self.end else "起尚未恢复"
        return f"{_short(self.start)}{until}（{self.label}）"


def joined(pauses: Iterable[Pause]) -> tuple[Stop, ...]:
    """The pauses as disjoint stretches in order of time; empty ones are dropped."""
    stops: list[Stop] = []
    for pause in sorted(pauses, key=lambda one: beijing(one.start)):
        start = beijing(pause.start)
        end = beijing(pause.end) if pause.end is not None else None
        if end == start:
            continue
        label = pause.label or pause.reason
        last = stops[-1] if stops else None
        if last is None or (last.end is not None and last.end < start):
            stops.append(Stop(start, end, (label,)))
        else:
            labels = last.labels if label in last.labels else (*last.labels, label)
            stops[-1] = Stop(last.start, _later(last.end, end), labels)
    return tuple(stops)


def stop_at(stops: Iterable[Stop], moment: datetime) -> Stop | None:
    """The stretch in which the clock stands just before ``moment``, if there is one.

    Asked of the end of a day or of closing time: a pause that begins at that very moment
    comes too late to take the day out, one that ends at it has taken it out.
    """
    for stop in stops:
        if stop.start < moment and (stop.end is None or moment <= stop.end):
            return stop
    return None


def running_parts(
    stops: Iterable[Stop], start: datetime, end: datetime
) -> list[tuple[datetime, datetime]]:
    """What is left of start–end without the stretches, in order."""
    parts, position = [], start
    for stop in stops:
        if stop.start >= end:
            break
        if stop.start > position:
            parts.append((position, stop.start))
        if stop.end is None:
            return parts
        position = max(position, stop.end)
    if position < end:
        parts.append((position, end))
    return parts


def running_time(stops: Iterable[Stop], start: datetime, end: datetime) -> timedelta:
    """How long the clock ran between two moments."""
    parts = running_parts(stops, start, end)
    return sum((to - since for since, to in parts), timedelta())


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return None if first is None or second is None else max(first, second)


def _short(moment: datetime) -> str:
    return f"{day_text(moment.date())}{clock_text(moment)}"
