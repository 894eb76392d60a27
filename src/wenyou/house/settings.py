"""Pages of the settings of the house."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from wenyou.accounts import services
from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import RoleCode
from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.environment import text as from_environment
from wenyou.errors import NotAllowed, NotFound
from wenyou.house.adminforms import WEEK, SettingForm
from wenyou.knobs.services import settings_now
from wenyou.knobs.table import Knob, KnobKind, known_knobs
from wenyou.web.acting import Act, acted, typed
from wenyou.web.frame import Back, behind

DOOR = "system"
READERS = frozenset(
    {
        RoleCode.SYSTEM_ADMIN.value,
        RoleCode.SECURITY_ADMIN.value,
        RoleCode.AUDIT_ADMIN.value,
        RoleCode.SERVICE_OFFICE.value,
        RoleCode.CONSUMER_PROTECTION.value,
        RoleCode.AUDITOR.value,
    }
)


def said(knob: Knob, value: object) -> str:
    """A value as people read it."""
    match knob.kind:
        case KnobKind.BOOL:
            return "是" if value else "否"
        case KnobKind.CHOICE:
            return dict(knob.choices).get(str(value), str(value))
        case KnobKind.WEEKDAYS:
            names = dict(WEEK)
            days = value if isinstance(value, list) else []
            return "、".join(names[int(one)] for one in days) or "无"
        case KnobKind.SEVERAL:
            chosen = value if isinstance(value, list) else []
            return "、".join(dict(knob.choices)[one] for one in chosen) or "无"
        case KnobKind.SEALED:
            given = bool(value) or bool(knob.environ and from_environment(knob.environ))
            return "已设置，不显示" if given else "未设置"
        case _:
            return f"{value} {knob.unit}".strip()


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """All settings by group, with who may set each."""
    user = person(request)
    if not scope(user).roles & READERS:
        raise NotAllowed("查看参数设置", "系统管理员或安全管理员")
    behind(request, DOOR)
    values = settings_now()
    rows = [
        {
            "knob": knob,
            "group": knob.group,
            "value": said(knob, values[name]),
            "default": values[name] == knob.default,
            "who": RoleCode(knob.who).label,
            "may": knob.who in scope(user).roles,
        }
        for name, knob in sorted(known_knobs().items(), key=lambda one: one[1].group)
    ]
    groups = [(name, list(some)) for name, some in groupby(rows, key=lambda one: str(one["group"]))]
    return render(request, "house/settings.html", {"groups": groups})


@require_http_methods(["GET", "POST"])
def setting(request: HttpRequest, name: str) -> HttpResponse:
    """One setting."""
    user = person(request)
    knob = known_knobs().get(name)
    if knob is None:
        raise NotFound("这一项参数")
    for_the_house(user, knob.who, f"修改“{knob.title}”")
    behind(request, DOOR)
    initial = {} if knob.kind is KnobKind.SEALED else {"value": settings_now()[name]}
    form = SettingForm(knob, typed(request), initial=initial)

    def do(clean: Any) -> str:
        value = services.change_setting(name, clean["value"], by=user)
        return f"“{knob.title}”已设为 {said(knob, value)}。"

    act = Act(
        title=knob.title, submit="保存参数", back=Back(reverse("house:settings"), "参数设置"),
        help=("这一页修改一项参数，对全行生效。", f"初始值是 {said(knob, knob.default)}。",
              "修改会记入审计日志。"),
    )  # fmt: skip
    return acted(request, form, act, do)
