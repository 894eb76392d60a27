"""Matters, what customers said in them, and evidence: what falls due, and how it is erased.

A matter keeps its number, unit, kind, states and times, so that counts and series stay right;
what people wrote, named and attached goes.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.matters.fields import SEALED
from wenyou.matters.kinds import COMPLAINTS, flows_behind
from wenyou.matters.models import ClockRun, Extension, Matter, MatterLink, Transition, Urge
from wenyou.notices.models import Notice
from wenyou.privacy.kinds import Erased, Grave, Rows
from wenyou.privacy.models import LegalHold
from wenyou.privacy.passages import abouts
from wenyou.privacy.texts import erase_in
from wenyou.search.models import PersonTrace
from wenyou.search.persons import forget
from wenyou.search.services import Doc, put_many

ERASED = "erased"
NO_TITLE = "（内容已按保存期限清理）"
COMPLAINT_FLOWS = flows_behind(COMPLAINTS)


def held_matters() -> QuerySet[LegalHold, int]:
    """The ids of matters on hold."""
    return LegalHold.objects.filter(lifted_at=None).order_by().values_list("matter_id", flat=True)


def closed_before(flow: str, before: datetime) -> Rows:
    """Closed matters of a kind that no open one is linked with, and whose content is there."""
    open_after = MatterLink.objects.filter(source=OuterRef("pk"), target__closed=False)
    open_before = MatterLink.objects.filter(target=OuterRef("pk"), source__closed=False)
    rows = Matter.objects.filter(flow=flow, closed=True, closed_at__lt=before)
    return rows.filter(
        ~Q(data__has_key=ERASED), ~Exists(open_after), ~Exists(open_before)
    ).order_by("pk")


def matters_held(rows: Rows) -> Rows:
    """Those of the matters that are on hold."""
    return rows.filter(pk__in=held_matters())


def erase_matters(rows: Rows, before: datetime) -> Erased:
    """Take the content out of matters."""
    found = list(rows.select_related(None))
    ids = [one.pk for one in found]
    day = before.date().isoformat()
    Matter.objects.filter(pk__in=ids).update(
        title=NO_TITLE, data={ERASED: day}, about=None, holder=None
    )
    Transition.objects.filter(matter__in=ids).update(note="", filled={}, by_name="")
    Extension.objects.filter(matter__in=ids).update(grounds=NO_TITLE)
    Urge.objects.filter(matter__in=ids).update(text="")
    ClockRun.objects.filter(matter__in=ids).update(steps=[])
    Notice.objects.filter(about__in=[one for pk in ids for one in abouts(pk)]).delete()
    forget("matter", ids)
    put_many(_doc(one, NO_TITLE) for one in found)
    return Erased(len(found), [grave_of(one) for one in found])


def personal_before(before: datetime) -> Rows:
    """Closed complaints and their kin in which numbers of people are still kept."""
    sealed = Transition.objects.filter(matter=OuterRef("pk"), filled__has_key=SEALED)
    traced = PersonTrace.objects.filter(object_kind="matter", object_id=OuterRef("pk"))
    rows = Matter.objects.filter(flow__in=COMPLAINT_FLOWS, closed=True, closed_at__lt=before)
    return rows.filter(Q(data__has_key=SEALED) | Exists(sealed) | Exists(traced)).order_by("pk")


def erase_personal(rows: Rows, before: datetime) -> Erased:
    """Take the sealed originals out of matters; the starred texts stay."""
    found = list(rows.select_related(None))
    for one in found:
        erase_in(one)
    return Erased(len(found), [grave_of(one) for one in found])


def _doc(matter: Matter, title: str) -> Doc:
    """What a matter is found by from now on."""
    words = (matter.number, title, matter.ticket)
    return Doc("matter", matter.pk, words, matter.unit_id, matter.flow)


def grave_of(one: Matter) -> Grave:
    """What stands where the words of a matter were."""
    return Grave(object_kind="matter", object_id=one.pk, title=one.number, unit_id=one.unit_id)


# -- evidence ---------------------------------------------------------------------------


def _live() -> Rows:
    rows = EvidenceUse.objects.filter(evidence=OuterRef("pk"), withdrawn_at=None)
    return rows.annotate(of=Cast("object_id", BigIntegerField()))


def evidence_before(before: datetime) -> Rows:
    """Files that nothing uses but matters closed before; a fact keeps its files."""
    going_on = Matter.objects.filter(Q(closed=False) | Q(closed_at__gte=before))
    rows = Evidence.objects.filter(
        ~Exists(_live().exclude(object_kind="matter")),
        ~Exists(_live().filter(object_kind="matter", of__in=going_on.order_by().values("pk"))),
        stored_at__lt=before,
    )
    return rows.order_by("pk")


def evidence_held(rows: Rows) -> Rows:
    """Those used by a matter on hold, also where they were withdrawn."""
    uses = EvidenceUse.objects.filter(evidence=OuterRef("pk"), object_kind="matter")
    uses = uses.annotate(of=Cast("object_id", BigIntegerField()))
    return rows.filter(Exists(uses.filter(of__in=held_matters())))


def erase_evidence(rows: Rows, before: datetime) -> Erased:
    """Take files and their uses away; a file whose content another row has stays on disk."""
    found = list(rows)
    ids = [one.pk for one in found]
    EvidenceUse.objects.filter(evidence__in=ids).delete()
    Evidence.objects.filter(pk__in=ids).delete()
    return Erased(
        len(found),
        [
            Grave(object_kind="evidence", object_id=one.pk, title=f"材料 {one.sha256[:12]}",
                  unit_id=one.unit_id, files=(one.sha256,))
            for one in found
        ],
    )  # fmt: skip
