"""Extensions and pauses: how they move a deadline, and when they do not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.core.worktime.days import deadline, limit_of, on, shown
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.deadline import (
    DeadlineState,
    Extension,
    ExtensionMode,
)
from wenyou_core.worktime.limits import (
    Shift,
    TimeLimit,
    Unit,
)
from wenyou_core.worktime.pauses import Pause
from wenyou_core.worktime.steps import StepKind

KNOWN = {"known": on("2025-07-01", "10:00")}


def due(limit: TimeLimit, *start: str) -> str:
    return shown(deadline(limit, {limit.start: on(*start)}).due_at)


# -- extensions -------------------------------------------------------------------------


def extension(mode: str, approved: datetime, amount: int, **more: object) -> Extension:
    return Extension(
        mode=ExtensionMode(mode),
        approved_at=approved,
        by="王主任",
        amount=amount,
        **more,  # type: ignore[arg-type]
    )


FIFTEEN = limit_of(Unit.CALENDAR_DAYS, 15)


def test_fifteen_days_then_thirty_then_thirty_more() -> None:
    whole = extension("total", on("2025-07-10", "09:00"), 30, grounds="案情复杂")
    more = extension("add", on("2025-07-25", "09:00"), 30, grounds="有特殊情况")

    found = deadline(FIFTEEN, KNOWN, extensions=[more, whole])

    assert shown(found.due_at) == "2025-08-30 24:00"
    assert [step.text for step in found.steps if step.kind is StepKind.EXTENSION] == [
        "2025年7月10日（周四）09:00经王主任批准时限改为共30日（案情复杂）。",
        "2025年7月25日（周五）09:00经王主任批准延长30日为共60日（有特殊情况）。",
    ]
    assert found.limit == replace(FIFTEEN, amount=60)


def test_an_extension_approved_too_late_does_not_count() -> None:
    late = extension("add", on("2025-07-17", "00:00"), 15)

    found = deadline(FIFTEEN, KNOWN, extensions=[late])

    assert shown(found.due_at) == "2025-07-16 24:00"
    assert found.steps[2].text == (
        "2025年7月17日（周四）00:00经王主任批准延期，但时限已于2025年7月16日（周三）24:00届满，不予延长。"
    )


def test_an_extension_in_the_last_minute_counts() -> None:
    found = deadline(
        limit_of(Unit.HOURS, 2), KNOWN, extensions=[extension("add", on("2025-07-01", "12:00"), 1)]
    )

    assert shown(found.due_at) == "2025-07-01 13:00"


def test_a_late_extension_that_was_accepted_counts() -> None:
    late = extension("add", on("2025-07-18", "09:00"), 15, late_accepted=True)

    assert shown(deadline(FIFTEEN, KNOWN, extensions=[late]).due_at) == "2025-07-31 24:00"


def test_an_extended_same_day_limit_is_counted_in_days() -> None:
    more = extension("add", on("2025-07-01", "15:00"), 2)

    found = deadline(limit_of(Unit.SAME_DAY), KNOWN, extensions=[more])

    assert shown(found.due_at) == "2025-07-03 24:00"


def test_an_extension_to_a_date_is_that_date() -> None:
    until = extension("until", on("2025-07-10", "09:00"), 0, until=date(2025, 7, 20))

    assert shown(deadline(FIFTEEN, KNOWN, extensions=[until]).due_at) == "2025-07-20 24:00"


def test_a_limit_that_names_a_date_takes_no_extension_in_days() -> None:
    with pytest.raises(InputRefused) as caught:
        deadline(
            limit_of(Unit.DATE, on=date(2025, 7, 20)),
            KNOWN,
            extensions=[extension("add", on("2025-07-10", "09:00"), 5)],
        )

    assert caught.value.code == "extension-needs-date"


@pytest.mark.parametrize(
    ("mode", "amount", "code"),
    [("add", 0, "extension-amount"), ("until", 0, "extension-date")],
)
def test_an_extension_without_its_content_is_refused(mode: str, amount: int, code: str) -> None:
    with pytest.raises(InputRefused) as caught:
        Extension(
            mode=ExtensionMode(mode), approved_at=on("2025-07-10"), by="王主任", amount=amount
        )

    assert caught.value.code == code


# -- pauses -----------------------------------------------------------------------------


def test_a_pause_on_the_last_day_carries_the_end_over() -> None:
    pause = Pause("w", on("2025-07-16", "09:00"), on("2025-07-18", "10:00"), "等补充材料")

    found = deadline(FIFTEEN, KNOWN, pause)

    assert shown(found.due_at) == "2025-07-18 24:00"
    assert "7月16日至17日暂停（等补充材料），不计。" in found.text


def test_a_pause_on_the_day_an_end_was_shifted_to_carries_it_further() -> None:
    limit = limit_of(Unit.CALENDAR_DAYS, 4, shift=Shift.NEXT)  # Saturday, moved to Monday
    pause = Pause("w", on("2025-07-06", "09:00"), on("2025-07-08", "10:00"), "等补充材料")

    found = deadline(limit, KNOWN, pause)

    assert shown(found.due_at) == "2025-07-08 24:00"
    assert "其间暂停（等补充材料），顺延至工作日2025年7月8日（周二）。" in found.text


def test_a_workday_before_that_was_over_at_the_start_is_not_chosen() -> None:
    limit = limit_of(Unit.SAME_DAY, shift=Shift.PREVIOUS)

    assert due(limit, "2025-07-05", "10:00") == "2025-07-07 24:00"


def test_a_limit_that_names_a_date_is_not_moved_by_a_pause_and_says_so() -> None:
    pause = Pause("w", on("2025-07-06", "09:00"), None)

    found = deadline(limit_of(Unit.DAY_OF_MONTH, 5), KNOWN, pause)

    assert shown(found.due_at) == "2025-08-05 24:00"
    assert "暂停不使它顺延。" in found.text


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        Pause("w", on("2025-07-06", "09:00"), on("2025-07-05", "09:00"))

    assert caught.value.code == "pause-reversed"


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        (limit_of(Unit.HOURS, 30), "1天2小时"),
        (limit_of(Unit.WORKING_HOURS, 8), "7小时工作时间"),
        (limit_of(Unit.WORKING_DAYS, 3), "3个工作日"),
        (limit_of(Unit.CALENDAR_DAYS, 15), "15日"),
    ],
)
def test_an_open_pause_tells_what_is_left(limit: TimeLimit, left: str) -> None:
    pauses = [Pause("w", on("2025-07-01", "14:00"), None, "等补充材料")]
    start = {"known": on("2025-07-01", "10:00" if limit.unit is Unit.HOURS else "10:30")}

    found = deadline(limit, start, *pauses)

    assert found.state is DeadlineState.PAUSED
    assert found.paused_since == on("2025-07-01", "14:00")
    assert found.text.endswith(f"时限尚余{_less(limit, left)}，恢复后续算。")


def _less(limit: TimeLimit, left: str) -> str:
    # Working hours: 10:30 to 12:00 and 13:30 to 14:00 are two of the eight.
    return "6小时工作时间" if limit.unit is Unit.WORKING_HOURS else left


def test_an_open_pause_on_the_day_an_end_was_shifted_to_blocks_it() -> None:
    limit = limit_of(Unit.CALENDAR_DAYS, 4, shift=Shift.NEXT)  # Saturday, moved to Monday

    found = deadline(limit, KNOWN, Pause("w", on("2025-07-06", "09:00"), None))

    assert (found.state, found.due_at) == (DeadlineState.PAUSED, None)


def test_a_pause_without_length_and_one_before_the_start_move_nothing() -> None:
    empty = Pause("w", on("2025-07-16", "23:00"), on("2025-07-16", "23:00"))
    before = Pause("w", on("2025-06-01", "09:00"), on("2025-06-03", "09:00"))

    found = deadline(limit_of(Unit.HOURS, 2), KNOWN, empty, before)

    assert shown(found.due_at) == "2025-07-01 12:00"
    assert found.steps == deadline(limit_of(Unit.HOURS, 2), KNOWN).steps
