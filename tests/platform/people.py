"""The standing cast: who is who in every test of the platform.

::

    总行 ── 江州分行 ─┬─ 城东支行 ─┬─ 甲网点   林 (head), 周 (teller)
                      │            └─ 乙网点   吴 (head): must see nothing of 甲
                      └─ 城西支行 ─── 丙网点   孙 (head): another sub-branch altogether

陈 (service office), 郑 (inspector) and the others of the office hold their roles for 城东支行, so
they see 甲 and 乙 but not 丙; 何 is the service office of 江州分行 above them. The three
administrators and the auditor hold theirs for the 总行.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.platform.factories import make_employee, make_holding, make_unit, make_user
from wenyou.accounts.models import RoleCode, User
from wenyou.org.models import Unit, UnitArea, UnitLevel


@dataclass(frozen=True)
class Cast:
    """Units by their place in the tree, people by what they are."""

    head_office: Unit
    branch: Unit
    east: Unit
    west: Unit
    jia: Unit
    yi: Unit
    bing: Unit
    chen: User  # service office of 城东支行
    lin: User  # head of 甲
    zhou: User  # teller at 甲
    wu: User  # head of 乙
    zheng: User  # inspector for 城东支行
    he: User  # service office of 江州分行
    sun: User  # head of 丙
    handler: User  # complaint handler at 城东支行
    protection: User  # consumer protection at 城东支行
    department: User  # a business department of 城东支行
    expert: User
    trainer: User
    leader: User
    finance: User
    auditor: User
    system_admin: User
    security_admin: User
    audit_admin: User
    nobody: User  # signed in, but holds no role

    def people(self) -> dict[str, User]:
        """Everybody by name, for tests that ask the same of all."""
        return {name: one for name, one in vars(self).items() if isinstance(one, User)}


def make_cast() -> Cast:
    """Save the whole cast; passwords are ``factories.PASSWORD``."""
    house = make_houses()

    def person(name: str, role: str, at: str, post: str, *, head: bool = False) -> User:
        unit = house[at]
        user = make_user(employee=make_employee(name, unit=unit, post=post, head=head))
        if role:
            make_holding(user, role, unit)
        return user

    return Cast(
        **house,
        chen=person("陈静", RoleCode.SERVICE_OFFICE, "east", "服务办公室主管"),
        lin=person("林岚", RoleCode.OUTLET_HEAD, "jia", "网点负责人", head=True),
        zhou=person("周宁", RoleCode.STAFF, "jia", "柜员"),
        wu=person("吴迪", RoleCode.OUTLET_HEAD, "yi", "网点负责人", head=True),
        zheng=person("郑远", RoleCode.INSPECTOR, "east", "检查岗"),
        he=person("何清", RoleCode.SERVICE_OFFICE, "branch", "服务办公室主任"),
        sun=person("孙悦", RoleCode.OUTLET_HEAD, "bing", "网点负责人", head=True),
        handler=person("钱敏", RoleCode.COMPLAINT_HANDLER, "east", "投诉处理岗"),
        protection=person("冯雪", RoleCode.CONSUMER_PROTECTION, "east", "消保岗"),
        department=person("褚文", RoleCode.DEPARTMENT, "east", "运营主管"),
        expert=person("卫平", RoleCode.EXPERT, "east", "业务专家"),
        trainer=person("蒋欣", RoleCode.TRAINER, "east", "内训师"),
        leader=person("沈安", RoleCode.LEADER, "east", "副行长"),
        finance=person("韩梅", RoleCode.FINANCE, "east", "财务岗"),
        auditor=person("杨正", RoleCode.AUDITOR, "head_office", "审计岗"),
        system_admin=person("朱磊", RoleCode.SYSTEM_ADMIN, "head_office", "系统管理员"),
        security_admin=person("秦川", RoleCode.SECURITY_ADMIN, "head_office", "安全管理员"),
        audit_admin=person("许可", RoleCode.AUDIT_ADMIN, "head_office", "安全审计员"),
        nobody=person("尤佳", "", "jia", "大堂引导员"),
    )


def make_houses() -> dict[str, Unit]:
    """The seven units of the cast."""
    levels = UnitLevel
    top = make_unit("江南银行总行", level=levels.HEAD_OFFICE, code="100000")
    branch = make_unit("江州分行", parent=top, level=levels.BRANCH, code="110000")
    east = make_unit("城东支行", parent=branch, level=levels.SUB_BRANCH, code="111000")
    west = make_unit("城西支行", parent=branch, level=levels.SUB_BRANCH, code="112000")
    return {
        "head_office": top,
        "branch": branch,
        "east": east,
        "west": west,
        "jia": make_unit("甲网点", parent=east, code="111001", area=UnitArea.COUNTY),
        "yi": make_unit("乙网点", parent=east, code="111002", area=UnitArea.RURAL),
        "bing": make_unit("丙网点", parent=west, code="112001", area=UnitArea.COUNTY),
    }
