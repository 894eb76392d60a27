"""Who may move a matter. The shell says which of these a person holds for the matter's unit."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """A part somebody plays in a matter; who plays it for a unit is the shell's knowledge."""

    STAFF = "staff"
    OUTLET_HEAD = "outlet_head"
    DEPARTMENT = "department"
    COMPLAINT_HANDLER = "complaint_handler"
    SERVICE_OFFICE = "service_office"
    CONSUMER_PROTECTION = "consumer_protection"
    EXPERT = "expert"
    INSPECTOR = "inspector"
    TRAINER = "trainer"
    LEADER = "leader"
    FINANCE = "finance"
    SYSTEM = "system"


ROLE_TITLES = {
    Role.STAFF: "员工",
    Role.OUTLET_HEAD: "网点负责人",
    Role.DEPARTMENT: "业务部门",
    Role.COMPLAINT_HANDLER: "投诉处理岗",
    Role.SERVICE_OFFICE: "服务办公室",
    Role.CONSUMER_PROTECTION: "消保部门",
    Role.EXPERT: "投诉处理专家",
    Role.INSPECTOR: "检查人员",
    Role.TRAINER: "辅导老师",
    Role.LEADER: "领导小组",
    Role.FINANCE: "财务和人力部门",
    Role.SYSTEM: "系统",
}

# Two departments share the work by default; a bank that divides it gives the role to one.
OFFICE = (Role.SERVICE_OFFICE, Role.CONSUMER_PROTECTION)
DESK = (Role.COMPLAINT_HANDLER, *OFFICE)
# The unit a matter is with: an outlet by its head, a department by itself.
HEADS = (Role.OUTLET_HEAD, Role.DEPARTMENT)
UNIT = (Role.STAFF, *HEADS)


def role_titles(roles: Iterable[Role]) -> str:
    """The roles in Chinese, in the order given: 服务办公室、消保部门."""
    return "、".join(ROLE_TITLES[role] for role in roles)
