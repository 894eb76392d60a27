"""Runs: started, computed, confirmed, published; who sees what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from tests.platform.assessments.computed import computed, published, staff_ranked, started, work_off
from tests.platform.people import Cast
from tests.platform.register.filled import all_declared, confirmed, proposed
from tests.platform.schemes.adopted import drafted
from wenyou.accounts.models import User
from wenyou.assessments import queries, reading, services
from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.opened import _opened, opened
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.jobs.models import Job
from wenyou.jobs.services import cancel
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused, WenyouError
from wenyou_desk.statements.gather import subjects_of


def test_a_run_computes_what_is_registered_and_keeps_everybodys_figures(
    cast: Cast, adoption: Adoption
) -> None:
    run = computed(cast, adoption)

    assert (run.state, run.provisional, run.missing) == (Run.State.DONE, False, [])
    jia = RunSubject.objects.get(run=run, key=f"unit:{cast.jia.code}")
    yi = RunSubject.objects.get(run=run, key=f"unit:{cast.yi.code}")
    assert (jia.place, yi.place) == (2, 1)
    assert jia.points == -2
    assert jia.figures["points|deduction"] == "−2"
    zhou = RunSubject.objects.get(run=run, employee=cast.zhou.employee)
    assert zhou.unit == cast.jia
    folder = settings.DATA.runs / str(run.pk)
    assert {one.name for one in folder.iterdir()} == {"result.json", "测算结果.xlsx"}
    assert AuditRow.objects.filter(action="run.computed", unit=cast.east).count() == 1


def test_what_hits_the_adopting_unit_as_a_unit_stands_in_its_one_row(
    cast: Cast, adoption: Adoption
) -> None:
    confirmed(cast, adoption, unit=cast.east, employee=None)
    all_declared(cast, adoption)
    run = started(adoption, cast.chen)
    work_off()
    run.refresh_from_db()

    (east,) = RunSubject.objects.filter(run=run, unit=cast.east, employee=None)
    assert (east.key, east.points) == (f"unit:{cast.east.code}", Decimal(-2))
    assert {"@whole", "points|deduction"} <= set(east.figures)
    assert [one.amount for one in reading.entries_of(east, run)] == ["−2分", "−100元"]


def test_what_is_not_declared_complete_is_missing_and_never_zero(
    cast: Cast, adoption: Adoption
) -> None:
    run = started(adoption, cast.chen)
    work_off()
    run.refresh_from_db()

    assert run.provisional
    assert run.missing


def test_a_fact_that_nobody_confirmed_does_not_count(cast: Cast, adoption: Adoption) -> None:
    proposed(cast, adoption)
    all_declared(cast, adoption)
    run = started(adoption, cast.chen)
    work_off()
    run.refresh_from_db()

    assert RunSubject.objects.get(run=run, key=f"unit:{cast.jia.code}").points is None
    assert run.summary["uncounted"] == 1


def test_a_draft_plan_is_tried_out_but_never_published(cast: Cast) -> None:
    run = started(drafted(cast), cast.chen)
    work_off()
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert run.summary["lawful"] is False

    run = services.confirm(run=run, by=cast.leader)
    with pytest.raises(InputRefused, match="还是草稿"):
        services.publish(run=run, by=cast.chen)


def test_a_run_that_cannot_be_computed_fails_with_every_reason(cast: Cast) -> None:
    run = started(drafted(cast, params={}), cast.chen)
    work_off()
    run.refresh_from_db()

    assert run.state == Run.State.FAILED
    assert "投诉率的分母" in run.error
    assert run.job is not None
    assert Job.objects.get(pk=run.job.pk).state == Job.State.FAILED


@pytest.mark.parametrize("who", ["lin", "zhou", "zheng", "sun", "auditor", "system_admin"])
def test_only_the_office_and_the_leaders_start_runs(
    cast: Cast, adoption: Adoption, who: str
) -> None:
    with pytest.raises(NotAllowed):
        started(adoption, cast.people()[who])


def test_periods_and_moments_that_cannot_be_are_refused(cast: Cast, adoption: Adoption) -> None:
    ahead = timezone.now() + timedelta(days=1)
    for period, known_at, why in (
        ("2090Q1", None, "还没有开始"),
        ("2024Q4", None, "不全在"),
        ("某一季", None, "期"),
        ("2025Q3", ahead, "晚于现在"),
    ):
        with pytest.raises(InputRefused, match=why):
            services.start(adoption=adoption, period=period, known_at=known_at, by=cast.chen)
    assert not Run.objects.exists()


def test_a_run_looks_only_at_what_was_known_by_its_moment(cast: Cast, adoption: Adoption) -> None:
    all_declared(cast, adoption)
    before = timezone.now()
    confirmed(cast, adoption)
    run = services.start(adoption=adoption, period="2025Q3", known_at=before, by=cast.chen)
    work_off()

    assert RunSubject.objects.get(run=run, key=f"unit:{cast.jia.code}").points is None


def test_a_finished_run_is_not_computed_again_by_a_second_worker(
    cast: Cast, adoption: Adoption
) -> None:
    run = computed(cast, adoption)
    digest = run.digest
    assert run.job is not None
    Job.objects.filter(pk=run.job.pk).update(state=Job.State.WAITING)

    work_off()

    run.refresh_from_db()
    assert (run.digest, run.state) == (digest, Run.State.DONE)
    assert AuditRow.objects.filter(action="run.computed").count() == 1


def test_a_run_is_confirmed_by_a_named_person_and_published_once(
    cast: Cast, adoption: Adoption
) -> None:
    run = computed(cast, adoption)
    with pytest.raises(InputRefused, match="须先由负责人确认"):
        services.publish(run=run, by=cast.chen)

    run = services.confirm(run=run, by=cast.leader)
    assert run.confirmed_by == cast.leader
    with pytest.raises(InputRefused, match="由沈安确认，不必再办理"):
        services.confirm(run=run, by=cast.leader)
    with pytest.raises(NotAllowed):
        services.publish(run=run, by=cast.lin)
    run = services.publish(run=run, by=cast.chen)
    assert run.published_at is not None
    with pytest.raises(InputRefused):
        services.publish(run=run, by=cast.chen)


def test_an_unpublished_run_stays_in_the_office(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)

    for inside in (cast.chen, cast.leader, cast.he):
        assert queries.run_for(inside, run.pk) == run
    for outside in (cast.lin, cast.zhou, cast.zheng, cast.auditor, cast.sun, cast.system_admin):
        with pytest.raises(NotFound):
            queries.run_for(outside, run.pk)


@pytest.mark.proves("S003-34")
def test_a_published_run_shows_everybody_the_ranking_and_each_his_own(
    cast: Cast, adoption: Adoption
) -> None:
    run = published(cast, adoption)
    everybody = (cast.lin, cast.zhou, cast.wu, cast.zheng, cast.chen, cast.auditor, cast.nobody)
    for one in everybody:
        assert queries.run_for(one, run.pk) == run
        group = reading.group_of(run, one, "")
        _, ranked = reading.ranked(run, one, group)
        assert [row.name for row in ranked] == ["乙网点", "甲网点"]
    for outside in (cast.sun, cast.system_admin):
        with pytest.raises(NotFound):
            queries.run_for(outside, run.pk)

    assert _seen(cast.lin, run) == {"甲网点", "林岚", "周宁", "尤佳"}
    assert _seen(cast.wu, run) == {"乙网点", "吴迪"}
    assert _seen(cast.zhou, run) == {"甲网点", "周宁"}
    with pytest.raises(NotFound):
        queries.row_for(cast.zhou, run, f"unit:{cast.yi.code}")
    assert {"甲网点", "乙网点", "周宁", "吴迪"} <= _seen(cast.chen, run)


def test_a_ranking_of_people_is_shown_to_nobody_as_that_of_units_is(
    cast: Cast, adoption: Adoption
) -> None:
    run = staff_ranked(published(cast, adoption))
    for one in (cast.zhou, cast.lin, cast.chen):
        assert reading.ranked(run, one, reading.group_of(run, one, "")) == (None, [])


def _seen(user: User, run: Run) -> set[str]:
    return set(queries.rows_visible_to(user, run).values_list("title", flat=True))


def test_the_grounds_of_a_figure_lead_to_the_register(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)

    (tree,) = reading.trees(run, f"unit:{cast.jia.code}", "1", cast.chen)
    (same,) = reading.trees(run, f"unit:{cast.jia.code}", "1", cast.wu)

    assert tree.address == ""
    links = [node.address for node in tree.children if node.address]
    assert links
    assert links[0].startswith("/facts/")
    # Whoever may not see the fact is not led to a page that is not there for him.
    assert not any(node.address for node in same.children)


def test_a_statement_made_on_demand_is_the_one_that_publishing_lays_on_the_shelf(
    cast: Cast, adoption: Adoption
) -> None:
    run = computed(cast, adoption)
    folder = settings.DATA.runs / str(run.pk) / "告知单"
    asked = opened(run).statement(f"unit:{cast.jia.code}")
    (alone,) = folder.iterdir()
    assert "甲网点" in alone.name
    assert alone.read_text(encoding="utf-8") == asked
    alone.unlink()

    services.publish(run=services.confirm(run=run, by=cast.leader), by=cast.chen)
    work_off()

    shelf = {one.name: one for one in folder.iterdir()}
    assert len(shelf) == len(subjects_of(opened(run).record.result)) > 3
    assert shelf[alone.name].read_text(encoding="utf-8") == asked


def test_a_result_that_was_touched_is_not_shown(cast: Cast, adoption: Adoption) -> None:
    run = computed(cast, adoption)
    path = settings.DATA.runs / str(run.pk) / "result.json"
    path.write_bytes(path.read_bytes() + b" ")
    _opened.cache_clear()

    with pytest.raises(WenyouError, match="被改动过"):
        opened(run)


def test_two_runs_are_compared_by_a_job(cast: Cast, adoption: Adoption) -> None:
    old = computed(cast, adoption)
    confirmed(cast, adoption)
    new = started(adoption, cast.chen)
    work_off()
    new.refresh_from_db()

    services.ask_comparison(old=old, new=new, by=cast.chen)
    work_off()

    assert "甲网点" in services.comparison_file(old, new).read_text(encoding="utf-8")
    with pytest.raises(NotAllowed):
        services.ask_comparison(old=old, new=new, by=cast.lin)


def test_a_run_whose_job_was_cancelled_is_told_so(cast: Cast, adoption: Adoption) -> None:
    run = started(adoption, cast.chen)
    other = started(adoption, cast.chen)
    assert run.job is not None
    cancel(job=run.job, by=cast.chen)

    assert services.settle_lost(timezone.now()) == 1

    run.refresh_from_db()
    other.refresh_from_db()
    assert (run.state, other.state) == (Run.State.FAILED, Run.State.WAITING)
    assert "已取消" in run.error
