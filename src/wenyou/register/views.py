"""Pages of the register: list, one fact with its revisions, typing, deciding."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts.models import User
from wenyou.accounts.person import person
from wenyou.audit.exports import note_list
from wenyou.errors import NotAllowed
from wenyou.matters.models import Matter
from wenyou.matters.queries import matter_for
from wenyou.matters.telling import link_of
from wenyou.register import confirming, files, lists, queries, services
from wenyou.register.confirmviews import carried
from wenyou.register.forms import (
    EvidenceForm,
    FactForm,
    ReasonForm,
    RevisionForm,
    initial_of,
    now_here,
)
from wenyou.register.handover import initial_from
from wenyou.register.kinds import kind_of, kinds_of, plan_of, titles_of
from wenyou.register.models import Fact
from wenyou.register.showing import values_of
from wenyou.schemes.models import Adoption
from wenyou.web.acting import typed
from wenyou.web.frame import Back, tell
from wenyou_core.errors import InputRefused
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.tables.template import write_template

GET_OR_POST = ["GET", "POST"]


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The adoptions under which a person registers; straight on where there is one."""
    user = person(request)
    adoptions = list(queries.adoptions_to_keep(user)[:50])
    if len(adoptions) == 1:
        return redirect("register:facts", adoptions[0].pk)
    return render(
        request,
        "register/adoptions.html",
        {
            "adoptions": adoptions, "registers": queries.registers_any(user),
            "plans": reverse("schemes:list"), "results": reverse("assessments:list"),
        },
    )  # fmt: skip


@require_GET
def facts(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The register of an adoption."""
    user = person(request)
    adoption = queries.adoption_to_keep(user, pk)
    rows = queries.facts_visible_to(user).filter(adoption=adoption, latest=True)
    decides = queries.decides_any(user, adoption)
    waiting = (
        rows.filter(state=Fact.State.PROPOSED)[: confirming.MOST + 1].count() if decides else 0
    )
    context = {
        "adoption": adoption, "kinds": kinds_of(adoption).values(), "back": _to_register(user),
        "waiting": waiting, "asked": carried(request),
    }  # fmt: skip
    return lists.facts(adoption, titles_of(adoption), decides=decides).answer(
        request,
        rows,
        template="register/facts.html",
        context=context,
        exported=lambda taken: note_list(taken, action="facts.exported", by=user),
    )


@require_GET
def template(request: HttpRequest, pk: int) -> FileResponse:
    """The empty workbook of the plan."""
    adoption = queries.adoption_to_keep(person(request), pk)
    plan = plan_of(adoption)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path, sheets_of(plan))
        file = path.open("rb")  # stays readable after the folder has gone
    return FileResponse(file, as_attachment=True, filename=f"事实表-{plan.title}.xlsx")


@require_http_methods(GET_OR_POST)
def new(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Register one fact."""
    user = person(request)
    adoption = queries.adoption_to_keep(user, pk)
    found = kind_of(adoption, kind)
    matter = _handed_over(request)
    initial = {"known_at": now_here()} if matter is None else initial_from(matter, found)
    form = FactForm(adoption, found, user, typed(request), initial=initial)
    status = 200
    if request.method == "POST":
        fact = _proposed(adoption, kind, form, request, matter)
        if fact is not None:
            tell(request, f"已登记，编号 {fact.key}，待确认。")
            return redirect("register:fact", fact.pk)
        status = 422
    context = {
        "form": form,
        "title": f"登记{found.title}",
        "submit": f"登记{found.title}",
        "back": Back(link_of(matter), matter.number) if matter else _to_facts(adoption),
    }
    return render(request, "ui/form.html", context, status=status)


def _handed_over(request: HttpRequest) -> Matter | None:
    """The matter that a fact is made of, when its page led here."""
    said = request.GET.get("matter", "")
    return matter_for(person(request), int(said)) if said.isdecimal() and len(said) < 18 else None


def _proposed(
    adoption: Adoption, kind: str, form: FactForm, request: HttpRequest, matter: Matter | None
) -> Fact | None:
    if not form.is_valid():
        return None
    try:
        return services.propose(
            adoption=adoption, kind=kind, entry=form.entry(), by=person(request), matter=matter
        )
    except InputRefused as refused:
        form.add_error(None, str(refused))
        return None


@require_GET
def fact(request: HttpRequest, pk: int) -> HttpResponse:
    """One fact: what it says, who confirmed it, all its revisions."""
    user = person(request)
    found = queries.fact_for(user, pk)
    kind = kinds_of(found.adoption).get(found.kind)
    context = {
        "fact": found,
        "state": lists.fact_state(found),
        "title": f"{titles_of(found.adoption).get(found.kind, found.kind)} {found.key}",
        "values": values_of(found),
        "files": files.files_of(found),
        "behind": queries.matter_behind(user, found),
        "revisions": queries.revisions_seen(user, found),
        "may_decide": found.latest and queries.may_decide(user, found),
        "own": services.is_own(found, user),
        "may_mend": found.latest and kind is not None and found.state != Fact.State.WITHDRAWN,
        "back": _to_facts(found.adoption),
    }
    return render(request, "register/fact.html", context)


@require_http_methods(GET_OR_POST)
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a fact."""
    user = person(request)
    found = queries.fact_for(user, pk)
    adoption = queries.adoption_to_keep(user, found.adoption_id)
    kind = kind_of(adoption, found.kind)
    newest = queries.newest_seen(user, found)
    if request.method == "GET" and newest is None:
        tell(request, services.GONE, "near")
        return redirect("register:fact", pk)
    if request.method == "GET" and newest is not None and newest.state == Fact.State.WITHDRAWN:
        tell(request, services.TAKEN_BACK, "near")
        return redirect("register:fact", newest.pk)
    if request.method == "GET" and newest is not None and newest.pk != pk:
        tell(request, "这件事项已有更新的版本，现在打开的是最新一版。", "near")
        return redirect("register:revise", newest.pk)
    form = RevisionForm(adoption, kind, user, typed(request), initial=initial_of(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                mended = services.revise(
                    fact=found, entry=form.entry(), reason=form.cleaned_data["reason"], by=user
                )
            except InputRefused as refused:
                form.add_error(None, str(refused))
                if refused.code == "stale_fact":
                    status, newest = 409, queries.newest_seen(user, found)
            else:
                tell(request, "已记入更正，待重新确认。")
                return redirect("register:fact", mended.pk)
    context = {
        "form": form, "title": f"更正 {found.key}", "submit": "提交更正", "back": _to(found),
        "newest": newest if newest is not None and newest.pk != pk else None,
    }  # fmt: skip
    return render(request, "register/revise.html", context, status=status)


@require_http_methods(GET_OR_POST)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm a fact: from then on it counts."""
    user = person(request)
    found = _decided(user, pk, "确认登记事项")
    if request.method == "GET":
        services.refuse_own(found, by=user)
    if request.method == "POST":
        confirmed = services.confirm(fact=found, by=user)
        tell(request, "已确认，参加测算。")
        return redirect("register:fact", confirmed.pk)
    says = [f"确认后，{found.key} 参加测算。请先核对内容和佐证。"]
    context = {"title": "确认登记事项", "says": says, "submit": "确认这件事项", "back": _to(found)}
    return render(request, "ui/confirm.html", context)


@require_http_methods(GET_OR_POST)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a fact back, with the reason."""
    user = person(request)
    found = _decided(user, pk, "撤销登记事项")
    form = ReasonForm(typed(request))
    if request.method == "POST" and form.is_valid():
        taken = services.withdraw(fact=found, reason=form.cleaned_data["reason"], by=user)
        tell(request, "已撤销，不再参加测算。")
        return redirect("register:fact", taken.pk)
    says = [f"撤销后，{found.key} 不再参加测算；内容和理由仍可查看，不能恢复。"]
    context = {
        "title": "撤销登记事项", "says": says, "submit": "撤销这件事项", "form": form,
        "danger": True, "back": _to(found),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "ui/confirm.html", context, status=status)


@require_http_methods(GET_OR_POST)
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file to a fact."""
    user = person(request)
    found = queries.fact_for(user, pk)
    services.may_write(found.adoption, found.unit, user)
    form = EvidenceForm(typed(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                files.attach(fact=found, file=form.cleaned_data["file"], by=user)
            except InputRefused as refused:
                form.add_error("file", str(refused))
            else:
                tell(request, "已添加佐证文件。")
                return redirect("register:fact", pk)
    context = {
        "form": form, "title": f"添加佐证 {found.key}", "submit": "添加佐证文件", "back": _to(found),
    }  # fmt: skip
    return render(request, "ui/form.html", context, status=status)


def _decided(user: User, pk: int, doing: str) -> Fact:
    """A fact one decides about. Raises NotFound, NotAllowed: the form is shown to no other."""
    found = queries.fact_for(user, pk)
    if not queries.may_decide(user, found):
        raise NotAllowed(doing, "服务办公室或消保部门")
    return found


def _to(found: Fact) -> Back:
    return Back(lists.fact_address(found), found.key)


def _to_facts(adoption: Adoption) -> Back:
    return Back(reverse("register:facts", args=[adoption.pk]), "登记簿")


def _to_register(user: User) -> Back | None:
    """Nowhere for whoever keeps one register: he would be led straight back."""
    several = queries.adoptions_to_keep(user)[:2].count() > 1
    return Back(reverse("register:list"), "选择方案") if several else None
