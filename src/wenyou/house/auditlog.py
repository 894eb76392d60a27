"""The log of acts, for auditors; that somebody read it stands in it too."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.person import person
from wenyou.accounts.scope import beneath, scope
from wenyou.audit.actions import action_title, known_actions, register_actions
from wenyou.audit.exports import note_list
from wenyou.audit.models import AuditRow
from wenyou.audit.queries import audit_rows
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.house.logwords import told as told_in_words
from wenyou.web.frame import Back, behind
from wenyou.web.listing import Choice, Column, Days, Empty, Exported, Listing, Text

# What commands do stands in the log too, though no page imports them.
OF_COMMANDS = {
    "backup.write": "备份",
    "backup.restore": "从备份恢复",
    "demo.created": "建立演示银行",
}
register_actions(OF_COMMANDS)
register_actions({"audit.read": "查阅操作记录", "audit.exported": "导出操作记录"})
READERS = (RoleCode.AUDITOR, RoleCode.AUDIT_ADMIN)
VIAS = (("page", "网页"), ("api", "接口"), ("job", "后台任务"), ("command", "命令行"))


def rows_visible_to(user: User) -> QuerySet[AuditRow]:
    """All to the audit administrator, those of his units to an auditor.

    An auditor of the whole house sees rows of no unit too. Raises NotAllowed for anybody else.
    """
    held = scope(user)
    if not held.roles & set(READERS):
        raise NotAllowed("查阅操作记录", "审计人员、安全审计员")
    paths = held.paths({RoleCode.AUDITOR})
    if RoleCode.AUDIT_ADMIN in held.roles:
        return audit_rows()
    seen = beneath(paths)
    if any(path.count("/") == 2 for path in paths):
        seen |= Q(unit__isnull=True)
    return audit_rows().filter(seen)


@transaction.atomic
def noted(by: User, action: str, note: str, **new: object) -> None:
    """Say in the log that it was read."""
    record(action, by=by, change=Change(new=new, note=note))


def _action(value: str) -> Q:
    return Q(action=value)


def _actor(value: str) -> Q:
    return Q(actor__number=value) | Q(actor__name=value)


LOG = Listing(
    title="操作记录",
    columns=(
        Column(key="at", title="时间", value=lambda row: row.at, kind="when", fixed=True,
               link=lambda row: reverse("house:audit_row", args=[row.pk])),
        Column(key="actor", title="经办人", value=lambda row: row.actor_name),
        Column(key="action", title="操作", value=lambda row: action_title(row.action),
               card="lead"),
        Column(key="object", title="对象", value=lambda row: row.object_title),
        Column(key="unit", title="机构", value=lambda row: str(row.unit) if row.unit else ""),
        Column(key="article", title="条款", value=lambda row: row.article),
        Column(key="note", title="说明", value=lambda row: row.note),
        Column(key="via", title="来源", value=lambda row: dict(VIAS).get(row.via, row.via),
               hidden=True),
        Column(key="address", title="地址", value=lambda row: row.address, hidden=True),
        Column(key="request", title="请求号", value=lambda row: row.request_id, hidden=True),
        Column(key="place", title="链上位置", value=lambda row: row.place, kind="number",
               hidden=True),
    ),
    filters=(
        Text("who", "经办人", where=_actor, hint="登录号或姓名"),
        Choice("action", "操作", lambda _: sorted(known_actions().items(), key=lambda one: one[1]),
               where=_action),
        Choice("via", "来源", VIAS),
        Text("id", "对象编号", where=lambda value: Q(object_id=value)),
        Text("request", "请求号", where=lambda value: Q(request_id=value)),
        Days("at", "时间", "at"),
    ),
    empty=Empty("还没有操作记录", "每一次登记、办理、修改、下载和查阅都会记在这里。"),
)  # fmt: skip


@require_GET
def log(request: HttpRequest) -> HttpResponseBase:
    """The log; reading it is an act like any other."""
    user = person(request)
    behind(request, "system")
    rows = rows_visible_to(user)
    noted(user, "audit.read", request.META.get("QUERY_STRING", "")[:500])

    def exported(taken: Exported) -> None:
        note_list(taken, action="audit.exported", by=user)

    return LOG.answer(request, rows, template="house/log.html", exported=exported)


@require_GET
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One act with old and new values."""
    user = person(request)
    behind(request, "system")
    found = rows_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这条操作记录")
    noted(user, "audit.read", f"第{pk}条")
    context = {
        "row": found,
        "action": action_title(found.action),
        "via": dict(VIAS).get(found.via, found.via),
        "values": told_in_words(found),
        "back": Back(reverse("house:audit_log"), "操作记录"),
    }
    return render(request, "house/log_row.html", context)
