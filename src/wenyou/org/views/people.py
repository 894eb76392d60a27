"""People: the list, one of them, posts, leave, and numbers that are hidden."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.audit.exports import note_list
from wenyou.org import forms, private, queries, services
from wenyou.org.actions import keeps_person
from wenyou.org.models import Employee
from wenyou.org.services.people import NewEmployee
from wenyou.org.services.posts import NewPosting
from wenyou.org.views.units import GET_OR_POST, find_unit
from wenyou.web.acting import Act, Done, acted, typed
from wenyou.web.frame import Back, behind, tell
from wenyou.web.listing import (
    Beneath,
    Column,
    Days,
    Empty,
    Exported,
    Listing,
    State,
    Switch,
    Text,
)


def state_of(employee: Employee) -> State:
    """Here, without a post, or gone."""
    if employee.left_on is not None and employee.left_on < timezone.localdate():
        return State("plain", "已离职")
    return State("ok", "在岗") if employee.unit_id else State("near", "未定岗")


LIST = Listing(
    title="员工",
    unit_word="人",
    columns=(
        Column(
            key="name", title="姓名", value=lambda e: e.name, sort="name", fixed=True,
            link=lambda e: reverse("org:person", args=[e.pk]),
        ),
        Column(key="number", title="员工号", value=lambda e: e.number, sort="number"),
        Column(key="unit", title="机构", value=lambda e: e.unit or "", card="short"),
        Column(key="post", title="岗位", value=lambda e: e.post),
        Column(key="joined", title="入职日期", kind="day", value=lambda e: e.joined_on),
        Column(key="state", title="状态", kind="state", value=state_of, card="short"),
    ),
    filters=(
        Text("q", "姓名或员工号", where=lambda text: queries.named(text)),
        Text(
            "phone", "手机号（完整）",
            where=lambda text: queries.with_phone(text), hint="须输入完整号码",
        ),
        Beneath("unit", "机构", find_unit),
        Days("joined", "入职日期", "joined_on", moment=False),
        Switch("idle", "只看未定岗", lambda _: queries.without_post()),
        Switch(
            "double", "只看身份证号重复",
            lambda request: queries.with_same_identity(person(request)),
        ),
        Switch("left", "只看已离职", lambda _: queries.left_by(timezone.localdate())),
    ),
    order=("number",),
    empty=Empty("还没有员工", "登记员工或从花名册导入后，在这里查找和维护。"),
)  # fmt: skip


@require_GET
def people(request: HttpRequest) -> HttpResponseBase:
    """The people one sees."""
    user = person(request)
    behind(request, "people")
    rows = queries.people_visible_to(user).select_related("unit")

    def taken(what: Exported) -> None:
        note_list(what, action="org.export", by=user)

    context = {"may": queries.keeps_any(user)}
    return LIST.answer(request, rows, template="org/people.html", context=context, exported=taken)


@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts by date, leave, what is known."""
    user = person(request)
    behind(request, "people")
    found = queries.employee_for(user, pk)
    may = keeps_person(user, found)
    context = {
        "one": found,
        "state": state_of(found),
        "postings": queries.postings_of(found),
        "absences": queries.absences_of(found),
        "hidden": [
            (name, title, private.masked(found, name)) for name, title in private.FIELDS.items()
        ],
        "may": may,
        "sees_numbers": found.pk == user.employee_id or queries.leads(user, found.kept_path),
        "may_leave": found.pk == user.employee_id or queries.leads(user, found.kept_path),
        "now": timezone.now(),
        "today": timezone.localdate(),
        "back": Back(reverse("org:people"), "员工"),
    }
    return render(request, "org/person.html", context)


def _act(found: Employee, title: str, submit: str = "") -> Act:
    back = Back(reverse("org:person", args=[found.pk]), found.name)
    return Act(title=f"{title}：{found.label}", submit=submit or title, back=back)


@require_http_methods(GET_OR_POST)
def add(request: HttpRequest) -> HttpResponse:
    """Somebody new."""
    user = person(request)
    behind(request, "people")
    queries.may_register(user)
    places = queries.units_to_enter(user)
    form = forms.NewPersonForm(queries.units_kept(user), places, typed(request))

    def do(said: Any) -> Done:
        first = form.first_post()
        new = NewEmployee(**said)
        made = services.add_employee(new, by=user, first=first, place=form.place)
        next_step = "，岗位一并任命" if first else "，下一步请任命岗位"
        return Done(f"{made.label}已登记{next_step}。", reverse("org:person", args=[made.pk]))

    act = Act(
        title="登记员工", submit="登记员工", back=Back(reverse("org:people"), "员工"),
        help=(
            "这一页登记一名新员工，可以同时任命岗位。",
            "手机号和身份证号加密保存，页面上只显示一部分。",
            "许多人一起登记，请用花名册导入。",
        ),
    )  # fmt: skip
    return acted(request, form, act, do)


@require_http_methods(GET_OR_POST)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of somebody."""
    user = person(request)
    behind(request, "people")
    found = queries.employee_kept(user, pk)
    initial = {"name": found.name, "joined_on": found.joined_on}
    form = forms.ChangePersonForm(typed(request), initial=initial)

    def do(said: Any) -> str:
        services.change_employee(
            found, by=user, name=said["name"], joined_on=said["joined_on"],
            phone=said["phone"] or None, identity=said["identity"] or None,
        )  # fmt: skip
        return "资料已更新。"

    return acted(request, form, _act(found, "修改资料", "保存"), do)


@require_http_methods(GET_OR_POST)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """A post for somebody."""
    user = person(request)
    behind(request, "people")
    found = queries.employee_kept(user, pk, "任免人员")
    initial = {"from_on": timezone.localdate(), "moving": found.unit_id is not None}
    form = forms.AppointForm(queries.units_kept(user), typed(request), initial=initial)

    def do(said: Any) -> str:
        unit, side, moving = said.pop("unit"), said.pop("side"), said.pop("moving")
        new = NewPosting(main=not side, **said)
        verb = services.transfer if moving and not side else services.appoint
        made = verb(found, unit, new, by=user)
        return f"已任命{found.name}为“{unit}”{made.post}。"

    return acted(request, form, _act(found, "任命岗位"), do)


@require_http_methods(GET_OR_POST)
def end_posting(request: HttpRequest, pk: int) -> HttpResponse:
    """The end of a post."""
    user = person(request)
    behind(request, "people")
    found = queries.posting_kept(user, pk)
    form = forms.EndForm(typed(request))

    def do(said: Any) -> str:
        services.end_posting(found, by=user, **said)
        return f"{found.employee.name}的{found.post}岗位已登记结束。"

    return acted(request, form, _act(found.employee, f"免去{found.post}", "登记免职"), do)


@require_http_methods(GET_OR_POST)
def leave_house(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves for good."""
    user = person(request)
    behind(request, "people")
    found = queries.employee_kept(user, pk)
    form = forms.EndForm(typed(request))

    def do(said: Any) -> str:
        services.leave_house(found, by=user, **said)
        return f"{found.label}已登记离职，任职随之结束。"

    return acted(request, form, _act(found, "登记离职"), do)


@require_http_methods(GET_OR_POST)
def absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is away for a while."""
    user = person(request)
    behind(request, "people")
    found = queries.employee_led(user, pk, "登记请假")
    form = forms.LeaveForm(queries.people_active(user), typed(request))

    def do(said: Any) -> str:
        row = services.take_leave(found, by=user, **said)
        acts = f"，由{row.stand_in.name}代办" if row.stand_in else "，没有代办人"
        return f"请假已登记{acts}。"

    return acted(request, form, _act(found, "登记请假外出"), do)


@require_POST
def end_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Back earlier."""
    user = person(request)
    found = queries.absence_for(user, pk)
    services.end_leave(found, at=timezone.now(), by=user)
    tell(request, "已销假，从现在起由本人办理。")
    return redirect("org:person", found.employee_id)


@require_http_methods(GET_OR_POST)
def unmask(request: HttpRequest, pk: int, field: str) -> HttpResponse:
    """The whole number, once, with a reason."""
    user = person(request)
    behind(request, "people")
    found = queries.employee_led(user, pk, "查看员工完整信息")
    title = private.FIELDS.get(field, "完整信息")
    form = forms.ReasonForm(typed(request))
    shown: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        # Shown on this very answer and nowhere else: it must not lie in a session.
        whole = services.unmask(found, field, reason=form.cleaned_data["reason"], by=user)
        shown = {"number": whole or "（没有登记）"}
    back = Back(reverse("org:person", args=[pk]), found.name)
    context = {
        "form": form, "title": f"查看{title}：{found.label}", "submit": f"查看{title}",
        "back": back, "field_title": title, **shown,
    }  # fmt: skip
    return render(request, "org/unmask.html", context, status=422 if form.errors else 200)
