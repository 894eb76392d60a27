"""The acts of accounts as the audit log knows them, and who may do them."""

from __future__ import annotations

from django.apps import apps

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import require, scope
from wenyou.audit.actions import register_actions
from wenyou.errors import NotAllowed

register_actions(
    {
        "accounts.create": "开立账号",
        "accounts.rename": "修改账号姓名",
        "accounts.enable": "启用账号",
        "accounts.disable": "停用账号",
        "accounts.sign_in": "登录",
        "accounts.sign_in.failed": "登录失败",
        "accounts.sign_in.locked": "连续登录失败被锁定",
        "accounts.sign_out": "退出登录",
        "accounts.sign_out_all": "退出所有设备",
        "accounts.link": "生成一次性链接",
        "accounts.reset": "重置密码",
        "accounts.password": "修改密码",
        "accounts.role.grant": "授予角色",
        "accounts.role.end": "终止角色",
        "accounts.second_step.on": "启用动态验证码",
        "accounts.second_step.off": "停用动态验证码",
        "accounts.second_step.reset": "重置动态验证码",
        "accounts.second_step.codes": "更换恢复码",
        "accounts.second_step.recovery": "使用恢复码",
        "accounts.lock.lift": "解除登录锁定",
        "knobs.set": "修改参数",
    }
)


def administers(by: User | None, user: User, doing: str) -> None:
    """A system administrator over the unit of the account's person; None is the system."""
    if by is not None:
        require(by, path_of(user), RoleCode.SYSTEM_ADMIN, doing=doing)


def path_of(user: User) -> str:
    """Where an account belongs: its person's unit, else the whole house."""
    unit = user.employee.unit if user.employee else None
    return unit.path if unit else house_path()


def house_path() -> str:
    """The path of the house's root: only a role held there covers it."""
    unit = apps.get_model("wenyou", "Unit")
    path = unit.objects.filter(parent=None).order_by("pk").values_list("path", flat=True).first()
    return str(path or "/")


def for_the_house(by: User | None, role: str, doing: str) -> None:
    """Whoever holds a role for the whole house."""
    if by is None or any(one.role == role and one.path.count("/") == 2 for one in scope(by).held):
        return
    raise NotAllowed(doing, str(RoleCode(role).label))
