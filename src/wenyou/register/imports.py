"""Pages of importing workbooks and of declaring completeness."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.register import lists, queries, services, uploads
from wenyou.register.forms import CoverageForm, UploadForm
from wenyou.register.kinds import titles_of
from wenyou.register.models import Upload
from wenyou.register.queries import DECIDERS
from wenyou.web.acting import typed
from wenyou.web.frame import Back, tell
from wenyou_core.errors import InputRefused

GET_OR_POST = ["GET", "POST"]


@require_GET
def history(request: HttpRequest) -> HttpResponseBase:
    """The workbooks handed in."""
    context = {"back": Back(reverse("register:list"), "登记簿")}
    rows = queries.uploads_visible_to(person(request))
    return lists.UPLOADS.answer(request, rows, context=context)


@require_http_methods(GET_OR_POST)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand a workbook in: it is checked, nothing is saved yet."""
    user = person(request)
    adoption = queries.adoption_to_keep(user, pk)
    form = UploadForm(typed(request), request.FILES or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                checked = uploads.check(
                    adoption=adoption, name=file.name or "", chunks=file.chunks(), by=user
                )
            except InputRefused as refused:
                form.add_error("file", str(refused))
            else:
                return redirect("register:upload", checked.pk)
    back = Back(reverse("register:facts", args=[pk]), "登记簿")
    context = {"form": form, "adoption": adoption, "submit": "上传并校验", "back": back}
    return render(request, "register/import.html", context, status=status)


@require_GET
def checked(request: HttpRequest, pk: int) -> HttpResponse:
    """What was wrong in a workbook row by row, or what it would change."""
    user = person(request)
    found = queries.upload_for(user, pk)
    waiting = uploads.waiting(found) if found.state == Upload.State.LOADED else 0
    context = {
        "upload": found,
        "state": lists.upload_state(found),
        "may_apply": found.state == Upload.State.CHECKED and found.uploaded_by_id == user.pk,
        "waiting": waiting,
        "may_confirm": waiting and scope(user).covers(found.unit.path, DECIDERS),
        "back": Back(reverse("register:uploads"), "导入记录"),
    }
    return render(request, "register/upload.html", context)


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Save everything the workbook says."""
    user = person(request)
    found = uploads.apply(upload=queries.upload_for(user, pk), by=user)
    tell(request, f"“{found.name}”已全部导入。")
    return redirect("register:upload", pk)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm everything of a workbook."""
    user = person(request)
    count = uploads.confirm_all(upload=queries.upload_for(user, pk), by=user)
    tell(request, f"已确认 {count} 件，参加测算。")
    return redirect("register:upload", pk)


@require_http_methods(GET_OR_POST)
def coverage(request: HttpRequest, pk: int) -> HttpResponse:
    """Declare that everything is registered, and see what was declared."""
    user = person(request)
    adoption = queries.adoption_to_keep(user, pk)
    said = {name: request.GET[name] for name in ("unit", "from_on", "until_on")
            if name in request.GET}  # fmt: skip
    initial = {**said, "kinds": request.GET.getlist("kinds")}
    form = CoverageForm(adoption, user, typed(request), initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                rows = services.declare_complete(adoption=adoption, by=user, **form.cleaned_data)
            except InputRefused as refused:
                form.add_error(None, str(refused))
            else:
                tell(request, f"已声明 {len(rows)} 类事项登记完整。")
                return redirect("register:coverage", pk)
    titles = titles_of(adoption)
    declared = [
        (titles.get(one.kind, one.kind), one) for one in queries.coverages_of(adoption)[:500]
    ]
    context = {
        "form": form,
        "title": "声明登记完整",
        "submit": "声明登记完整",
        "declared": declared,
        "back": Back(reverse("register:facts", args=[pk]), "登记簿"),
    }
    return render(request, "register/coverage.html", context, status=status)


@require_POST
def withdraw_coverage(request: HttpRequest, pk: int, coverage_pk: int) -> HttpResponse:
    """Take a declaration back."""
    user = person(request)
    adoption = queries.adoption_to_keep(user, pk)
    found = queries.coverage_for(adoption, coverage_pk)
    services.withdraw_coverage(coverage=found, by=user)
    tell(request, "已撤回这条声明。")
    return redirect("register:coverage", pk)
