"""Pages of plans and of what units have taken up."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts.models import User
from wenyou.accounts.person import person
from wenyou.errors import NotAllowed, NotFound
from wenyou.schemes import queries, services
from wenyou.schemes.comparing import changes, differences
from wenyou.schemes.forms import AdoptionForm, EndForm, RecordForm, following, initial_of
from wenyou.schemes.models import Adoption
from wenyou.schemes.plans import plan_file, plan_heads, told_articles
from wenyou.schemes.writing import AdoptionRefused
from wenyou.web.acting import refuse, typed
from wenyou.web.frame import Back, tell
from wenyou_core.errors import InputRefused

GET_OR_POST = ["GET", "POST"]


@require_GET
def plans(request: HttpRequest) -> HttpResponse:
    """The plans that come with the program, and what my units have taken up."""
    user = person(request)
    context = {
        "plans": plan_heads(),
        "adoptions": queries.adoptions_visible_to(user)[:200],
        "may": queries.units_that_adopt(user).exists(),
    }
    return render(request, "schemes/list.html", context)


@require_GET
def plan(request: HttpRequest, name: str) -> HttpResponse:
    """A plan, article by article, in sentences."""
    file = plan_file(name)
    context = {
        "plan": file.plan,
        "articles": told_articles(file),
        "may": queries.units_that_adopt(person(request)).exists(),
        "back": _to_plans(),
    }
    return render(request, "schemes/plan.html", context)


@require_http_methods(GET_OR_POST)
def adopt(request: HttpRequest, name: str) -> HttpResponse:
    """Take up a plan: saved as a draft."""
    return _form(request, name, None)


@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    adoption = queries.adoption_for(person(request), pk)
    return _form(request, adoption.plan, adoption)


def _form(request: HttpRequest, name: str, adoption: Adoption | None) -> HttpResponse:
    user = person(request)
    units = queries.units_that_adopt(user)
    if not units.exists():
        raise NotAllowed("采用考核方案", "服务办公室")
    plan_ = plan_file(name).plan
    initial: dict[str, object] = {"title": plan_.title}
    earlier = _earlier(request, name) if adoption is None else None
    if earlier is not None:
        initial |= following(plan_, earlier.unit, services.said_of(earlier), timezone.localdate())
        initial["title"] = earlier.title
    if adoption is not None:
        initial |= initial_of(plan_, adoption.unit, services.said_of(adoption))
        initial["title"] = adoption.title
    form = AdoptionForm(plan_, units, typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.draft(
                plan=name,
                unit=form.cleaned_data["unit"],
                title=form.cleaned_data["title"],
                said=form.said(),
                by=user,
                adoption=adoption,
            )
        except AdoptionRefused as refused:
            form.add_faults(refused.by_field)
        else:
            tell(request, "已保存为草稿。核对无误后，请按“施行”。")
            return redirect("schemes:adoption", saved.pk)
    title = f"采用《{plan_.title}》" if adoption is None else f"修改采用草稿：{adoption.title}"
    back = Back(reverse("schemes:plan", args=[name]), "方案条款")
    context = {"form": form, "title": title, "submit": "保存草稿", "back": back, "plan": plan_}
    return render(request, "schemes/adopt.html", context, status=422 if form.is_bound else 200)


def _earlier(request: HttpRequest, name: str) -> Adoption | None:
    """The adoption that a new one of the same plan is to follow, as the address names it."""
    said = request.GET.get("from", "")
    if not said.isascii() or not said.isdigit() or len(said) > 18:
        return None
    found = queries.adoption_for(person(request), int(said))
    return found if found.plan == name else None


@require_GET
def newer(request: HttpRequest, pk: int) -> HttpResponse:
    """What the plan says today that it did not say when it was taken up."""
    user = person(request)
    found = queries.adoption_for(user, pk)
    today = queries.newer_than(found)
    context = {
        "adoption": found,
        "today": today.plan if today else None,
        "differences": changes(queries.plan_of(found).plan, today.plan) if today else [],
        "may": queries.may_adopt(user, found.unit),
        "back": _to(found),
    }
    return render(request, "schemes/newer.html", context)


@require_GET
def adoption(request: HttpRequest, pk: int) -> HttpResponse:
    """What a unit has taken up: values, names, record, and the other versions."""
    user = person(request)
    found = queries.adoption_for(user, pk)
    file, loaded = queries.loaded(found)
    others = queries.adoptions_visible_to(user).filter(plan=found.plan).exclude(pk=pk)
    said = services.said_of(found)
    context = {
        "adoption": found,
        "articles": told_articles(file, loaded.adoption),
        "newer": queries.newer_than(found),
        "lawful": loaded.adoption.record.complete,
        "said": said,
        "apart": queries.names_of(said.units),
        "posts": [
            (role.title, "、".join(loaded.adoption.roles.get(name, role.posts)))
            for name, role in file.plan.roles.items()
        ],
        "others": others.filter(unit=found.unit)[:20],
        "may": queries.may_adopt(user, found.unit),
        "back": _to_plans(),
    }
    return render(request, "schemes/adoption.html", context)


@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """The adoption file, for the command line and for keeping."""
    found = queries.adoption_for(person(request), pk)
    name = quote(f"采用-{found.title}-{found.from_on}.yaml")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(found.text, content_type="application/yaml; charset=utf-8", headers=headers)


@require_http_methods(GET_OR_POST)
def in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once more, then put a draft in force."""
    user = person(request)
    found = _kept(user, pk, "施行考核方案")
    before = services.replaced_by(found)
    if request.method == "POST":
        # What the page said would end is ended, and nothing else.
        said = request.POST.get("instead_of", "")
        instead = before if before is not None and said == str(before.pk) else None
        services.put_in_force(adoption=found, by=user, instead_of=instead)
        tell(request, f"《{found.title}》自 {found.from_on} 起施行。")
        return redirect("schemes:adoption", pk)
    says = [
        f"施行后，{found.unit} 及其下级机构自 {found.from_on} 起按《{found.title}》考核。",
        "施行后参数不能再改；要改时另起一份草稿，写明新的施行日期。",
    ]
    if before is not None:
        last = found.from_on - timedelta(days=1)
        says.append(f"现在施行的《{before.title}》（{before.from_on} 起）同时停用，施行到 {last}。")
    if not services.said_of(found).acknowledged_on:
        says.append("通过程序还没有记全：可以测算，结果注明“未经通过程序”，不能兑现。")
    context = {
        "title": "施行方案", "says": says, "submit": "施行这份方案", "back": _to(found),
        "carried": [("instead_of", before.pk)] if before is not None else [],
    }  # fmt: skip
    return render(request, "ui/confirm.html", context)


@require_http_methods(GET_OR_POST)
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter later steps of the procedure."""
    user = person(request)
    found = _kept(user, pk, "补记通过程序")
    said = services.said_of(found)
    days = ("consulted_on", "published_on", "acknowledged_on")
    initial = {name: getattr(said, name) for name in days}
    form = RecordForm(typed(request), initial={**initial, "documents": "、".join(said.documents)})
    if request.method == "POST" and form.is_valid():
        try:
            services.complete_record(adoption=found, said=replace(said, **form.steps()), by=user)
        except AdoptionRefused as refused:
            for name, texts in refused.by_field.items():
                for one in texts:
                    form.add_error(name if name in form.fields else None, one)
        else:
            tell(request, "已记入通过程序。")
            return redirect("schemes:adoption", pk)
    context = {"form": form, "title": "补记通过程序", "submit": "记入通过程序", "back": _to(found)}
    return render(request, "ui/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(GET_OR_POST)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Say the last day of an adoption."""
    user = person(request)
    found = _kept(user, pk, "停用考核方案")
    form = EndForm(typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.end(adoption=found, until_on=form.cleaned_data["until_on"], by=user)
        except InputRefused as refused:
            refuse(form, refused)
        else:
            tell(request, f"《{found.title}》施行到 {found.until_on} 为止。")
            return redirect("schemes:adoption", pk)
    says = ["停用后，这一天以后的事项不再按这份方案考核；以前各期的结果不变。"]
    context = {
        "form": form, "title": "停用方案", "says": says, "submit": "停用这份方案",
        "danger": True, "back": _to(found),
    }  # fmt: skip
    return render(request, "ui/confirm.html", context, status=422 if form.is_bound else 200)


@require_GET
def compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two adoptions of a plan: what differs."""
    user = person(request)
    old, new = queries.adoption_for(user, pk), queries.adoption_for(user, other)
    if old.plan != new.plan:
        raise NotFound("可以比较的两份采用")
    if (new.from_on, new.pk) < (old.from_on, old.pk):
        old, new = new, old
    context = {"old": old, "new": new, "differences": differences(old, new), "back": _to(new)}
    return render(request, "schemes/compare.html", context)


def _kept(user: User, pk: int, doing: str) -> Adoption:
    """An adoption one decides about. Raises NotFound, NotAllowed: the form is shown to no other."""
    found = queries.adoption_for(user, pk)
    if not queries.may_adopt(user, found.unit):
        raise NotAllowed(doing, "服务办公室")
    return found


def _to(found: Adoption) -> Back:
    return Back(reverse("schemes:adoption", args=[found.pk]), found.title)


def _to_plans() -> Back:
    return Back(reverse("schemes:list"), "考核方案")
