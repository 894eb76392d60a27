"""What falls due is proposed, confirmed by a named person, erased, and leaves a tombstone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tests.platform.assessments.computed import published, work_off
from tests.platform.factories import make_absence
from tests.platform.people import Cast
from tests.platform.privacy.kept import NAME, OLD, PHONE, complaint, evidence, rule
from tests.platform.schemes.adopted import adopted
from wenyou.assessments.folders import folder_of
from wenyou.assessments.models import Run, RunSubject
from wenyou.audit import anchors
from wenyou.audit.actions import register_actions
from wenyou.audit.chain import chain_rows
from wenyou.audit.models import AuditCut, AuditRow
from wenyou.audit.services import record
from wenyou.audit.verify import verify
from wenyou.errors import NotAllowed
from wenyou.evidence.models import Evidence
from wenyou.evidence.services import path_of
from wenyou.jobs import runner
from wenyou.jobs.models import Job
from wenyou.matters.fields import SEALED
from wenyou.matters.models import Matter, MatterLink
from wenyou.notices.models import Notice
from wenyou.notices.services import notify
from wenyou.org.models import Absence, Employee
from wenyou.org.services import add_employee
from wenyou.org.services.people import NewEmployee
from wenyou.privacy import cleanup, holds
from wenyou.privacy.cleanup import _propose_daily
from wenyou.privacy.models import CleanupList, Tombstone
from wenyou.register.models import Coverage, Fact
from wenyou.search.models import PersonTrace, SearchDoc
from wenyou_core.errors import InputRefused

register_actions({"test.happened": "试验"})


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = type(settings.DATA)(tmp_path)
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    runner.STOPPING.event.clear()


def proposed() -> CleanupList:
    made = cleanup.propose()
    assert made is not None
    return made


def cleaned(cast: Cast) -> CleanupList:
    """Propose, confirm and erase."""
    made = cleanup.confirm(proposed(), by=cast.audit_admin)
    work_off()
    made.refresh_from_db()
    assert made.state == CleanupList.State.DONE
    return made


def test_nothing_is_erased_before_a_named_person_confirms(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")

    made = proposed()
    work_off()

    assert [(one.record_class, one.count, one.erased) for one in made.lines.all()] == [
        ("matter.complaint", 1, 0)
    ]
    assert NAME in Matter.objects.get(pk=matter.pk).title
    assert Notice.objects.filter(to=cast.audit_admin, about="cleanup").exists()


def test_a_matter_loses_what_was_written_and_keeps_number_unit_state_and_times(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")

    made = cleaned(cast)

    after = Matter.objects.get(pk=matter.pk)
    assert (after.number, after.unit, after.state, after.closed_at) == (
        matter.number, matter.unit, matter.state, matter.closed_at,
    )  # fmt: skip
    everything = f"{after.title}{after.data}{list(after.transitions.values())}"
    assert NAME not in everything
    assert PHONE[-4:] not in everything
    assert SEALED not in after.data
    assert not PersonTrace.objects.filter(object_id=matter.pk).exists()
    assert NAME not in SearchDoc.objects.get(object_kind="matter", object_id=matter.pk).text
    stone = Tombstone.objects.get()
    assert (stone.title, stone.cleanup, stone.object_id) == (matter.number, made, matter.pk)
    assert AuditRow.objects.get(action="cleanup.erased").new == {
        "class": "matter.complaint", "count": 1,
    }  # fmt: skip
    assert made.decided_by == cast.audit_admin


def test_numbers_of_customers_go_alone_where_their_own_period_is_shorter(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "person.complaints", 12)

    cleaned(cast)

    after = Matter.objects.get(pk=matter.pk)
    assert SEALED not in after.data
    assert "138****5678" in after.data["customer_request"]
    assert not PersonTrace.objects.exists()
    assert cleanup.propose() is None


def test_open_matters_younger_ones_and_those_an_open_one_needs_stay(cast: Cast) -> None:
    complaint(cast, closed=False)
    complaint(cast, ago=timedelta(days=100))
    first, review = complaint(cast), complaint(cast, closed=False)
    MatterLink.objects.create(source=first, target=review, kind="review")
    rule(cast, "matter.complaint")

    assert cleanup.propose() is None


def test_a_hold_keeps_a_matter_and_its_files_until_it_is_lifted(cast: Cast) -> None:
    matter = complaint(cast)
    file = evidence(cast, matter)
    hold = holds.place(matter.number, ground="诉讼，案号一", by=cast.chen)
    rule(cast, "matter.complaint")
    rule(cast, "evidence")
    assert cleanup.propose() is None

    holds.lift(hold, reason="判决已生效", by=cast.chen)
    cleaned(cast)

    assert not Evidence.objects.filter(pk=file.pk).exists()


def test_a_hold_placed_after_the_confirmation_still_counts(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")
    made = cleanup.confirm(proposed(), by=cast.audit_admin)
    holds.place(matter.number, ground="监管检查来函", by=cast.chen)

    work_off()

    assert NAME in Matter.objects.get(pk=matter.pk).title
    assert made.lines.get().erased == 0


def test_a_period_changed_after_the_proposal_lets_nothing_of_its_class_go(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")
    made = proposed()
    rule(cast, "matter.complaint", 120)

    cleanup.confirm(made, by=cast.audit_admin)
    work_off()

    assert NAME in Matter.objects.get(pk=matter.pk).title


def test_a_file_goes_from_the_disk_unless_another_row_has_its_content(cast: Cast) -> None:
    gone = evidence(cast, complaint(cast), b"one")
    same = evidence(cast, complaint(cast), b"two")
    evidence(cast, complaint(cast, closed=False), b"two")
    rule(cast, "evidence")

    with_commit = cleanup.confirm(proposed(), by=cast.audit_admin)
    work_off()

    assert with_commit.lines.get().erased == 2
    assert not path_of(gone.sha256).exists()
    assert path_of(same.sha256).exists()
    assert Tombstone.objects.filter(object_kind="evidence").count() == 2


def test_leavers_lose_their_numbers_and_keep_their_name(cast: Cast) -> None:
    person = add_employee(NewEmployee(number="N1", name="离人", phone=PHONE), by=cast.chen)
    stays = add_employee(NewEmployee(number="N2", name="留人", phone="13912345678"), by=cast.chen)
    Employee.objects.filter(pk=person.pk).update(left_on=timezone.localdate() - OLD)
    rule(cast, "person.employees", 24)

    cleaned(cast)

    person.refresh_from_db()
    stays.refresh_from_db()
    assert (person.name, person.phone_sealed, person.phone_index) == ("离人", "", "")
    assert stays.phone_sealed
    assert Tombstone.objects.get().title == "员工 N1"


def test_facts_go_with_all_revisions_and_their_days_are_not_claimed_any_more(cast: Cast) -> None:
    run = published(cast, adopted(cast))
    rule(cast, "facts", 0)
    rule(cast, "runs", 0)
    later = timezone.now() + timedelta(days=2)

    made = cleanup.propose(later)
    assert made is not None
    cleanup.confirm(made, by=cast.audit_admin)
    work_off()

    assert not Fact.objects.exists()
    assert not Coverage.objects.filter(from_on__lt=timezone.localdate()).exists()
    assert not RunSubject.objects.filter(run=run).exists()
    assert not folder_of(run.pk).exists()
    run.refresh_from_db()
    assert (run.state, run.digest) == (Run.State.FAILED, "")
    assert "保存期限" in run.error


def test_duties_and_notices_go_without_tombstones_but_are_counted(cast: Cast) -> None:
    now = timezone.now()
    assert cast.zhou.employee is not None
    make_absence(cast.zhou.employee, from_at=now - OLD, until_at=now - OLD)
    notify([cast.lin], kind="old", text="旧消息。", at=now - OLD)
    rule(cast, "org.absence", 24)
    rule(cast, "notices", 12)

    made = cleaned(cast)

    assert not Absence.objects.exists()
    assert not Notice.objects.filter(kind="old").exists()
    assert {one.record_class: one.erased for one in made.lines.all()} == {
        "org.absence": 1, "notices": 1,
    }  # fmt: skip
    assert not Tombstone.objects.exists()


def test_many_rows_go_in_batches_each_with_its_audit_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        notify([cast.lin], kind="old", text=f"旧消息{number}。", at=timezone.now() - OLD)
    monkeypatch.setattr(cleanup, "BATCH", 2)
    rule(cast, "notices", 12)

    cleaned(cast)

    counts = [row.new["count"] for row in AuditRow.objects.filter(action="cleanup.erased")]
    assert sorted(counts) == [1, 2, 2]


def test_every_day_the_periods_are_looked_at_in_a_job_once_there_is_one(cast: Cast) -> None:
    complaint(cast)
    _propose_daily(timezone.now())
    assert not Job.objects.exists()
    rule(cast, "matter.complaint")

    _propose_daily(timezone.now())
    work_off()

    assert CleanupList.objects.get().lines.get().count == 1


@pytest.mark.parametrize("who", ["chen", "system_admin", "security_admin", "auditor"])
def test_only_the_audit_administrator_confirms_or_refuses(cast: Cast, who: str) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")
    made = proposed()

    with pytest.raises(NotAllowed, match="安全审计员"):
        cleanup.confirm(made, by=getattr(cast, who))
    with pytest.raises(NotAllowed):
        cleanup.refuse(made, reason="不清理", by=getattr(cast, who))
    made.refresh_from_db()
    assert made.state == CleanupList.State.PROPOSED


def test_a_list_is_decided_once_and_a_refusal_needs_a_reason(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")
    made = proposed()
    with pytest.raises(InputRefused, match="为什么"):
        cleanup.refuse(made, reason=" ", by=cast.audit_admin)

    cleanup.refuse(made, reason="等审计结束", by=cast.audit_admin)

    with pytest.raises(InputRefused, match="已经有人决定"):
        cleanup.confirm(made, by=cast.audit_admin)
    again = proposed()
    assert again.pk != made.pk


def test_an_undecided_list_is_not_proposed_a_second_time(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")

    assert proposed() == proposed()
    with pytest.raises(NotAllowed):
        cleanup.propose(by=cast.chen)


@pytest.mark.parametrize(
    ("who", "ground", "error"),
    [
        ("auditor", "审计检查通知", None),
        ("lin", "想留着看看", NotAllowed),
        ("chen", "短", InputRefused),
    ],
)
def test_holds_are_placed_by_office_or_audit_with_a_reason(
    cast: Cast, who: str, ground: str, error: type[Exception] | None
) -> None:
    matter = complaint(cast)
    if error is None:
        holds.place(matter.number, ground=ground, by=getattr(cast, who))
        with pytest.raises(InputRefused, match="已经暂缓"):
            holds.place(matter.number, ground=ground, by=getattr(cast, who))
    else:
        with pytest.raises(error):
            holds.place(matter.number, ground=ground, by=getattr(cast, who))


# -- the log itself ---------------------------------------------------------------------


def old_log(rows: int = 3) -> None:
    """Rows of long ago, chained and anchored on their day, and one of today."""
    then = timezone.now() - OLD
    with transaction.atomic():
        for _ in range(rows):
            record("test.happened", by=None, at=then)
    chain_rows()
    anchors.anchor(then)
    with transaction.atomic():
        record("test.happened", by=None)
    chain_rows()


def test_the_log_is_cut_at_a_signed_anchor_and_the_rest_still_verifies(cast: Cast) -> None:
    old_log()
    place = anchors.read_lines(settings.DATA.anchors)[0].place
    rule(cast, "audit", 12)

    cleaned(cast)
    chain_rows()
    anchors.anchor(timezone.now())

    assert AuditCut.objects.get().place == place
    assert not AuditRow.objects.filter(place__lte=place).exists()
    verdict = verify()
    assert verdict.faults == []
    assert verdict.cut == place


def test_a_beginning_that_was_removed_without_a_list_is_found(cast: Cast) -> None:
    old_log()
    first = AuditRow.objects.order_by("place").first()
    assert first is not None
    AuditRow.objects.filter(pk=first.pk)._raw_delete("default")

    assert "被删除" in verify().faults[0]

    AuditCut.objects.create(place=1, chain=first.chain, at=timezone.now())
    faults = verify().faults
    assert any("没有签名的锚点" in one for one in faults)
    assert any("没有相应的清理" in one for one in faults)


def test_rows_after_the_cut_that_were_changed_are_found(cast: Cast) -> None:
    old_log()
    rule(cast, "audit", 12)
    cleaned(cast)
    chain_rows()
    last = AuditRow.objects.exclude(place=None).latest("pk")
    AuditRow.objects.filter(pk=last.pk).update(note="别的")

    assert "被改动" in verify().faults[0]


def test_a_log_without_an_old_anchor_is_not_cut(cast: Cast) -> None:
    with transaction.atomic():
        record("test.happened", by=None, at=timezone.now() - OLD)
    chain_rows()
    rule(cast, "audit", 12)

    assert cleanup.propose() is None
