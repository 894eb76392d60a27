"""Units: the list, one of them, and what can be done to it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.audit.exports import note_list
from wenyou.org import forms, queries, services
from wenyou.org.models import Unit, UnitArea, UnitKind, UnitLevel
from wenyou.org.services.closing import Ending
from wenyou.org.services.duties import NewHours
from wenyou.org.services.units import NewUnit
from wenyou.org.timetable import hours_row
from wenyou.web.acting import Act, acted, typed
from wenyou.web.frame import Back, tell
from wenyou.web.listing import (
    Beneath,
    Choice,
    Column,
    Days,
    Empty,
    Exported,
    Found,
    Listing,
    State,
    Switch,
    Text,
)

GET_OR_POST = ["GET", "POST"]
SHOWN = 100


def state_of(unit: Unit) -> State:
    """Open, about to open or closed."""
    today = timezone.localdate()
    if unit.open_on(today):
        return State("ok", "营业")
    return State("plain", "未开业" if today < unit.opened_on else "已停业")


def find_unit(request: HttpRequest, text: str) -> Found | None:
    """A unit one sees, by number or whole name."""
    seen = queries.units_visible_to(person(request))
    found = seen.filter(code__upper=text.upper()).first() or seen.filter(name=text).first()
    return Found(found.path, found.name) if found else None


LIST = Listing(
    title="机构",
    unit_word="个",
    columns=(
        Column(
            key="name", title="名称", value=lambda u: u.name, sort="name", fixed=True,
            link=lambda u: reverse("org:unit", args=[u.pk]),
        ),
        Column(key="code", title="机构号", value=lambda u: u.code, sort="code"),
        Column(key="level", title="层级", value=lambda u: u.get_level_display(), card="short"),
        Column(key="area", title="地区类别", value=lambda u: u.get_area_display() if u.area else ""),
        Column(key="parent", title="上级", value=lambda u: u.parent or ""),
        Column(key="opened", title="开业日期", kind="day", value=lambda u: u.opened_on),
        Column(key="phone", title="公示电话", value=lambda u: u.phone, hidden=True),
        Column(key="state", title="状态", kind="state", value=state_of, card="short"),
    ),
    filters=(
        Text("q", "名称或机构号", fields=("name", "code")),
        Choice("level", "层级", UnitLevel.choices),
        Choice("kind", "类型", UnitKind.choices),
        Choice("area", "地区类别", [one for one in UnitArea.choices if one[0]]),
        Beneath("unit", "机构", find_unit, field="path"),
        Days("opened", "开业日期", "opened_on", moment=False),
        Switch("closed", "只看已停业", lambda _: queries.closed_by(timezone.localdate())),
    ),
    order=("path",),
    empty=Empty("还没有机构", "开设机构或从 Excel 导入后，在这里查找和维护。"),
)  # fmt: skip


@require_GET
def units(request: HttpRequest) -> HttpResponseBase:
    """The units one sees."""
    user = person(request)
    rows = queries.units_visible_to(user).select_related("parent")

    def taken(what: Exported) -> None:
        note_list(what, action="org.export", by=user)

    context = {"may": queries.keeps_any(user)}
    return LIST.answer(request, rows, template="org/units.html", context=context, exported=taken)


@require_GET
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One unit: how it is and was, who is there, what belongs to it; on a day if one is named."""
    user = person(request)
    found = queries.unit_for(user, pk)
    today = timezone.localdate()
    day = parse_day(request.GET.get("on", "")) or today
    at = timezone.now() if day == today else noon(day)
    seen = queries.people_visible_to(user)
    row = hours_row(found, day)
    people = queries.postings_on(day, [found.pk]).filter(employee__in=seen)
    spells = list(queries.spells_of(found))
    context = {
        "unit": found,
        "state": state_of(found),
        "day": day,
        "today": today,
        "above": queries.units_above_seen(user, found),
        "spells": spells,
        "undo": services.to_take_back(found, spells, by=user),
        "spell": queries.spell_on(found, day),
        "head": queries.head_of(found, at),
        "people": people[:SHOWN],
        "children": queries.children_of(found, day)[:SHOWN],
        "hours": row,
        "week": list(zip(forms.WEEK, row.weekly, strict=False)) if row else [],
        "roster": queries.roster_on(found, day),
        "groups": queries.groups_of(found, day),
        "letters": queries.letters_of(found),
        "may": queries.keeps(user, found.path),
        "leads": queries.leads(user, found.path),
        "back": Back(reverse("org:units"), "机构"),
    }
    return render(request, "org/unit.html", context)


def parse_day(text: str) -> date | None:
    """A day in the address; None for anything else."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def noon(day: date) -> datetime:
    """The middle of a day, to ask who led then."""
    return datetime.combine(day, time(12), timezone.get_current_timezone())


@require_http_methods(GET_OR_POST)
def open_unit(request: HttpRequest) -> HttpResponse:
    """A new unit."""
    user = person(request)
    queries.may_open(user)
    initial = {"parent": request.GET.get("parent", ""), "opened_on": timezone.localdate()}
    form = forms.OpenUnitForm(queries.units_kept(user), typed(request), initial=initial)

    def do(said: Any) -> str:
        made = services.open_unit(NewUnit(**said), by=user)
        return f"“{made}”已开设，机构号 {made.code}。"

    act = Act(
        title="开设机构", submit="开设机构", back=Back(reverse("org:units"), "机构"),
        help=("这一页登记一个新机构。", "机构号以后不能更改，也不能重复使用。",
              "许多机构一起登记，请用 Excel 导入。"),
    )  # fmt: skip
    return acted(request, form, act, do)


def _act(found: Unit, title: str, submit: str = "") -> Act:
    back = Back(reverse("org:unit", args=[found.pk]), str(found))
    return Act(title=f"{title}：{found}", submit=submit or title, back=back)


@require_http_methods(GET_OR_POST)
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Another name."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    initial = {"name": found.name, "short_name": found.short_name, "on": timezone.localdate()}
    form = forms.RenameForm(typed(request), initial=initial)

    def do(said: Any) -> str:
        spell = services.rename_unit(found, by=user, **said)
        return f"已登记更名为“{spell.name}”。"

    return acted(request, form, _act(found, "机构更名"), do)


@require_http_methods(GET_OR_POST)
def reclass(request: HttpRequest, pk: int) -> HttpResponse:
    """Another level, kind or class."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    initial = {
        "level": found.level, "kind": found.kind, "area": found.area, "on": timezone.localdate(),
    }  # fmt: skip
    form = forms.ReclassForm(typed(request), initial=initial)

    def do(said: Any) -> str:
        services.reclass_unit(found, by=user, **said)
        return "类别的变动已登记。"

    return acted(request, form, _act(found, "调整类别"), do)


@require_http_methods(GET_OR_POST)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Another unit above."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    initial = {"on": timezone.localdate()}
    form = forms.ToUnitForm(
        queries.units_kept(user), "新的上级机构", typed(request), initial=initial
    )

    def do(said: Any) -> str:
        above = said.pop("unit")
        services.move_unit(found, parent=above, by=user, **said)
        return f"已登记改由“{above}”管辖。"

    return acted(request, form, _act(found, "调整隶属"), do)


@require_http_methods(GET_OR_POST)
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Merged into another one."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    form = forms.ToUnitForm(queries.units_kept(user), "并入哪个机构", typed(request))

    def do(said: Any) -> str:
        into = said.pop("unit")
        services.merge_unit(found, into=into, by=user, **said)
        return f"“{found}”已登记并入“{into}”，人员和下级机构随之划转。"

    return acted(request, form, _act(found, "机构并入"), do)


@require_http_methods(GET_OR_POST)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Closed for good."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    form = forms.CloseForm(typed(request))
    if request.method == "POST" and form.is_valid():
        ending = services.ending_with(found, form.cleaned_data["on"])
        if ending.anything and form.cleaned_data["agreed"] != ending.digest:
            return _shown_first(request, found, form, ending)

    def do(said: Any) -> str:
        services.close_unit(found, by=user, **said)
        return f"“{found}”已登记停业，在这里的任职和角色同日结束。"

    act = _act(found, "机构停业", "下一步")
    return acted(request, form, act, do)


def _shown_first(
    request: HttpRequest, found: Unit, form: forms.CloseForm, ending: Ending
) -> HttpResponse:
    """Say what ends with the unit, and ask once more."""
    said = form.cleaned_data
    context = {
        "unit": found,
        "on": said["on"],
        "ending": ending,
        "title": f"机构停业：{found}",
        "submit": "确认停业",
        "danger": True,
        "carried": [
            ("on", said["on"].isoformat()), ("note", said["note"]), ("agreed", ending.digest),
        ],
        "back": Back(reverse("org:unit", args=[found.pk]), str(found)),
    }  # fmt: skip
    return render(request, "org/close.html", context)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """A change that has not begun is taken back."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    said = request.POST.get("change", "")
    seen = int(said) if said.isdecimal() and len(said) < 19 else 0
    services.take_back(found, change=seen, by=user)
    tell(request, "已撤回还没有生效的变动，机构照原来的样子继续。")
    return redirect("org:unit", found.pk)


@require_http_methods(GET_OR_POST)
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Telephone and address."""
    user = person(request)
    found = queries.unit_kept(user, pk)
    initial = {"phone": found.phone, "address": found.address}
    form = forms.ContactForm(typed(request), initial=initial)

    def do(said: Any) -> str:
        services.change_contact(found, by=user, **said)
        return "公示电话和地址已更新。"

    return acted(request, form, _act(found, "修改电话地址", "保存"), do)


@require_http_methods(GET_OR_POST)
def hours(request: HttpRequest, pk: int) -> HttpResponse:
    """Opening hours from a day on."""
    user = person(request)
    found = queries.unit_headed(user, pk, "设定营业时间")
    row = hours_row(found, timezone.localdate())
    initial: dict[str, Any] = {"from_on": timezone.localdate()}
    if row is not None:
        initial |= {f"day{number}": text for number, text in enumerate(row.weekly)}
        initial |= {"makeup": row.makeup, "holiday": row.holiday}
    form = forms.HoursForm(typed(request), initial=initial)

    def do(said: Any) -> str:
        new = NewHours(
            from_on=said["from_on"], weekly=form.weekly, makeup=said["makeup"],
            holiday=said["holiday"],
        )  # fmt: skip
        services.set_hours(found, new, by=user)
        return "营业时间已设定，没有单独设定的下级机构随之执行。"

    return acted(request, form, _act(found, "设定营业时间"), do)


@require_http_methods(GET_OR_POST)
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is on duty."""
    user = person(request)
    found = queries.unit_headed(user, pk, "排定值班")
    form = forms.RosterForm(queries.people_active(user), typed(request))

    def do(said: Any) -> str:
        services.set_roster(found, by=user, **said)
        return "值班已排定。"

    return acted(request, form, _act(found, "排定值班"), do)
