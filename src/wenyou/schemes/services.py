"""Take up a plan, put the adoption in force, end it."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wenyou.accounts.scope import require
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.org.models import Unit
from wenyou.schemes import unset
from wenyou.schemes.models import Adoption, PlanText
from wenyou.schemes.plans import plan_file
from wenyou.schemes.queries import ADOPTERS, loaded, plan_of
from wenyou.schemes.writing import Said, adoption_of
from wenyou_core.assess.bind import bind
from wenyou_core.errors import InputRefused, SchemeError, WenyouError
from wenyou_core.worktime.periods import PeriodKind, period_of
from wenyou_core.worktime.spans import GRID_KINDS

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou_core.scheme.model import Plan
    from wenyou_core.worktime.periods import Period
    from wenyou_desk.plans import PlanFile

register_actions(
    {
        "adoption.drafted": "起草采用方案",
        "adoption.changed": "修改采用草稿",
        "adoption.in_force": "采用方案施行",
        "adoption.recorded": "补记通过程序",
        "adoption.ended": "停用方案",
    }
)
DOING = "采用考核方案"


def draft(
    *, plan: str, unit: Unit, title: str, said: Said, by: User, adoption: Adoption | None = None
) -> Adoption:
    """Save a draft, a new one or ``adoption`` anew, from the plan as it is shipped today.

    Raises AdoptionRefused with the faults of each field; a plan in force is not changed.
    """
    require(by, unit.path, *ADOPTERS, doing=DOING)
    file = plan_file(plan)
    if adoption is not None and adoption.state != Adoption.State.DRAFT:
        said_ = "已经施行的采用不能再改。请另起一份草稿，写明新的施行日期，再停用旧的。"
        raise InputRefused("adoption_in_force", said_)
    written = adoption_of(file, _code(unit, plan, said.from_on), said)
    values: dict[str, object] = {
        "params": {name: text for name, text in said.params.items() if text},
        "tables": {name: dict(cells) for name, cells in said.tables.items()},
        "units": list(said.units),
    }
    columns: dict[str, Any] = {
        "unit": unit,
        "plan": plan,
        "version": file.plan.version,
        "title": title or file.plan.title,
        "from_on": said.from_on,
        "until_on": said.until_on,
        "values": values,
        "role_names": {name: list(posts) for name, posts in said.roles.items() if posts},
        "record": _record(said),
        "text": written.text,
    }
    with transaction.atomic():
        columns["source"] = kept(file)
        told = {**values, "version": file.plan.version, "plan": columns["source"].digest}
        if adoption is None:
            saved = Adoption.objects.create(**columns, adopted_by=by, adopted_at=timezone.now())
            change = Change(subject=saved, unit=unit, new=told)
            record("adoption.drafted", by=by, change=change)
            return saved
        old = adoption.values
        Adoption.objects.filter(pk=adoption.pk, state=Adoption.State.DRAFT).update(**columns)
        adoption.refresh_from_db()
        change = Change(subject=adoption, unit=unit, old=old, new=told)
        record("adoption.changed", by=by, change=change)
    return adoption


def kept(file: PlanFile) -> PlanText:
    """The text of a plan as it is kept with adoptions; each text once."""
    digest = hashlib.sha256(file.text.encode()).hexdigest()
    said = {"plan": file.plan.id, "version": file.plan.version, "text": file.text}
    return PlanText.objects.get_or_create(digest=digest, defaults=said)[0]


def put_in_force(*, adoption: Adoption, by: User, instead_of: Adoption | None = None) -> Adoption:
    """From a draft to the plan the unit works by; ``instead_of`` ends the day before.

    Refused while a value that computing needs is open, and while another adoption of the plan
    is in force on one of its days.
    """
    require(by, adoption.unit.path, *ADOPTERS, doing=DOING)
    if adoption.state != Adoption.State.DRAFT:
        raise InputRefused("not_a_draft", "这份采用已经施行过，不必再次施行。请刷新页面查看。")
    plan, file = loaded(adoption)
    try:
        bind(plan.checked, file.adoption, first_period(plan.plan, adoption.from_on))
    except SchemeError as error:
        raise unset.told(error, plan) from None
    with transaction.atomic():
        # Two who put a plan in force at once wait for each other: the later one sees the overlap.
        Unit.objects.select_for_update(no_key=True).get(pk=adoption.unit_id)
        if instead_of is not None and instead_of == replaced_by(adoption):
            end(adoption=instead_of, until_on=adoption.from_on - timedelta(days=1), by=by)
        _refuse_overlap(adoption)
        drafts = Adoption.objects.filter(pk=adoption.pk, state=Adoption.State.DRAFT)
        if not drafts.update(state=Adoption.State.IN_FORCE):
            raise InputRefused("not_a_draft", "别人刚刚已经施行了这份采用。请刷新页面查看。")
        adoption.refresh_from_db()
        new = {"text": adoption.text, "from_on": adoption.from_on}
        record(
            "adoption.in_force", by=by, change=Change(subject=adoption, unit=adoption.unit, new=new)
        )
    return adoption


def first_period(plan: Plan, day: date) -> Period:
    """The first whole period of the plan's first kind that begins on ``day`` or later."""
    kind = PeriodKind(plan.periods[0].value)
    grid = kind if kind in GRID_KINDS else PeriodKind.QUARTER
    found = period_of(grid, day)
    if found.start < day:
        found = period_of(grid, found.end + timedelta(days=1))
    return found


def complete_record(*, adoption: Adoption, said: Said, by: User) -> Adoption:
    """Enter later steps of the procedure (征求意见, 公布, 签收) of an adoption in force.

    Nothing else of it changes: values and days are those of ``adoption``.
    """
    require(by, adoption.unit.path, *ADOPTERS, doing=DOING)
    plan = plan_of(adoption)
    written = adoption_of(plan, _code(adoption.unit, adoption.plan, adoption.from_on), said)
    with transaction.atomic():
        old, adoption.record, adoption.text = adoption.record, _record(said), written.text
        adoption.save(update_fields=["record", "text"])
        change = Change(subject=adoption, unit=adoption.unit, old=old, new=adoption.record)
        record("adoption.recorded", by=by, change=change)
    return adoption


def end(*, adoption: Adoption, until_on: date, by: User) -> Adoption:
    """The last day on which the unit works by the plan."""
    require(by, adoption.unit.path, *ADOPTERS, doing="停用考核方案")
    if adoption.state != Adoption.State.IN_FORCE:
        raise InputRefused("not_in_force", "只有施行中的采用可以停用。请刷新页面查看。")
    if until_on < adoption.from_on:
        said = f"停用日期 {until_on} 早于施行日期 {adoption.from_on}，请改为施行日期以后的一天。"
        raise InputRefused("bad_until", said)
    text = _ended(adoption.text, until_on)
    with transaction.atomic():
        adoption.until_on, adoption.text, adoption.state = until_on, text, Adoption.State.ENDED
        adoption.save(update_fields=["until_on", "text", "state"])
        new = {"until_on": until_on}
        record(
            "adoption.ended", by=by, change=Change(subject=adoption, unit=adoption.unit, new=new)
        )
    return adoption


def said_of(adoption: Adoption) -> Said:
    """What was said when this adoption was written."""
    kept, steps = adoption.values, adoption.record
    days = {
        name: date.fromisoformat(steps[name])
        for name in ("consulted_on", "published_on", "acknowledged_on")
        if steps.get(name)
    }
    return Said(
        units=tuple(kept.get("units", ())),
        from_on=adoption.from_on,
        until_on=adoption.until_on,
        params=kept.get("params", {}),
        tables=kept.get("tables", {}),
        roles={name: tuple(posts) for name, posts in adoption.role_names.items()},
        documents=tuple(steps.get("documents", ())),
        **days,
    )


def _ended(text: str, until_on: date) -> str:
    lines = [line for line in text.split("\n") if not line.startswith("  in_force_to:")]
    place = next(at for at, line in enumerate(lines) if line.startswith("  in_force_from:"))
    lines.insert(place + 1, f"  in_force_to: {until_on.isoformat()}")
    return "\n".join(lines)


def _record(said: Said) -> dict[str, object]:
    days = ("consulted_on", "published_on", "acknowledged_on")
    kept: dict[str, object] = {
        name: getattr(said, name).isoformat() for name in days if getattr(said, name)
    }
    if said.documents:
        kept["documents"] = list(said.documents)
    return kept


def _code(unit: Unit, plan: str, day: date) -> str:
    return f"{unit.code}-{plan}-{day:%Y%m%d}"


def replaced_by(adoption: Adoption) -> Adoption | None:
    """The adoption in force that a draft can follow: it began earlier and still goes on."""
    others = list(_overlapping(adoption)[:2])
    one = others[0] if len(others) == 1 else None
    return one if one is not None and one.from_on < adoption.from_on else None


def _overlapping(adoption: Adoption) -> QuerySet[Adoption]:
    others = Adoption.objects.filter(
        unit=adoption.unit, plan=adoption.plan, state=Adoption.State.IN_FORCE
    ).filter(Q(until_on__isnull=True) | Q(until_on__gte=adoption.from_on))
    if adoption.until_on:
        others = others.filter(from_on__lte=adoption.until_on)
    return others


def _refuse_overlap(adoption: Adoption) -> None:
    other = _overlapping(adoption).first()
    if other is not None:
        last = adoption.from_on - timedelta(days=1)
        text = (
            f"“{other.title}”自 {other.from_on} 起仍在施行，同一天不能有两份。"
            f"请先把它停用到 {last}，再施行这一份。"
        )
        raise WenyouError("adoption_overlap", text)
