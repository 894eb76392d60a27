"""Runs one job under a lease that a thread of its own renews.

When the lease is lost (the machine slept, the database was away) another worker may have the job:
then nothing more is written for it.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from wenyou.audit.context import acting
from wenyou.console import page_sentence_of
from wenyou.jobs.kinds import kind_of
from wenyou.jobs.models import Job
from wenyou_core.errors import WenyouError

if TYPE_CHECKING:
    from wenyou.accounts.models import User

LOG = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
LONGEST_SENTENCE = 200
ME = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


class Stopping:
    """Raised flag of a worker that was asked to end, and the length of its leases."""

    def __init__(self) -> None:
        self.event = threading.Event()
        self.lease = LEASE


STOPPING = Stopping()


class Stopped(Exception):
    """The job has to stop: it was cancelled, or its worker ends."""


class LeaseLost(Exception):
    """Another worker may have the job."""


class RunningJob:
    """A claimed job as its function sees it (``kinds.Work``)."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._result: dict[str, object] = {}

    @property
    def job_id(self) -> int:
        return self._job.pk

    @property
    def arguments(self) -> Mapping[str, object]:
        arguments: Mapping[str, object] = self._job.arguments
        return arguments

    @property
    def step(self) -> Mapping[str, object]:
        step: Mapping[str, object] = self._job.step
        return step

    @property
    def by(self) -> User | None:
        return self._job.asked_by

    @property
    def asked_at(self) -> datetime:
        return self._job.asked_at

    def save_step(self, **step: object) -> None:
        self._job.step = step
        self._write(step=step)

    def says(self, percent: int, sentence: str) -> None:
        self._write(progress=max(0, min(100, percent)), says=sentence[:LONGEST_SENTENCE])

    def result(self, **values: object) -> None:
        self._result |= values

    def _write(self, **columns: object) -> None:
        held = Job.objects.filter(pk=self._job.pk, worker=ME, state=Job.State.RUNNING)
        if not held.update(lease_until=timezone.now() + STOPPING.lease, **columns):
            if Job.objects.filter(pk=self._job.pk, state=Job.State.CANCELLED).exists():
                raise Stopped
            raise LeaseLost
        if STOPPING.event.is_set():
            raise Stopped

    def ended(self) -> dict[str, object]:
        """What came out."""
        return self._result


def run(job_id: int) -> bool:
    """Claim a job, run it, and write how it ended; nothing when somebody else has it.

    True where this worker ends before the job: it waits again and wants a place in the queue.
    """
    now = timezone.now()
    free = Q(state=Job.State.WAITING) | Q(state=Job.State.RUNNING, lease_until__lt=now)
    claimed = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING,
        worker=ME,
        lease_until=now + STOPPING.lease,
        attempts=F("attempts") + 1,
        started_at=now,
    )
    if not claimed:
        return False
    job = Job.objects.select_related("asked_by").get(pk=job_id)
    work = RunningJob(job)
    with acting("job", request_id=f"job-{job_id}"), _renewed(job_id):
        try:
            kind = kind_of(job.kind)
            if kind is None:
                said = "这个任务是别的版本提交的，现在的程序不认识。请重新提交。"
                raise WenyouError("unknown_job", said)
            kind.run(work)
        except Stopped:
            return _put_back(job_id)
        except LeaseLost:
            LOG.warning("job %s: lease lost", job_id)
        except WenyouError as error:
            _end(job_id, Job.State.FAILED, error=str(error), says="没有完成。")
        except Exception as error:
            number = secrets.token_hex(4)
            LOG.exception("job %s failed, log %s", job_id, number)
            said = f"后台任务出错，没有完成。请稍后重新提交；如仍不行，把编号 {number} 告诉系统管理员。"
            if hindered := page_sentence_of(error):
                said = f"后台任务没有完成：{hindered}"
            _end(job_id, Job.State.FAILED, error=said, says="没有完成。")
        else:
            _end(job_id, Job.State.DONE, result=work.ended(), progress=100, says="已完成。")
    return False


def _end(job_id: int, state: Job.State, **columns: object) -> None:
    held = Job.objects.filter(pk=job_id, worker=ME, state=Job.State.RUNNING)
    held.update(state=state, finished_at=timezone.now(), lease_until=None, **columns)


def _put_back(job_id: int) -> bool:
    """A worker that ends leaves its job waiting; a cancelled one stays cancelled."""
    held = Job.objects.filter(pk=job_id, worker=ME, state=Job.State.RUNNING)
    waits = held.update(
        state=Job.State.WAITING, worker="", lease_until=None, attempts=F("attempts") - 1
    )
    return bool(waits)


@contextmanager
def _renewed(job_id: int) -> Iterator[None]:
    """Renew the lease from another thread for as long as the block runs."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job_id, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(job_id: int, over: threading.Event) -> None:
    try:
        while not over.wait(STOPPING.lease.total_seconds() / 3):
            held = Job.objects.filter(pk=job_id, worker=ME, state=Job.State.RUNNING)
            try:
                held.update(lease_until=timezone.now() + STOPPING.lease)
            except DatabaseError:
                LOG.warning("job %s: the lease could not be renewed", job_id)
    finally:
        connection.close()
