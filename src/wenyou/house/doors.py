"""The eight doors of the house as data: who has business behind which, and the pages inside.

An address is named by candidates; a door or page whose slice is not there is left out. What
lies beneath one of ``paths`` belongs to the door, unless the view says otherwise (web.frame).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cache

from django.urls import NoReverseMatch, reverse

from wenyou.accounts.models import RoleCode
from wenyou.register.queries import WRITERS

ALL = frozenset(RoleCode.values)
ADMINS = frozenset(code for code in ALL if code.endswith("_admin"))
BUSINESS = ALL - ADMINS
OFFICE = frozenset({RoleCode.SERVICE_OFFICE.value, RoleCode.CONSUMER_PROTECTION.value})
WATCHERS = OFFICE | {RoleCode.LEADER.value, RoleCode.AUDITOR.value}
KEEPERS = frozenset({RoleCode.SERVICE_OFFICE.value, RoleCode.SYSTEM_ADMIN.value})
# These three look on, pay, advise: no kind of matter begins with them.
REGISTERS = BUSINESS - {RoleCode.AUDITOR.value, RoleCode.FINANCE.value, RoleCode.EXPERT.value}
HEADS = frozenset({RoleCode.OUTLET_HEAD.value, RoleCode.DEPARTMENT.value})


@dataclass(frozen=True, slots=True)
class Page:
    """An address with its name, for those who hold one of ``roles``."""

    title: str
    names: tuple[str, ...]
    roles: Collection[str] = ALL
    icon: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Door:
    """One of the eight; ``letter`` is pressed after g."""

    key: str
    title: str
    icon: str
    names: tuple[str, ...]
    roles: Collection[str]
    letter: str = ""
    query: str = ""
    paths: tuple[str, ...] = ()
    pages: tuple[Page, ...] = field(default=())


DOORS = (
    Door(
        "todo", "待办", "inbox", ("house:home",), ALL, "h",
        pages=(
            Page("待办", ("house:home",), BUSINESS),
            Page("全部事项", ("matters:all",), BUSINESS),
            Page("日常职责", ("matters:duties",), OFFICE | HEADS | {RoleCode.STAFF.value}),
        ),
    ),
    Door(
        "complaints", "投诉与表扬", "message-square-heart", ("matters:complaints",),
        BUSINESS - {RoleCode.TRAINER.value, RoleCode.FINANCE.value}, "c",
        paths=("/complaints/",),
    ),
    Door(
        "inspections", "检查与整改", "clipboard-check", ("matters:inspections",),
        BUSINESS - {RoleCode.FINANCE.value}, "j", paths=("/inspections/",),
    ),
    Door(
        "assessments", "考核", "calculator", ("assessments:list", "assessments:runs"), BUSINESS,
        "k", paths=("/assessments/", "/plans/", "/adoptions/", "/register/", "/facts/"),
        pages=(
            Page("测算", ("assessments:list",)),
            Page("登记簿", ("register:list", "register:facts"), WRITERS),
            Page("考核方案", ("schemes:list",)),
        ),
    ),
    Door(
        "units", "网点", "store", ("org:units",),
        BUSINESS - {RoleCode.STAFF.value} | {RoleCode.SYSTEM_ADMIN.value}, "w",
        paths=("/units/", "/groups/", "/letters/", "/org/"),
        pages=(Page("机构", ("org:units",)), Page("Excel 导入", ("org:import",), KEEPERS)),
    ),
    Door(
        "people", "队伍", "users", ("org:people",),
        HEADS | WATCHERS | {RoleCode.TRAINER.value, RoleCode.SYSTEM_ADMIN.value}, "d",
        paths=("/people/", "/postings/", "/absences/"),
    ),
    Door(
        "reports", "报告", "file-text", ("reports:list",), HEADS | WATCHERS, "b",
        paths=("/reports/",),
    ),
    Door(
        "system", "系统", "settings",
        ("house:system", "house:users", "org:calendars", "house:audit_log"),
        ADMINS | WATCHERS, "x", paths=("/system/", "/calendars/", "/jobs/", "/accounts/"),
        pages=(
            Page("用户与角色", ("house:users",), ADMINS | {RoleCode.AUDITOR.value}),
            Page("登录锁定", ("house:locks",), {RoleCode.SECURITY_ADMIN.value}),
            Page("参数设置", ("house:settings",), ADMINS | OFFICE),
            Page("时限与窗口", ("matters:limits",), OFFICE),
            Page("保存期限", ("privacy:retention",), ADMINS | OFFICE | {RoleCode.AUDITOR.value}),
            Page("个人信息", ("privacy:requests",)),
            Page("导出记录", ("privacy:exports",),
                 {RoleCode.AUDIT_ADMIN.value, RoleCode.AUDITOR.value}),
            Page("工作日历", ("org:calendars",), ADMINS | OFFICE),
            Page("操作记录", ("house:audit_log",),
                 {RoleCode.AUDIT_ADMIN.value, RoleCode.AUDITOR.value}),
            Page("接口令牌", ("interface:tokens",), {RoleCode.SYSTEM_ADMIN.value}),
            Page("发送情况", ("notices:deliveries",),
                 {RoleCode.SYSTEM_ADMIN.value, RoleCode.SECURITY_ADMIN.value}),
            Page("群机器人", ("notices:robots",), {RoleCode.SYSTEM_ADMIN.value}),
            Page("后台任务", ("jobs:jobs",)),
        ),
    ),
)  # fmt: skip

PHONE = (
    Page("待办", ("house:home",), ALL, "inbox"),
    Page("登记", ("matters:register",), REGISTERS, "square-pen"),
    Page("检查", ("matters:inspections",), BUSINESS, "clipboard-check"),
    Page("我的", ("accounts:me",), ALL, "circle-user"),
)
OWN = (
    Page("我的", ("accounts:me",), ALL, "circle-user"),
    Page("通知设置", ("notices:settings",), ALL, "bell"),
    Page("后台任务", ("jobs:jobs",), ALL, "list-checks"),
    Page("修改密码", ("accounts:change_password",), ALL, "key-round"),
)
SEARCH = ("search:results", "search:search", "house:search")
INBOX = ("notices:inbox", "notices:list")


@cache
def address(names: tuple[str, ...], query: str = "") -> str:
    """The first of the addresses that is defined; empty when none is."""
    for name in names:
        try:
            return reverse(name) + (f"?{query}" if query else "")
        except NoReverseMatch:
            continue
    return ""
