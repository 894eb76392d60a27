"""What a password must be, by the house's settings; and what it must not be again."""

from __future__ import annotations

import unicodedata

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils import timezone

from wenyou.accounts.models import PasswordUsed, User
from wenyou.knobs.services import setting, settings_now
from wenyou_core.errors import Fault, FaultsError, Place

LONGEST = 128
_CLASSES = (str.isupper, str.islower, str.isdecimal)
_COMMON = CommonPasswordValidator()


class PasswordRefused(FaultsError):
    """A new password breaks one or more rules; each is one sentence."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("password", (Fault(Place(), "password", text) for text in sentences))


def rules_said() -> list[str]:
    """The rules in force as sentences, for the help beside the field."""
    rules = settings_now()
    said = [
        f"至少 {rules['password.min_length']} 个字符，"
        f"含大写字母、小写字母、数字、其他符号中的 {rules['password.classes']} 种。",
        "不能包含登录号，不能是常见密码。",
    ]
    if rules["password.history"]:
        said.append(f"不能与最近用过的 {rules['password.history']} 个密码相同。")
    return said


def refuse_weak(password: str, user: User) -> None:
    """Raise PasswordRefused with every rule the password breaks."""
    rules = settings_now()
    found = []
    least, classes = int(rules["password.min_length"]), int(rules["password.classes"])
    if len(password) < least:
        found.append(f"密码至少要 {least} 个字符，现在是 {len(password)} 个。")
    if len(password) > LONGEST:
        found.append(f"密码最长 {LONGEST} 个字符，请改短。")
    if classes_of(password) < classes:
        found.append(f"密码须含大写字母、小写字母、数字、其他符号中的 {classes} 种，请补足。")
    if any(unicodedata.category(sign) == "Cc" for sign in password):
        found.append("密码里有看不见的控制字符，请手工输入，不要粘贴。")
    if user.number and user.number.lower() in password.lower():
        found.append("密码不能包含登录号，请另换一个。")
    if password.lower().strip() in _COMMON.passwords:
        found.append("这是常见密码，容易被猜中，请另换一个。")
    if not found and used_lately(password, user, int(rules["password.history"])):
        found.append(f"不能与最近用过的 {rules['password.history']} 个密码相同，请另换一个。")
    if found:
        raise PasswordRefused(found)


def classes_of(password: str) -> int:
    """How many of capital, small, digit, other occur."""
    kinds = {
        next((number for number, test in enumerate(_CLASSES) if test(sign)), len(_CLASSES))
        for sign in password
    }
    return len(kinds)


def used_lately(password: str, user: User, last: int) -> bool:
    """Whether the password is the present one or one of the last few."""
    if not last or user.pk is None:
        return False
    rows = PasswordUsed.objects.filter(user=user).values_list("encoded", flat=True)[:last]
    kept = {user.password, *rows} if user.has_usable_password() else set(rows)
    return any(check_password(password, encoded) for encoded in kept)


def too_old(user: User) -> bool:
    """Whether the password's time is over."""
    days = int(setting("password.max_age_days"))
    if not days or user.password_at is None:
        return False
    return (timezone.now() - user.password_at).days >= days
