"""The one task of the queue: it carries a job's id and nothing else."""

from __future__ import annotations

from django_tasks import task

from wenyou.jobs.runner import run


@task()
def run_job(job_id: int) -> None:
    """Run a job; what became of it stands in the job's own row."""
    if run(job_id):
        run_job.enqueue(job_id)
