"""The inbox of a person."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from wenyou.accounts.person import person
from wenyou.notices import queries, services
from wenyou.notices.models import Delivery, Notice
from wenyou.web.frame import behind, tell
from wenyou.web.listing import Choice, Column, Days, Empty, Listing, State, Switch


def _state(row: Notice) -> State:
    return State("press", "未读") if row.read_at is None else State("plain", "已读")


INBOX = Listing(
    title="消息",
    columns=(
        Column(
            key="text",
            title="内容",
            value=lambda row: row.text,
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


DELIVERED: dict[str, State] = {
    Delivery.State.WAITING: State("press", "待发送"),
    Delivery.State.HELD: State("paused", "免打扰时段暂缓"),
    Delivery.State.SENT: State("ok", "已发送"),
    Delivery.State.FAILED: State("over", "未能发送"),
}
DELIVERIES = Listing(
    title="发送情况",
    columns=(
        Column(key="at", title="应发时间", value=lambda row: row.not_before, kind="when"),
        Column(key="to", title="收件人", value=lambda row: row.notice.to.label),
        Column(key="text", title="内容", value=lambda row: row.notice.text),
        Column(key="state", title="状态", value=lambda row: DELIVERED[row.state]),
        Column(key="error", title="原因", value=lambda row: row.error),
    ),
    filters=(
        Choice("state", "状态", Delivery.State.choices),
        Days("at", "应发时间", "not_before"),
    ),
    empty=Empty("还没有要发送的短信", "在参数设置里打开短信后，通知会同时交给本行短信网关。"),
    unit_word="条",
)


@require_GET
def deliveries(request: HttpRequest) -> HttpResponseBase:
    """What was sent and what could not be, for administrators."""
    behind(request, "system")
    return DELIVERIES.answer(request, queries.deliveries_visible_to(person(request)))


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything is read."""
    count = services.mark_read(by=person(request))
    tell(request, f"已把{count}条消息标为已读。")
    return redirect("notices:inbox")
