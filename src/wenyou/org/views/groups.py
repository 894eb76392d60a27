"""Leading groups, lists of experts, letters of responsibility."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.org import forms, queries, services
from wenyou.org.services.groups import NewLetter
from wenyou.org.views.units import GET_OR_POST
from wenyou.web.acting import Act, acted, typed
from wenyou.web.frame import Back, tell


@require_http_methods(GET_OR_POST)
def form_group(request: HttpRequest, pk: int) -> HttpResponse:
    """A new group at a unit."""
    user = person(request)
    unit = queries.unit_kept(user, pk, "管理小组和名单")
    form = forms.GroupForm(typed(request), initial={"from_on": timezone.localdate()})

    def do(said: Any) -> str:
        group = services.form_group(unit, by=user, **said)
        return f"“{group}”已设立，请继续添加成员。"

    back = Back(reverse("org:unit", args=[pk]), str(unit))
    act = Act(title=f"设立小组或名单：{unit}", submit="设立", back=back)
    return acted(request, form, act, do)


@require_GET
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """A group with its members."""
    user = person(request)
    found = queries.group_for(user, pk)
    context = {
        "group": found,
        "members": queries.members_of(found),
        "may": queries.keeps(user, found.unit.path),
        "today": timezone.localdate(),
        "back": Back(reverse("org:unit", args=[found.unit_id]), str(found.unit)),
    }
    return render(request, "org/group.html", context)


@require_http_methods(GET_OR_POST)
def add_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody joins."""
    user = person(request)
    found = queries.group_for(user, pk)
    queries.unit_kept(user, found.unit_id, "管理小组和名单")
    initial = {"from_on": timezone.localdate()}
    form = forms.MemberForm(queries.people_active(user), typed(request), initial=initial)

    def do(said: Any) -> str:
        employee = said.pop("employee")
        services.add_member(found, employee, by=user, **said)
        return f"{employee.label}已加入“{found}”。"

    back = Back(reverse("org:group", args=[pk]), str(found))
    return acted(request, form, Act(title=f"添加成员：{found}", submit="添加成员", back=back), do)


@require_POST
def end_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody leaves a group today."""
    member = queries.member_for(person(request), pk)
    services.end_member(member, on=timezone.localdate(), by=person(request))
    tell(request, f"{member.employee.name}已退出“{member.group}”。")
    return redirect("org:group", member.group_id)


@require_http_methods(GET_OR_POST)
def issue_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """A new letter to sign."""
    user = person(request)
    unit = queries.unit_kept(user, pk, "下达责任书")
    initial = {"year": timezone.localdate().year}
    form = forms.LetterForm(queries.people_active(user), typed(request), initial=initial)

    def do(said: Any) -> str:
        people = said.pop("people")
        letter = services.issue_letter(unit, NewLetter(**said), people=people, by=user)
        return f"“{letter}”已下达，共 {len(people)} 人签订。"

    back = Back(reverse("org:unit", args=[pk]), str(unit))
    act = Act(title=f"下达责任书：{unit}", submit="下达责任书", back=back)
    return acted(request, form, act, do)


@require_GET
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter, and who has not signed."""
    user = person(request)
    found = queries.letter_for(user, pk)
    rows = list(queries.signatures_of(found))
    may = queries.keeps(user, found.unit.path)
    shown = [row for row in rows if may or row.employee_id == user.employee_id]
    context = {
        "letter": found,
        "rows": shown,
        "unsigned": sum(row.signed_on is None for row in shown),
        "may": may,
        "mine": any(row.employee_id == user.employee_id and not row.signed_on for row in rows),
        "back": Back(reverse("org:unit", args=[found.unit_id]), str(found.unit)),
    }
    return render(request, "org/letter.html", context)


@require_POST
def sign_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """I sign."""
    user = person(request)
    found = queries.letter_for(user, pk)
    services.sign_own(found, on=timezone.localdate(), by=user)
    tell(request, f"您已签订“{found}”。")
    return redirect("org:letter", pk)


@require_http_methods(GET_OR_POST)
def note_signature(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has signed on paper."""
    user = person(request)
    found = queries.letter_for(user, pk)
    queries.unit_kept(user, found.unit_id, "登记责任书签订")
    form = forms.SignForm(queries.people_active(user), typed(request))

    def do(said: Any) -> str:
        services.sign_letter(found, said["employee"], on=said["on"], by=user)
        return f"{said['employee'].label}的签订已登记。"

    back = Back(reverse("org:letter", args=[pk]), str(found))
    return acted(request, form, Act(title=f"登记签订：{found}", submit="登记签订", back=back), do)
