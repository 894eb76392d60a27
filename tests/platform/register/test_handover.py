"""A closed matter becomes a fact: offered, filled in, tied together, confirmed by somebody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.matters.made import begin, roads, take
from tests.platform.people import Cast
from wenyou.matters.models import Matter
from wenyou.matters.outcomes import outcomes_of
from wenyou.register.entries import Entry
from wenyou.register.kinds import kinds_of
from wenyou.register.models import Fact
from wenyou.register.services import confirm, revise
from wenyou.schemes.models import Adoption
from wenyou_core.flow.registry import FLOWS

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def brought_to(cast: Cast, state: str) -> Matter:
    """A complaint of these days in a state."""
    at = timezone.now() - timedelta(days=2)
    filled = {"channel": "营业现场", "customer_request": "要求说明为什么等了四十分钟。"}
    matter = begin("complaint", cast, at=at, filled=filled, about=cast.zhou.employee)
    for number, made in enumerate(roads(FLOWS["complaint"], frozenset())[state][1:], 1):
        matter = take(matter, made, cast, at + timedelta(minutes=30 * number))
    return Matter.objects.get(pk=matter.pk)


def opened_by(user: object) -> Client:
    client = Client()
    client.force_login(user)  # type: ignore[arg-type]
    return client


@pytest.mark.usefixtures("adoption")
def test_only_a_closed_matter_that_came_to_something_is_offered(cast: Cast) -> None:
    def offered(state: str) -> bool:
        return bool(outcomes_of(brought_to(cast, state), cast.chen).offers)

    assert offered("closed")
    assert not offered("ruling")
    assert not offered("withdrawn")
    assert not outcomes_of(brought_to(cast, "closed"), cast.leader).offers


def test_the_form_is_filled_in_and_the_fact_names_its_matter(
    cast: Cast, adoption: Adoption
) -> None:
    matter = brought_to(cast, "closed")
    client = opened_by(cast.chen)
    (offer,) = outcomes_of(matter, cast.chen).offers
    assert offer.title in client.get(f"/matters/{matter.pk}/").content.decode()

    page = client.get(offer.address)
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    assert sent["unit"] == cast.jia.code
    assert sent["person"] == cast.zhou.number
    assert matter.number in sent["evidence"]
    if "f_demand" in sent:
        assert sent["f_demand"] == "要求说明为什么等了四十分钟。"
    for column in kinds_of(adoption)["complaint"].fields:
        if column.choices and not sent[f"f_{column.name}"]:
            sent[f"f_{column.name}"] = column.choices[0].code
    sent["known_at"] = f"{timezone.localtime(matter.known_at):%Y-%m-%dT%H:%M}"
    done = client.post(offer.address, sent)

    assert done.status_code == 302, done.content.decode()
    fact = Fact.objects.latest("pk")
    assert fact.matter == matter
    shown = client.get(f"/facts/{fact.pk}/").content.decode()
    assert f"/matters/{matter.pk}/" in shown
    told = outcomes_of(matter, cast.chen)
    assert told.offers == ()
    assert [one.word for one in told.found] == ["待确认"]

    entry = Entry(
        unit=fact.unit, employee=fact.employee, happened_on=fact.happened_on, known_at=fact.known_at
    )
    mended = revise(fact=fact, entry=entry, reason="补充", by=cast.chen)
    assert confirm(fact=mended, by=cast.he).matter == matter


def test_a_matter_out_of_reach_cannot_be_handed_over(cast: Cast, adoption: Adoption) -> None:
    matter = brought_to(cast, "closed")

    answer = opened_by(cast.wu).get(
        f"/register/{adoption.pk}/new/complaint/", {"matter": str(matter.pk)}
    )

    assert answer.status_code == 404
    assert opened_by(cast.lin).get(f"/matters/{matter.pk}/").status_code == 200


def test_who_may_not_see_the_matter_sees_the_fact_without_it(
    cast: Cast, adoption: Adoption
) -> None:
    matter = brought_to(cast, "closed")
    fact = Fact.objects.create(
        adoption=adoption, kind="complaint", key="DJ-1", unit=cast.jia, matter=matter,
        employee=cast.zhou.employee, happened_on=timezone.localdate(), known_at=timezone.now(),
        recorded_at=timezone.now(), proposed_by=cast.chen, state=Fact.State.CONFIRMED,
    )  # fmt: skip
    address = f"/matters/{matter.pk}/"

    assert address in opened_by(cast.chen).get(f"/facts/{fact.pk}/").content.decode()
    assert address not in opened_by(cast.finance).get(f"/facts/{fact.pk}/").content.decode()
