"""The moment of the next rung agrees with the climb itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.core.worktime.days import CALENDAR, OFFICE, on
from wenyou_core.worktime.ladder import Call, Rung, climb, next_moment

RUNGS = st.lists(
    st.builds(
        Rung, st.sampled_from(["a", "b", "away"]), st.integers(0, 2000), st.booleans()
    ),
    max_size=4,
)  # fmt: skip


def climbed(rungs: list[Rung], due: datetime, now: datetime) -> tuple[Call, ...]:
    def reach(role: str, _: datetime) -> str | None:
        return None if role == "away" else role

    return climb(rungs, due, now, reach=reach, calendar=CALENDAR, hours=OFFICE)


@given(RUNGS, st.integers(0, 20_000), st.integers(0, 20_000))
def test_next_rung_comes_exactly_when_it_is_said_to(
    rungs: list[Rung], due_in: int, late: int
) -> None:
    due = on("2026-03-02", "09:00") + timedelta(minutes=due_in)
    now = due + timedelta(minutes=late)
    calls = climbed(rungs, due, now)

    moment = next_moment(
        rungs, len(calls), calls[-1].at if calls else due,
        waits=bool(calls) and calls[-1].person is not None, calendar=CALENDAR, hours=OFFICE,
    )  # fmt: skip

    if moment is None:
        assert len(calls) == len(rungs)
    else:
        assert moment > now
        assert climbed(rungs, due, moment)[len(calls)].at == moment
