"""Start a run, confirm it, publish it; the jobs that compute, write statements and compare."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.scope import require
from wenyou.assessments.compute import compute
from wenyou.assessments.differing import kept_as
from wenyou.assessments.folders import RESULT, folder_of
from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.opened import opened
from wenyou.assessments.queries import OFFICE, ranking
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.models import Job
from wenyou.jobs.services import enqueue
from wenyou.jobs.tick import register_periodic
from wenyou.knobs.services import setting
from wenyou.knobs.table import OFFICE as KEEPER
from wenyou.knobs.table import Knob, KnobKind, register_knobs
from wenyou.web.words import when
from wenyou_core.errors import InputRefused, WenyouError
from wenyou_core.worktime.periods import Period, parse_period
from wenyou_desk.runs.resultfile import read_result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wenyou.accounts.models import User
    from wenyou.schemes.models import Adoption

register_actions(
    {
        "run.started": "开始测算",
        "run.computed": "完成测算",
        "run.failed": "测算没有完成",
        "run.confirmed": "确认测算结果",
        "run.published": "发布考核结果",
        "run.exported": "导出测算表",
    }
)
COMPUTE, STATEMENTS, COMPARE = (
    "assessments.compute",
    "assessments.statements",
    "assessments.compare",
)
DOING = "测算和发布考核结果"
ALONE = "测算与确认由同一人办理（“测算与确认分开”未启用）"
CANCELLED = "这次测算已取消，没有结果。需要时请重新开始一次测算。"
SHOW_EVERY = 20
SECOND = "assessments.second_person"
register_knobs(
    Knob(
        name=SECOND,
        group="考核",
        title="测算与确认分开",
        kind=KnobKind.BOOL,
        default=True,
        who=KEEPER,
        help="勾选后，开始测算的人不能确认这次测算：算的人和对结果负责的人分开，差错多一道把关。"
        "只有一人经办的单位可以不勾选；这样确认的，结果和操作记录都注明由同一人办理。",
    )
)


def start(*, adoption: Adoption, period: str, known_at: datetime | None, by: User) -> Run:
    """Ask for a run; it is computed by a worker.

    Refused to all but the service office and leaders of the adopting unit and above, for a
    period that cannot be read or is not over, and for a moment that lies ahead.
    """
    require(by, adoption.unit.path, *sorted(OFFICE), doing=DOING)
    now = timezone.now()
    chosen = parse_period(period)
    _check_days(adoption, chosen, known_at, now)
    with transaction.atomic():
        run = Run.objects.create(
            adoption=adoption,
            unit=adoption.unit,
            period=chosen.code,
            known_at=known_at or now,
            started_by=by,
            started_at=now,
        )
        title = f"{adoption.unit} {chosen.label}测算"
        run.job = enqueue(
            kind=COMPUTE, title=title, arguments={"run": run.pk}, by=by, unit=run.unit
        )
        run.save(update_fields=["job"])
        new = {"adoption": adoption.pk, "period": run.period, "known_at": run.known_at}
        record("run.started", by=by, change=Change(subject=run, unit=run.unit, new=new))
    return run


def _check_days(
    adoption: Adoption, period: Period, known_at: datetime | None, now: datetime
) -> None:
    today = timezone.localdate(now)
    if period.start > today:
        text = f"{period.label}还没有开始（{period.start} 起），没有可以测算的事项。请另选考核期。"
        raise InputRefused("period_ahead", text)
    last = adoption.until_on
    if period.start < adoption.from_on or (last is not None and period.end > last):
        until = f"至 {last}" if last else "起"
        text = (
            f"{period.label}（{period.start} 至 {period.end}）不全在《{adoption.title}》的施行期内"
            f"（{adoption.from_on} {until}）。请另选考核期，或选当时施行的那一份。"
        )
        raise InputRefused("not_in_force", text)
    if known_at is not None and known_at > now:
        raise InputRefused("known_ahead", "数据截止时点晚于现在。请改为现在以前的时点，或者空着。")


def compute_now(run: Run) -> Run:
    """Compute a run here and now, without a worker: for the demo bank."""
    _computed(run, lambda percent, sentence: None)
    return run


# -- jobs ----------------------------------------------------------------------------------------


def _compute(work: Work) -> None:
    run = _run_of(work)
    if run.state not in (Run.State.WAITING, Run.State.RUNNING):
        return  # a worker that died after the last line was followed by this one
    try:
        _computed(run, work.says)
    except WenyouError as error:
        with transaction.atomic():
            Run.objects.filter(pk=run.pk).update(
                state=Run.State.FAILED, error=str(error), finished_at=timezone.now()
            )
            change = Change(subject=run, unit=run.unit, note=str(error)[:1000])
            record("run.failed", by=work.by, change=change)
        raise
    label = "查看季度测算表"
    work.result(address=reverse("assessments:run", args=[run.pk]), label=label)


def _computed(run: Run, says: Callable[[int, str], None]) -> None:
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
    compute(run, says)
    with transaction.atomic():
        run.state, run.finished_at = Run.State.DONE, timezone.now()
        run.save(update_fields=["state", "finished_at"])
        new = {"digest": run.digest, "provisional": run.provisional}
        change = Change(subject=run, unit=run.unit, new=new)
        record("run.computed", by=run.started_by, change=change)


def _statements(work: Work) -> None:
    run = _run_of(work)
    done = work.step.get("done", 0)

    def step(number: int, total: int) -> None:
        if number % SHOW_EVERY == 0:
            work.save_step(done=number)
            work.says(number * 100 // max(total, 1), f"已写出告知单 {number} / {total} 份。")

    total = opened(run).write_all(done if isinstance(done, int) else 0, step)
    work.result(
        address=reverse("assessments:run", args=[run.pk]), label="查看季度测算表", total=total
    )


def _compare(work: Work) -> None:
    from wenyou_desk.difference.compute import difference  # noqa: PLC0415 -- slow import

    old, new = (Run.objects.get(pk=_id(work, name)) for name in ("old", "new"))
    work.says(10, "正在逐项重算，比较两次测算……")
    records = [read_result(folder_of(run.pk) / RESULT) for run in (old, new)]
    text = kept_as(difference(*records))
    comparison_file(old, new).write_text(text, encoding="utf-8", newline="\n")
    address = reverse("assessments:compare", args=[new.pk, old.pk])
    work.result(address=address, label="查看两次测算的差别")


def _run_of(work: Work) -> Run:
    run = Run.objects.select_related("adoption", "adoption__unit", "unit", "started_by")
    found = run.filter(pk=_id(work, "run")).first()
    if found is None:
        raise InputRefused("no_run", "这次测算已经不在了。请重新开始一次测算。")
    return found


def _id(work: Work, name: str) -> int:
    found = work.arguments[name]
    if not isinstance(found, int):
        raise TypeError(found)
    return found


def settle_lost(now: datetime) -> int:
    """Say of runs whose job was cancelled, or given up, that they were not computed; how many."""
    unfinished = Run.objects.filter(
        state__in=(Run.State.WAITING, Run.State.RUNNING),
        job__state__in=(Job.State.FAILED, Job.State.CANCELLED),
    )
    found = list(unfinished.select_related("job"))
    for run in found:
        error = run.job.error if run.job and run.job.error else CANCELLED
        Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED, error=error, finished_at=now)
    return len(found)


register_kind(COMPUTE, _compute, "测算")
register_kind(STATEMENTS, _statements, "写出考核结果告知单")
register_kind(COMPARE, _compare, "比较两次测算")
register_periodic("assessments.lost", timedelta(minutes=1), settle_lost)


# -- decisions -----------------------------------------------------------------------------------


def confirm(*, run: Run, by: User) -> Run:
    """A named person stands for the result. Refused unless it is a finished proposal, while the
    leading group still has to choose among equals, and to whoever started the run where two
    people are asked.
    """
    require(by, run.unit.path, *sorted(OFFICE), doing="确认测算结果")
    if said := why_not_confirmed(run):
        raise InputRefused("not_done", said)
    if run.summary.get("waiting"):
        text = "还有事项等待考核小组决定，见测算表上方。请先登记“决定”，重新测算后再确认。"
        raise InputRefused("waiting", text)
    alone = run.started_by_id == by.pk
    if alone and setting(SECOND):
        raise NotAllowed("确认自己开始的测算", "服务办公室或领导小组的另一人")
    now = timezone.now()
    with transaction.atomic():
        done = Run.objects.filter(pk=run.pk, state=Run.State.DONE)
        if not done.update(state=Run.State.CONFIRMED, confirmed_by=by, confirmed_at=now):
            raise InputRefused("not_done", "别人刚刚已经办理了这次测算。请刷新页面查看。")
        run.refresh_from_db()
        new = {"digest": run.digest}
        note = ALONE if alone else ""
        change = Change(subject=run, unit=run.unit, new=new, note=note)
        record("run.confirmed", by=by, change=change)
    return run


def publish(*, run: Run, by: User) -> Run:
    """Let those see it whom it concerns, and have everybody's statement written. Refused unless
    confirmed, and for a plan that is not in force: what is only tried out stays inside.
    """
    require(by, run.unit.path, *sorted(OFFICE), doing="发布考核结果")
    if said := why_not_published(run):
        raise InputRefused("not_confirmed", said)
    if run.adoption.state == run.adoption.State.DRAFT:
        raise InputRefused("draft_plan", "这份方案还是草稿，试算的结果不能发布。请先施行方案。")
    now = timezone.now()
    with transaction.atomic():
        confirmed = Run.objects.filter(pk=run.pk, state=Run.State.CONFIRMED)
        if not confirmed.update(state=Run.State.PUBLISHED, published_at=now, published_by=by):
            raise InputRefused("not_confirmed", "别人刚刚已经发布了这次结果。请刷新页面查看。")
        run.refresh_from_db()
        units, people = concerned(run)
        new = {"units": units, "people": people}
        record("run.published", by=by, change=Change(subject=run, unit=run.unit, new=new))
        # A proposal may be computed many times: its statements are written as they are asked for.
        title = f"{run.unit} {run.summary['label']}告知单"
        arguments: dict[str, object] = {"run": run.pk}
        enqueue(kind=STATEMENTS, title=title, arguments=arguments, by=by, unit=run.unit)
    return run


def why_not_published(run: Run) -> str:
    """What stands against publishing a run, as far as its state tells; empty: nothing."""
    if run.state == Run.State.PUBLISHED:
        who = f"由{run.published_by}" if run.published_by else ""
        at = when(run.published_at, timezone.now())
        return f"这次结果已于{at}{who}发布，不必再办理。相关网点和员工都看得到。"
    if run.state != Run.State.CONFIRMED:
        return "结果须先由负责人确认，才能发布。请先确认。"
    return ""


def why_not_confirmed(run: Run) -> str:
    """What stands against confirming a run, as far as its state tells; empty: nothing."""
    if run.state in (Run.State.CONFIRMED, Run.State.PUBLISHED):
        at = when(run.confirmed_at, timezone.now())
        return f"这次结果已于{at}由{run.confirmed_by}确认，不必再办理。"
    if run.state != Run.State.DONE:
        return f"这次测算现在是“{run.get_state_display()}”，不能确认。请等测算完成。"
    return ""


def concerned(run: Run) -> tuple[int, int]:
    """How many outlets (of the ranking) and how many people will see their result."""
    people = RunSubject.objects.filter(run=run, employee__isnull=False).count()
    return ranking(run, str(run.summary.get("main", ""))).count(), people


def comparison_file(old: Run, new: Run) -> Path:
    """Where the difference of two runs is kept, once it was computed."""
    return folder_of(new.pk) / f"compare-{old.pk}-{old.digest[:12]}.json"


def ask_comparison(*, old: Run, new: Run, by: User) -> Job:
    """Have the difference of two runs computed."""
    require(by, new.unit.path, *sorted(OFFICE), doing="比较两次测算")
    return enqueue(
        kind=COMPARE,
        title=f"比较 {old.period} 与 {new.period} 的测算",
        arguments={"old": old.pk, "new": new.pk},
        by=by,
        unit=new.unit,
    )
