"""Pages of runs: start, the table with what is missing on top, grounds, papers, publishing."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts.models import User
from wenyou.accounts.person import person
from wenyou.assessments import lists, pictures, queries, reading, services, taking
from wenyou.assessments.checklist import checklist, contests_of, is_owed
from wenyou.assessments.contests import closes_at, may_contest
from wenyou.assessments.differing import comparison_in
from wenyou.assessments.forms import RunForm, again, last_quarter
from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.opened import policy_of
from wenyou.audit.exports import note_list
from wenyou.errors import NotAllowed, NotFound
from wenyou.jobs.services import OPEN
from wenyou.register.queries import DECIDERS
from wenyou.web.acting import typed
from wenyou.web.frame import Back, tell
from wenyou_core.errors import InputRefused

GET_OR_POST = ["GET", "POST"]
FINISHED = (Run.State.DONE, Run.State.CONFIRMED, Run.State.PUBLISHED)


@require_GET
def runs(request: HttpRequest) -> HttpResponseBase:
    """The runs that a person may see."""
    user = person(request)
    adopted = queries.adoptions_to_assess(user).exists()
    context = {"may": adopted}
    rows = queries.runs_visible_to(user)
    listing = lists.runs(may=queries.may_assess(user), adopted=adopted)
    return listing.answer(request, rows, template="assessments/list.html", context=context)


@require_http_methods(GET_OR_POST)
def start(request: HttpRequest) -> HttpResponse:
    """Choose plan, period and moment; the computing is a job."""
    user = person(request)
    adoptions = queries.adoptions_to_assess(user).order_by("-from_on")
    if not adoptions.exists():
        if not queries.may_assess(user):
            raise NotAllowed("测算考核结果", "服务办公室")
        tell(request, "还没有采用考核方案，不能测算。请先选一份方案采用并施行。", "near")
        return redirect("schemes:list")
    initial: dict[str, object] = {
        "adoption": adoptions.exclude(state="draft").first(), "period": last_quarter(),
    }  # fmt: skip
    said = request.GET.get("again", "")
    if said.isascii() and said.isdigit() and len(said) < 19:
        initial = again(queries.run_for(user, int(said)))
    form = RunForm(adoptions, typed(request), initial=initial)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                run = services.start(**form.cleaned_data, by=user)
            except InputRefused as refused:
                form.add_error("period", str(refused))
            else:
                return redirect("assessments:run", run.pk)
        status = 422
    context = {"form": form, "title": "开始测算", "submit": "开始测算", "back": _to_list()}
    return render(request, "ui/form.html", context, status=status)


@require_GET
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """A run: progress, or the ranking with what is missing on top and the tables behind it."""
    user = person(request)
    found = queries.run_for(user, pk)
    context: dict[str, object] = {"run": found, "state": lists.state_of(found), "back": _to_list()}
    if found.state not in FINISHED:
        job = found.job if found.job and found.job.asked_by_id == user.pk else None
        context |= {
            "job": job,
            "open": job is not None and job.state in OPEN,
            "label": lists.label_of(found),
            "may": queries.may_decide(user, found),
        }
        return render(request, "assessments/waiting.html", context)
    group = reading.group_of(found, user, request.GET.get("group", ""))
    head, ranked = reading.ranked(found, user, group)
    own = queries.own_rows(user, found)
    mine = next((one for one in own if one.employee_id), None)
    may = queries.may_decide(user, found)
    decides = queries.covers(user, found, DECIDERS)
    said = queries.contests_visible_to(user).filter(pk__in=contests_of(found).values("pk"))
    context |= {
        "points": checklist(found, registers=decides) if may else (),
        "decides": decides,
        "contests": [(one, is_owed(one)) for one in said.order_by("-pk")[:50]],
        "head": head,
        "ranked": ranked,
        "chart": pictures.ranking(head, ranked, group) if head else None,
        "groups": [
            (f"?group={one.code}", one.name, group is not None and one.code == group.code)
            for one in reading.groups(found)
        ],
        "tables": reading.heads(found),
        "whole": queries.sight_of(user, found).whole,
        "mine": mine,
        "own": [one for one in own if not one.employee_id],
        "may": may,
        "alone": found.confirmed_by_id is not None and found.confirmed_by_id == found.started_by_id,
        "others": queries.before(found)[:10] if may else (),
    }
    return render(request, "assessments/run.html", context)


@require_GET
def table(request: HttpRequest, pk: int, population: str) -> HttpResponseBase:
    """The 季度测算表 of a population."""
    user = person(request)
    found = queries.run_for(user, pk)
    head = next((one for one in reading.heads(found) if one.population == population), None)
    if head is None:
        raise NotFound("这张测算表")
    rows = queries.rows_visible_to(user, found).filter(figures__has_key=f"@{population}")
    ranked = reading.groups(found)
    chosen = request.GET.get("group", "")
    # A list that is narrowed to some rows has no picture of them all.
    narrowed = any(request.GET.get(name) for name in ("q", "unit", "short"))
    context = {
        "run": found,
        "chart": None if narrowed else pictures.standings(head, rows, ranked, chosen),
        "own": [one for one in queries.own_rows(user, found) if head.member(one.figures)],
        "back": Back(lists.run_address(found), str(found.summary["label"])),
        "tabs": [
            (reverse("assessments:table", args=[pk, one.population]), one.title, one == head)
            for one in reading.heads(found)
        ],
    }
    groups = [(one.code, one.name, one.path) for one in ranked]
    listing = lists.table(found, head, groups, chosen="col" in request.GET)
    return listing.answer(
        request,
        rows,
        template="assessments/table.html",
        context=context,
        exported=lambda taken: note_list(taken, action="run.exported", by=user),
    )


@require_GET
def subject(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """One page of a unit or a person: place, figures, entries with their grounds."""
    user = person(request)
    found = queries.run_for(user, pk)
    row = queries.row_for(user, found, key)
    before = reading.earlier(found, row, user)
    context = {
        "run": found,
        "row": row,
        "before": before,
        "tables": list(reading.figures_of(row, found)),
        "entries": reading.entries_of(row, found),
        "bars": reading.bars_of(row, found),
        "heads": reading.heads_then(found, row) if row.employee_id is None else (),
        **_voice(found, row, user),
        "back": Back(lists.run_address(found), str(found.summary["label"])),
    }
    return render(request, "assessments/subject.html", context)


@require_GET
def latest(request: HttpRequest, key: str) -> HttpResponse:
    """From a unit or a person to the newest result of it; to the list where there is none."""
    row = queries.latest_row(person(request), key)
    if row is not None:
        return redirect("assessments:subject", row.run_id, row.key)
    tell(request, "还没有您可以查看的考核结果。测算并发布以后，在这里查看。")
    return redirect("assessments:list")


@require_GET
def why(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The tree behind a figure, down to the facts."""
    user = person(request)
    found = queries.run_for(user, pk)
    row = queries.row_for(user, found, key)
    what = request.GET.get("what", "")[:200]
    context = {
        "run": found,
        "row": row,
        "trees": reading.trees(found, key, what, user),
        "what": what,
        **_voice(found, row, user),
        "back": Back(reverse("assessments:subject", args=[pk, key]), row.title),
    }
    return render(request, "assessments/why.html", context)


def _voice(found: Run, row: RunSubject, user: User) -> dict[str, object]:
    """Whether a person may say something against a result, until when, and what was said."""
    last = closes_at(found)
    may = found.state == Run.State.PUBLISHED and may_contest(user, row)
    said = queries.contests_visible_to(user).filter(run=found, key=row.key).order_by("pk")
    return {
        "may_contest": may,
        "in_time": last is None or timezone.now() <= last,
        "last": last,
        "said": said[:20],
    }


@require_GET
def statement(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The 考核结果告知单: a paper of its own, under a policy of its own, without any script."""
    user = person(request)
    found = queries.run_for(user, pk)
    row = queries.row_for(user, found, key)
    page = taking.take_statement(run=found, row=row, by=user)
    headers = {"Content-Security-Policy": policy_of(page)}
    return HttpResponse(page, headers=headers)


@require_GET
def workbook(request: HttpRequest, pk: int) -> FileResponse:
    """The whole workbook, for those who see the whole run."""
    user = person(request)
    found = queries.run_for(user, pk)
    if not queries.sight_of(user, found).whole:
        raise NotAllowed("下载测算工作簿", "服务办公室")
    file = taking.take_workbook(run=found, by=user)
    name = f"{found.unit}-{found.summary['label']}-测算结果.xlsx"
    return FileResponse(file, as_attachment=True, filename=name)


@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A named person stands for the result."""
    user = person(request)
    found = queries.run_for(user, pk)
    if request.method == "POST":
        services.confirm(run=found, by=user)
        tell(request, "已确认。发布以前，只有服务办公室和领导看得到。")
        return redirect("assessments:run", pk)
    if queries.may_decide(user, found) and (why := services.why_not_confirmed(found)):
        tell(request, why, "plain")
        return redirect("assessments:run", pk)
    says = [f"确认后，这次测算记为由 {user.label} 确认的结果，作为发布的依据。"]
    if found.missing:
        says.append(f"还有 {len(found.missing)} 项数据没有声明填报完整，名次可能因此变动。")
    said = [one for one in contests_of(found) if one.matter is not None]
    pending = [one.matter.number for one in said if one.matter and not one.matter.closed]
    owed = [one.matter.number for one in said if one.matter and is_owed(one)]
    if pending:
        says.append(f"本期还有 {len(pending)} 件申诉没有办结：{'、'.join(pending[:5])}。")
    if owed:
        says.append(f"有 {len(owed)} 件申诉已经成立、还没有落实到登记：{'、'.join(owed[:5])}。")
    if found.started_by_id == user.pk:
        says.append("这次测算是您开始的。启用“测算与确认分开”时，须由另一人确认。")
    return _asked(request, found, "确认测算结果", says, "确认结果")


@require_http_methods(GET_OR_POST)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who will see what, then publish."""
    user = person(request)
    found = queries.run_for(user, pk)
    if request.method == "POST":
        services.publish(run=found, by=user)
        tell(request, "已发布。")
        return redirect("assessments:run", pk)
    if queries.may_decide(user, found) and (why := services.why_not_published(found)):
        tell(request, why, "plain")
        return redirect("assessments:run", pk)
    units, people = services.concerned(found)
    says = [
        f"发布后，{units} 个网点和 {people} 名员工将看到本季结果。",
        "每个人看得到网点排名；负责人另看得到本机构人员的结果，员工另看得到自己的结果。",
    ]
    if not found.summary.get("lawful"):
        says.append("方案的通过程序没有记全：结果注明“未经通过程序”，不能兑现。")
    return _asked(request, found, "发布考核结果", says, "确认并发布")


@require_http_methods(GET_OR_POST)
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """What differs from another run, and why."""
    user = person(request)
    new = queries.run_for(user, pk)
    old = queries.run_for(user, other)
    if not queries.may_decide(user, new):
        raise NotAllowed("比较两次测算", "服务办公室")
    if not queries.before(new).filter(pk=old.pk).exists():
        raise NotFound("可以比较的两次测算")
    if request.method == "POST":
        job = services.ask_comparison(old=old, new=new, by=user)
        return redirect("jobs:job", job.pk)
    back = Back(lists.run_address(new), str(new.summary["label"]))
    found = comparison_in(services.comparison_file(old, new))
    keys = [one.key for one in found.subjects] if found else []
    context = {
        "old": old, "new": new, "found": found, "back": back,
        "known": queries.keys_among(user, new, keys),
    }  # fmt: skip
    return render(request, "assessments/compare.html", context)


def _asked(
    request: HttpRequest, found: Run, title: str, says: list[str], submit: str
) -> HttpResponse:
    back = Back(lists.run_address(found), lists.label_of(found))
    context = {"title": title, "says": says, "submit": submit, "back": back}
    return render(request, "ui/confirm.html", context)


def _to_list() -> Back:
    return Back(reverse("assessments:list"), "考核")
