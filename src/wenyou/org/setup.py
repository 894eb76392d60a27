"""The first steps of an empty house: its highest unit and the first administrator."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.services import create_user, grant_role, make_link
from wenyou.accounts.services.accounts import NewUser
from wenyou.accounts.services.roles import Grant
from wenyou.org.models import Unit, UnitLevel
from wenyou.org.services import open_unit
from wenyou.org.services.units import NewUnit

ADMIN = "admin"


@transaction.atomic
def first_administrator_link() -> str:
    """The path by which the first administrator comes in, once.

    In an empty house it makes the highest unit, to be renamed, and an account that may open
    units and accounts and grant roles; asked again it makes a new link for that account.
    """
    user = User.objects.filter(number=ADMIN).first()
    if user is None:
        user = create_user(NewUser(number=ADMIN, name="首位系统管理员"), by=None)
        today = timezone.localdate()
        root = Unit.objects.filter(parent=None).order_by("pk").first() or open_unit(
            NewUnit(
                code="000000", name="本行（请更名）", level=UnitLevel.HEAD_OFFICE, opened_on=today
            ),
            by=None,
        )
        for role in (RoleCode.SYSTEM_ADMIN, RoleCode.SECURITY_ADMIN):
            grant_role(user, Grant(role=role, unit=root, from_on=today, reason="首次启用"), by=None)
    return make_link(user, by=None)
