"""The first steps in an empty house: one unit at the top, and somebody who may let others in."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.services.links import make_link
from wenyou.accounts.services.roles import Grant, grant_role
from wenyou.org.models import Unit, UnitLevel
from wenyou.org.services.units import NewUnit, open_unit

NUMBER = "admin"
TOP_NAME = "本机构（请更名）"
ROLES = (RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN)
BASIS = "首次启动"


@transaction.atomic
def first_administrator_link(today: date | None = None) -> str:
    """The path by which the first administrator sets a password, once; earlier links end.

    Opens a top unit, to be renamed, where there is none; the administrator then opens accounts
    and grants roles to others, but none to himself.
    """
    today = today or timezone.localdate()
    user = User.objects.filter(number=NUMBER).first()
    if user is None:
        user = User(number=NUMBER, name="首位管理员")
        user.set_unusable_password()
        user.save()
    top = Unit.objects.filter(parent=None).order_by("pk").first() or open_unit(
        NewUnit(code="000001", name=TOP_NAME, level=UnitLevel.HEAD_OFFICE, opened_on=today),
        by=None,
    )
    for role in ROLES:
        if not user.holdings.filter(role=role).exists():
            grant_role(user, Grant(role=role, unit=top, from_on=today, reason=BASIS), by=None)
    return make_link(user, by=None)
