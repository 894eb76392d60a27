"""A machine whose clock ran ahead for a while works on once it has been set right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from tests.platform.people import Cast
from wenyou.jobs import tick as ticking
from wenyou.jobs.models import Due, Job
from wenyou.jobs.services import recover
from wenyou.jobs.tick import register_periodic, tick

YEAR = timedelta(days=365)
pytestmark = pytest.mark.django_db


@pytest.fixture
def ran() -> Iterator[list[datetime]]:
    """What a periodic thing was called with; it is due every ten minutes."""
    seen: list[datetime] = []
    register_periodic("test.clock", timedelta(minutes=10), seen.append)
    yield seen
    del ticking._PERIODIC["test.clock"]


def test_periodic_thing_is_due_again_after_the_clock_was_set_back(ran: list[datetime]) -> None:
    now = timezone.now()
    Due.objects.create(name="test.clock", next_at=now + YEAR, claimed_until=now + YEAR)

    assert "test.clock" in tick(now)

    assert ran == [now]
    assert Due.objects.get(name="test.clock").next_at == now + timedelta(minutes=10)
    assert "test.clock" not in tick(now + timedelta(minutes=5))


def test_lease_of_a_clock_that_ran_ahead_does_not_hold_a_job_for_good(cast: Cast) -> None:
    now = timezone.now()
    job = Job.objects.create(
        kind="test", title="测算", state=Job.State.RUNNING, lease_until=now + YEAR, asked_at=now,
        worker="gone", asked_by=cast.chen,
    )  # fmt: skip

    assert recover(now) == 1

    job.refresh_from_db()
    assert job.state == Job.State.WAITING
