"""Taking up a plan, putting it in force, ending it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.platform.people import Cast
from tests.platform.schemes.adopted import PLAN, adopted, drafted, said
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.schemes import queries, services
from wenyou.schemes.comparing import differences
from wenyou.schemes.models import Adoption
from wenyou.schemes.writing import AdoptionRefused
from wenyou_core.errors import InputRefused, WenyouError

MARCH = date.fromisoformat("2025-03-31")


def test_a_draft_holds_an_adoption_file_that_the_core_loads(cast: Cast) -> None:
    saved = drafted(cast)

    _, file = queries.loaded(saved)
    assert saved.state == Adoption.State.DRAFT
    assert file.adoption.units == (cast.east.code,)
    assert file.adoption.tables["inspection_fine"]["服务用语"] == "-100 元"
    assert AuditRow.objects.filter(action="adoption.drafted", unit=cast.east).count() == 1


def test_what_the_plan_does_not_take_is_told_beside_its_field(cast: Cast) -> None:
    with pytest.raises(AdoptionRefused) as refused:
        drafted(
            cast,
            params={"complaint_basis": "户数", "least_count": "两件"},
            tables={"inspection_fine": {"服务用语": "一百"}},
            published_on=date(2025, 1, 5),
            consulted_on=date(2025, 1, 9),
        )

    assert set(refused.value.by_field) == {
        "p_complaint_basis", "p_least_count", "t_inspection_fine_2", "published_on",
    }  # fmt: skip
    assert not Adoption.objects.exists()


def test_words_that_mean_something_in_yaml_stay_words(cast: Cast) -> None:
    saved = drafted(cast, documents=('文优〔2025〕1号: "试行" #1', "{a: b}"))

    assert queries.loaded(saved)[1].adoption.record.documents == (
        '文优〔2025〕1号: "试行" #1', "{a: b}",
    )  # fmt: skip


@pytest.mark.parametrize("who", ["lin", "zhou", "zheng", "sun", "leader", "system_admin"])
def test_only_the_service_office_takes_up_a_plan(cast: Cast, who: str) -> None:
    with pytest.raises(NotAllowed, match="服务办公室"):
        services.draft(plan=PLAN, unit=cast.east, title="", said=said(cast), by=cast.people()[who])


def test_the_office_of_the_upper_branch_may_take_up_a_plan_too(cast: Cast) -> None:
    saved = services.draft(plan=PLAN, unit=cast.east, title="", said=said(cast), by=cast.he)

    assert saved.adopted_by == cast.he


def test_a_plan_with_an_open_value_that_computing_needs_is_not_put_in_force(cast: Cast) -> None:
    draft = drafted(cast, params={}, tables={})

    with pytest.raises(WenyouError, match="投诉率的分母") as refused:
        services.put_in_force(adoption=draft, by=cast.chen)
    draft.refresh_from_db()
    head, *lines = str(refused.value).split("\n")
    assert head == (
        "还有 2 项要由采用单位确定，没有填就不能计算。"
        "请打开这份采用方案，在“修改草稿”里填写以后再办："
    )
    assert any(line.endswith("？") for line in lines)
    assert any("环境卫生、仪容仪表" in line for line in lines)
    assert not any(word in str(refused.value) for word in ("yaml", "values", "tables", "采用文件"))
    assert draft.state == Adoption.State.DRAFT


def test_a_plan_in_force_is_not_changed(cast: Cast) -> None:
    found = adopted(cast)

    with pytest.raises(InputRefused, match="另起一份草稿"):
        services.draft(
            plan=PLAN, unit=cast.east, title="", said=said(cast), by=cast.chen, adoption=found
        )
    with pytest.raises(InputRefused, match="不必再次施行"):
        services.put_in_force(adoption=found, by=cast.chen)


def test_two_adoptions_of_a_plan_are_not_in_force_on_one_day(cast: Cast) -> None:
    first = adopted(cast)
    second = drafted(cast, from_on=date(2025, 4, 1))

    with pytest.raises(WenyouError, match="停用到 2025-03-31"):
        services.put_in_force(adoption=second, by=cast.chen)
    services.end(adoption=first, until_on=MARCH, by=cast.chen)
    assert services.put_in_force(adoption=second, by=cast.chen).state == Adoption.State.IN_FORCE
    assert queries.in_force_on(cast.jia, MARCH).get() == first
    assert queries.in_force_on(cast.jia, date(2025, 4, 1)).get() == second


def test_an_ended_adoption_says_its_last_day_in_its_file(cast: Cast) -> None:
    found = services.end(adoption=adopted(cast), until_on=MARCH, by=cast.chen)

    assert queries.loaded(found)[1].adoption.in_force_to == MARCH


def test_an_adoption_does_not_end_before_it_begins(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="早于施行日期"):
        services.end(adoption=adopted(cast), until_on=date(2024, 12, 31), by=cast.chen)


def test_the_record_of_the_procedure_is_completed_later(cast: Cast) -> None:
    found = adopted(cast, consulted_on=date(2025, 1, 5), published_on=date(2025, 1, 9))
    assert not queries.loaded(found)[1].adoption.record.complete
    later = replace(services.said_of(found), acknowledged_on=date(2025, 1, 20))

    found = services.complete_record(adoption=found, said=later, by=cast.chen)

    assert queries.loaded(found)[1].adoption.record.complete
    assert services.said_of(found) == later


def test_a_draft_is_seen_by_its_unit_and_above_but_not_beneath(cast: Cast) -> None:
    draft = drafted(cast)

    assert queries.adoption_for(cast.chen, draft.pk) == draft
    assert queries.adoption_for(cast.he, draft.pk) == draft
    for nobody in (cast.lin, cast.sun, cast.system_admin):
        with pytest.raises(NotFound):
            queries.adoption_for(nobody, draft.pk)


def test_a_plan_in_force_is_read_by_everybody_whom_it_binds(cast: Cast) -> None:
    found = adopted(cast)

    assert queries.adoption_for(cast.zhou, found.pk) == found
    with pytest.raises(NotFound):
        queries.adoption_for(cast.sun, found.pk)


def test_two_adoptions_are_compared_value_by_value(cast: Cast) -> None:
    old = drafted(cast)
    new = drafted(cast, from_on=date(2025, 4, 1), params={"complaint_basis": "员工数"})

    found = {one.what: (one.old, one.new) for one in differences(old, new)}

    assert found["施行日期"] == ("2025-01-01", "2025-04-01")
    assert any("员工数" in new_ for _, new_ in found.values())
