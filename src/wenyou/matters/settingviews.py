"""Pages of limits, windows and standing duties."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.errors import NotAllowed, NotFound
from wenyou.matters import duties, setting
from wenyou.matters.forms import day_field, moment_field
from wenyou.matters.queries import units_holding
from wenyou.org.models import Unit, UnitLevel
from wenyou.web.acting import typed
from wenyou.web.errors import status_of
from wenyou.web.frame import Back, behind, tell
from wenyou_core.errors import WenyouError
from wenyou_core.flow.registry import FLOWS, limit_titles
from wenyou_core.flow.roles import OFFICE, UNIT
from wenyou_core.worktime.limits import Unit as CountUnit

GET_OR_POST = ["GET", "POST"]
COUNTS = (
    ("off", "不计时"),
    (CountUnit.MINUTES.value, "分钟"),
    (CountUnit.HOURS.value, "小时"),
    (CountUnit.WORKING_HOURS.value, "小时工作时间"),
    (CountUnit.WORKING_DAYS.value, "个工作日"),
    (CountUnit.CALENDAR_DAYS.value, "个自然日"),
    (CountUnit.SAME_DAY.value, "当日"),
    (CountUnit.DAY_OF_MONTH.value, "次月几日前"),
)
EVERY = (("day", "每日"), ("week", "每周"), ("month", "每月"), ("quarter", "每季"))


class LimitForm(forms.Form):
    """A limit in words people use."""

    unit = forms.ChoiceField(label="计时单位", choices=COUNTS)
    amount = forms.IntegerField(
        label="数量", min_value=1, required=False, help_text="“当日”和“不计时”不用填。"
    )
    end = forms.ChoiceField(
        label="最后一天到几时",
        choices=(("24:00", "当日24:00"), ("closing", "当日下班")),
        help_text="按分钟、小时计的不受影响。",
    )
    article = forms.CharField(label="依据", max_length=60, help_text="条款或文件，例如 四.1。")
    from_on = day_field(label="自哪天起", help_text="这一天起登记的事项按新的时限；已登记的不变。")

    def clean(self) -> dict[str, Any]:
        """An amount where one is needed."""
        said = super().clean() or {}
        needs = said.get("unit") not in ("off", CountUnit.SAME_DAY.value)
        if needs and not said.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "请填数量。")
        return said

    @property
    def limit(self) -> dict[str, Any]:
        """The fields of the limit; empty for none."""
        said = self.cleaned_data
        if said["unit"] == "off":
            return {}
        limit: dict[str, Any] = {"unit": said["unit"], "amount": said["amount"] or 1}
        return {**limit, "end": said["end"]}


class WindowForm(forms.Form):
    """From when to when something may be handed in."""

    opens_at = moment_field(label="开放时间", required=False, help_text="留空表示已经开放。")
    closes_at = moment_field(label="关闭时间", required=False, help_text="留空表示一直开放。")
    article = forms.CharField(label="依据", max_length=60, required=False)


class DutyForm(forms.Form):
    """A standing duty."""

    title = forms.CharField(label="职责内容", max_length=80)
    every = forms.ChoiceField(
        label="频次", choices=EVERY, help_text="每日的职责只在有例外时登记，平常不占用网点时间。"
    )
    levels = forms.MultipleChoiceField(
        label="适用层级",
        choices=UnitLevel.choices,
        initial=["outlet"],
        widget=forms.CheckboxSelectMultiple,
    )
    article = forms.CharField(label="依据", max_length=60, required=False)


class ExceptionForm(forms.Form):
    """What was not kept, when and why."""

    duty = forms.ChoiceField(label="哪项职责")
    day = day_field(label="哪一天")
    grounds = forms.CharField(
        label="原因", max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text="写明为什么没有履行，以及怎么补的。",
    )  # fmt: skip

    def __init__(self, *bound: Any, rules: list[duties.DutyRule], **said: Any) -> None:
        super().__init__(*bound, **said)
        self.fields["duty"].choices = [(one.code, one.title) for one in rules]  # type: ignore[attr-defined]


def chosen_unit(request: HttpRequest, *roles: str) -> Unit:
    """The unit of the address, else the highest one's own. Raises NotAllowed, NotFound."""
    user = person(request)
    units = units_holding(user, roles)
    said = request.GET.get("at", "")
    unit = units.filter(code=said).first() if said else None
    if said and unit is None:
        raise NotFound("这个机构")
    unit = unit or units.filter(path__in=scope(user).paths(roles)).first()
    if unit is None:
        raise NotAllowed("查看这一页", "服务办公室、消保部门")
    return unit


@require_GET
def limits(request: HttpRequest) -> HttpResponse:
    """All limits and windows in force for a unit."""
    behind(request, "system")
    unit = chosen_unit(request, *OFFICE)
    today = timezone.localdate()
    context = {
        "unit": unit,
        "limits": setting.shown_limits(unit, today),
        "windows": setting.shown_windows(unit, today),
    }
    return render(request, "matters/limits.html", context)


@require_http_methods(GET_OR_POST)
def limit(request: HttpRequest, name: str) -> HttpResponse:
    """Set one limit."""
    behind(request, "system")
    title = limit_titles().get(name)
    if title is None:
        raise NotFound("这个时限")
    unit = chosen_unit(request, *OFFICE)
    today = timezone.localdate()
    now = setting.limit_now(unit, name, today)
    first = {
        "unit": now.unit.value if now else "off",
        "amount": now.amount if now else None,
        "from_on": today + timedelta(days=1),
    }
    form = LimitForm(typed(request), initial=first)

    def save() -> None:
        said = form.cleaned_data
        setting.set_limit(
            unit, name, form.limit, article=said["article"], from_on=said["from_on"],
            by=person(request),
        )  # fmt: skip
        tell(request, f"已设定{unit}的“{title}”时限。")

    return _form(request, form, save, f"设定“{title}”时限", unit)


@require_http_methods(GET_OR_POST)
def window(request: HttpRequest, flow: str) -> HttpResponse:
    """Announce a window."""
    behind(request, "system")
    unit = chosen_unit(request, *OFFICE)
    form = WindowForm(typed(request))
    title = FLOWS[flow].title if flow in FLOWS else "办理"

    def save() -> None:
        setting.set_window(
            unit, flow, **form.cleaned_data, from_on=timezone.localdate(), by=person(request)
        )
        tell(request, f"已公布{unit}的{title}窗口。")

    return _form(request, form, save, f"公布{title}窗口", unit)


def _form(
    request: HttpRequest, form: forms.Form, save: Any, submit: str, unit: Unit
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    address = f"{reverse('matters:limits')}?at={unit.code}"
    if form.is_valid():
        try:
            save()
        except WenyouError as refused:
            form.add_error(None, str(refused))
            status = status_of(refused)
        else:
            return redirect(address)
    context = {"form": form, "submit": submit, "title": submit, "back": Back(address, "时限与窗口")}
    return render(request, "matters/set.html", context, status=status)


@require_http_methods(GET_OR_POST)
def duty_list(request: HttpRequest) -> HttpResponse:
    """The duties of my unit, and the form for what was not kept."""
    behind(request, "todo")
    user = person(request)
    unit = chosen_unit(request, *UNIT, *OFFICE)
    today = timezone.localdate()
    rules = duties.rules_for(unit, today)
    form = ExceptionForm(typed(request), rules=rules, initial={"day": today})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            matter = duties.record_exception(
                said["duty"], unit=unit, day=said["day"], grounds=said["grounds"], by=user
            )
        except WenyouError as refused:
            form.add_error(None, str(refused))
            status = status_of(refused)
        else:
            tell(request, f"已登记例外，编号 {matter.number}，待服务办公室核定。")
            return redirect("matters:detail", pk=matter.pk)
    office = scope(user).covers(unit.path, OFFICE)
    context = {
        "form": form,
        "rules": [(one, dict(EVERY)[one.every.value]) for one in rules],
        "beneath": [
            (
                one,
                dict(EVERY)[one.every.value],
                "、".join(UnitLevel(name).label for name in one.levels),
            )
            for one in (duties.rules_beneath(unit, today) if office else ())
        ],
        "unit": unit,
        "office": office,
        "submit": "登记例外",
    }
    return render(request, "matters/duties.html", context, status=status)


@require_http_methods(GET_OR_POST)
def duty_new(request: HttpRequest) -> HttpResponse:
    """Set a standing duty for the units beneath."""
    behind(request, "todo")
    unit = chosen_unit(request, *OFFICE)
    form = DutyForm(typed(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = form.cleaned_data
        try:
            setting.set_duty(
                unit,
                title=said["title"],
                every=duties.Every(said["every"]),
                levels=said["levels"],
                article=said["article"],
                from_on=timezone.localdate(),
                by=person(request),
            )
        except WenyouError as refused:
            form.add_error(None, str(refused))
            status = status_of(refused)
        else:
            tell(request, f"已为{unit}及下级设定职责“{said['title']}”。")
            return redirect("matters:duties")
    context = {
        "form": form,
        "submit": "设定职责",
        "title": "设定日常职责",
        "back": Back(reverse("matters:duties"), "日常职责"),
    }
    return render(request, "matters/set.html", context, status=status)
