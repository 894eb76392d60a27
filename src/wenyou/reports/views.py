"""The page of a month, and its table as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from wenyou.accounts.person import person
from wenyou.audit.exports import watermark_of
from wenyou.reports import monthly, months, services
from wenyou.reports.monthly import Report, UnitLine, per_cent
from wenyou.web.charts import Chart, Series
from wenyou.web.listing import Column, Exported
from wenyou.web.listing.export import download, weighed, workbook
from wenyou.web.phone import ROWS, on_phone

SHOWN, CHARTED = 100, 12
COLUMNS = (
    Column(key="code", title="机构号", value=lambda row: row.code),
    Column(key="name", title="机构", value=lambda row: row.name),
    Column(key="complaints", title="受理投诉", kind="number", value=lambda row: row.complaints),
    Column(key="done", title="其中已办结", kind="number", value=lambda row: row.done),
    Column(key="praises", title="表扬", kind="number", value=lambda row: row.praises),
    Column(key="visits", title="检查", kind="number", value=lambda row: row.visits),
    Column(key="findings", title="问题", kind="number", value=lambda row: row.findings),
    Column(key="orders", title="下达整改", kind="number", value=lambda row: row.orders),
    Column(key="mended", title="按期整改", kind="number", value=lambda row: row.mended),
    Column(key="mended_late", title="逾期整改", kind="number", value=lambda row: row.mended_late),
    Column(key="kept", title="按时办理", kind="number", value=lambda row: row.kept),
    Column(key="late", title="逾期办理", kind="number", value=lambda row: row.late),
    Column(key="overdue", title="仍逾期未办", kind="number", value=lambda row: row.overdue),
)


@require_GET
def report(request: HttpRequest) -> HttpResponseBase:
    """The figures of a month."""
    user, today = person(request), timezone.localdate()
    month = months.chosen(request.GET.get("month", ""), today)
    found = monthly.report_of(user, month, timezone.now())
    if request.GET.get("export"):
        return _workbook(request, found)
    return _page(request, found)


def _page(request: HttpRequest, found: Report) -> HttpResponse:
    month, today = found.month, timezone.localdate()
    busy, idle = parted(found.units)
    most = ROWS if on_phone(request) else SHOWN
    context = {
        "title": f"{month.label}服务月报",
        "report": found,
        "shown": [_cells(one) for one in busy[:most]],
        "hidden": max(len(busy) - most, 0),
        "idle": [one.name for one in idle],
        "columns": COLUMNS[1:],
        "months": months.offered(today),
        "running": month == months.month_of(today),
        "figures": _figures(found),
        "course": _course(found),
        "ranking": _ranking(found),
        "total": [(found.total(one.key), one.title) for one in COLUMNS[2:]],
    }
    return render(request, "reports/monthly.html", context)


def parted(units: Iterable[UnitLine]) -> tuple[list[UnitLine], list[UnitLine]]:
    """Units with something to tell of a month, and those with nothing but noughts."""
    busy: list[UnitLine] = []
    idle: list[UnitLine] = []
    for one in units:
        told = any(column.value(one) for column in COLUMNS[2:])
        (busy if told else idle).append(one)
    return busy, idle


def _cells(row: UnitLine) -> list[tuple[object, str]]:
    """The cells of a unit, each with the head it stands under."""
    return [(one.value(row), one.title) for one in COLUMNS[1:]]


def _figures(found: Report) -> list[dict[str, object]]:
    """What a leader asks first."""
    this = found.course[found.month][0]
    before = found.course[found.month.back(1)][0]
    kept, late = found.total("kept"), found.total("late")
    mended, mended_late = found.total("mended"), found.total("mended_late")
    overdue = found.total("overdue")
    return [
        {"name": "受理投诉", "value": this, "unit": "件", "note": f"上月 {before} 件",
         "address": reverse("matters:complaints")},
        {"name": "网点按时办理", "value": per_cent(kept, kept + late),
         "note": f"{kept + late} 次时限，逾期 {late} 次"},
        {"name": "按期整改", "value": per_cent(mended, mended + mended_late),
         "note": f"提交整改 {mended + mended_late} 件，逾期 {mended_late} 件",
         "address": reverse("matters:inspections")},
        {"name": "当月事项仍逾期", "value": overdue, "unit": "件", "note": "到现在还没有办结",
         "kind": "over" if overdue else "", "address": f"{reverse('matters:all')}?state=overdue"},
    ]  # fmt: skip


def _course(found: Report) -> Chart:
    return Chart(
        key="course", title="投诉受理和办结，近六个月", kind="lines", unit="件", label_head="月份",
        labels=[one.short for one in found.course],
        series=[
            Series("受理", [opened for opened, _ in found.course.values()]),
            Series("办结", [closed for _, closed in found.course.values()]),
        ],
    )  # fmt: skip


def _ranking(found: Report) -> Chart | None:
    most = [one for one in found.units if one.complaints][:CHARTED]
    if len(most) < 2:
        return None
    return Chart(
        key="ranking", title=f"受理投诉较多的机构，{found.month.label}", kind="bars", unit="件",
        label_head="机构", labels=[one.name for one in most],
        series=[Series("受理投诉", [one.complaints for one in most])],
    )  # fmt: skip


def _workbook(request: HttpRequest, found: Report) -> FileResponse:
    user, title = person(request), f"服务月报-{found.month.label}"
    file = workbook(title, COLUMNS, found.units, watermark=watermark_of(user))
    digest, size = weighed(file)
    taken = Exported(title, found.month.label, len(found.units), digest, size)
    services.exported(taken, by=user)
    return download(file, title, timezone.localtime())
