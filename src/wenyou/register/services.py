"""Register facts, confirm and withdraw them, declare that they are complete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.scope import require
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.knobs.services import setting
from wenyou.knobs.table import OFFICE, Knob, KnobKind, register_knobs
from wenyou.register.entries import Entry, check, next_key, revision, told
from wenyou.register.kinds import kind_of, kinds_of
from wenyou.register.models import Coverage, Fact
from wenyou.register.queries import DECIDERS, WRITERS, facts_visible_to
from wenyou.schemes.models import Adoption
from wenyou.web.words import when
from wenyou_core.assess.facts import DECISION
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.matters.models import Matter
    from wenyou.org.models import Unit

register_actions(
    {
        "fact.proposed": "登记考核事项",
        "fact.revised": "更正登记事项",
        "fact.confirmed": "确认登记事项",
        "fact.withdrawn": "撤销登记事项",
        "coverage.declared": "声明登记完整",
        "coverage.withdrawn": "撤回完整声明",
        "facts.exported": "导出登记簿",
    }
)
SECOND = "register.second_person"
STALE = "这件事项刚刚有新的更正。请刷新页面，核对后再办理。"
TAKEN_BACK = "这件事项已经撤销，不能再更正。仍要计入考核的，请重新登记。"
GONE = "这件事项已改记到您看不到的机构，不能在旧版本上更正。有疑问请联系服务办公室。"
register_knobs(
    Knob(
        name=SECOND,
        group="登记簿",
        title="登记与确认须由两个人办理",
        kind=KnobKind.BOOL,
        default=True,
        who=OFFICE,
        help="勾选后，登记的人不能确认自己登记的事项：一件加扣至少经过两个人的眼睛。"
        "只有一人经办的单位可以不勾选，修改记入操作记录。",
    )
)
State = Fact.State


def propose(
    *, adoption: Adoption, kind: str, entry: Entry, by: User, matter: Matter | None = None
) -> Fact:
    """Register a fact; it counts once somebody has confirmed it.

    ``matter`` is the closed matter that it came of.
    """
    kind_of(adoption, kind)
    may_write(adoption, entry.unit, by)
    _may_rule(adoption, kind, by)
    _in_force(adoption)
    now = timezone.now()
    check(entry, now)
    with transaction.atomic():
        # Two people who register at once wait for each other here: numbers are given in order.
        Adoption.objects.select_for_update().get(pk=adoption.pk)
        key = next_key(adoption, now)
        fact = revision(adoption, kind, key, entry, state=State.PROPOSED, by=by, now=now)
        fact.matter = matter
        fact.save()
        record("fact.proposed", by=by, change=_change(fact, new=told(fact)))
    return fact


def revise(*, fact: Fact, entry: Entry, reason: str, by: User) -> Fact:
    """Mend a fact: a new revision that has to be confirmed again; the old one stays readable."""
    if not reason.strip():
        raise InputRefused("no_reason", "更正要写明理由。请填写理由后再提交。")
    may_write(fact.adoption, entry.unit, by)
    may_write(fact.adoption, fact.unit, by)
    _may_rule(fact.adoption, fact.kind, by)
    now = timezone.now()
    check(entry, now)
    with transaction.atomic():
        latest = _latest(fact)
        if latest.pk != fact.pk:
            raise InputRefused("stale_fact", mended_by(latest, to=by))
        if latest.state == State.WITHDRAWN:
            raise InputRefused("withdrawn_fact", TAKEN_BACK)
        new = revision(
            fact.adoption, fact.kind, fact.key, entry, state=State.PROPOSED, by=by, now=now,
            number=latest.revision + 1, reason=reason.strip(),
        )  # fmt: skip
        new.matter = latest.matter
        _follow(latest, new)
        change = _change(new, old=told(latest), new=told(new), note=reason)
        record("fact.revised", by=by, change=change)
    return new


def confirm(*, fact: Fact, by: User) -> Fact:
    """Confirm what somebody has proposed. Refused to the proposer where two people are asked."""
    return _decide(fact, State.CONFIRMED, "fact.confirmed", "确认登记事项", by=by)


def withdraw(*, fact: Fact, reason: str, by: User) -> Fact:
    """Take a fact back; it stays readable and counts no more."""
    if not reason.strip():
        raise InputRefused("no_reason", "撤销要写明理由。请填写理由后再提交。")
    return _decide(fact, State.WITHDRAWN, "fact.withdrawn", "撤销登记事项", by=by, reason=reason)


def _decide(fact: Fact, state: str, action: str, doing: str, *, by: User, reason: str = "") -> Fact:
    unit = fact.unit or fact.adoption.unit
    require(by, unit.path, *sorted(DECIDERS), doing=doing)
    now = timezone.now()
    with transaction.atomic():
        latest = _latest(fact)
        if latest.pk != fact.pk:
            raise InputRefused("stale_fact", STALE)
        if latest.state == state or latest.state == State.WITHDRAWN:
            said = f"这件事项已经是“{latest.get_state_display()}”，不必再办理。请刷新页面。"
            raise InputRefused("already", said)
        if state == State.CONFIRMED:
            refuse_own(latest, by=by)
        new = _copy(latest, state, by, now, reason)
        _follow(latest, new)
        change = _change(new, old=told(latest), new=told(new), note=reason)
        record(action, by=by, change=change)
    return new


def is_own(fact: Fact, by: User) -> bool:
    """Whether a fact waits for another than who registered it."""
    return fact.proposed_by_id == by.pk and bool(setting(SECOND))


def refuse_own(fact: Fact, *, by: User) -> None:
    """Raise NotAllowed for who registered a fact, where two people are asked."""
    if is_own(fact, by):
        raise NotAllowed("确认登记事项（本人登记）", "另一位服务办公室人员")


def _copy(latest: Fact, state: str, by: User, now: datetime, reason: str) -> Fact:
    """The same said again in another state; what was known when stays."""
    kept = {
        one.attname: getattr(latest, one.attname)
        for one in Fact._meta.concrete_fields
        if not one.primary_key
    }
    kept |= {"revision": latest.revision + 1, "state": state, "recorded_at": now, "latest": True}
    kept |= {"decided_by_id": by.pk, "decided_at": now, "reason": reason.strip()[:300]}
    return Fact(**kept)


def _latest(fact: Fact) -> Fact:
    same = Fact.objects.filter(adoption=fact.adoption_id, kind=fact.kind, key=fact.key, latest=True)
    found = same.select_for_update().first()
    if found is None:  # It was the latest until whoever held it has written the next one.
        raise InputRefused("stale_fact", STALE)
    return found


def mended_by(latest: Fact, *, to: User) -> str:
    """Who has written the newest revision, and when: to whoever still has an older one open.

    Of a revision that ``to`` does not see nothing is told but that it is there.
    """
    if not facts_visible_to(to).filter(pk=latest.pk).exists():
        return f"您这次填写的内容没有保存：{GONE}"
    if latest.state == State.WITHDRAWN:
        return f"您这次填写的内容没有保存：{TAKEN_BACK}"
    who, at = latest.decided_by or latest.proposed_by, when(latest.recorded_at, timezone.now())
    return (
        f"{who}{at}已经更正或办理过这件事项（第 {latest.revision} 版），"
        "您这次填写的内容没有保存。请对照最新一版，仍要更正的在最新一版上填写。"
    )


def _follow(latest: Fact, new: Fact) -> None:
    Fact.objects.filter(pk=latest.pk).update(latest=False)
    new.save()


def _change(
    fact: Fact,
    *,
    new: dict[str, object],
    old: dict[str, object] | None = None,
    note: str = "",
) -> Change:
    unit = fact.unit or fact.adoption.unit
    return Change(subject=fact, unit=unit, old=old, new=new, note=note)


def may_write(adoption: Adoption, unit: Unit | None, by: User) -> None:
    """Refuse a unit that the adoption does not reach, and who does not register for it."""
    target = unit or adoption.unit
    if not target.path.startswith(adoption.unit.path):
        text = f"“{target}”不在采用单位“{adoption.unit}”之下，不按这份方案考核。请另选机构。"
        raise InputRefused("not_adopted", text)
    require(by, target.path, *sorted(WRITERS), doing="登记这个机构的事项")


def _may_rule(adoption: Adoption, kind: str, by: User) -> None:
    """Decisions of the leading group are entered by the office of the adopting unit alone."""
    if kind == DECISION:
        require(by, adoption.unit.path, *sorted(DECIDERS), doing="登记考核小组的决定")


def _in_force(adoption: Adoption) -> None:
    if adoption.state == Adoption.State.DRAFT:
        text = f"《{adoption.title}》还是草稿，不能登记事项。请先施行方案。"
        raise InputRefused("draft_plan", text)


# -- completeness --------------------------------------------------------------------------------


def declare_complete(
    *,
    adoption: Adoption,
    kinds: Iterable[str],
    unit: Unit,
    from_on: date,
    until_on: date,
    by: User,
) -> list[Coverage]:
    """Declare that the facts of these kinds are all there, for a unit and all beneath it.

    What nobody has declared counts as missing, never as zero.
    """
    require(by, unit.path, *sorted(WRITERS), doing="声明登记完整")
    chosen = list(dict.fromkeys(kinds))
    known = kinds_of(adoption)
    now = timezone.now()
    if not chosen or any(one not in known for one in chosen):
        raise InputRefused("no_kinds", "请至少选一类事项，且只从列表中选。")
    if until_on < from_on:
        raise InputRefused("bad_days", f"截止日期 {until_on} 早于起始日期 {from_on}，请对调。")
    if until_on > timezone.localdate(now):
        text = f"截止日期 {until_on} 还没有到，不能声明已经登记完整。请改为今天或以前。"
        raise InputRefused("days_ahead", text)
    if not unit.path.startswith(adoption.unit.path):
        raise InputRefused("not_adopted", f"“{unit}”不按这份方案考核。请另选机构。")
    with transaction.atomic():
        rows = Coverage.objects.bulk_create(
            Coverage(
                adoption=adoption, kind=kind, unit=unit, from_on=from_on, until_on=until_on,
                declared_by=by, declared_at=now,
            )
            for kind in chosen
        )  # fmt: skip
        new = {"kinds": chosen, "from_on": from_on, "until_on": until_on}
        record("coverage.declared", by=by, change=Change(subject=adoption, unit=unit, new=new))
    return rows


def withdraw_coverage(*, coverage: Coverage, by: User) -> Coverage:
    """Take a declaration back: one's own, or the office any; runs as known before keep it."""
    may = WRITERS if coverage.declared_by_id == by.pk else DECIDERS
    require(by, coverage.unit.path, *sorted(may), doing="撤回完整声明")
    if coverage.withdrawn_at is not None:
        raise InputRefused("already", "这条声明已经撤回，不必再办理。请刷新页面。")
    with transaction.atomic():
        coverage.withdrawn_at = timezone.now()
        coverage.save(update_fields=["withdrawn_at"])
        old = {"kind": coverage.kind, "from_on": coverage.from_on, "until_on": coverage.until_on}
        change = Change(subject=coverage, unit=coverage.unit, old=old)
        record("coverage.withdrawn", by=by, change=change)
    return coverage
