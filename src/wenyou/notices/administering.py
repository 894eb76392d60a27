"""What administrators do with the ways out of the house: send again, try, register robots."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import beneath, require, scope
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.knobs.services import settings_now
from wenyou.notices.models import Delivery, GroupRobot, Notice
from wenyou.notices.outgoing import ROBOT, any_channel, when, words_of
from wenyou.notices.queries import deliveries_visible_to
from wenyou.notices.robots import SERVICES, put_address
from wenyou.notices.services import notify
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.org.models import Unit

register_actions(
    {
        "notices.again": "重发通知",
        "notices.robot": "登记群机器人",
        "notices.robot.end": "停用群机器人",
    }
)
TEST = "这是一条测试通知，收到即说明通知能发出去。"


def system_admin(by: User, doing: str) -> None:
    """Raise NotAllowed for whoever does not run the machine."""
    if RoleCode.SYSTEM_ADMIN not in scope(by).roles:
        raise NotAllowed(doing, str(RoleCode.SYSTEM_ADMIN.label))


@transaction.atomic
def send_again(keys: Collection[int], *, by: User) -> int:
    """Let what could not be sent wait once more; how many. Refused when none of them failed."""
    system_admin(by, "重发通知")
    now, values = timezone.now(), settings_now()
    rows = deliveries_visible_to(by).filter(pk__in=keys, state=Delivery.State.FAILED)
    count = 0
    for row in rows.select_for_update(of=("self",)):
        begins = when(row.notice.kind, now, values)
        state = Delivery.State.HELD if begins > now else Delivery.State.WAITING
        said = {"state": state, "not_before": begins, "tries": 0, "error": ""}
        count += Delivery.objects.filter(pk=row.pk).update(**said)
    if not count:
        raise InputRefused("again-none", "没有选中未能发送的通知。请先勾选，再点重发。")
    record("notices.again", by=by, change=Change(new={"count": count}))
    return count


def send_test(*, by: User) -> None:
    """A message to oneself by every way out that is on. Refused while none is."""
    system_admin(by, "发送测试通知")
    if not any_channel(settings_now()):
        raise InputRefused("test-off", "短信、邮件和群机器人都没有打开。请先在参数设置里打开。")
    notify([by], kind="test", text=TEST, link="/system/deliveries/")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRobot:
    """The robot of a group, and for which unit it speaks."""

    title: str
    unit: Unit
    service: str
    address: str


@transaction.atomic
def register_robot(new: NewRobot, *, by: User) -> GroupRobot:
    """Register the robot of a group chat. Raises InputRefused for an address of another host."""
    require(by, new.unit.path, RoleCode.SYSTEM_ADMIN, doing="登记群机器人")
    if new.service not in SERVICES:
        raise InputRefused("robot-service", "没有这种群机器人，请从列表中选择。")
    if not new.title.strip():
        raise InputRefused("robot-title", "请写明群的名称。")
    robot = GroupRobot.objects.create(
        title=new.title.strip()[:60], unit=new.unit, service=new.service, made_at=timezone.now(),
        made_by=by,
    )  # fmt: skip
    put_address(robot, new.address)
    robot.save(update_fields=["sealed"])
    said = {"title": robot.title, "service": robot.service}
    record("notices.robot", by=by, change=Change(subject=robot, unit=new.unit, new=said))
    return robot


@transaction.atomic
def end_robot(robot: GroupRobot, *, by: User) -> GroupRobot:
    """Tell the group nothing any more; its address is forgotten."""
    require(by, robot.unit.path, RoleCode.SYSTEM_ADMIN, doing="停用群机器人")
    if robot.ended_at is not None:
        raise InputRefused("robot-ended", f"群机器人“{robot.title}”已经停用。")
    robot.ended_at, robot.sealed = timezone.now(), ""
    robot.save(update_fields=["ended_at", "sealed"])
    record("notices.robot.end", by=by, change=Change(subject=robot, unit=robot.unit))
    return robot


@transaction.atomic
def test_robot(robot: GroupRobot, *, by: User) -> None:
    """A message into the group. Refused while robots are off or for one that has ended."""
    require(by, robot.unit.path, RoleCode.SYSTEM_ADMIN, doing="发送测试通知")
    if robot.ended_at is not None or not settings_now()["robot.on"]:
        raise InputRefused("test-off", "群机器人没有打开或已停用。请先在参数设置里打开。")
    now = timezone.now()
    notice = Notice.objects.create(
        to=by, kind="test", text=f"已向“{robot.title}”发出测试消息。", link="/system/deliveries/",
        at=now,
    )  # fmt: skip
    Delivery.objects.create(
        notice=notice,
        channel=ROBOT,
        robot=robot,
        words=words_of("这是一条测试通知"),
        not_before=now,
    )


def robots_visible_to(user: User) -> QuerySet[GroupRobot]:
    """The robots of the units a system administrator looks after. Raises NotAllowed."""
    system_admin(user, "查看群机器人")
    paths = scope(user).paths({RoleCode.SYSTEM_ADMIN})
    return GroupRobot.objects.filter(beneath(paths)).select_related("unit", "made_by")


def robot_for(user: User, pk: int) -> GroupRobot:
    """One of them. Raises NotFound."""
    found = robots_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这个群机器人")
    return found
