"""The text of a plan is kept with its adoption: what is shipped later changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.platform.assessments.computed import started, work_off
from tests.platform.people import Cast
from tests.platform.register.filled import all_declared, confirmed
from tests.platform.schemes.adopted import PLAN, adopted, drafted
from wenyou.accounts.models import User
from wenyou.assessments.models import RunSubject
from wenyou.schemes import queries, services
from wenyou.schemes.comparing import changes
from wenyou.schemes.models import Adoption, PlanText
from wenyou.schemes.plans import plan_file

ClientOf = Callable[[User], Client]
OLD_VERSION = "2024.9"


def older(adoption: Adoption) -> Adoption:
    """The adoption as if it had been made from an older text that asks for another reading."""
    text = plan_file(PLAN).text.replace('version: "2025.1"', f'version: "{OLD_VERSION}"')
    text = text.replace("title: 检查扣分", "title: 旧检查扣分")
    assert text != plan_file(PLAN).text
    source = PlanText.objects.create(
        plan=PLAN, version=OLD_VERSION, text=text, digest=hashlib.sha256(text.encode()).hexdigest()
    )
    adoption.source, adoption.version = source, OLD_VERSION
    adoption.text = adoption.text.replace('version: "2025.1"', f'version: "{OLD_VERSION}"')
    adoption.save()
    return adoption


def test_an_adoption_keeps_the_text_it_was_made_from_once(cast: Cast) -> None:
    first = adopted(cast)
    second = drafted(cast, from_on=date(2030, 1, 1))

    assert first.source is not None
    assert first.source == second.source
    assert first.source.text == plan_file(PLAN).text
    assert first.source.digest == hashlib.sha256(first.source.text.encode()).hexdigest()
    assert PlanText.objects.count() == 1


def test_a_run_computes_from_the_kept_text_whatever_is_shipped_by_then(cast: Cast) -> None:
    adoption = older(adopted(cast))
    confirmed(cast, adoption)
    all_declared(cast, adoption)

    run = started(adoption, cast.chen)
    work_off()

    run.refresh_from_db()
    assert (run.state, run.error) == ("done", "")
    columns = [one["title"] for table in run.summary["tables"] for one in table["columns"]]
    assert "旧检查扣分" in columns
    assert "检查扣分" not in columns
    assert RunSubject.objects.get(run=run, key=f"unit:{cast.jia.code}").points == -2


def test_a_newer_shipped_text_is_told_with_what_differs(cast: Cast) -> None:
    adoption = adopted(cast)
    assert queries.newer_than(adoption) is None

    older(adoption)
    today = queries.newer_than(adoption)

    assert today is not None
    found = changes(queries.plan_of(adoption).plan, today.plan)
    assert [(one.what, one.old != one.new) for one in found]
    assert any("检查扣分" in one.what for one in found)


def test_an_adoption_that_has_ended_is_left_alone(cast: Cast) -> None:
    adoption = older(adopted(cast))
    services.end(adoption=adoption, until_on=date(2025, 3, 31), by=cast.chen)

    assert queries.newer_than(adoption) is None


def test_the_record_of_an_older_text_is_completed_from_that_text(cast: Cast) -> None:
    adoption = older(adopted(cast))

    services.complete_record(adoption=adoption, said=services.said_of(adoption), by=cast.chen)

    assert f'version: "{OLD_VERSION}"' in adoption.text


def test_the_new_adoption_follows_the_old_one_from_its_first_day(cast: Cast) -> None:
    old = older(adopted(cast))
    new = drafted(cast, from_on=date(2025, 7, 1))
    assert services.replaced_by(new) == old

    services.put_in_force(adoption=new, by=cast.chen, instead_of=old)

    old.refresh_from_db()
    assert (old.state, old.until_on) == (Adoption.State.ENDED, date(2025, 6, 30))
    assert (new.state, new.version) == (Adoption.State.IN_FORCE, "2025.1")
    assert queries.plan_of(old).plan.version == OLD_VERSION


@pytest.mark.pages
def test_the_new_text_is_taken_up_from_the_page(cast: Cast, client_of: ClientOf) -> None:
    old, client = older(adopted(cast)), client_of(cast.chen)

    assert "随附的方案有了新的文本" in client.get(f"/adoptions/{old.pk}/").content.decode()
    page = client.get(f"/adoptions/{old.pk}/newer/").content.decode()
    assert "旧检查扣分" in page
    address = f"/plans/{PLAN}/adopt/?from={old.pk}"
    assert address.replace("&", "&amp;") in page
    form = client.get(address).context["form"]
    assert form["p_complaint_basis"].value() == "客户数"
    assert form["consulted_on"].value() is None
    new = drafted(cast, from_on=date(2030, 1, 1))
    page = client.get(f"/adoptions/{new.pk}/in-force/").content.decode()
    assert "施行到 2029-12-31" in page
    client.post(f"/adoptions/{new.pk}/in-force/", {"instead_of": str(old.pk)})
    new.refresh_from_db()
    assert new.state == Adoption.State.IN_FORCE


@pytest.mark.pages
def test_what_the_page_did_not_say_is_not_ended(cast: Cast, client_of: ClientOf) -> None:
    old = adopted(cast)
    new = drafted(cast, from_on=date(2030, 1, 1))

    answer = client_of(cast.chen).post(f"/adoptions/{new.pk}/in-force/")

    assert answer.status_code == 400
    old.refresh_from_db()
    assert old.state == Adoption.State.IN_FORCE


@pytest.mark.pages
def test_the_adoption_of_another_plan_or_of_strangers_is_not_followed(
    cast: Cast, client_of: ClientOf
) -> None:
    old = adopted(cast)

    other = client_of(cast.chen).get(f"/plans/{PLAN}/adopt/?from={old.pk + 1000}")
    none = client_of(cast.chen).get(f"/plans/{PLAN}/adopt/?from=x")

    assert other.status_code == 404
    assert none.context["form"]["p_complaint_basis"].value() in (None, "")
