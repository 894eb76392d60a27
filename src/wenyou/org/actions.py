"""The acts of the organization as the audit log knows them, and who may do them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import require, scope
from wenyou.audit.actions import register_actions
from wenyou.errors import NotAllowed
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Employee

KEEPERS = (RoleCode.SERVICE_OFFICE, RoleCode.SYSTEM_ADMIN)
ROOT_SLASHES = 2
SEVERAL = "您管理几个机构，请写明这名员工先归哪个机构管理，或同时任命岗位。"
HEADS = (RoleCode.OUTLET_HEAD, RoleCode.DEPARTMENT, *KEEPERS)

register_actions(
    {
        "org.unit.open": "开设机构",
        "org.unit.rename": "机构更名",
        "org.unit.move": "调整机构隶属",
        "org.unit.reclass": "调整机构类别",
        "org.unit.merge": "机构并入",
        "org.unit.close": "机构停业",
        "org.unit.take_back": "撤回未生效的机构变动",
        "org.unit.contact": "修改公示电话和地址",
        "org.person.add": "登记员工",
        "org.person.change": "修改员工资料",
        "org.person.leave": "员工离职",
        "org.person.unmask": "查看员工完整信息",
        "org.posting.start": "任职",
        "org.posting.end": "免职",
        "org.absence.take": "登记请假外出",
        "org.absence.end": "提前销假",
        "org.roster.set": "排定值班",
        "org.hours.set": "设定营业时间",
        "org.calendar.enter": "录入工作日历",
        "org.group.form": "设立小组或名单",
        "org.group.member": "调整小组成员",
        "org.group.end": "撤销小组或名单",
        "org.letter.issue": "下达责任书",
        "org.letter.sign": "签订责任书",
        "org.import": "导入机构人员表",
        "org.export": "导出机构人员表",
    }
)


def keeper(by: User | None, path: str, doing: str) -> None:
    """Only those who keep the organization of a unit; None is the system itself."""
    if by is not None:
        require(by, path, *KEEPERS, doing=doing)


def person_keeper(by: User | None, employee: Employee, doing: str) -> None:
    """Who keeps the unit of a person; before a first post the unit he was registered for; of
    others without a post today, who keeps the whole house.
    """
    if by is None:
        return
    if employee.kept_path != "/":
        keeper(by, employee.kept_path, doing)
        return
    top = [path for path in scope(by).paths(KEEPERS) if path.count("/") == ROOT_SLASHES]
    require(by, top[0] if top else "/", *KEEPERS, doing=doing)


def keeps_person(by: User | None, employee: Employee) -> bool:
    """Whether :func:`person_keeper` lets somebody pass."""
    try:
        person_keeper(by, employee, "")
    except NotAllowed:
        return False
    return True


def head_or_keeper(by: User | None, path: str, doing: str) -> None:
    """The head of a unit as well, for what is his daily business."""
    if by is not None:
        require(by, path, *HEADS, doing=doing)


def house_keeper(by: User | None, doing: str) -> None:
    """Whoever keeps any unit: a new person has no unit yet."""
    if by is not None:
        paths = scope(by).paths(KEEPERS)
        require(by, paths[0] if paths else "/", *KEEPERS, doing=doing)


def places_to_enter(by: User | None) -> tuple[int, ...]:
    """The units for one of which somebody registers new people; none: for the whole house."""
    paths = scope(by).paths(KEEPERS) if by is not None else ()
    if any(path.count("/") == ROOT_SLASHES for path in paths):
        return ()
    return tuple(int(path.rstrip("/").rsplit("/", 1)[-1]) for path in paths)


def entered_for(by: User | None) -> int | None:
    """The unit for which somebody registers new people when he names none; None: for the whole
    house. Raises InputRefused where he keeps several: none of them is guessed.
    """
    places = places_to_enter(by)
    if len(places) > 1:
        raise InputRefused("person-place", SEVERAL)
    return places[0] if places else None


def calendar_keeper(by: User | None, doing: str) -> None:
    """A system administrator, or the office of the highest unit: the calendar is one for all."""
    if by is None or RoleCode.SYSTEM_ADMIN in scope(by).roles:
        return
    top = [path for path in scope(by).paths({RoleCode.SERVICE_OFFICE}) if path.count("/") == 2]
    require(by, top[0] if top else "/", *KEEPERS, doing=doing)
