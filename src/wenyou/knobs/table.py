"""What may be set for the house, with its default, its bounds and who may set it.

Rules of a plan are data of the plan; here stands only what concerns the platform itself. A slice
above registers its own settings when it is imported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.hours import parse_segments

SYSTEM, SECURITY, OFFICE = "system_admin", "security_admin", "service_office"


class KnobKind(StrEnum):
    """What kind of value a setting has."""

    INT = "int"
    BOOL = "bool"
    TEXT = "text"
    CHOICE = "choice"
    WEEKDAYS = "weekdays"  # list of 1 (Monday) to 7
    SEVERAL = "several"  # list of some of the choices
    SEALED = "sealed"  # a secret that is shown to nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Knob:
    """One setting. ``who`` may set it; ``unit`` stands behind a number on the page.

    ``lines`` allows a text of several lines. A secret may come from the environment instead, by
    the variable ``environ`` or the file that ``<environ>_FILE`` names; that wins. ``check`` refuses
    a text that nobody can work with.
    """

    name: str
    group: str
    title: str
    kind: KnobKind
    default: object
    who: str = SYSTEM
    low: int = 0
    high: int = 1_000_000
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""
    lines: bool = False
    environ: str = ""
    check: Callable[[str], object] | None = None


_KNOBS: dict[str, Knob] = {}


def register_knobs(*knobs: Knob) -> None:
    """Make settings known; a name may be registered twice only for the same setting."""
    for knob in knobs:
        if _KNOBS.setdefault(knob.name, knob) != knob:
            raise ValueError(f"setting {knob.name} is registered twice")


def known_knobs() -> Mapping[str, Knob]:
    """All settings by name."""
    return dict(_KNOBS)


def some_hours(text: str) -> None:
    """Refuse hours that cannot be read, and none at all: nothing would ever be due."""
    if not parse_segments(text):
        raise InputRefused(
            "setting-no-hours", "工作时间不能空着，请写成 09:00-12:00 13:30-17:00 这样。"
        )


PASSWORD, SESSION, WORK = "密码", "登录", "工作时间"

register_knobs(
    Knob(
        name="password.min_length",
        group=PASSWORD,
        title="密码最短长度",
        kind=KnobKind.INT,
        default=8,
        low=8,
        high=64,
        unit="个字符",
        who=SECURITY,
        help="等保三级一般要求不少于 8 个字符。",
    ),
    Knob(
        name="password.classes",
        group=PASSWORD,
        title="密码须包含的字符种类",
        kind=KnobKind.INT,
        default=3,
        low=1,
        high=4,
        unit="种",
        who=SECURITY,
        help="大写字母、小写字母、数字、其他符号，共四种。",
    ),
    Knob(
        name="password.history",
        group=PASSWORD,
        title="不得与最近用过的密码相同",
        kind=KnobKind.INT,
        default=5,
        high=24,
        unit="个",
        who=SECURITY,
        help="填 0 表示不检查。",
    ),
    Knob(
        name="password.max_age_days",
        group=PASSWORD,
        title="密码有效期",
        kind=KnobKind.INT,
        default=90,
        high=3650,
        unit="天",
        who=SECURITY,
        help="到期后登录时须先改密码。填 0 表示长期有效。",
    ),
    Knob(
        name="lockout.failures",
        group=SESSION,
        title="连续输错密码多少次后锁定",
        kind=KnobKind.INT,
        default=5,
        low=3,
        high=20,
        unit="次",
        who=SECURITY,
        help="同一登录号在同一地址连续输错时锁定。",
    ),
    Knob(
        name="lockout.minutes",
        group=SESSION,
        title="锁定多久",
        kind=KnobKind.INT,
        default=30,
        low=1,
        high=1440,
        unit="分钟",
        who=SECURITY,
        help="安全管理员可以提前解除。",
    ),
    Knob(
        name="session.idle_minutes",
        group=SESSION,
        title="多久不操作自动退出",
        kind=KnobKind.INT,
        default=30,
        low=5,
        high=720,
        unit="分钟",
        who=SECURITY,
    ),
    Knob(
        name="link.hours",
        group=SESSION,
        title="一次性链接的有效时间",
        kind=KnobKind.INT,
        default=24,
        low=1,
        high=168,
        unit="小时",
        who=SECURITY,
    ),
    Knob(
        name="vault.cipher",
        group=SESSION,
        title="个人信息的加密算法",
        kind=KnobKind.CHOICE,
        default="aes",
        choices=(("aes", "AES-256-GCM"), ("sm4", "SM4-GCM（国密）")),
        who=SECURITY,
        help="只影响以后写入的内容，已加密的仍按原算法读出。",
    ),
    Knob(
        name="hours.standard",
        group=WORK,
        title="标准工作时间",
        kind=KnobKind.TEXT,
        default="09:00-12:00 13:30-17:00",
        who=SYSTEM,
        help="没有登记营业时间的机构，周一至周五和调休上班日按此计算。修改后，未办结事项的到期时间重新计算。",
        check=some_hours,
    ),
    Knob(
        name="calendar.rest_weekdays",
        group=WORK,
        title="每周休息日",
        kind=KnobKind.WEEKDAYS,
        default=[6, 7],
        who=SYSTEM,
        help="1 为周一，7 为周日。修改后，未办结事项的到期时间重新计算。",
    ),
)
