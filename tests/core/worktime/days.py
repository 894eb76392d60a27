"""Short words for the tests of this folder: moments in Beijing, an office's usual hours."""

from __future__ import annotations

from datetime import datetime

from wenyou_core.worktime.hours import office_hours
from wenyou_core.worktime.texts import BEIJING

OFFICE = office_hours("09:00-12:00 13:30-17:30")


def on(day: str, clock: str = "00:00") -> datetime:
    """A moment: on("2025-09-26", "16:40")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BEIJING)


def shown(moment: datetime | None) -> str:
    """A moment as text to compare; the end of a day as 24:00."""
    if moment is None:
        return "-"
    clock = "24:00" if moment.microsecond == 999_999 else moment.strftime("%H:%M")
    return f"{moment:%Y-%m-%d} {clock}"
