"""The one task of the queue: it carries a job's id and nothing else."""

from __future__ import annotations

from django_tasks import task


@task()
def run_job(job_id: int) -> None:
    """Run a job; what became of it stands in the job's own row."""
    from wenyou.jobs.runner import run  # noqa: PLC0415 -- the runner puts stopped jobs back here

    run(job_id)
