"""Pages of a person's own jobs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wenyou.accounts.person import person
from wenyou.jobs import queries, services
from wenyou.jobs.models import Job
from wenyou.web.frame import Back
from wenyou.web.listing import Choice, Column, Empty, Listing, State

KINDS = {
    Job.State.WAITING: "paused",
    Job.State.RUNNING: "press",
    Job.State.DONE: "ok",
    Job.State.FAILED: "over",
    Job.State.CANCELLED: "plain",
}
TITLE = "我的后台任务"


def state_of(job: Job) -> State:
    """The state in its colour and word."""
    return State(KINDS[Job.State(job.state)], job.get_state_display())


LIST = Listing(
    title=TITLE,
    columns=(
        Column(key="title", title="名称", value=lambda one: one.title, fixed=True,
               link=lambda one: reverse("jobs:job", args=[one.pk])),
        Column(key="state", title="状态", value=state_of),
        Column(key="says", title="进展", value=lambda one: one.says if one.state != Job.State.DONE else ""),
        Column(key="unit", title="机构", value=lambda one: one.unit),
        Column(key="asked", title="提交时间", kind="when", value=lambda one: one.asked_at),
        Column(key="finished", title="结束时间", kind="when", value=lambda one: one.finished_at),
    ),
    filters=(Choice("state", "状态", Job.State.choices),),
    empty=Empty("还没有后台任务", "测算、导入等耗时的操作提交以后，在这里查看进展和结果。"),
    unit_word="个",
)  # fmt: skip


@require_GET
def jobs(request: HttpRequest) -> HttpResponseBase:
    """My jobs, newest first."""
    mine = queries.jobs_visible_to(person(request))
    return LIST.answer(request, mine, template="jobs/list.html")


@require_GET
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress; the fragment alone for the polling of htmx."""
    found = queries.job_for(person(request), pk)
    template = "jobs/_progress.html" if request.headers.get("HX-Request") else "jobs/detail.html"
    context = {
        "job": found,
        "open": found.state in services.OPEN,
        "stoppable": found.state in services.OPEN and not services.is_owed(found),
        "state": state_of(found),
        "back": Back(reverse("jobs:jobs"), TITLE),
    }
    return render(request, template, context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a job of mine."""
    found = queries.job_for(person(request), pk)
    services.cancel(job=found, by=person(request))
    return redirect("jobs:job", pk)
