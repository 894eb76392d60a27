"""The steps that explain a deadline, and the runs of days they are joined into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wenyou_core.worktime.texts import span_text


class StepKind(StrEnum):
    """What a step tells."""

    START = "start"
    RULE = "rule"
    COUNTED = "counted"
    SKIPPED = "skipped"
    PAUSED = "paused"
    EXTENSION = "extension"
    SHIFT = "shift"
    DUE = "due"
    BASIS = "basis"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One Chinese sentence of the explanation."""

    kind: StepKind
    text: str


@dataclass(slots=True)  # grows day by day, so not frozen
class _Run:
    first: date
    last: date
    counted: bool
    label: str
    number: int


class DayRuns:
    """Days one by one, told as runs: counted ones with their numbers, others with a reason."""

    def __init__(self, measure: str) -> None:
        self._measure = measure
        self._runs: list[_Run] = []
        self._notes: list[str] = []
        self._count = 0
        self._steps: list[Step] = []

    def counted(self, day: date, note: str = "") -> None:
        """A day that counts; ``note`` says why although it looks like a rest day."""
        self._count += 1
        self._add(day, "", counted=True)
        if note:
            self._notes.append(f"{span_text(day, day)}为{note}")

    def skipped(self, day: date, why: str) -> None:
        """A day that does not count."""
        self._add(day, why, counted=False)

    def steps(self) -> tuple[Step, ...]:
        """The runs so far as sentences."""
        self._flush()
        return tuple(self._steps)

    def _add(self, day: date, label: str, *, counted: bool) -> None:
        run = self._runs[-1] if self._runs else None
        if run is not None and run.counted is counted and run.label == label:
            run.last = day
            return
        self._flush()
        self._runs = [_Run(day, day, counted, label, self._count)]

    def _flush(self) -> None:
        for run in self._runs:
            days = span_text(run.first, run.last)
            if not run.counted:
                self._steps.append(Step(StepKind.SKIPPED, f"{days}{run.label}，不计。"))
                continue
            length = (run.last - run.first).days
            to = f"至{run.number + length}" if length else ""
            notes = f"（{'、'.join(self._notes)}）" if self._notes else ""
            text = f"{days}计第{run.number}{to}{self._measure}{notes}。"
            self._steps.append(Step(StepKind.COUNTED, text))
            self._notes = []
        self._runs = []
