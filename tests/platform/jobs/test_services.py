"""Asking for jobs, running, cancelling and taking them up again."""

from __future__ import annotations

import errno
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.platform.people import Cast
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.jobs import queries, runner, services
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.models import Job
from wenyou.jobs.tasks import run_job
from wenyou_core.errors import InputRefused


def adds(work: Work) -> None:
    work.says(50, "正在相加。")
    work.result(sum=int(str(work.arguments["a"])) + int(str(work.arguments["b"])))


def refuses(work: Work) -> None:
    raise InputRefused("test", "文件里没有数据，请核对后重新提交。")


def breaks(work: Work) -> None:
    raise ZeroDivisionError("secret of the inside")


def fills_the_disk(work: Work) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def takes_three(work: Work) -> None:
    for number in range(int(str(work.step.get("done", 0))), 3):
        seen = work.step.get("seen", [])
        assert isinstance(seen, list)
        work.save_step(done=number + 1, seen=[*seen, number])
        if number == 1 and work.arguments.get("stop"):
            runner.STOPPING.event.set()
    work.result(seen=work.step["seen"])


KINDS = {
    "adds": adds,
    "refuses": refuses,
    "breaks": breaks,
    "fills": fills_the_disk,
    "three": takes_three,
}
for name, run in KINDS.items():
    register_kind(f"test.{name}", run, "相加")


@pytest.fixture(autouse=True)
def _not_stopping() -> None:
    runner.STOPPING.event.clear()


def ask(cast: Cast, kind: str, **arguments: object) -> Job:
    return services.enqueue(kind=kind, title="相加", arguments=arguments, by=cast.chen)


def ran(job: Job) -> Job:
    run_job.call(job.pk)
    job.refresh_from_db()
    return job


def queued(job: Job) -> int:
    return DBTaskResult.objects.filter(args_kwargs__args__0=job.pk, status="READY").count()


def test_a_job_is_queued_with_its_row_and_its_audit_row(cast: Cast) -> None:
    job = ask(cast, "test.adds", a=1, b=2)

    assert job.state == Job.State.WAITING
    assert queued(job) == 1
    assert AuditRow.objects.filter(action="job.asked", object_id=str(job.pk)).exists()


@pytest.mark.django_db(transaction=True)
def test_a_job_asked_for_in_a_transaction_that_fails_is_nowhere() -> None:
    with transaction.atomic():
        services.enqueue(kind="test.adds", title="相加", arguments={}, by=None)
        transaction.set_rollback(True)

    assert not Job.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_kind_nobody_registered_is_no_job(cast: Cast) -> None:
    with pytest.raises(ValueError, match="not registered"):
        ask(cast, "test.unheard_of")


def test_a_job_that_ran_keeps_its_result_and_its_last_words(cast: Cast) -> None:
    job = ran(ask(cast, "test.adds", a=1, b=2))

    assert (job.state, job.result, job.progress) == (Job.State.DONE, {"sum": 3}, 100)
    assert job.lease_until is None


def test_a_refusal_of_the_job_is_told_in_its_own_words(cast: Cast) -> None:
    job = ran(ask(cast, "test.refuses"))

    assert job.state == Job.State.FAILED
    assert job.error == "文件里没有数据，请核对后重新提交。"


def test_a_full_disk_is_told_by_its_name(cast: Cast) -> None:
    job = ran(ask(cast, "test.fills"))

    assert job.state == Job.State.FAILED
    assert job.error.startswith("后台任务没有完成：服务器的磁盘满了。")


def test_an_error_of_the_program_is_told_with_a_number_and_without_its_inside(cast: Cast) -> None:
    job = ran(ask(cast, "test.breaks"))

    assert job.state == Job.State.FAILED
    assert "编号" in job.error
    assert "secret" not in job.error


def test_a_job_is_run_by_one_worker_only(cast: Cast) -> None:
    job = ask(cast, "test.adds", a=1, b=2)
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, worker="other", lease_until=timezone.now() + timedelta(minutes=1)
    )

    assert ran(job).state == Job.State.RUNNING
    assert job.worker == "other"


def test_a_job_whose_lease_ran_out_goes_on_from_its_last_step(cast: Cast) -> None:
    job = ask(cast, "test.three")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, worker="dead", step={"done": 2, "seen": [0, 1]},
        lease_until=timezone.now() - timedelta(seconds=1), attempts=1,
    )  # fmt: skip
    DBTaskResult.objects.update(status="RUNNING")

    assert services.recover() == 1
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    assert DBTaskResult.objects.filter(status="RUNNING").count() == 0
    assert ran(job).result == {"seen": [0, 1, 2]}


def test_a_job_under_a_running_lease_is_left_alone(cast: Cast) -> None:
    job = ask(cast, "test.three")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, lease_until=timezone.now() + timedelta(seconds=30)
    )

    assert services.recover() == 0


def test_a_job_that_broke_off_three_times_ends_with_a_sentence(cast: Cast) -> None:
    job = ask(cast, "test.three")
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.RUNNING, attempts=3, lease_until=timezone.now() - timedelta(seconds=1)
    )

    assert services.recover() == 0
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "连续 3 次中断" in job.error


def test_a_waiting_job_whose_task_was_lost_is_queued_again(cast: Cast) -> None:
    job = ask(cast, "test.three")
    DBTaskResult.objects.update(status="RUNNING")
    now = timezone.now()

    assert services.find_orphans(now) == 0
    assert services.find_orphans(now + timedelta(minutes=3)) == 1
    assert queued(job) == 1


def test_a_worker_that_ends_puts_its_job_back(cast: Cast) -> None:
    job = ran(ask(cast, "test.three", stop=True))

    assert (job.state, job.attempts, job.step) == (
        Job.State.WAITING, 0, {"done": 3, "seen": [0, 1, 2]},
    )  # fmt: skip
    assert queued(job) == 2  # as it was asked for, and once more
    runner.STOPPING.event.clear()
    assert ran(job).result == {"seen": [0, 1, 2]}


def test_a_cancelled_job_is_not_run(cast: Cast) -> None:
    job = ask(cast, "test.adds", a=1, b=2)

    services.cancel(job=job, by=cast.chen)

    assert ran(job).state == Job.State.CANCELLED
    assert AuditRow.objects.filter(action="job.cancelled").count() == 1


def test_a_job_that_is_over_cannot_be_cancelled(cast: Cast) -> None:
    job = ran(ask(cast, "test.adds", a=1, b=2))

    with pytest.raises(InputRefused, match="已完成，不能再取消"):
        services.cancel(job=job, by=cast.chen)


def test_somebody_elses_job_is_neither_seen_nor_cancelled(cast: Cast) -> None:
    job = ask(cast, "test.adds", a=1, b=2)

    with pytest.raises(NotFound):
        queries.job_for(cast.lin, job.pk)
    with pytest.raises(NotAllowed):
        services.cancel(job=job, by=cast.lin)
