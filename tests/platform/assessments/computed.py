"""Runs for the tests of everything that stands on one."""

from __future__ import annotations

from pathlib import Path

from tests.platform.laid import laid
from tests.platform.people import Cast
from tests.platform.register import filled
from tests.platform.register.filled import all_declared, volume
from wenyou.accounts.models import User
from wenyou.assessments import services
from wenyou.assessments.folders import folder_of
from wenyou.assessments.models import Run
from wenyou.jobs import runner
from wenyou.jobs.models import Job
from wenyou.schemes.models import Adoption


def started(adoption: Adoption, by: User) -> Run:
    """A run of the third quarter of 2025, not computed yet."""
    return services.start(adoption=adoption, period="2025Q3", known_at=None, by=by)


def computed(cast: Cast, adoption: Adoption) -> Run:
    """A run of the third quarter of 2025 with one deduction at 甲."""
    return laid(lambda: _computed(cast, adoption), "computed", adoption.pk, folder=files_of)


def _computed(cast: Cast, adoption: Adoption) -> Run:
    filled.confirmed(cast, adoption)
    volume(cast, adoption, cast.jia, 3000)
    volume(cast, adoption, cast.yi, 3000)
    all_declared(cast, adoption)
    run = started(adoption, cast.chen)
    work_off()
    run.refresh_from_db()
    return run


def files_of(run: Run) -> Path:
    """The folder of its files, to be laid again with its rows."""
    return folder_of(run.pk)


def work_off() -> None:
    """Run every waiting job, as a worker would."""
    while job := Job.objects.filter(state=Job.State.WAITING).order_by("pk").first():
        runner.run(job.pk)


def confirmed(cast: Cast, adoption: Adoption) -> Run:
    """One more run, computed after another and confirmed."""
    run = started(adoption, cast.chen)
    work_off()
    run.refresh_from_db()
    return services.confirm(run=run, by=cast.leader)


def published(cast: Cast, adoption: Adoption) -> Run:
    """The same, confirmed and published."""
    return laid(lambda: _published(cast, adoption), "published", adoption.pk, folder=files_of)


def _published(cast: Cast, adoption: Adoption) -> Run:
    run = services.confirm(run=computed(cast, adoption), by=cast.leader)
    return services.publish(run=run, by=cast.chen)


def staff_ranked(run: Run) -> Run:
    """The run of a plan that ranks its staff and no units."""
    tables = run.summary["tables"]
    run.summary["main"] = "staff"
    (staff,) = (one for one in tables if one["population"] == "staff")
    staff |= {"place": "person_rank", "main": "person_money"}
    run.save()
    return run
