"""Many facts confirmed at once, on one ground: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.people import Cast
from tests.platform.register.filled import DAY, entry, proposed, volume
from wenyou.accounts.models import User
from wenyou.accounts.services import change_setting
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.register import confirming
from wenyou.register.models import Fact
from wenyou.register.services import propose
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused

ClientOf = Callable[[User], Client]
GROUND = "已逐件核对检查通报。"


def waiting(cast: Cast, adoption: Adoption, count: int = 3) -> list[int]:
    """Deductions at 甲 that nobody has confirmed, on days of their own."""
    facts = [
        proposed(cast, adoption, happened_on=DAY - timedelta(days=one)) for one in range(count)
    ]
    return [one.pk for one in facts]


def own(cast: Cast, adoption: Adoption) -> Fact:
    """A fact that the office registered itself."""
    return propose(adoption=adoption, kind="finding", entry=entry(cast), by=cast.chen)


def test_all_are_confirmed_with_the_ground_and_one_row_in_the_log(
    cast: Cast, adoption: Adoption
) -> None:
    pks = waiting(cast, adoption)

    done = confirming.confirm_many(adoption=adoption, pks=pks, ground=GROUND, by=cast.chen)

    assert done == 3
    latest = Fact.objects.filter(latest=True)
    assert {(one.state, one.reason, one.revision) for one in latest} == {("confirmed", GROUND, 2)}
    assert Fact.objects.filter(latest=False, state="proposed").count() == 3
    row = AuditRow.objects.get(action="facts.confirmed")
    assert row.note == GROUND


def test_a_thousand_are_confirmed_in_few_queries(cast: Cast, adoption: Adoption) -> None:
    first = proposed(cast, adoption)
    kept = {one.attname: getattr(first, one.attname) for one in Fact._meta.concrete_fields}
    kept.pop("id")
    Fact.objects.bulk_create(Fact(**{**kept, "key": f"JC-{one}"}) for one in range(1000))
    pks = list(Fact.objects.values_list("pk", flat=True))

    with CaptureQueriesContext(connection) as asked:
        done = confirming.confirm_many(adoption=adoption, pks=pks, ground=GROUND, by=cast.chen)

    assert done == 1001
    assert len(asked) < 60
    assert Fact.objects.filter(latest=True, state="confirmed").count() == 1001


@pytest.mark.parametrize("who", ["lin", "zheng", "wu", "leader", "sun"])
def test_only_the_office_confirms(cast: Cast, adoption: Adoption, who: str) -> None:
    pks = waiting(cast, adoption, 1)

    with pytest.raises(NotAllowed):
        confirming.confirm_many(adoption=adoption, pks=pks, ground=GROUND, by=cast.people()[who])


def test_ones_own_registration_stops_all_but_where_the_house_lets_one_do_both(
    cast: Cast, adoption: Adoption
) -> None:
    pks = [*waiting(cast, adoption, 1), own(cast, adoption).pk]

    with pytest.raises(NotAllowed, match="本人登记"):
        confirming.confirm_many(adoption=adoption, pks=pks, ground=GROUND, by=cast.chen)
    assert not Fact.objects.filter(state="confirmed").exists()
    change_setting("register.second_person", value=False, by=None)
    assert confirming.confirm_many(adoption=adoption, pks=pks, ground=GROUND, by=cast.chen) == 2


def test_what_was_dealt_with_meanwhile_stops_all(cast: Cast, adoption: Adoption) -> None:
    pks = waiting(cast, adoption)
    confirming.confirm_many(adoption=adoption, pks=pks[:1], ground=GROUND, by=cast.he)

    for stale in (pks, [*pks[1:], pks[-1] + 1000]):
        with pytest.raises(InputRefused, match="没有确认任何一件"):
            confirming.confirm_many(adoption=adoption, pks=stale, ground=GROUND, by=cast.chen)
    assert Fact.objects.filter(state="confirmed").count() == 1


def test_a_ground_is_asked_and_something_to_confirm(cast: Cast, adoption: Adoption) -> None:
    pks = waiting(cast, adoption, 1)

    with pytest.raises(InputRefused, match="请写明依据"):
        confirming.confirm_many(adoption=adoption, pks=pks, ground=" ", by=cast.chen)
    with pytest.raises(InputRefused, match="请选 1 到"):
        confirming.confirm_many(adoption=adoption, pks=[], ground=GROUND, by=cast.chen)


def test_a_heap_leaves_aside_ones_own_and_what_is_out_of_reach(
    cast: Cast, adoption: Adoption
) -> None:
    waiting(cast, adoption, 2)
    own(cast, adoption)
    volume(cast, adoption, cast.jia, 3000)

    heap = confirming.heap_of(Fact.objects.all(), cast.chen)
    assert (len(heap.pks), heap.kinds, heap.own, heap.beyond) == (2, (("finding", 2),), 1, 0)
    assert confirming.heap_of(Fact.objects.all(), cast.lin).beyond == 3


@pytest.mark.pages
def test_the_facts_that_the_filters_leave_are_confirmed_from_the_page(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    waiting(cast, adoption)
    client, address = client_of(cast.chen), f"/register/{adoption.pk}/confirm/"
    page = client.get(f"/register/{adoption.pk}/?kind=finding").content.decode()
    assert f"{address}?kind=finding" in page
    answer = client.get(f"{address}?kind=finding")
    assert "确认这 3 件事项" in answer.content.decode()
    seen = answer.context["form"]["seen"].value()

    proposed(cast, adoption)
    stale = client.post(f"{address}?kind=finding", {"ground": GROUND, "seen": seen})
    assert stale.status_code == 409
    assert GROUND in stale.content.decode()
    seen = stale.context["form"]["seen"].value()
    done = client.post(f"{address}?kind=finding", {"ground": GROUND, "seen": seen}, follow=True)

    assert "已确认 4 件" in done.content.decode()


@pytest.mark.pages
def test_only_those_that_were_ticked_are_confirmed(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    pks = waiting(cast, adoption)
    client, address = client_of(cast.chen), f"/register/{adoption.pk}/confirm/?pk={pks[0]}"
    seen = client.get(address).context["form"]["seen"].value()
    refused = client.post(address, {"ground": "", "seen": seen})
    assert refused.status_code == 422

    client.post(address, {"ground": GROUND, "seen": seen})

    assert Fact.objects.get(state="confirmed").revision == 2
    assert "没有可以确认的事项" in client.get(address).content.decode()
    assert "确认勾选的" not in client_of(cast.lin).get(f"/register/{adoption.pk}/").content.decode()


@pytest.mark.pages
def test_more_than_can_be_confirmed_at_once_is_told(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    first = proposed(cast, adoption)
    kept = {one.attname: getattr(first, one.attname) for one in Fact._meta.concrete_fields}
    kept.pop("id")
    many = confirming.MOST
    Fact.objects.bulk_create(Fact(**{**kept, "key": f"JC-{one}"}) for one in range(many))

    answer = client_of(cast.chen).get(f"/register/{adoption.pk}/confirm/")

    assert answer.status_code == 400
    assert "一次最多确认 5,000 件" in answer.content.decode()
