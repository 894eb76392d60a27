"""Which jobs a person sees: his own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from wenyou.errors import NotFound
from wenyou.jobs.models import Job

if TYPE_CHECKING:
    from wenyou.accounts.models import User


def jobs_visible_to(user: User) -> QuerySet[Job]:
    """The jobs that a person asked for, newest first."""
    return Job.objects.filter(asked_by=user).select_related("unit")


def job_for(user: User, pk: int) -> Job:
    """One of a person's jobs. Raises NotFound."""
    found = jobs_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这个后台任务")
    return found
