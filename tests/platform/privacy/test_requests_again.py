"""Requests whose job did not get to its end, forms sent twice, and what reading them takes."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.assessments.computed import work_off
from tests.platform.people import Cast
from tests.platform.privacy.kept import NAME, complaint, evidence, rule
from tests.platform.privacy.test_requests import ask, done, everything, ticks
from wenyou.audit.models import AuditRow
from wenyou.evidence.models import EvidenceUse
from wenyou.jobs import runner
from wenyou.jobs.services import cancel
from wenyou.privacy import holds, requests
from wenyou.privacy.models import PersonRequest
from wenyou_core.errors import InputRefused


@pytest.fixture(autouse=True)
def _not_stopping() -> None:
    runner.STOPPING.event.clear()


def test_a_request_that_has_ended_is_not_ended_again(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 36)
    one = done(ask(cast, name=NAME), cast.protection)

    with pytest.raises(InputRefused, match="已经办理"):
        requests.start(one, by=cast.protection)

    after = PersonRequest.objects.get(pk=one.pk)
    assert (after.state, after.found) == (PersonRequest.State.DONE, one.found)
    assert AuditRow.objects.filter(action="person.erased").count() == 1


def test_a_refused_request_forgets_what_was_looked_for(cast: Cast) -> None:
    complaint(cast)
    requests.start(ask(cast, name=NAME), by=cast.protection)

    one = PersonRequest.objects.get()

    assert one.state == PersonRequest.State.REFUSED
    assert (one.number_sealed, one.name_sealed, one.digest) == ("", "", "")


def test_a_request_whose_job_was_cancelled_is_open_again(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "person.complaints", 36)
    one = requests.start(ask(cast, name=NAME), by=cast.protection)
    assert one.job is not None
    cancel(job=one.job, by=cast.protection)
    one = PersonRequest.objects.get()
    assert requests.is_open(one)

    one = done(one, cast.protection, chosen=ticks(one))

    assert one.state == PersonRequest.State.DONE
    assert NAME not in everything(matter)
    assert not requests.is_open(one)


def test_a_request_whose_job_was_cancelled_can_be_withdrawn(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 36)
    one = requests.start(ask(cast, name=NAME), by=cast.protection)
    assert one.job is not None
    cancel(job=one.job, by=cast.protection)

    requests.drop(one, by=cast.protection)
    work_off()

    one.refresh_from_db()
    assert (one.state, one.name_sealed) == (PersonRequest.State.DROPPED, "")


def test_two_workers_of_one_erasure_leave_the_outcome_of_the_first(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 36)
    one = requests.start(ask(cast, name=NAME), by=cast.protection)
    late = PersonRequest.objects.get(pk=one.pk)
    work_off()
    first = PersonRequest.objects.get(pk=one.pk)

    requests._erase(late, [])

    assert PersonRequest.objects.get(pk=one.pk).found == first.found
    assert AuditRow.objects.filter(action="person.erased").count() == 1


def test_a_file_that_was_withdrawn_from_a_matter_on_hold_stays(cast: Cast) -> None:
    matter, held = complaint(cast), complaint(cast, text="别的事")
    rule(cast, "person.complaints", 36)
    rule(cast, "evidence", 36)
    file = evidence(cast, matter)
    EvidenceUse.objects.create(
        evidence=file, object_kind="matter", object_id=str(held.pk), withdrawn_at=timezone.now()
    )
    assert [row["free"] for row in ask(cast).found] == [True, True]

    holds.place(held.number, ground="诉讼，案号一", by=cast.chen)

    (kept,) = [row for row in ask(cast).found if row["kind"] == "evidence"]
    assert not kept["free"]
    assert "另一事项已暂缓" in kept["verdict"]


def test_what_is_held_is_judged_at_once_for_all_matters(cast: Cast) -> None:
    rule(cast, "person.complaints", 36)
    rule(cast, "evidence", 36)
    evidence(cast, complaint(cast), b"1")
    ask(cast)
    with CaptureQueriesContext(connection) as one:
        assert len(ask(cast).found) == 2
    evidence(cast, complaint(cast), b"2")
    evidence(cast, complaint(cast), b"3")
    with CaptureQueriesContext(connection) as three:
        assert len(ask(cast).found) == 6

    assert len(one) == len(three)
