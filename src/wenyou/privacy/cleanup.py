"""清理清单: the system proposes, a named person decides, a job erases; nothing happens silently."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.actions import for_the_house, house_path
from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import holdings_on
from wenyou.audit.actions import register_actions
from wenyou.audit.models import AuditCut
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.services import enqueue, undone, waits_in_vain
from wenyou.jobs.tick import register_periodic
from wenyou.notices.services import notify
from wenyou.privacy.classes import CLASSES
from wenyou.privacy.graves import bury, sweep
from wenyou.privacy.kinds import Erased, Rows
from wenyou.privacy.models import CleanupLine, CleanupList, RetentionRule
from wenyou.privacy.rules import cutoff, rule_of, rules_now
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

register_actions(
    {
        "cleanup.proposed": "提出清理清单",
        "cleanup.confirmed": "确认清理清单",
        "cleanup.refused": "不予清理",
        "cleanup.erased": "清理到期记录",
        "cleanup.done": "完成清理",
        "audit.cut": "清理操作记录",
    }
)
KIND, PROPOSE = "privacy.cleanup", "privacy.propose"
BATCH = 200
PROPOSERS = (RoleCode.SECURITY_ADMIN, RoleCode.AUDIT_ADMIN)
State = CleanupList.State
OPEN_STATES = (State.PROPOSED, State.CONFIRMED)


def propose(now: datetime | None = None, *, by: User | None = None) -> CleanupList | None:
    """Put together what has fallen due; None when nothing has. An undecided list is kept.

    Raises NotAllowed for anybody but the system and the administrators of security and audit.
    """
    now = now or timezone.now()
    if by is not None:
        _one_of(by, PROPOSERS, "提出清理清单")
    with transaction.atomic():
        standing = CleanupList.objects.filter(state__in=OPEN_STATES).first()
        if standing is not None:
            if standing.state == State.CONFIRMED and is_open(standing):
                text = f"清理清单 {standing.pk} 确认后没有清理完，请重新确认，或决定不予清理。"
                _tell(standing, text, now)
            return standing
        lines = list(_due(now))
        if not lines:
            return None
        made = CleanupList.objects.create(made_at=now)
        for line in lines:
            line.cleanup = made
        CleanupLine.objects.bulk_create(lines)
        new = {line.record_class: line.count for line in lines}
        record("cleanup.proposed", by=by, change=Change(subject=made, new=new))
        text = f"有 {sum(new.values())} 条记录保存期限已满，请核对清理清单后决定是否清理。"
        _tell(made, text, now)
    return made


def _tell(made: CleanupList, text: str, now: datetime) -> None:
    notify(
        confirmers(now), kind="cleanup", text=text,
        link=reverse("privacy:cleanup", args=[made.pk]), about="cleanup", at=now,
    )  # fmt: skip


def is_open(made: CleanupList) -> bool:
    """Whether somebody may decide: also where the job of a confirmed list was cancelled or broke
    down, for no other list is proposed before.
    """
    return made.state == State.PROPOSED or (made.state == State.CONFIRMED and undone(made.job))


def _due(now: datetime) -> Iterable[CleanupLine]:
    for code, rule in rules_now().items():
        one = CLASSES.get(code)
        before = cutoff(rule, now)
        if one is None or before is None:
            continue
        rows, free = one.rows(before), one.free(before)
        count = free.count()
        held = one.held(rows).count()
        if count:
            last = free.order_by().aggregate(last=Max("pk"))["last"]
            yield CleanupLine(
                rule=rule, record_class=code, before=before, count=count, held=held, last_pk=last
            )


def confirmers(now: datetime) -> list[User]:
    """The audit administrators of the whole house."""
    rows = holdings_on(timezone.localdate(now)).filter(
        role=RoleCode.AUDIT_ADMIN, unit__path=house_path()
    )
    return list(User.objects.filter(pk__in=rows.values("user_id"), is_active=True))


@transaction.atomic
def confirm(made: CleanupList, *, by: User) -> CleanupList:
    """A named person stands for it; the job erases. Raises NotAllowed, InputRefused.

    Whoever has set one of the periods does not confirm what follows from it.
    """
    for_the_house(by, RoleCode.AUDIT_ADMIN, "确认清理清单")
    if made.lines.filter(rule__set_by=by).exists():
        raise NotAllowed("确认按自己设定的期限提出的清单", "另一位安全审计员")
    _decide(made, State.CONFIRMED, by, "")
    job = enqueue(kind=KIND, title=f"清理到期记录（清单 {made.pk}）",
                  arguments={"list": made.pk}, by=by)  # fmt: skip
    CleanupList.objects.filter(pk=made.pk).update(job=job)
    new = {line.record_class: line.count for line in made.lines.all()}
    record("cleanup.confirmed", by=by, change=Change(subject=made, new=new))
    made.refresh_from_db()
    return made


@transaction.atomic
def refuse(made: CleanupList, *, reason: str, by: User) -> CleanupList:
    """Leave everything as it is; the next list may propose it again."""
    for_the_house(by, RoleCode.AUDIT_ADMIN, "决定清理清单")
    why = " ".join(reason.split())[:200]
    if not why:
        raise InputRefused("cleanup-reason", "请写明为什么不予清理。")
    _decide(made, State.REFUSED, by, why)
    record("cleanup.refused", by=by, change=Change(subject=made, note=why))
    made.refresh_from_db()
    return made


def _decide(made: CleanupList, state: str, by: User, reason: str) -> None:
    open_ones = Q(state=State.PROPOSED) | (Q(state=State.CONFIRMED) & waits_in_vain())
    done = CleanupList.objects.filter(open_ones, pk=made.pk).update(
        state=state, decided_by=by, decided_at=timezone.now(), reason=reason
    )
    if not done:
        raise InputRefused("cleanup-decided", "这份清单已经有人决定过了，请刷新页面查看。")


def _one_of(by: User, roles: Iterable[str], doing: str) -> None:
    for number, role in enumerate(roles):
        try:
            return for_the_house(by, role, doing)
        except NotAllowed:
            if number + 1 == len(tuple(roles)):
                raise
    return None


# -- the job ----------------------------------------------------------------------------


def _work(work: Work) -> None:
    made = CleanupList.objects.get(pk=int(str(work.arguments["list"])))
    if made.state != State.CONFIRMED or made.job_id != work.job_id:
        return
    lines = list(made.lines.select_related("rule").order_by("pk"))
    for number, line in enumerate(lines):
        title = CLASSES[line.record_class].title
        work.says(100 * number // len(lines), f"正在清理：{title}……")
        after: int | None = 0
        while after is not None:
            after = _erase_some(line, after=after, by=work.by)
            work.save_step(line=line.pk)
    sweep(made)
    with transaction.atomic():
        CleanupList.objects.filter(pk=made.pk).update(state=State.DONE, finished_at=timezone.now())
        new = {line.record_class: line.erased for line in made.lines.all()}
        record("cleanup.done", by=work.by, change=Change(subject=made, new=new))
    work.result(address=reverse("privacy:cleanup", args=[made.pk]), label="查看清理结果")


def due_of(line: CleanupLine) -> Rows | None:
    """What is left of a line to erase; None where the rule has been changed since."""
    rule = rule_of(line.record_class)
    if rule is None or rule.pk != line.rule_id:
        return None
    return CLASSES[line.record_class].free(line.before).filter(pk__lte=line.last_pk)


@transaction.atomic
def _erase_some(line: CleanupLine, *, after: int, by: User | None) -> int | None:
    """One batch with its tombstones and its audit row; its last key, None at the end."""
    rows, one = due_of(line), CLASSES[line.record_class]
    if rows is None:
        return None
    ids: list[int] = []
    if one.at_once:
        done = one.erase(rows, line.before)
    else:
        rows = rows.filter(pk__gt=after).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        locked = rows.model._base_manager.filter(pk__in=ids).order_by("pk").select_for_update()
        # Asked once more when they are locked: a hold may have come between.
        free = list(rows.filter(pk__in=list(locked.values_list("pk", flat=True))).values_list("pk"))
        chosen = locked.filter(pk__in=[pk for (pk,) in free])
        done = one.erase(chosen, line.before) if free else Erased(0)
    if done.count:
        bury(done, record_class=line.record_class, cleanup=line.cleanup)
        CleanupLine.objects.filter(pk=line.pk).update(erased=F("erased") + done.count)
        new: dict[str, object] = {"class": line.record_class, "count": done.count}
        record("cleanup.erased", by=by, change=Change(subject=line.cleanup, new=new))
        if one.at_once:
            cut = AuditCut.objects.order_by("-place").values("place", "chain").first()
            record("audit.cut", by=by, change=Change(subject=line.cleanup, new=cut))
    return ids[-1] if ids else None


def _propose_daily(_: datetime) -> None:
    """Counting a large bank takes a while, so that it is a job; without any period there is none."""
    if RetentionRule.objects.filter(months__isnull=False).exists():
        enqueue(kind=PROPOSE, title="核对保存期限", arguments={}, by=None)


def _propose_work(work: Work) -> None:
    propose(work.asked_at)


register_kind(KIND, _work, "清理到期记录")
register_kind(PROPOSE, _propose_work, "核对保存期限")
register_periodic("privacy.propose", timedelta(days=1), _propose_daily, at=time(3, 20))
