"""Facts, runs, people who left, duties, notices, jobs, the logs: what falls due, how it goes."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from wenyou.assessments.models import Contest, Run, RunSubject
from wenyou.audit.anchors import read_lines
from wenyou.audit.models import AuditCut, AuditRow, ExportRow
from wenyou.evidence.models import EvidenceUse
from wenyou.jobs.models import Job
from wenyou.jobs.services import OPEN
from wenyou.notices.models import Notice
from wenyou.org.models import Absence, Employee, RosterDuty
from wenyou.privacy.kinds import Erased, Grave, Rows, first_day
from wenyou.privacy.matterclasses import held_matters
from wenyou.privacy.models import PersonRequest
from wenyou.register.models import Coverage, Fact, Upload

ERASED = "erased"
RUN_GONE = "这次测算的明细、工作簿和告知单已按保存期限清理，不能再查看。"


def simply_gone(rows: Rows, _: datetime) -> Erased:
    """Delete rows that need no tombstone: the list says how many of which class."""
    ids = list(rows.values_list("pk", flat=True))
    rows.model._base_manager.filter(pk__in=ids).delete()
    return Erased(len(ids))


# -- facts ------------------------------------------------------------------------------


def facts_before(before: datetime) -> Rows:
    """Newest revisions of facts that happened before, unless an objection still rests on one."""
    objected = Contest.objects.filter(
        fact__adoption=OuterRef("adoption"), fact__kind=OuterRef("kind"), fact__key=OuterRef("key")
    )
    rows = Fact.objects.filter(latest=True, happened_on__lt=first_day(before))
    return rows.filter(~Exists(objected)).order_by("pk")


def facts_held(rows: Rows) -> Rows:
    """Those that came from a matter on hold."""
    return rows.filter(matter__in=held_matters())


def erase_facts(rows: Rows, before: datetime) -> Erased:
    """Delete facts with all their revisions; nobody may claim any more that they are complete."""
    found = list(rows)
    day, graves = first_day(before), []
    for one in found:
        every = Fact.objects.filter(adoption=one.adoption_id, kind=one.kind, key=one.key)
        ids = [str(pk) for pk in every.values_list("pk", flat=True)]
        EvidenceUse.objects.filter(object_kind="fact", object_id__in=ids).delete()
        every.delete()
        graves.append(
            Grave(object_kind="fact", object_id=one.pk, title=one.key, unit_id=one.unit_id)
        )
    over = Coverage.objects.filter(from_on__lt=day)
    over.filter(until_on__lt=day).delete()
    over.filter(until_on__gte=day).update(from_on=day)
    return Erased(len(found), graves)


def uploads_before(before: datetime) -> Rows:
    """Workbooks whose facts are all gone."""
    used = Fact.objects.filter(upload=OuterRef("pk"))
    return Upload.objects.filter(~Exists(used), uploaded_at__lt=before).order_by("pk")


def erase_uploads(rows: Rows, _: datetime) -> Erased:
    """Delete the rows; the files that no other row names go with the tombstones."""
    found = list(rows)
    Upload.objects.filter(pk__in=[one.pk for one in found]).delete()
    graves = [
        Grave(object_kind="upload", object_id=one.pk, title=f"台账 {one.sha256[:12]}",
              unit_id=one.unit_id, files=(one.sha256,))
        for one in found
    ]  # fmt: skip
    return Erased(len(found), graves)


# -- runs -------------------------------------------------------------------------------


def runs_before(before: datetime) -> Rows:
    """Finished runs whose files are there."""
    rows = Run.objects.filter(finished_at__lt=before).filter(~Q(summary__has_key=ERASED))
    return rows.order_by("pk")


def runs_held(rows: Rows) -> Rows:
    """Those that a matter on hold objects to."""
    objected = Contest.objects.filter(run=OuterRef("pk"), matter__in=held_matters())
    return rows.filter(Exists(objected))


def erase_runs(rows: Rows, before: datetime) -> Erased:
    """Take away files, figures and objections; that there was a run, and its hash, stay."""
    found = list(rows)
    ids = [one.pk for one in found]
    RunSubject.objects.filter(run__in=ids).delete()
    Contest.objects.filter(run__in=ids).update(item="", text="", fact=None)
    for one in found:
        kept = {"label": one.summary.get("label", one.period), ERASED: before.date().isoformat()}
        Run.objects.filter(pk=one.pk).update(
            summary={**kept, "digest": one.digest}, digest="", missing=[],
            state=Run.State.FAILED, error=RUN_GONE,
        )  # fmt: skip
    graves = [
        Grave(object_kind="run", object_id=one.pk, title=f"{one.period} 测算", unit_id=one.unit_id)
        for one in found
    ]
    return Erased(len(found), graves)


# -- people -----------------------------------------------------------------------------


def left_before(before: datetime) -> Rows:
    """People who left and whose numbers are still kept."""
    numbers = ~Q(phone_sealed="") | ~Q(identity_sealed="")
    return Employee.objects.filter(numbers, left_on__lt=first_day(before)).order_by("pk")


def erase_numbers(rows: Rows, _: datetime) -> Erased:
    """Take telephone and identity number away; name and 员工号 stand behind what he did."""
    found = list(rows.select_related(None))
    Employee.objects.filter(pk__in=[one.pk for one in found]).update(
        phone_sealed="", phone_index="", identity_sealed="", identity_index=""
    )
    graves = [
        Grave(object_kind="employee", object_id=one.pk, title=f"员工 {one.number}",
              unit_id=one.unit_id)
        for one in found
    ]  # fmt: skip
    return Erased(len(found), graves)


def absences_before(before: datetime) -> Rows:
    """Leave that ended before."""
    return Absence.objects.filter(until_at__lt=before).order_by("pk")


def roster_before(before: datetime) -> Rows:
    """Duties of days before."""
    return RosterDuty.objects.filter(on__lt=first_day(before)).order_by("pk")


# -- the house --------------------------------------------------------------------------


def notices_before(before: datetime) -> Rows:
    """Notices with their deliveries."""
    return Notice.objects.filter(at__lt=before).order_by("pk")


def jobs_before(before: datetime) -> Rows:
    """Jobs that ended before."""
    return Job.objects.filter(finished_at__lt=before).exclude(state__in=OPEN).order_by("pk")


def erase_jobs(rows: Rows, before: datetime) -> Erased:
    """Delete jobs, and what the queue kept of them."""
    DBTaskResult.objects.filter(finished_at__lt=before).delete()
    return simply_gone(rows, before)


def requests_before(before: datetime) -> Rows:
    """Requests of people that were settled before."""
    return PersonRequest.objects.filter(finished_at__lt=before).order_by("pk")


def exports_before(before: datetime) -> Rows:
    """Rows of the log of exports."""
    return ExportRow.objects.filter(at__lt=before).order_by("pk")


def audit_before(before: datetime) -> Rows:
    """Rows of the log up to the last signed anchor of a day before; without one, none."""
    lines = [one for one in read_lines(settings.DATA.anchors) if one.day < first_day(before)]
    place = max((one.place for one in lines), default=0)
    return AuditRow.objects.filter(place__lte=place).order_by("pk")


def erase_audit(rows: Rows, before: datetime) -> Erased:
    """Cut the log at a signed anchor; the chain is checked from there on."""
    last = rows.order_by("-place").values_list("place", "chain").first()
    if last is None or last[0] is None:
        return Erased(0)
    gone = AuditRow.objects.filter(place__lte=last[0])
    count = gone.count()
    gone._raw_delete(gone.db)  # millions, and nothing points to them
    AuditCut.objects.create(place=last[0], chain=last[1], at=timezone.now())
    return Erased(count)
