"""The calendar of working days: years, versions, and entering one."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts.person import person
from wenyou.org import forms, queries, services
from wenyou.org.services.calendar import Notice
from wenyou.org.timetable import calendar_version, year_of
from wenyou.org.views.units import GET_OR_POST
from wenyou.web.acting import Act, acted, typed
from wenyou.web.frame import Back, behind
from wenyou_core.errors import InputRefused

LARGEST = 5 * 1024 * 1024
ENDINGS = (".xlsx", ".xls", ".csv")


@require_GET
def calendars(request: HttpRequest) -> HttpResponse:
    """All years in force."""
    behind(request, "system")
    context = {
        "years": queries.calendar_years(),
        "version": calendar_version(),
        "may": queries.keeps_calendar(person(request)),
    }
    return render(request, "org/calendars.html", context)


@require_GET
def calendar(request: HttpRequest, year: int) -> HttpResponse:
    """One year with its days and its versions."""
    behind(request, "system")
    versions = queries.calendar_versions(year)
    context = {
        "year": year,
        "issue": versions[0],
        "rows": year_of(versions[0]).rows,
        "versions": versions,
        "back": Back(reverse("org:calendars"), "工作日历"),
    }
    return render(request, "org/calendar.html", context)


@require_http_methods(GET_OR_POST)
def enter_calendar(request: HttpRequest) -> HttpResponse:
    """A year from a table."""
    user = person(request)
    behind(request, "system")
    queries.may_enter_calendar(user)
    form = forms.CalendarForm(typed(request), request.FILES or None)

    def do(said: Any) -> str:
        file = said["file"]
        ending = Path(file.name).suffix.lower()
        if ending not in ENDINGS or file.size > LARGEST:
            raise InputRefused("calendar-file", "请选择不超过 5 MB 的 .xlsx、.xls 或 .csv 文件。")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"日历{ending}"
            path.write_bytes(file.read())
            notice = Notice(said["notice"], said["issued_on"])
            year = services.calendar_from_table(path, said["year"], notice)
        issue = services.enter_calendar_year(year, reason=said["reason"], by=user)
        return f"{issue.year}年日历已录入第 {issue.version} 版，相关时限将按新日历重新计算。"

    act = Act(
        title="录入工作日历", submit="录入工作日历",
        back=Back(reverse("org:calendars"), "工作日历"),
        help=("这一页录入一年的放假和调休上班日。", "按国务院办公厅通知逐日填写，并写明文号。",
              "每次录入是一个新版本，旧版本保留。"),
    )  # fmt: skip
    return acted(request, form, act, do)
