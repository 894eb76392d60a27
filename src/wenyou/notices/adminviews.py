"""Pages of the ways out of the house, for administrators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.models import RoleCode
from wenyou.accounts.person import person
from wenyou.accounts.scope import beneath, scope
from wenyou.knobs.services import setting
from wenyou.notices import administering, delivering, queries
from wenyou.notices.administering import NewRobot
from wenyou.notices.forms import RobotForm
from wenyou.notices.models import Delivery
from wenyou.notices.outgoing import CHANNELS
from wenyou.notices.robots import MISSING, SERVICES, installed
from wenyou.org.models import Unit
from wenyou.org.queries import units_open
from wenyou.web.acting import Act, acted, typed
from wenyou.web.frame import Back, behind, tell
from wenyou.web.listing import Choice, Column, Days, Empty, Listing, State

__all__ = ["delivering"]

DOOR = "system"
NAMES = dict(CHANNELS)
DELIVERED: dict[str, State] = {
    Delivery.State.WAITING: State("press", "待发送"),
    Delivery.State.SENDING: State("press", "正在发送"),
    Delivery.State.HELD: State("paused", "免打扰时段暂缓"),
    Delivery.State.SENT: State("ok", "已发送"),
    Delivery.State.FAILED: State("over", "未能发送"),
}


def receiver(row: Delivery) -> str:
    """To whom a message goes: a person, or a group."""
    return f"群：{row.robot.title}" if row.robot is not None else row.notice.to.label


DELIVERIES = Listing(
    title="发送情况",
    columns=(
        Column(key="to", title="收件人", value=receiver, fixed=True),
        Column(key="at", title="应发时间", value=lambda row: row.not_before, kind="when"),
        Column(key="channel", title="渠道", value=lambda row: NAMES.get(row.channel, row.channel)),
        Column(key="words", title="发出的内容", value=lambda row: row.words),
        Column(key="state", title="状态", value=lambda row: DELIVERED[row.state], kind="state"),
        Column(key="tries", title="已试", value=lambda row: f"{row.tries} 次"),
        Column(key="error", title="说明", value=lambda row: row.error),
    ),
    filters=(
        Choice("state", "状态", Delivery.State.choices),
        Choice("channel", "渠道", CHANNELS),
        Days("at", "应发时间", "not_before"),
    ),
    order=("-pk",),
    empty=Empty(
        "还没有要发送的通知", "在参数设置里打开短信、邮件或群机器人后，通知会同时发到系统外。"
    ),
    unit_word="条",
    bulk="notices/_again.html",
)


@require_GET
def deliveries(request: HttpRequest) -> HttpResponseBase:
    """What was sent and what could not be."""
    behind(request, DOOR)
    rows = queries.deliveries_visible_to(person(request))
    return DELIVERIES.answer(request, rows, template="notices/deliveries.html")


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Send what could not be sent once more."""
    said = request.POST.getlist("pk")
    keys = [int(one) for one in said if one.isdecimal() and len(one) < 19]
    count = administering.send_again(keys, by=person(request))
    tell(request, f"{count} 条通知将在一分钟内重发。")
    return redirect("notices:deliveries")


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """A message to oneself by every way out."""
    administering.send_test(by=person(request))
    tell(request, "测试通知将在一分钟内发给您本人，结果看这里的“状态”。")
    return redirect("notices:deliveries")


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """The robots of group chats."""
    behind(request, DOOR)
    rows = administering.robots_visible_to(person(request))
    context = {
        "rows": [
            (one, SERVICES[one.service].title) for one in rows.order_by("ended_at", "unit_id")
        ],
        "on": setting("robot.on"),
        "missing": "" if installed() else MISSING,
    }
    return render(request, "notices/robots.html", context)


@require_http_methods(["GET", "POST"])
def new_robot(request: HttpRequest) -> HttpResponse:
    """Register one."""
    user = person(request)
    behind(request, DOOR)
    administering.system_admin(user, "登记群机器人")
    paths = scope(user).paths({RoleCode.SYSTEM_ADMIN})
    units = units_open(Unit.objects.filter(beneath(paths, prefix="")))
    form = RobotForm(units, typed(request))

    def do(said: Any) -> str:
        robot = administering.register_robot(NewRobot(**said), by=user)
        return f"群机器人“{robot.title}”已登记，可以发一条测试消息。"

    back = Back(reverse("notices:robots"), "群机器人")
    return acted(request, form, Act(title="登记群机器人", submit="登记群机器人", back=back), do)


@require_POST
def end_robot(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell a group nothing any more."""
    user = person(request)
    robot = administering.end_robot(administering.robot_for(user, pk), by=user)
    tell(request, f"群机器人“{robot.title}”已停用，地址已清除。")
    return redirect("notices:robots")


@require_POST
def test_robot(request: HttpRequest, pk: int) -> HttpResponse:
    """A message into a group."""
    user = person(request)
    robot = administering.robot_for(user, pk)
    administering.test_robot(robot, by=user)
    tell(request, f"测试消息将在一分钟内发到“{robot.title}”，结果看“发送情况”。")
    return redirect("notices:deliveries")
