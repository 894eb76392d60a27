"""What is said against a published result, and what becomes of an appeal that was upheld."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.assessments.computed import computed, published, started, work_off
from tests.platform.matters.made import make_evidence, set_limit
from tests.platform.people import Cast
from tests.platform.register.filled import confirmed
from wenyou.accounts.models import User
from wenyou.accounts.services import change_setting
from wenyou.assessments import contests, queries, services
from wenyou.assessments.checklist import checklist, contests_of, is_owed
from wenyou.assessments.models import Contest, Run, RunSubject
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.evidence.models import EvidenceUse
from wenyou.matters.fields import Value
from wenyou.matters.models import Matter
from wenyou.matters.services import move
from wenyou.register.models import Fact
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import MoveRefused

ClientOf = Callable[[User], Client]


def jia(cast: Cast, run: Run) -> RunSubject:
    return RunSubject.objects.get(run=run, key=f"unit:{cast.jia.code}")


def appealed(cast: Cast, run: Run, what: str = "1", by: User | None = None) -> Contest:
    """The head of 甲 appeals against his only deduction, with a picture."""
    user = by or cast.lin
    return contests.appeal(
        run=run, row=jia(cast, run), what=what, grounds="当日系统停机，不是服务用语的问题。",
        files=[make_evidence(user)], by=user,
    )  # fmt: skip


def matter_of(found: Contest) -> Matter:
    assert found.matter_id is not None
    return Matter.objects.get(pk=found.matter_id)


def ruled(cast: Cast, found: Contest, action: str = "uphold") -> Contest:
    """Accepted and decided by 冯雪, who had no part in it."""
    matter = matter_of(found)
    matter = move(matter, "accept", by=cast.protection, turn=matter.turn)
    said = {"article": "二.1", "grounds": "停机记录属实。"}
    move(matter, action, by=cast.protection, turn=matter.turn, filled=said)
    return queries.contest_for(cast.chen, found.pk)


def test_an_appeal_begins_with_everything_the_result_knows(cast: Cast, adoption: Adoption) -> None:
    set_limit(cast.east, "appeal_window", {"unit": "calendar_days", "amount": 5})
    run = published(cast, adoption)

    found = appealed(cast, run)

    matter = matter_of(found)
    assert (matter.flow, matter.state, matter.unit) == ("appeal", "submitted", cast.jia)
    assert found.item.startswith("2025年第三季度甲网点：")
    assert found.article
    assert matter.article == found.article
    assert matter.data["origin"]["address"] == f"/assessments/{run.pk}/why/{found.key}/?what=1"
    window = matter.clocks.get(name="appeal_window")
    assert window.due_at == contests.closes_at(run)
    assert EvidenceUse.objects.filter(object_kind="matter", object_id=str(matter.pk)).exists()
    assert AuditRow.objects.filter(action="contest.appealed", unit=cast.jia).count() == 1


def test_without_evidence_an_appeal_is_a_draft_that_keeps_the_grounds(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)

    found = contests.appeal(
        run=run, row=jia(cast, run), what="", grounds="名次不对。", files=[], by=cast.lin
    )

    matter = matter_of(found)
    assert (matter.state, matter.data["grounds"]) == ("draft", "名次不对。")


def test_a_person_appeals_against_his_own_result_and_no_other(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)
    own = RunSubject.objects.get(run=run, employee=cast.zhou.employee)

    found = contests.appeal(
        run=run, row=own, what="", grounds="不是我当班。", files=[make_evidence(cast.zhou)],
        by=cast.zhou,
    )  # fmt: skip

    assert matter_of(found).about == cast.zhou.employee
    for other in (cast.wu, cast.zheng, cast.chen, cast.nobody):
        with pytest.raises(NotAllowed):
            contests.appeal(run=run, row=own, what="", grounds="代提。", files=[], by=other)


def test_a_result_that_is_not_published_is_not_contested(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)

    with pytest.raises(InputRefused, match="还没有发布"):
        appealed(cast, run)


def test_the_window_is_data_and_a_late_appeal_is_refused(cast: Cast, adoption: Adoption) -> None:
    run = published(cast, adoption)
    run.published_at = timezone.make_aware(datetime.fromisoformat("2025-10-10T09:00:00"))
    default = contests.closes_at(run)
    change_setting("assessments.contest_days", 30, by=None)
    longer = contests.closes_at(run)
    set_limit(cast.east, "appeal_window", {"unit": "calendar_days", "amount": 1})
    own = contests.closes_at(run)
    assert default is not None
    assert longer is not None
    assert own is not None
    # 10月11日(周六) is a make-up workday.
    assert timezone.localtime(default).isoformat() == "2025-10-16T23:59:59+08:00"
    assert own < default < longer
    run.save()
    with pytest.raises(InputRefused, match="异议期已于"):
        appealed(cast, run)
    assert not Contest.objects.exists()


def test_a_draft_is_not_handed_in_after_its_own_window(cast: Cast, adoption: Adoption) -> None:
    set_limit(cast.east, "appeal_window", {"unit": "calendar_days", "amount": 5})
    run = published(cast, adoption)
    found = contests.appeal(
        run=run, row=jia(cast, run), what="", grounds="名次不对。", files=[], by=cast.lin
    )
    matter, over = matter_of(found), timezone.localtime() - timedelta(minutes=1)
    matter.data["own_limits"]["appeal_window"] = over.isoformat(timespec="seconds")
    matter.save()
    said: dict[str, Value] = {
        "item": found.item,
        "grounds": "名次不对。",
        "evidence": [make_evidence(cast.lin)],
    }

    with pytest.raises(MoveRefused, match="关闭"):
        move(matter, "submit", by=cast.lin, turn=1, filled=said)
    assert move(matter, "lapse", by=None, turn=1).state == "lapsed"


def test_the_same_thing_is_not_appealed_against_twice_at_once(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)
    found = appealed(cast, run)

    with pytest.raises(InputRefused, match=matter_of(found).number):
        appealed(cast, run)
    assert appealed(cast, run, what="").pk != found.pk


def test_who_confirmed_the_run_or_the_fact_does_not_rule(cast: Cast, adoption: Adoption) -> None:
    matter = matter_of(appealed(cast, published(cast, adoption)))
    matter = move(matter, "accept", by=cast.protection, turn=matter.turn)
    said = {"article": "二.1", "grounds": "属实。"}

    for tied in (cast.chen, cast.leader):
        with pytest.raises(MoveRefused):
            move(matter, "uphold", by=tied, turn=matter.turn, filled=said)
    assert move(matter, "uphold", by=cast.protection, turn=matter.turn, filled=said).closed


def test_an_upheld_appeal_becomes_a_withdrawal_that_the_next_run_follows(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)
    found = ruled(cast, appealed(cast, run))
    assert is_owed(found)
    fact = Fact.objects.get(kind="finding", latest=True)

    found = contests.follow(contest=found, fact=fact, withdraw=True, by=cast.chen)

    assert found.fact is not None
    assert (found.fact.key, found.fact.state) == (fact.key, Fact.State.WITHDRAWN)
    assert not is_owed(found)
    assert AuditRow.objects.filter(action="contest.followed").count() == 1
    again = started(adoption, cast.chen)
    work_off()
    assert RunSubject.objects.get(run=again, key=found.key).points is None
    services.ask_comparison(old=run, new=again, by=cast.chen)
    work_off()
    again.refresh_from_db()
    text = services.comparison_file(run, again).read_text(encoding="utf-8")
    assert fact.key in text
    with pytest.raises(InputRefused, match="已经落实"):
        contests.follow(contest=found, fact=fact, withdraw=True, by=cast.chen)


def test_only_what_was_registered_since_the_ruling_follows_it(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)
    found = appealed(cast, run)
    fact = Fact.objects.get(kind="finding", latest=True)
    with pytest.raises(InputRefused, match="还没有裁定成立"):
        contests.follow(contest=found, fact=fact, withdraw=True, by=cast.chen)
    found = ruled(cast, found, "uphold_partly")

    with pytest.raises(InputRefused, match="早于裁定"):
        contests.follow(contest=found, fact=fact, withdraw=False, by=cast.chen)
    with pytest.raises(NotAllowed):
        contests.follow(contest=found, fact=fact, withdraw=True, by=cast.lin)
    later = confirmed(cast, adoption)
    assert contests.follow(contest=found, fact=later, withdraw=False, by=cast.chen).fact == later


def test_a_rejected_appeal_owes_nothing(cast: Cast, adoption: Adoption) -> None:
    run = published(cast, adoption)
    found = ruled(cast, appealed(cast, run), "reject")

    assert not is_owed(found)
    titles = [one.title for one in checklist(run)]
    assert "1 件申诉都已办结并落实" in titles


def test_a_remark_asks_for_no_ruling(cast: Cast, adoption: Adoption) -> None:
    run = published(cast, adoption)

    found = contests.remark(
        run=run, row=jia(cast, run), what="", text="本季装修，客流少。", by=cast.lin
    )

    assert found.matter is None
    assert list(contests_of(run)) == [found]
    with pytest.raises(InputRefused, match="请写明意见"):
        contests.remark(run=run, row=jia(cast, run), what="", text=" ", by=cast.lin)
    with pytest.raises(NotAllowed):
        contests.remark(run=run, row=jia(cast, run), what="", text="好。", by=cast.wu)


def test_what_was_said_is_seen_by_the_office_the_unit_and_its_author(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)
    own = RunSubject.objects.get(run=run, employee=cast.zhou.employee)
    found = contests.remark(run=run, row=own, what="", text="已补训。", by=cast.zhou)

    for one in (cast.zhou, cast.lin, cast.chen, cast.leader, cast.he):
        assert queries.contest_for(one, found.pk) == found
    for other in (cast.wu, cast.sun, cast.zheng, cast.system_admin):
        with pytest.raises(NotFound):
            queries.contest_for(other, found.pk)


@pytest.mark.pages
def test_an_appeal_goes_from_the_figure_to_the_next_run_through_the_pages(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    key, head, office = f"unit:{cast.jia.code}", client_of(cast.lin), client_of(cast.chen)
    address = f"/assessments/{run.pk}/contest/{key}/?what=1"
    assert address in head.get(f"/assessments/{run.pk}/of/{key}/").content.decode()
    assert address in head.get(f"/assessments/{run.pk}/why/{key}/?what=1").content.decode()
    page = head.get(address).content.decode()
    assert "异议期" in page
    assert Fact.objects.get(kind="finding", latest=True).key in page

    refused = head.post(address, {"kind": "appeal", "grounds": ""})
    assert refused.status_code == 422
    kept = make_evidence(cast.lin)
    said = {"kind": "appeal", "grounds": "系统停机。", "evidence_kept": str(kept.pk)}
    page = head.post(address, said, follow=True).content.decode()
    found = Contest.objects.get()
    assert matter_of(found).number in page
    assert f'href="/assessments/{run.pk}/why/{key}/?what=1"' in page
    page = office.get(f"/assessments/{run.pk}/").content.decode()
    assert "1 件申诉还在办理" in page

    ruled(cast, found)
    page = office.get(f"/assessments/{run.pk}/").content.decode()
    assert "1 件申诉成立、还没有落实" in page
    follow = f"/assessments/contests/{found.pk}/follow/"
    assert follow in page
    fact = Fact.objects.get(kind="finding", latest=True)
    assert f"撤销 {fact.key}" in office.get(follow).content.decode()
    wrong = office.post(follow, {"how": "other", "number": "DJ1"})
    assert (wrong.status_code, "没有这个编号" in wrong.content.decode()) == (422, True)
    done = office.post(follow, {"how": str(fact.pk)})
    assert done["Location"] == f"/assessments/start/?again={run.pk}"
    form = office.get(done["Location"]).context["form"]
    assert form["period"].value() == "2025年第三季度"
    again = computed(cast, adoption)
    says = client_of(cast.leader).get(f"/assessments/{again.pk}/confirm/").content.decode()
    assert "没有办结" not in says


@pytest.mark.pages
def test_open_appeals_are_told_before_a_run_is_confirmed(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    found = appealed(cast, run)
    again = computed(cast, adoption)

    says = client_of(cast.leader).get(f"/assessments/{again.pk}/confirm/").content.decode()

    assert "还有 1 件申诉没有办结" in says
    assert matter_of(found).number in says


@pytest.mark.pages
def test_a_remark_is_written_on_the_same_page(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    key = f"unit:{cast.jia.code}"
    said = {"kind": "remark", "grounds": "本季装修。"}

    page = client_of(cast.lin).post(f"/assessments/{run.pk}/contest/{key}/", said, follow=True)

    assert "本季装修。" in page.content.decode()
    assert "本季装修。" in client_of(cast.chen).get(f"/assessments/{run.pk}/").content.decode()


@pytest.mark.pages
def test_a_window_that_has_closed_is_told_and_offers_nothing(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    Run.objects.filter(pk=run.pk).update(published_at=timezone.now() - timedelta(days=40))
    key = f"unit:{cast.jia.code}"

    page = client_of(cast.lin).get(f"/assessments/{run.pk}/of/{key}/").content.decode()

    assert "异议期已于" in page
    assert "/contest/" not in page
