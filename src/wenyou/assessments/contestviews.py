"""Pages of what is said against a result, and of the decisions a run waits for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wenyou.accounts.person import person
from wenyou.assessments import contests, lists, queries
from wenyou.assessments.deciding import DecideForm, decide
from wenyou.assessments.forms import ContestForm, FollowForm
from wenyou.assessments.models import Contest, Run
from wenyou.errors import NotAllowed, NotFound
from wenyou.register.queries import DECIDERS
from wenyou.web.acting import typed
from wenyou.web.errors import status_of
from wenyou.web.frame import Back, tell
from wenyou_core.errors import InputRefused, WenyouError

GET_OR_POST = ["GET", "POST"]


@require_http_methods(GET_OR_POST)
def contest(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Say something against a result: an appeal, or a remark."""
    user = person(request)
    run = queries.run_for(user, pk)
    row = queries.row_for(user, run, key)
    what = request.GET.get("what", "")[:200]
    contests.refuse_unless_open(run, row, user)
    item = contests.item_of(run, row, what, user)
    bound = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ContestForm(*bound, user=user, unit=row.unit or run.unit)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                if said["kind"] == form.REMARK:
                    contests.remark(run=run, row=row, what=what, text=said["grounds"], by=user)
                    tell(request, "已记入说明，服务办公室在考核结果页上能看到。")
                    return redirect("assessments:subject", pk, key)
                made = contests.appeal(
                    run=run, row=row, what=what, grounds=said["grounds"], files=said["evidence"],
                    by=user,
                )  # fmt: skip
            except WenyouError as refused:
                form.add_error(None, str(refused))
                status = status_of(refused)
            else:
                return _appealed(request, made)
    context = {
        "form": form,
        "item": item,
        "last": contests.closes_at(run),
        "title": "对考核结果提出异议",
        "submit": "提交",
        "back": Back(reverse("assessments:subject", args=[pk, key]), row.title),
    }
    return render(request, "assessments/contest.html", context, status=status)


def _appealed(request: HttpRequest, made: Contest) -> HttpResponse:
    assert made.matter is not None  # noqa: S101 -- an appeal has its matter
    number = made.matter.number
    if made.matter.state == "draft":
        tell(request, f"申诉 {number} 已存为草稿。请补充佐证材料后按“提交申诉”。", "near")
    else:
        tell(request, f"申诉 {number} 已提交，等待受理。")
    return redirect("matters:detail", made.matter.pk)


@require_http_methods(GET_OR_POST)
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upheld appeal becomes in the register."""
    user = person(request)
    found = queries.contest_for(user, pk)
    run = found.run
    if not queries.may_decide(user, run):
        raise NotAllowed("落实成立的申诉", "服务办公室")
    row = queries.row_for(user, run, found.key)
    item = contests.item_of(run, row, found.what, user)
    form = FollowForm(run.adoption, item.facts, typed(request))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            fact, withdraw = form.chosen()
            try:
                contests.follow(contest=found, fact=fact, withdraw=withdraw, by=user)
            except WenyouError as refused:
                form.add_error(None, str(refused))
                status = status_of(refused)
            else:
                tell(request, f"已落实。请用现在的数据重新测算{run.summary['label']}，再比较差别。")
                return redirect(f"{reverse('assessments:start')}?again={run.pk}")
    context = {
        "form": form,
        "contest": found,
        "item": item,
        "title": "落实成立的申诉",
        "submit": "落实",
        "back": _to(run),
    }
    return render(request, "assessments/follow.html", context, status=status)


@require_http_methods(GET_OR_POST)
def decisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Ties and other things that people decide."""
    user = person(request)
    run = queries.run_for(user, pk)
    if not queries.covers(user, run, DECIDERS):
        raise NotAllowed("登记考核小组的决定", "服务办公室")
    form = DecideForm(run, typed(request))
    if not form.items:
        raise NotFound("等待决定的事项")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = decide(run=run, decided=form.decided(), by=user)
            except InputRefused as refused:
                form.add_error(None, str(refused))
            else:
                tell(request, f"已登记 {len(made)} 项决定。请另一人确认，确认以后重新测算。")
                address = reverse("register:facts", args=[run.adoption_id])
                return redirect(f"{address}?kind=decision&state=proposed")
    context = {
        "run": run, "form": form, "title": "登记考核小组的决定", "submit": "登记决定",
        "back": _to(run),
    }  # fmt: skip
    return render(request, "assessments/decide.html", context, status=status)


def _to(run: Run) -> Back:
    return Back(lists.run_address(run), str(run.summary["label"]))
