"""Pages of periods, lists of what has fallen due, holds, and keys."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import RoleCode
from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.errors import NotAllowed
from wenyou.jobs.services import why_undone
from wenyou.privacy import cleanup, forms, holds, queries, rules, sealed
from wenyou.privacy.classes import CLASSES, class_of
from wenyou.privacy.models import CleanupList
from wenyou.vault.house import house_ring
from wenyou.web import confirm
from wenyou.web.acting import Act, acted
from wenyou.web.frame import Back, behind, tell
from wenyou.web.listing import Choice, Column, Empty, Listing, State, Switch, Text

GET_OR_POST = ["GET", "POST"]
DOOR = "system"
STATES = {
    CleanupList.State.PROPOSED: "near",
    CleanupList.State.CONFIRMED: "press",
    CleanupList.State.DONE: "ok",
    CleanupList.State.REFUSED: "plain",
}


def to_periods() -> Back:
    """The way back to the periods."""
    return Back(reverse("privacy:retention"), "保存期限")


def _sets(request: HttpRequest) -> bool:
    return RoleCode.SECURITY_ADMIN in scope(person(request)).roles


@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """All classes with their periods; ``?count=1`` is the dry run: what would fall due today."""
    user = person(request)
    queries.may_read(user)
    behind(request, DOOR)
    counted = request.GET.get("count") == "1"
    lines = rules.table(timezone.now(), count=counted)
    context = {
        "groups": [(name, list(some)) for name, some in groupby(lines, lambda one: one.one.group)],
        "counted": counted,
        "unset": sum(one.rule is None for one in lines),
        "may": _sets(request),
        "may_list": bool(scope(user).roles & queries.DECIDERS),
        "may_hold": holds.may_hold(user) or bool(scope(user).roles & queries.DECIDERS),
    }
    return render(request, "privacy/retention.html", context)


@require_http_methods(GET_OR_POST)
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """The period of one class."""
    user = person(request)
    one = class_of(code)
    for_the_house(user, RoleCode.SECURITY_ADMIN, rules.DOING)
    behind(request, DOOR)
    now = rules.rule_of(code)
    initial: dict[str, object] = {"how": "months"}
    if now is not None:
        how = "good" if now.months is None else "months"
        initial = {"how": how, "months": now.months, "ground": now.ground}
    form = forms.RuleForm(request.POST or None, initial=initial)

    def do(said: Any) -> str:
        months = said["months"] if said["how"] == "months" else None
        made = rules.set_rule(code, months=months, ground=said["ground"], by=user)
        return f"“{one.title}”的保存期限已设为{rules.said(made.months)}。"

    act = Act(
        title=f"保存期限：{one.title}", submit="保存这项期限", back=to_periods(),
        template="privacy/rule.html",
        help=("这一页设定一类记录保存多久，须写明依据。", "到期的记录不会自行清理，要有人确认清单。",
              "修改记入操作记录，以前的设定留着。"),
        context={"one": one, "history": queries.history_of(code), "said": rules.said},
    )  # fmt: skip
    return acted(request, form, act, do)


# -- lists of what has fallen due -------------------------------------------------------

CLEANUPS = Listing(
    title="清理清单",
    unit_word="份",
    columns=(
        Column(key="id", title="清单", value=lambda one: f"清单 {one.pk}", fixed=True,
               link=lambda one: reverse("privacy:cleanup", args=[one.pk])),
        Column(key="made", title="提出时间", kind="when", value=lambda one: one.made_at),
        Column(key="state", title="状态", kind="state",
               value=lambda one: State(STATES[one.state], one.get_state_display())),
        Column(key="due", title="到期", kind="number", value=lambda one: one.due),
        Column(key="gone", title="已清理", kind="number", value=lambda one: one.gone),
        Column(key="by", title="决定人", value=lambda one: one.decided_by or ""),
        Column(key="decided", title="决定时间", kind="when", value=lambda one: one.decided_at),
    ),
    filters=(Choice("state", "状态", CleanupList.State.choices),),
    empty=Empty("还没有清理清单", "设定保存期限后，系统每天凌晨核对；有到期的记录才提出清单。"),
)  # fmt: skip


@require_GET
def cleanups(request: HttpRequest) -> HttpResponseBase:
    """The lists, newest first."""
    behind(request, DOOR)
    rows = queries.cleanups_visible_to(person(request))
    return CLEANUPS.answer(
        request, rows, template="privacy/cleanups.html", context={"back": to_periods()}
    )


@require_POST
def propose(request: HttpRequest) -> HttpResponse:
    """Put a list together now."""
    made = cleanup.propose(by=person(request))
    if made is None:
        tell(request, "现在没有保存期限已满的记录。")
        return redirect("privacy:cleanups")
    return redirect("privacy:cleanup", made.pk)


@require_GET
def one_cleanup(request: HttpRequest, pk: int) -> HttpResponse:
    """A list by class: what, since when, on which ground, how many, what a hold keeps."""
    user = person(request)
    found = queries.cleanup_for(user, pk)
    behind(request, DOOR)
    lines = [
        (CLASSES[line.record_class], line, rules.said(line.rule.months))
        for line in found.lines.select_related("rule__set_by")
        if line.record_class in CLASSES
    ]
    still_open = cleanup.is_open(found)
    state = CleanupList.State(CleanupList.State.PROPOSED if still_open else found.state)
    context = {
        "made": found,
        "state": State(STATES[state], state.label),
        "lines": lines,
        "stones": queries.stones_of(found)[:200],
        "open": still_open,
        "undone": why_undone(found.job) if still_open else "",
        "may": RoleCode.AUDIT_ADMIN in scope(user).roles,
        "back": Back(reverse("privacy:cleanups"), "清理清单"),
    }
    return render(request, "privacy/cleanup.html", context)


@require_POST
def confirm_cleanup(request: HttpRequest, pk: int) -> HttpResponse:
    """Stand for a list; asked once more."""
    user = person(request)
    found = queries.cleanup_for(user, pk)
    for_the_house(user, RoleCode.AUDIT_ADMIN, "确认清理清单")
    back = Back(reverse("privacy:cleanup", args=[pk]), f"清单 {pk}")
    says = [
        f"确认后，{queries.count_of(found)} 条记录的内容将被清理，不能恢复。",
        "已暂缓的事项不清理；确认后才暂缓的，在清理到它以前也有效。",
        "备份里还有清理前的内容，请按同样的期限销毁旧备份。",
    ]
    asked = confirm.ask(
        request, title=f"确认清理清单 {pk}", says=says, submit="确认并清理", danger=True, back=back
    )
    if asked:
        return asked
    cleanup.confirm(found, by=user)
    tell(request, "已确认，正在后台清理。")
    return redirect("privacy:cleanup", pk)


@require_http_methods(GET_OR_POST)
def refuse_cleanup(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave everything as it is."""
    user = person(request)
    found = queries.cleanup_for(user, pk)
    for_the_house(user, RoleCode.AUDIT_ADMIN, "决定清理清单")
    behind(request, DOOR)
    form = forms.ReasonForm(request.POST or None)

    def do(said: Any) -> str:
        cleanup.refuse(found, reason=said["reason"], by=user)
        return "已记下不予清理，记录都留着。"

    back = Back(reverse("privacy:cleanup", args=[pk]), f"清单 {pk}")
    return acted(request, form, Act(title=f"不予清理：清单 {pk}", submit="不予清理", back=back), do)


# -- holds ------------------------------------------------------------------------------

HOLDS = Listing(
    title="暂缓清理",
    unit_word="件",
    columns=(
        Column(key="number", title="事项", value=lambda one: one.matter.number, fixed=True),
        Column(key="unit", title="机构", value=lambda one: one.matter.unit),
        Column(key="ground", title="暂缓理由", value=lambda one: one.ground),
        Column(key="placed", title="暂缓时间", kind="when", value=lambda one: one.placed_at),
        Column(key="by", title="经办人", value=lambda one: one.placed_by),
        Column(key="state", title="状态", kind="state",
               value=lambda one: State("plain", "已解除") if one.lifted_at
               else State("paused", "暂缓中")),
        Column(key="lifted", title="解除理由", value=lambda one: one.lifted_for, hidden=True),
        Column(key="act", title="办理", value=lambda one: "" if one.lifted_at else "解除暂缓",
               link=lambda one: "" if one.lifted_at
               else reverse("privacy:lift", args=[one.pk])),
    ),
    filters=(
        Text("q", "事项编号", fields=("matter__number",)),
        Switch("on", "只看暂缓中", lambda _: holds.standing()),
    ),
    empty=Empty("没有暂缓的事项", "涉诉、受检查的事项在这里暂缓，到期也不清理，直到解除。"),
)  # fmt: skip


@require_GET
def all_holds(request: HttpRequest) -> HttpResponseBase:
    """The holds one sees."""
    user = person(request)
    behind(request, DOOR)
    rows = holds.holds_visible_to(user)
    context = {"back": to_periods(), "may": holds.may_hold(user)}
    return HOLDS.answer(request, rows, template="privacy/holds.html", context=context)


@require_http_methods(GET_OR_POST)
def place_hold(request: HttpRequest) -> HttpResponse:
    """Hold a matter."""
    user = person(request)
    if not holds.may_hold(user):
        raise NotAllowed(holds.DOING, "服务办公室、消保部门、审计人员")
    behind(request, DOOR)
    form = forms.HoldForm(request.POST or None)

    def do(said: Any) -> str:
        row = holds.place(said["number"], ground=said["ground"], by=user)
        return f"{row.matter.number} 已暂缓清理。"

    return acted(request, form, Act(title="暂缓清理", submit="暂缓清理", back=_to_holds()), do)


@require_http_methods(GET_OR_POST)
def lift_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """End a hold."""
    user = person(request)
    row = holds.hold_for(user, pk)
    if not holds.may_hold(user):
        raise NotAllowed("解除暂缓", "服务办公室、消保部门、审计人员")
    behind(request, DOOR)
    form = forms.ReasonForm(request.POST or None)

    def do(said: Any) -> str:
        holds.lift(row, reason=said["reason"], by=user)
        return f"{row.matter.number} 的暂缓已解除。"

    act = Act(title=f"解除暂缓：{row.matter.number}", submit="解除暂缓", back=_to_holds())
    return acted(request, form, act, do)


def _to_holds() -> Back:
    return Back(reverse("privacy:holds"), "暂缓清理")


# -- keys -------------------------------------------------------------------------------


@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """Which key how much still needs."""
    for_the_house(person(request), RoleCode.SECURITY_ADMIN, "查看密钥使用情况")
    behind(request, DOOR)
    ring, needed = house_ring(), sealed.keys_needed()
    current = ring.current().id
    ids = sorted({*ring.ids(), *(key for found in needed.values() for key in found)})
    rows = [
        (key, key == current, key in ring.ids(),
         [(title, found[key]) for title, found in needed.items() if found[key]])
        for key in ids
    ]  # fmt: skip
    context = {"rows": rows, "back": to_periods(),
               "old": any(uses and not now for _, now, _, uses in rows)}  # fmt: skip
    return render(request, "privacy/keys.html", context)


@require_POST
def reseal(request: HttpRequest) -> HttpResponse:
    """Have everything sealed again under the newest key."""
    job = sealed.ask_reseal(by=person(request))
    return redirect("jobs:job", job.pk)
