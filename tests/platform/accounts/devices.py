"""A person's device for codes, and what the tests of the second step share."""

from __future__ import annotations

from django.utils import timezone
from django_otp.oath import TOTP

from tests.platform.factories import PASSWORD
from wenyou.accounts import services
from wenyou.accounts.codes import secret_of
from wenyou.accounts.models import SecondStep, User
from wenyou.knobs.models import Setting


def code_of(user: User, ahead: int = 0) -> str:
    """What the person's device shows now, or so many steps ahead."""
    totp = TOTP(secret_of(SecondStep.objects.get(user=user)), drift=ahead)
    return f"{totp.token():06d}"


def enroll(user: User) -> list[str]:
    """Set it up; the code of the present step is used by that."""
    services.begin_second_step(user, password=PASSWORD)
    return services.confirm_second_step(user, code=code_of(user))


def wrong_for(user: User) -> str:
    """A code that is none of those near now."""
    near = {code_of(user, step) for step in range(-3, 4)}
    return next(text for text in ("000000", "111111", "222222", "3" * 6) if text not in near)


def require_of(*roles: str) -> None:
    Setting.objects.create(name="second_step.roles", value=[*roles], set_at=timezone.now())


def rewind(user: User) -> None:
    """As if the last accepted code were long ago."""
    SecondStep.objects.filter(user=user).update(last_step=-1)
