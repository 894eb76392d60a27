"""What a new calendar, limit or pause does to a deadline that was told to people.

What has been decided (done, ruled late, extended by hand) stands as it was; what is open
moves, and says from where to where and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wenyou_core.worktime.deadline import Deadline
from wenyou_core.worktime.texts import beijing, moment_text


class Outcome(StrEnum):
    """What happened to a stored deadline."""

    SAME = "same"
    MOVED = "moved"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class StoredDeadline:
    """What the database remembers: the cached end, its calendar, and the decision, if any."""

    due_at: datetime | None
    calendar_version: str
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What to store now, and the sentence for those concerned ("" when nothing changed)."""

    outcome: Outcome
    stored: StoredDeadline
    text: str


def reconcile(stored: StoredDeadline, fresh: Deadline) -> Recomputed:
    """Set a stored deadline beside a freshly computed one.

    A decided one keeps its end and its calendar version, so that it can still be explained
    with the calendar of its time.
    """
    now = StoredDeadline(fresh.due_at, fresh.calendar_version, stored.decided_at)
    if stored.due_at == fresh.due_at:
        kept = stored if stored.decided_at else now
        return Recomputed(Outcome.SAME, kept, "")
    before, after = _told(stored.due_at), _told(fresh.due_at)
    basis = f"（工作日历由{stored.calendar_version or '无'}改为{fresh.calendar_version or '无'}）"
    if stored.decided_at is not None:
        text = (
            f"重新计算的到期时间为{after}，与原来的{before}不同{basis}；"
            f"事项已于{_told(stored.decided_at)}办结或认定，仍按原时限，不作改动。"
        )
        return Recomputed(Outcome.KEPT, stored, text)
    return Recomputed(Outcome.MOVED, now, f"到期时间由{before}改为{after}{basis}。")


def _told(moment: datetime | None) -> str:
    # Databases hand moments back in UTC; people are told the time of Beijing.
    return moment_text(beijing(moment)) if moment is not None else "未定"
