"""Ask for work in the background, cancel it, take up again what a dead worker left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.jobs.kinds import kind_of
from wenyou.jobs.models import Job
from wenyou.jobs.tasks import run_job
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Unit

register_actions({"job.asked": "提交后台任务", "job.cancelled": "取消后台任务"})

MOST_ATTEMPTS = 3
READY, RUNNING, FAILED = "READY", "RUNNING", "FAILED"
ORPHANED_AFTER = timedelta(minutes=2)
# Workers renew theirs long before; whatever reaches further is of a clock that was wrong.
LONGEST_LEASE = timedelta(hours=1)
OPEN = (Job.State.WAITING, Job.State.RUNNING)
OWED = (
    "这个任务是把已经生效的改动做完，中途停下会留下新旧两种结果，所以不能取消。"
    "要改回去，请先改回原来的设置，到时会再算一遍。"
)
UNDONE = (Job.State.CANCELLED, Job.State.FAILED)


def enqueue(
    *,
    kind: str,
    title: str,
    arguments: Mapping[str, object],
    by: User | None,
    unit: Unit | None = None,
) -> Job:
    """Ask for a job. The row and the queue's task are saved with the caller's transaction.

    Raises ValueError for a kind nobody has registered.
    """
    if kind_of(kind) is None:
        raise ValueError(f"job kind {kind} is not registered")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=title[:160],
            arguments=dict(arguments),
            asked_by=by,
            unit=unit,
            asked_at=timezone.now(),
        )
        run_job.enqueue(job.pk)
        record("job.asked", by=by, change=Change(subject=job, unit=unit, new={"kind": kind}))
    return job


def cancel(*, job: Job, by: User) -> Job:
    """Cancel a job that has not ended; a running one stops at its next step.

    Refused to everybody but who asked for it, for a job that has ended, and for one that is owed.
    """
    if job.asked_by_id != by.pk:
        raise NotAllowed("取消这个后台任务", "提交任务的人")
    if is_owed(job):
        raise InputRefused("job_owed", OWED)
    now = timezone.now()
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state__in=OPEN).update(
            state=Job.State.CANCELLED, finished_at=now, lease_until=None, says="已取消。"
        )
        job.refresh_from_db()
        if not changed:
            said = f"这个任务{job.get_state_display()}，不能再取消。请刷新页面查看结果。"
            raise InputRefused("job_over", said)
        record("job.cancelled", by=by, change=Change(subject=job, unit=job.unit))
    return job


def is_owed(job: Job) -> bool:
    """Whether a job finishes what an act has begun, and so runs to its end."""
    kind = kind_of(job.kind)
    return kind is not None and kind.owed


def undone(job: Job | None) -> bool:
    """Whether what waits for a job waits in vain: it was cancelled, has failed or is kept no more."""
    return job is None or job.state in UNDONE


def why_undone(job: Job | None) -> str:
    """Why a job has not done what it was asked for; empty without one."""
    return "" if job is None else job.error or "后台任务已取消。"


def waits_in_vain(column: str = "job") -> Q:
    """A filter for rows whose job is ``undone``."""
    return Q(**{f"{column}__state__in": UNDONE}) | Q(**{f"{column}__isnull": True})


def recover(now: datetime | None = None) -> int:
    """Put jobs whose worker died back into the queue; how many.

    A dead worker leaves its task RUNNING for good, so the lease alone tells. A job that was
    taken up too often ends with a sentence.
    """
    now = now or timezone.now()
    lost = Job.objects.filter(lapsed(now), state=Job.State.RUNNING)
    recovered = 0
    for pk, attempts in lost.values_list("pk", "attempts"):
        with transaction.atomic():
            still = Job.objects.filter(lapsed(now), pk=pk, state=Job.State.RUNNING)
            if attempts >= MOST_ATTEMPTS:
                said = (
                    f"这个任务连续 {attempts} 次中断，没有完成。请稍后重新提交，或联系系统管理员。"
                )
                still.update(
                    state=Job.State.FAILED, finished_at=now, lease_until=None, error=said, says=""
                )
            elif still.update(state=Job.State.WAITING, lease_until=None, worker=""):
                recovered += 1
                _end_tasks(pk, now)
                run_job.enqueue(pk)
    return recovered


def lapsed(now: datetime) -> Q:
    """A filter for leases that have run out, or that a clock gave which has been set back since."""
    return Q(lease_until__lt=now) | Q(lease_until__gt=now + LONGEST_LEASE)


def find_orphans(now: datetime) -> int:
    """Queue again waiting jobs without a task: their worker died between the two claims."""
    waiting = Job.objects.filter(state=Job.State.WAITING, asked_at__lt=now - ORPHANED_AFTER)
    found = 0
    for pk in waiting.values_list("pk", flat=True)[:100]:
        with transaction.atomic():
            if not _tasks(pk).filter(status=READY).exists():
                _end_tasks(pk, now)
                run_job.enqueue(pk)
                found += 1
    return found


def _tasks(pk: int) -> QuerySet[DBTaskResult[..., object]]:
    return DBTaskResult.objects.filter(args_kwargs__args__0=pk, task_path=run_job.module_path)


def _end_tasks(pk: int, now: datetime) -> None:
    _tasks(pk).filter(status=RUNNING).update(status=FAILED, finished_at=now)
