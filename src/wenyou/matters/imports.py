"""The page on which the day's tickets are imported."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.errors import NotAllowed
from wenyou.evidence.services import clean_name
from wenyou.matters import tickets
from wenyou.matters.queries import open_with_us, units_to_register
from wenyou.org.models import Unit
from wenyou.web.errors import status_of
from wenyou.web.frame import Back, behind, tell
from wenyou_core.errors import FaultsError, WenyouError

ENDINGS = (".xlsx", ".xls", ".csv")
MOST_SHOWN = 200
DOING = ("导入工单", "投诉处理岗、服务办公室、消保部门")


class ImportForm(forms.Form):
    """A workbook, and for which unit."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="导入到", empty_label=None)
    file = forms.FileField(
        label="工单表",
        help_text="总行系统导出的 Excel 或 CSV，不用改列名；再次导入会按工单编号更新。",
        error_messages={
            "required": "请选择要导入的文件。",
            "empty": "这个文件是空的，请重新选择。",
        },
    )

    def __init__(self, *bound: Any, units: Any) -> None:
        super().__init__(*bound)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile[bytes]:
        """Only what can be read as a table."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if not (file.name or "").lower().endswith(ENDINGS):
            raise forms.ValidationError("只能导入 .xlsx、.xls 或 .csv，请另存后再导入。")
        return file


class ColumnsForm(forms.Form):
    """What head office's sheet calls our columns."""

    def __init__(self, *bound: Any, unit: Unit) -> None:
        super().__init__(*bound)
        own = tickets.aliases_of(unit)
        for name, titles in tickets.COLUMNS.items():
            self.fields[name] = forms.CharField(
                label=titles[0], required=False, max_length=60, initial=own.get(name, "")
            )


@require_http_methods(["GET", "POST"])
def import_tickets(request: HttpRequest) -> HttpResponse:
    """Upload, and what came of it row by row."""
    user = person(request)
    behind(request, "complaints")
    units = units_to_register(user, tickets.FLOW)
    if not units.exists():
        raise NotAllowed(*DOING)
    highest = units.filter(path__in=scope(user).paths())
    units = highest if highest.exists() else units
    bound = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*bound, units=units)
    done, status = None, 200
    if bound:
        status = 422
        if form.is_valid():
            try:
                done = _import(form.cleaned_data["file"], user, form.cleaned_data["unit"])
                status = 200
            except FaultsError as refused:
                for line in tickets.faults_told(refused.faults)[:MOST_SHOWN]:
                    form.add_error("file", line)
            except WenyouError as refused:
                form.add_error("file", str(refused))
                status = status_of(refused)
    first = units.first()
    context = {
        "form": form,
        "done": done,
        "refused": done.refused[:MOST_SHOWN] if done else [],
        "still_open": open_with_us(user)[:50],
        "columns": ColumnsForm(unit=first) if first else None,
        "first": first,
        "submit": "导入工单",
        "back": Back(reverse("matters:complaints"), "投诉与表扬"),
    }
    return render(request, "matters/import.html", context, status=status)


def _import(file: UploadedFile[bytes], user: Any, unit: Unit) -> tickets.Imported:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / clean_name(file.name or "工单.xlsx")
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        return tickets.import_tickets(path, by=user, unit=unit)


@require_POST
def save_columns(request: HttpRequest) -> HttpResponse:
    """Remember the names of columns."""
    user = person(request)
    units = units_to_register(user, tickets.FLOW)
    if not units.exists():
        raise NotAllowed(*DOING)
    unit = units.filter(code=request.POST.get("unit", "")).first()
    form = ColumnsForm(request.POST, unit=unit) if unit is not None else None
    if unit is not None and form is not None and form.is_valid():
        tickets.save_columns(unit, form.cleaned_data, by=user)
        tell(request, "列名已经记住，以后导入都按它来认。")
    else:
        tell(request, "列名没有记住：机构或列名不对。请重新上传文件，再核对列名。", "over")
    return redirect("matters:import_tickets")
