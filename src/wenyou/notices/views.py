"""The inbox of a person, and how he wants to be told outside."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wenyou.accounts.person import person
from wenyou.knobs.services import settings_now
from wenyou.notices import queries, services, wishes
from wenyou.notices.forms import WishForm
from wenyou.notices.models import Notice
from wenyou.notices.table import OFF
from wenyou.notices.wishes import Wish
from wenyou.org.private import masked
from wenyou.web.acting import Act, acted, typed
from wenyou.web.frame import Back, behind, tell
from wenyou.web.listing import Column, Days, Empty, Listing, State, Switch


def _state(row: Notice) -> State:
    return State("press", "未读") if row.read_at is None else State("plain", "已读")


INBOX = Listing(
    title="消息",
    columns=(
        Column(
            key="text",
            title="内容",
            # A notice is read here: nothing of it is cut off.
            value=lambda row: conditional_escape(row.text),
            link=lambda row: reverse("notices:open", args=[row.pk]),
            fixed=True,
        ),
        Column(key="at", title="时间", value=lambda row: row.at, kind="when"),
        Column(key="state", title="状态", value=_state),
    ),
    filters=(
        Switch("unread", "只看未读", Q(read_at__isnull=True)),
        Days("at", "时间", "at"),
    ),
    empty=Empty("还没有消息", "有事项派给您、被催办、到期时间变动时，会在这里通知您。"),
    unit_word="条",
)


@require_GET
def inbox(request: HttpRequest) -> HttpResponseBase:
    """My notices, newest first."""
    behind(request, "todo")
    return INBOX.answer(
        request, queries.notices_visible_to(person(request)), template="notices/inbox.html"
    )


@require_GET
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a notice leads to; it is read by then."""
    user = person(request)
    notice = queries.notice_for(user, pk)
    services.mark_read(by=user, notices=[notice.pk])
    host = {request.get_host()}
    if notice.link and url_has_allowed_host_and_scheme(notice.link, allowed_hosts=host):
        return redirect(notice.link)
    return redirect("notices:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    count = services.mark_read(by=person(request))
    tell(request, f"已把{count}条消息标为已读。")
    return redirect("notices:inbox")


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """By which ways out of the house I want to be told."""
    user = person(request)
    wish = wishes.wish_of(user)
    shown = wishes.address_shown(wish)
    initial = {"sms": wish.sms, "mail": wish.mail}
    form = WishForm(typed(request), initial=initial, address=shown)

    def do(said: Any) -> str:
        address = "" if said.get("forget") else said["address"] or None
        wishes.save_wish(Wish(sms=said["sms"], mail=said["mail"], address=address), by=user)
        return "通知设置已保存。"

    phone = masked(user.employee, "phone") if user.employee is not None else ""
    act = Act(
        title="通知设置", submit="保存通知设置", back=Back(reverse("accounts:me"), "我的"),
        template="notices/settings.html", context={"phone": phone, "ways": ways_now()},
        help=("所有通知都在消息里；这里选择要不要同时发短信、邮件。",
              "发出去的内容只有事项种类和编号，没有客户信息。",
              "短信发到机构登记的手机号，号码不对请联系机构管理员。"),
    )  # fmt: skip
    return acted(request, form, act, do)


def ways_now() -> dict[str, object]:
    """Which ways out the house has opened, and its quiet hours."""
    values = settings_now()
    return {
        "sms": values["sms.channel"] != OFF,
        "mail": values["mail.on"],
        "robot": values["robot.on"],
        "quiet": values["quiet.from"] != values["quiet.until"],
        "quiet_from": values["quiet.from"],
        "quiet_until": values["quiet.until"],
    }
