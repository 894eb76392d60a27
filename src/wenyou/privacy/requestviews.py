"""Pages of the log of exports, and of what people ask for: their data, or its erasure."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.audit.actions import register_actions
from wenyou.audit.exports import note_list
from wenyou.audit.models import ExportRow
from wenyou.errors import NotAllowed
from wenyou.jobs.services import why_undone
from wenyou.org.queries import people_visible_to
from wenyou.privacy import forms, persons, queries, requests
from wenyou.privacy.models import PersonRequest
from wenyou.privacy.outcome import limit_said, outcome
from wenyou.web.acting import Act, acted
from wenyou.web.frame import Back, behind, tell
from wenyou.web.listing import Choice, Column, Days, Empty, Exported, Listing, State, Text

register_actions({"exports.exported": "导出导出记录"})
GET_OR_POST = ["GET", "POST"]
DOOR = "system"
# What somebody has ticked: a passage by its key, a file or a matter by its id.
NAMED = re.compile(r"words-\d{1,17}-[0-9a-f]{16}|(?:evidence|matter)-\d{1,17}")
STATES = {
    PersonRequest.State.PREVIEW: "near",
    PersonRequest.State.ASKED: "press",
    PersonRequest.State.DONE: "ok",
    PersonRequest.State.REFUSED: "over",
    PersonRequest.State.DROPPED: "plain",
}


def _actor(value: str) -> Q:
    return Q(actor__number=value) | Q(actor__name=value)


EXPORTS = Listing(
    title="导出记录",
    columns=(
        Column(key="at", title="时间", value=lambda row: row.at, kind="when", fixed=True),
        Column(key="actor", title="导出人", value=lambda row: row.actor_name),
        Column(key="unit", title="机构", value=lambda row: row.unit or ""),
        Column(key="kind", title="种类", value=lambda row: row.get_kind_display()),
        Column(key="title", title="内容", value=lambda row: row.title),
        Column(key="narrowed", title="筛选条件", value=lambda row: row.narrowed),
        Column(key="rows", title="行数", value=lambda row: row.rows, kind="number"),
        Column(key="sha256", title="校验值（SHA-256）", value=lambda row: row.sha256, hidden=True),
        Column(key="size", title="字节数", value=lambda row: row.size, kind="number", hidden=True),
    ),
    filters=(
        Text("who", "导出人", where=_actor, hint="登录号或姓名"),
        Choice("kind", "种类", ExportRow.Kind.choices),
        Text("q", "内容", fields=("title",)),
        Text("hash", "校验值", where=lambda value: Q(sha256=value.lower()), hint="文件的 SHA-256"),
        Days("at", "时间", "at"),
    ),
    order=("-pk",),
    empty=Empty("还没有导出记录", "每一次导出清单、工作簿、告知单和个人信息都会记在这里。"),
)  # fmt: skip


@require_GET
def exports(request: HttpRequest) -> HttpResponseBase:
    """The log of exports; taking it away is an export too."""
    user = person(request)
    behind(request, DOOR)
    rows = queries.exports_visible_to(user)

    def taken(what: Exported) -> None:
        note_list(what, action="exports.exported", by=user)

    return EXPORTS.answer(request, rows, template="privacy/exports.html", exported=taken)


# -- requests ---------------------------------------------------------------------------


def _who(one: PersonRequest) -> str:
    return f"员工 {one.employee.number}" if one.employee else f"客户 {one.masked}"


REQUESTS = Listing(
    title="个人信息申请",
    unit_word="件",
    columns=(
        Column(key="id", title="申请", value=lambda one: f"申请 {one.pk}", fixed=True,
               link=lambda one: reverse("privacy:request", args=[one.pk])),
        Column(key="kind", title="要办什么", value=lambda one: one.get_kind_display()),
        Column(key="who", title="对象", value=_who),
        Column(key="state", title="状态", kind="state",
               value=lambda one: State(STATES[one.state], one.get_state_display())),
        Column(key="asked", title="登记时间", kind="when", value=lambda one: one.asked_at),
        Column(key="done", title="办结时间", kind="when", value=lambda one: one.finished_at),
    ),
    filters=(
        Choice("state", "状态", PersonRequest.State.choices),
        Choice("kind", "要办什么", PersonRequest.Kind.choices),
    ),
    empty=Empty("还没有个人信息申请", "本人要求查阅、复制或删除信息时，在这里登记和办理。"),
)  # fmt: skip


def _handles(request: HttpRequest) -> bool:
    return bool(scope(person(request)).roles & set(persons.HANDLERS))


@require_GET
def all_requests(request: HttpRequest) -> HttpResponseBase:
    """One's own requests."""
    behind(request, DOOR)
    rows = queries.requests_visible_to(person(request))
    context = {"may": _handles(request), "own": person(request).employee is not None}
    return REQUESTS.answer(request, rows, template="privacy/requests.html", context=context)


@require_POST
def own(request: HttpRequest) -> HttpResponse:
    """A copy of what is held about oneself."""
    one = requests.ask_own(by=person(request))
    tell(request, "已受理，正在汇集。完成后可在本页下载，文件到期自动销毁。")
    return redirect("privacy:request", one.pk)


@require_http_methods(GET_OR_POST)
def new_request(request: HttpRequest) -> HttpResponse:
    """What somebody has asked for."""
    user = person(request)
    if not _handles(request):
        raise NotAllowed("办理个人信息申请", "消保部门、服务办公室")
    behind(request, DOOR)
    form = forms.RequestForm(people_visible_to(user), request.POST or None)
    made: list[PersonRequest] = []

    def do(said: Any) -> str:
        made.append(requests.ask(requests.Asked(**said), by=user))
        return f"已登记申请 {made[0].pk}，请在“个人信息申请”里核对查到的内容。"

    act = Act(
        title="登记个人信息申请", submit="查找", back=_to_requests(),
        help=("这一页登记本人要求查阅、复制或删除信息的申请。", "先核验身份，再按完整号码查找。",
              "只查您管辖机构内的记录；全行查找由总行消保部门办理。"),
    )  # fmt: skip
    answer = acted(request, form, act, do)
    return redirect("privacy:request", made[0].pk) if made else answer


@require_GET
def one_request(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found, what may go and what must stay, and the file."""
    found = queries.request_for(person(request), pk)
    behind(request, DOOR)
    there, still_open = requests.passages_for(found), requests.is_open(found)
    state = PersonRequest.State(PersonRequest.State.PREVIEW if still_open else found.state)
    now = timezone.now()
    alive = bool(found.file_sealed) and found.file_until is not None and found.file_until > now
    context = {
        "one": found,
        "who": _who(found),
        "state": State(STATES[state], state.label),
        "open": still_open,
        "undone": why_undone(found.job) if still_open else "",
        "running": state == PersonRequest.State.ASKED,
        "erasure": found.kind == PersonRequest.Kind.ERASURE,
        "rows": [
            {**row, "passages": there.get(row["id"]) if row["kind"] == "matter" else None}
            for row in found.found
        ],
        "named": bool(found.name_sealed),
        "unsure": any(row["kind"] == "evidence" and row["free"] for row in found.found),
        "limit": limit_said() if persons.cut_off(found.found) else "",
        "file": alive,
        "outcome": outcome(found.found) if _erased(found) else "",
        "back": _to_requests(),
    }
    return render(request, "privacy/request.html", context)


def _erased(found: PersonRequest) -> bool:
    done = found.state == PersonRequest.State.DONE
    return done and found.kind == PersonRequest.Kind.ERASURE


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it done."""
    user = person(request)
    found = queries.request_for(user, pk)
    chosen = [one for one in request.POST.getlist("pk") if NAMED.fullmatch(one)]
    done = requests.start(found, by=user, chosen=chosen)
    refused = done.state == PersonRequest.State.REFUSED
    tell(request, "没有可以删除的内容，理由见下。" if refused else "正在后台办理。")
    return redirect("privacy:request", pk)


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw it."""
    user = person(request)
    requests.drop(queries.request_for(user, pk), by=user)
    tell(request, "申请已撤回，查找用的号码已销毁。")
    return redirect("privacy:requests")


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The archive, for the one who asked."""
    user = person(request)
    found = queries.request_for(user, pk)
    content = requests.download(found, by=user)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="wenyou-person-{pk}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _to_requests() -> Back:
    return Back(reverse("privacy:requests"), "个人信息申请")
