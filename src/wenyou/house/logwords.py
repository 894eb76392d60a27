"""The names and values of the log in Chinese: rows are kept as programs write them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

from wenyou.accounts.models import RoleCode
from wenyou.audit.actions import titles_of_codes
from wenyou.jobs.kinds import titles_of_kinds
from wenyou.matters.limits import limit_from
from wenyou.matters.models import Matter
from wenyou.matters.setting import told as told_since
from wenyou.matters.settingviews import EVERY
from wenyou.org.models import Unit, UnitLevel
from wenyou.privacy.classes import CLASSES
from wenyou_core.errors import WenyouError
from wenyou_core.flow.registry import FLOWS, flow_named, limit_titles
from wenyou_core.worktime.limits import describe

if TYPE_CHECKING:
    from wenyou.audit.models import AuditRow

ROLES = {code: str(title) for code, title in RoleCode.choices}
NAMES: Mapping[str, str] = {
    "acknowledged_on": "告知日期", "acting": "代理", "action": "操作", "added": "新登记",
    "address": "地址", "adoption": "采用编号", "area": "地区类别", "article": "条款",
    "at": "时间", "basis": "依据", "broken": "解不开的", "chain": "链上校验值",
    "changed": "变动", "class": "记录类别", "closed_on": "最后营业日", "closes_at": "截止",
    "code": "机构号或代码", "consulted_on": "征求意见日期", "count": "件数", "data": "内容",
    "days": "日期", "digest": "校验值", "due_at": "到期", "due_on": "应签日期",
    "employee": "人员", "erased": "已清除", "every": "频次", "evidence": "佐证",
    "exceptions": "例外时间", "expires_at": "有效期至", "fact": "登记编号", "facts": "登记事项",
    "field": "字段", "file": "文件", "flow": "事项种类", "found": "找到", "from_at": "开始",
    "from_on": "起始日期", "ground": "依据", "happened_on": "发生日期", "head": "负责人",
    "holiday": "法定节假日", "identity": "证件号", "is_active": "账号可用", "item": "事项",
    "joined_on": "入职日期", "kept": "保留的理由", "kept_roles": "保留的角色",
    "key": "编号", "keys": "登记编号", "kind": "种类", "kinds": "种类", "known_at": "知悉时间",
    "left": "剩余", "left_on": "离职日期", "level": "层级", "levels": "层级", "limit": "时限",
    "list": "清单", "mail": "邮件提醒", "main": "主岗", "makeup": "调休上班日",
    "matter": "事项编号", "mended": "已补上", "merged_into": "并入", "months": "保存月数",
    "name": "名称", "new": "新增", "note_mark": "说明的校验值", "notice": "通知文号",
    "number": "编号", "of": "本人身份", "on": "日期", "opened_on": "开业日期",
    "opens_at": "开放", "own": "本人提出", "params": "参数", "parent": "上级机构",
    "part": "组内职责", "people": "人数或人员", "period": "考核期", "person": "人员",
    "phone": "电话", "place": "链上位置", "plan": "方案校验值", "post": "岗位",
    "posts": "任职", "provisional": "暂定", "published_on": "公布日期", "reason": "原因",
    "refused": "未收下", "revision": "版次", "role": "角色", "roles": "角色", "rows": "行数",
    "rung": "催办级次", "runs": "测算", "same": "没有变化", "scopes": "权限范围",
    "sealed": "已加密", "seed": "随机种子", "service": "服务", "sha256": "文件校验值",
    "shift": "班次", "short_name": "简称", "signed_on": "签署日期", "size": "字节数",
    "sms": "短信提醒", "stand_in": "代理人", "state": "状态", "tables": "数表",
    "text": "文字", "ticket": "工单编号列", "title": "名称", "to": "收件人", "turn": "轮次",
    "unit": "机构", "units": "机构", "until_at": "结束", "until_on": "截止日期",
    "updated": "更新", "version": "版本", "weekly": "每周营业时间", "year": "年度",
}  # fmt: skip
# Where the kind of the object gives a name another meaning.
OF_KIND: Mapping[tuple[str, str], str] = {("run", "known_at"): "数据截止时点"}
# What the codes of a name mean; whatever stands under another name is shown as it was written.
CODES: Mapping[str, Mapping[str, str]] = {
    "class": {code: one.title for code, one in CLASSES.items()},
    "every": dict(EVERY),
    "flow": {code: one.title for code, one in FLOWS.items()},
    "levels": {code: str(title) for code, title in UnitLevel.choices},
    "of": {"employee": "员工", "customer": "客户"},
    "role": ROLES,
}
YES, NO, NOTHING, UNTIMED = "是", "否", "（空）", "不计时"


def told(row: AuditRow) -> list[tuple[str, str, str]]:
    """What an act has changed: name, old and new value, as people read them."""
    flow = _flow_of(row)
    return [
        (
            name_of(name, row.object_kind),
            _told(row, name, row.old, flow),
            _told(row, name, row.new, flow),
        )
        for name in sorted({*row.old, *row.new})
    ]


@lru_cache(maxsize=1_000)
def name_of(name: str, kind: str = "") -> str:
    """The Chinese name of a value in the log of an object of this kind (a model's name)."""
    if not name.isascii():
        return name
    if name in CLASSES:
        return CLASSES[name].title
    if (kind, name) in OF_KIND:
        return OF_KIND[kind, name]
    field = _field(kind, name)
    said = str(getattr(field, "verbose_name", "")) if field is not None else ""
    return NAMES.get(name) or limit_titles().get(name) or (name if said.isascii() else said)


def _told(row: AuditRow, name: str, values: Mapping[str, object], flow: str) -> str:
    if name not in values:
        return ""
    value = values[name]
    if name == "limit" and isinstance(value, dict):
        return _limit(value, str(values.get("name", "")))
    if name == "unit" and isinstance(value, int):
        return str(Unit.objects.filter(pk=value).first() or value)
    if row.action == "limit.set" and name == "name":
        return limit_titles().get(str(value), str(value))
    return _shown(value, lambda word: _word(row, name, word, flow))


def _shown(value: object, word: Callable[[str], str]) -> str:
    match value:
        case bool():
            return YES if value else NO
        case None | "":
            return NOTHING
        case list() | dict() if not value:
            return NOTHING
        case list():
            return "、".join(_shown(one, word) for one in value)
        case dict():
            # The names inside are those of a plan or of a file: they are its own.
            return "；".join(f"{key}：{_shown(one, str)}" for key, one in value.items())
        case str():
            return word(value)
    return str(value)


def _word(row: AuditRow, name: str, value: str, flow: str) -> str:
    """A code by its title, a moment by the clock of here; what people typed as they typed it."""
    if flow and name in ("state", "action"):
        return _of_flow(flow, name, value) or value
    if name == "kind" and row.object_kind == "job":
        return titles_of_kinds().get(value, value)
    if name in ("roles", "kept_roles"):  # E00010 outlet_head
        return " ".join(ROLES.get(one, one) for one in value.split(" "))
    codes = CODES.get(name) or titles_of_codes(name)
    if codes:
        return codes.get(value, value)
    if name.endswith("_at") or name in limit_titles():
        return _moment(value)
    field = _field(row.object_kind, name)
    choices = dict(getattr(field, "flatchoices", ())) if field is not None else {}
    return str(choices.get(value, value))


def _limit(value: Mapping[str, object], name: str) -> str:
    """A time limit as the page of limits tells it; one of another release as it was written."""
    if not value:
        return UNTIMED
    clocks = (clock for flow in FLOWS.values() for clock in flow.clocks)
    since = next((clock.since for clock in clocks if clock.name == name), "")
    try:
        return told_since(describe(limit_from(value)), since)
    except WenyouError:
        return _shown(value, str)


def _moment(value: str) -> str:
    """A moment by the clock of here; anything else as it is."""
    try:
        moment = datetime.fromisoformat(value)
        if timezone.is_aware(moment):
            moment = timezone.localtime(moment)
    except (ValueError, OverflowError):
        return value
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _of_flow(flow: str, name: str, value: str) -> str:
    """The title of a state or an action of a flow."""
    try:
        known = flow_named(flow)
        if name == "state":
            return known.state(value).title
    except WenyouError:
        return ""
    move = known.actions().get(value) if name == "action" else None
    return move.title if move else ""


def _flow_of(row: AuditRow) -> str:
    if row.object_kind != "matter" or not row.object_id.isdecimal():
        return ""
    found: Iterable[str] = Matter.objects.filter(pk=row.object_id).values_list("flow", flat=True)
    return next(iter(found), "")


def _field(kind: str, name: str) -> object | None:
    if not kind:
        return None
    try:
        found: object = apps.get_model("wenyou", kind)._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return None
    return found
