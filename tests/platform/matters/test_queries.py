"""Who sees which matters: the list and the single page never disagree."""

from __future__ import annotations

import pytest

from tests.platform.factories import make_employee, make_holding, make_unit, make_user
from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, User
from wenyou.matters import queries
from wenyou.matters.kinds import KINDS, registering
from wenyou.matters.models import Matter
from wenyou.matters.queries import matters_visible_to, sees
from wenyou.org import reach
from wenyou_core.flow.registry import FLOWS


@pytest.fixture
def all_kinds(cast: Cast) -> list[Matter]:
    """One of each kind at 甲, and a complaint at each other unit."""
    made = [begin(name, cast, action=registering(name).action) for name in FLOWS]
    for unit in (cast.yi, cast.east):
        made.append(begin("complaint", cast, unit=unit, by=cast.chen))
    made.append(begin("complaint", cast, unit=cast.bing, by=cast.he))
    Matter.objects.filter(flow="complaint", unit=cast.yi).update(about=cast.zhou.employee)
    Matter.objects.filter(flow="complaint", unit=cast.bing).update(with_unit=cast.east)
    return made


def test_list_and_page_agree_for_everybody_on_every_kind(
    all_kinds: list[Matter], cast: Cast
) -> None:
    rows = list(Matter.objects.select_related("unit", "with_unit"))
    assert len(rows) == len(FLOWS) + 3

    for name, user in cast.people().items():
        listed = set(matters_visible_to(user).values_list("pk", flat=True))
        single = {row.pk for row in rows if sees(user, row)}
        assert listed == single, name


def test_narrowing_to_kinds_only_narrows(all_kinds: list[Matter], cast: Cast) -> None:
    for user in cast.people().values():
        whole = set(matters_visible_to(user).values_list("pk", "flow"))
        for flow in FLOWS:
            some = set(matters_visible_to(user, (flow,)).values_list("pk", "flow"))
            assert some == {row for row in whole if row[1] == flow}


def test_many_units_are_seen_as_few_are(
    all_kinds: list[Matter], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: seen(user) for name, user in cast.people().items()}
    monkeypatch.setattr(reach, "FEW", 0)

    many = {name: seen(User.objects.get(pk=user.pk)) for name, user in cast.people().items()}

    assert many == few


def test_many_matters_of_ones_own_are_seen_as_few_are(
    all_kinds: list[Matter], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {name: seen(user) for name, user in cast.people().items()}
    monkeypatch.setattr(queries, "MANY", 0)

    many = {name: seen(User.objects.get(pk=user.pk)) for name, user in cast.people().items()}

    assert many == few


def test_head_of_one_house_sees_nothing_of_another(
    all_kinds: list[Matter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "FEW", 0)
    other = make_unit("另一家银行")
    user = make_user(employee=make_employee("外人", unit=other))
    make_holding(user, RoleCode.SERVICE_OFFICE, other)

    assert seen(user) == set()


def seen(user: User) -> set[int]:
    return set(matters_visible_to(user).values_list("pk", flat=True))


def test_every_flow_has_a_number_of_its_own_and_a_door() -> None:
    prefixes = [KINDS[name].prefix for name in FLOWS]

    assert len(set(prefixes)) == len(FLOWS)
    assert set(KINDS) == set(FLOWS)
