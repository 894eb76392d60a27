"""Registering, confirming, mending, withdrawing, declaring."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from tests.platform.people import Cast
from tests.platform.register.filled import DAY, all_declared, confirmed, entry, proposed
from tests.platform.schemes.adopted import drafted
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.knobs.models import Setting
from wenyou.register import queries, services
from wenyou.register.book import book_of, cells_of
from wenyou.register.kinds import plan_of
from wenyou.register.models import Fact
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused


def test_a_fact_is_proposed_with_the_next_number_and_an_audit_row(
    cast: Cast, adoption: Adoption
) -> None:
    first, second = proposed(cast, adoption), proposed(cast, adoption)

    year = timezone.localdate().year
    assert (first.key, second.key) == (f"DJ{year}-00001", f"DJ{year}-00002")
    assert first.state == Fact.State.PROPOSED
    assert cells_of(first.data)["points"] == Fraction(2)
    assert AuditRow.objects.filter(action="fact.proposed", unit=cast.jia).count() == 2


def test_a_confirmed_fact_is_a_new_revision_and_the_old_one_stays(
    cast: Cast, adoption: Adoption
) -> None:
    before = proposed(cast, adoption)

    after = services.confirm(fact=before, by=cast.chen)

    before.refresh_from_db()
    assert (after.revision, after.state, after.latest) == (2, Fact.State.CONFIRMED, True)
    assert (before.revision, before.state, before.latest) == (1, Fact.State.PROPOSED, False)
    assert after.decided_by == cast.chen
    assert after.known_at == before.known_at


def test_nobody_confirms_what_he_registered_himself(cast: Cast, adoption: Adoption) -> None:
    fact = services.propose(adoption=adoption, kind="finding", entry=entry(cast), by=cast.chen)

    with pytest.raises(NotAllowed, match="另一位"):
        services.confirm(fact=fact, by=cast.chen)
    assert services.confirm(fact=fact, by=cast.he).state == Fact.State.CONFIRMED


def test_one_person_is_enough_where_the_house_has_set_so(cast: Cast, adoption: Adoption) -> None:
    Setting.objects.create(name=services.SECOND, value=False, set_at=timezone.now())
    fact = services.propose(adoption=adoption, kind="finding", entry=entry(cast), by=cast.chen)

    assert services.confirm(fact=fact, by=cast.chen).state == Fact.State.CONFIRMED


@pytest.mark.parametrize("who", ["lin", "zheng", "zhou", "sun", "leader"])
def test_only_the_office_confirms(cast: Cast, adoption: Adoption, who: str) -> None:
    fact = proposed(cast, adoption)

    with pytest.raises(NotAllowed):
        services.confirm(fact=fact, by=cast.people()[who])


@pytest.mark.parametrize("who", ["zhou", "wu", "sun", "leader", "auditor", "system_admin"])
def test_facts_of_a_unit_are_registered_by_those_who_answer_for_it(
    cast: Cast, adoption: Adoption, who: str
) -> None:
    with pytest.raises(NotAllowed):
        services.propose(
            adoption=adoption, kind="finding", entry=entry(cast), by=cast.people()[who]
        )


def test_a_unit_outside_the_adoption_is_refused(cast: Cast, adoption: Adoption) -> None:
    with pytest.raises(InputRefused, match="不按这份方案考核"):
        services.propose(
            adoption=adoption, kind="finding", entry=entry(cast, unit=cast.bing), by=cast.he
        )


def test_a_draft_plan_takes_no_facts(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="还是草稿"):
        services.propose(adoption=drafted(cast), kind="finding", entry=entry(cast), by=cast.chen)


def test_days_that_cannot_be_are_refused(cast: Cast, adoption: Adoption) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    for changed, why in (
        ({"known_at": tomorrow}, "晚于现在"),
        ({"happened_on": DAY + timedelta(days=1)}, "早于发生日期"),
        ({"happened_on": date(2019, 12, 31)}, "不在营业期间"),
    ):
        with pytest.raises(InputRefused, match=why):
            proposed(cast, adoption, **changed)


def test_a_kind_that_the_plan_does_not_declare_is_not_found(cast: Cast, adoption: Adoption) -> None:
    with pytest.raises(NotFound):
        services.propose(adoption=adoption, kind="weather", entry=entry(cast), by=cast.chen)


def test_a_mended_fact_waits_for_confirmation_again_with_its_reason(
    cast: Cast, adoption: Adoption
) -> None:
    fact = confirmed(cast, adoption)
    values = {"type": "服务用语", "points": Fraction(1), "counted": True}

    mended = services.revise(
        fact=fact, entry=entry(cast, values=values), reason="复核后改为 1 分", by=cast.zheng
    )

    assert (mended.key, mended.revision, mended.state) == (fact.key, 3, Fact.State.PROPOSED)
    assert mended.reason == "复核后改为 1 分"
    with pytest.raises(InputRefused, match="写明理由"):
        services.revise(fact=mended, entry=entry(cast), reason=" ", by=cast.zheng)


def test_what_was_mended_meanwhile_is_not_mended_from_an_older_form(
    cast: Cast, adoption: Adoption
) -> None:
    fact = proposed(cast, adoption)
    services.revise(fact=fact, entry=entry(cast), reason="补佐证", by=cast.zheng)

    with pytest.raises(InputRefused, match=r"郑远.*已经更正"):
        services.revise(fact=fact, entry=entry(cast), reason="改分值", by=cast.chen)
    assert Fact.objects.filter(key=fact.key).count() == 2


def test_what_was_mended_meanwhile_is_not_confirmed_unseen(cast: Cast, adoption: Adoption) -> None:
    fact = proposed(cast, adoption)
    services.revise(fact=fact, entry=entry(cast), reason="补佐证", by=cast.zheng)

    with pytest.raises(InputRefused, match="刚刚有新的更正"):
        services.confirm(fact=fact, by=cast.chen)


def test_a_withdrawn_fact_stays_withdrawn(cast: Cast, adoption: Adoption) -> None:
    fact = services.withdraw(fact=confirmed(cast, adoption), reason="重复登记", by=cast.chen)

    assert (fact.state, fact.reason) == (Fact.State.WITHDRAWN, "重复登记")
    with pytest.raises(InputRefused, match="不必再办理"):
        services.confirm(fact=fact, by=cast.he)
    with pytest.raises(InputRefused, match="已经撤销，不能再更正"):
        services.revise(fact=fact, entry=entry(cast), reason="还是要扣", by=cast.zheng)
    assert Fact.objects.get(key=fact.key, latest=True) == fact


def test_decisions_of_the_leading_group_are_entered_by_the_office_alone(
    cast: Cast, adoption: Adoption
) -> None:
    values = {"rule": "last_above_mean", "choice": "选中", "by": "E1", "grounds": "集体研究"}
    said = entry(cast, unit=None, employee=None, values=values)

    with pytest.raises(NotAllowed):
        services.propose(adoption=adoption, kind="decision", entry=said, by=cast.zheng)
    assert services.propose(adoption=adoption, kind="decision", entry=said, by=cast.chen).pk


def test_a_head_sees_the_facts_of_his_unit_and_a_teller_those_that_name_him(
    cast: Cast, adoption: Adoption
) -> None:
    fact = proposed(cast, adoption)
    other = proposed(cast, adoption, employee=None)

    assert set(queries.facts_visible_to(cast.lin)) == {fact, other}
    assert set(queries.facts_visible_to(cast.zhou)) == {fact}
    assert set(queries.facts_visible_to(cast.leader)) == {fact, other}
    for nobody in (cast.wu, cast.sun, cast.nobody, cast.system_admin):
        assert not queries.facts_visible_to(nobody).exists()
        with pytest.raises(NotFound):
            queries.fact_for(nobody, fact.pk)


def test_completeness_is_declared_for_days_that_are_over(cast: Cast, adoption: Adoption) -> None:
    all_declared(cast, adoption)

    assert len(book_of(adoption, plan_of(adoption)).coverage) == len(plan_of(adoption).facts)
    for changed, why in (
        ({"until_on": timezone.localdate() + timedelta(days=1)}, "还没有到"),
        ({"until_on": date(2024, 1, 1)}, "早于起始日期"),
        ({"kinds": ["weather"]}, "至少选一类"),
        ({"unit": cast.bing}, "不按这份方案考核"),
    ):
        said = {
            "kinds": ["finding"], "unit": cast.jia, "from_on": date(2025, 1, 1),
            "until_on": date(2025, 3, 31), **changed,
        }  # fmt: skip
        with pytest.raises(InputRefused, match=why):
            services.declare_complete(adoption=adoption, by=cast.he, **said)  # type: ignore[arg-type]


def test_a_declaration_taken_back_no_longer_counts(cast: Cast, adoption: Adoption) -> None:
    all_declared(cast, adoption)
    row = queries.coverages_of(adoption)[0]

    services.withdraw_coverage(coverage=row, by=cast.chen)

    assert row not in queries.coverages_of(adoption)
    with pytest.raises(InputRefused, match="已经撤回"):
        services.withdraw_coverage(coverage=row, by=cast.chen)
    with pytest.raises(NotAllowed):
        services.withdraw_coverage(coverage=queries.coverages_of(adoption)[0], by=cast.sun)


def test_the_offices_declaration_is_not_taken_back_by_an_inspector(
    cast: Cast, adoption: Adoption
) -> None:
    all_declared(cast, adoption)
    row = queries.coverages_of(adoption)[0]

    with pytest.raises(NotAllowed):
        services.withdraw_coverage(coverage=row, by=cast.zheng)

    assert row in queries.coverages_of(adoption)


def test_the_book_holds_the_house_and_all_revisions_as_known(
    cast: Cast, adoption: Adoption
) -> None:
    plan = plan_of(adoption)
    fact = proposed(cast, adoption)
    between = timezone.now()
    services.confirm(fact=fact, by=cast.chen)

    book = book_of(adoption, plan)

    assert [one.state.value for one in book.facts["finding"]] == ["proposed", "confirmed"]
    assert [one.state.value for one in book_of(adoption, plan, between).facts["finding"]] == [
        "proposed"
    ]
    units = {one.id: one for one in book.units}
    assert set(units) == {cast.east.code, cast.jia.code, cast.yi.code}
    assert units[cast.east.code].parent == ""
    assert units[cast.jia.code].values == {"kind": "营业网点", "class": "县域"}
    posts = {one.person: one.post for one in book.posts}
    assert cast.lin.employee is not None
    assert posts[cast.lin.employee.number] == "网点负责人"
    persons = {one.id: one.values for one in book.persons}
    assert persons[cast.lin.employee.number] == {"staff_type": "管理人员"}
