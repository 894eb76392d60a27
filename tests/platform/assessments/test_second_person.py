"""Who starts a run does not confirm it, unless the house has said that one person does both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.platform.assessments.computed import computed
from tests.platform.people import Cast
from tests.platform.schemes.adopted import adopted
from wenyou.accounts.models import User
from wenyou.accounts.services import change_setting
from wenyou.assessments import services
from wenyou.assessments.models import Run
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed

ClientOf = Callable[[User], Client]


def test_whoever_started_a_run_does_not_confirm_it(cast: Cast) -> None:
    run = computed(cast, adopted(cast))

    with pytest.raises(NotAllowed, match="另一人"):
        services.confirm(run=run, by=cast.chen)

    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert services.confirm(run=run, by=cast.he).confirmed_by == cast.he


def test_one_person_may_do_both_where_the_house_says_so_and_it_is_recorded(cast: Cast) -> None:
    run = computed(cast, adopted(cast))
    change_setting("assessments.second_person", value=False, by=None)

    services.confirm(run=run, by=cast.chen)

    assert AuditRow.objects.filter(action="knobs.set").count() == 1
    assert "由同一人办理" in AuditRow.objects.get(action="run.confirmed").note


def test_two_people_leave_no_note(cast: Cast) -> None:
    services.confirm(run=computed(cast, adopted(cast)), by=cast.leader)

    assert AuditRow.objects.get(action="run.confirmed").note == ""


@pytest.mark.pages
def test_a_result_of_one_person_says_so_on_its_page(cast: Cast, client_of: ClientOf) -> None:
    run, client = computed(cast, adopted(cast)), client_of(cast.chen)
    says = client.get(f"/assessments/{run.pk}/confirm/").content.decode()
    assert "须由另一人确认" in says
    change_setting("assessments.second_person", value=False, by=None)

    client.post(f"/assessments/{run.pk}/confirm/")

    page = client.get(f"/assessments/{run.pk}/").content.decode()
    assert "测算与确认由同一人办理" in page
