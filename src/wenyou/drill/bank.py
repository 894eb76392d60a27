"""The small bank of the drill: a branch, its outlets, and a program's key for every user."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.services.roles import Grant, grant_role
from wenyou.api.tokens import NewToken, answer_token, issue_token
from wenyou.org.models import Unit, UnitLevel
from wenyou.org.services.units import NewUnit, open_unit
from wenyou.tables import bring_to_today

SINCE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who works during the drill: his key, and the unit he works for."""

    token: str
    unit: str


def fill(users: int) -> list[Actor]:
    """Make the bank in the empty database at hand."""
    bring_to_today()
    today = timezone.localdate()
    with transaction.atomic():
        opened = today - SINCE
        top = open_unit(
            NewUnit(code="D0", name="演练分行", level=UnitLevel.BRANCH, opened_on=opened), by=None
        )
        keeper = _user("D-ADMIN", RoleCode.SYSTEM_ADMIN, top)
        return [_actor(number, top, keeper) for number in range(users)]


def _actor(number: int, top: Unit, keeper: User) -> Actor:
    today = timezone.localdate()
    unit = open_unit(
        NewUnit(
            code=f"D{number:03}", name=f"演练{number}号网点", parent=top, opened_on=today - SINCE
        ),
        by=None,
    )
    user = _user(f"D-{number:03}", RoleCode.OUTLET_HEAD, unit)
    new = NewToken(title="演练", scopes=("read", "matters"), days=1)
    token, text = issue_token(user, new, by=keeper)
    answer_token(token, agreed=True, by=user)
    return Actor(text, unit.code)


def _user(number: str, role: str, unit: Unit) -> User:
    user = User(number=number, name=f"演练{number}")
    user.set_unusable_password()
    user.save()
    grant_role(user, Grant(role=role, unit=unit, from_on=unit.opened_on, reason="演练"), by=None)
    return user
