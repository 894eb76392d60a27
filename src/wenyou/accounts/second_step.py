"""Who has the second step of signing in, who must have it, and how long half a sign-in lasts.

Between password and code there is no session: a signed pass in the form says whose password
was right, from where, and when.
"""

from __future__ import annotations

from django.core import signing
from django.http import HttpRequest

from wenyou.accounts.locks import address_of
from wenyou.accounts.models import RecoveryCode, RoleCode, SecondStep, User
from wenyou.accounts.scope import scope
from wenyou.knobs.services import setting
from wenyou.knobs.table import SECURITY, Knob, KnobKind, register_knobs
from wenyou_core.errors import InputRefused

GROUP = "动态验证码"
SALT = "wenyou.second-step"
DUE = "second_step_due"
LATE = "输入密码已过了较长时间，为安全起见请重新登录。"
register_knobs(
    Knob(
        name="second_step.roles", group=GROUP, title="必须使用动态验证码的角色",
        kind=KnobKind.SEVERAL, default=[], choices=tuple(RoleCode.choices), who=SECURITY,
        help="等保三级要求登录用两种以上方式鉴别，至少应选三类管理员。"
             "没有启用的人登录后先要启用；其他角色由本人自愿启用。",
    ),
    Knob(
        name="second_step.drift", group=GROUP, title="手机时间允许相差", kind=KnobKind.INT,
        default=1, high=3, unit="步（每步 30 秒）", who=SECURITY,
    ),
    Knob(
        name="second_step.minutes", group=GROUP, title="输对密码后多久内要输入验证码",
        kind=KnobKind.INT, default=5, low=1, high=30, unit="分钟", who=SECURITY,
    ),
    Knob(
        name="second_step.recovery_codes", group=GROUP, title="一次给多少个恢复码",
        kind=KnobKind.INT, default=10, low=5, high=20, unit="个", who=SECURITY,
    ),
)  # fmt: skip


def in_force(user: User) -> bool:
    """Whether signing in asks this person for a code."""
    return SecondStep.objects.filter(user=user, confirmed_at__isnull=False).exists()


def required_of(user: User) -> bool:
    """Whether one of the person's roles of today requires it."""
    return bool(scope(user).roles & frozenset(setting("second_step.roles")))


def codes_left(user: User) -> int:
    """How many recovery codes are unused."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def begun(user: User) -> SecondStep | None:
    """The secret that waits for its first code."""
    return SecondStep.objects.filter(user=user, confirmed_at=None).exclude(sealed="").first()


def note_due(request: HttpRequest, user: User) -> None:
    """Note in the session whether the person has to set it up before anything else."""
    due = required_of(user) and not in_force(user)
    if due != bool(request.session.get(DUE)):
        request.session[DUE] = due


def pass_for(user: User, request: HttpRequest) -> str:
    """Says that the password was right; good for this address and until the password changes."""
    said = {"user": user.pk, "hash": user.get_session_auth_hash(), "at": address_of(request)}
    return signing.dumps(said, salt=SALT)


def user_of_pass(text: str, request: HttpRequest) -> User:
    """Whose password was right. Raises InputRefused for a late, foreign or changed pass."""
    seconds = int(setting("second_step.minutes")) * 60
    try:
        said = signing.loads(text, salt=SALT, max_age=seconds)
    except signing.BadSignature:
        raise InputRefused("pass-late", LATE) from None
    user = User.objects.filter(pk=said["user"], is_active=True).first()
    if user is None or said["at"] != address_of(request):
        raise InputRefused("pass-late", LATE)
    if said["hash"] != user.get_session_auth_hash():
        raise InputRefused("pass-late", LATE)
    return user
