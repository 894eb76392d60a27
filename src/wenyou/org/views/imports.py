"""Lists from Excel: upload, see what would change, apply."""

from __future__ import annotations

import io

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.org import forms, imports, queries
from wenyou.org.imports.files import forget
from wenyou.org.imports.report import SHOWN, Report, State
from wenyou.org.views.units import GET_OR_POST
from wenyou.web.acting import UNPROCESSABLE, refuse, typed
from wenyou.web.frame import Back, tell
from wenyou_core.errors import WenyouError

HELP = (
    "这一页从 Excel 导入机构、花名册和任职。",
    "先上传试算，看清会新增、变动什么、哪些行有误；确认后才写入。",
    "有一行有误就全部不写入；改好后再传，已导入的不会重复。",
)


@require_http_methods(GET_OR_POST)
def upload(request: HttpRequest) -> HttpResponse:
    """The file, then its dry run on the same page."""
    user = person(request)
    queries.may_import(user)
    form = forms.UploadForm(typed(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, effective = form.cleaned_data["file"], form.cleaned_data["effective"]
        try:
            token = imports.keep(file.name, file.chunks(), by=user)
            report = imports.dry_run(imports.kept(token, by=user), by=user, effective=effective)
        except WenyouError as error:
            refuse(form, error)
        else:
            return shown(request, report, token, effective.isoformat())
    context = {
        "form": form, "title": "导入机构和人员", "submit": "上传并试算", "help": HELP,
        "back": Back(reverse("org:units"), "机构"),
    }  # fmt: skip
    return render(request, "org/upload.html", context, status=UNPROCESSABLE if form.errors else 200)


def shown(
    request: HttpRequest, report: Report, token: str, effective: str, *, stale: bool = False
) -> HttpResponse:
    """What would change, line by line, and the button to apply it."""
    context = {
        "report": report,
        "counts": [
            (sheet, [(state, found.get(state, 0)) for state in State])
            for sheet, found in report.counts()
        ],
        "wrong": report.of(State.WRONG)[:SHOWN],
        "changed": report.of(State.CHANGED)[:SHOWN],
        "fresh": report.of(State.NEW)[:SHOWN],
        "most": SHOWN,
        "token": token,
        "effective": effective,
        "stale": stale,
        "back": Back(reverse("org:import"), "重新选择文件"),
    }
    status = UNPROCESSABLE if report.wrong else 200
    return render(request, "org/import.html", context, status=status)


@require_POST
def apply(request: HttpRequest) -> HttpResponse:
    """Carry out what was shown."""
    user = person(request)
    queries.may_import(user)
    form = forms.ApplyForm(request.POST)
    if not form.is_valid():
        return redirect("org:import")
    said = form.cleaned_data
    path = imports.kept(said["token"], by=user)
    report = imports.apply(path, by=user, effective=said["effective"], shown=said["shown"])
    if not report.applied:
        return shown(request, report, said["token"], said["effective"].isoformat(), stale=True)
    forget(path)
    tell(
        request,
        f"导入完成：新增 {len(report.of(State.NEW))} 行，变动 {len(report.of(State.CHANGED))} 行，"
        f"不变 {len(report.of(State.SAME))} 行。",
    )
    return redirect("org:units")


@require_GET
def template(request: HttpRequest) -> HttpResponseBase:
    """The empty workbook with its headers and meanings."""
    queries.may_import(person(request))
    file = io.BytesIO(imports.template())
    return FileResponse(file, as_attachment=True, filename="机构人员导入模板.xlsx")
