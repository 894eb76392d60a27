"""Read a setting, and judge a value before it is stored.

Writing needs the audit log and a person's role, which stand above this slice: see
``accounts.services.change_setting``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from wenyou.environment import text as from_environment
from wenyou.knobs.models import Setting
from wenyou.knobs.table import Knob, KnobKind, known_knobs
from wenyou.vault.house import open_field, seal_field
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User

# Called inside the transaction in which a setting has changed, with who changed it.
Listener = Callable[["User | None"], None]

LONGEST_TEXT, LONGEST_SEALED = 500, 3000
SECRETS = "setting"
_listeners: list[tuple[frozenset[str], Listener]] = []
# What has been set, once read; nothing outside a block of ``kept``.
_kept: ContextVar[list[dict[str, Any]] | None] = ContextVar("wenyou_settings", default=None)


@contextmanager
def kept() -> Iterator[None]:
    """Within this block all settings are read at most once: a page that only shows is of one
    moment, and asks for several of them.
    """
    token = _kept.set([])
    try:
        yield
    finally:
        _kept.reset(token)


def after_change(*names: str) -> Callable[[Listener], Listener]:
    """Register what happens when one of these settings has changed."""

    def register(listener: Listener) -> Listener:
        _listeners.append((frozenset(names), listener))
        return listener

    return register


def tell_change(name: str, by: User | None) -> None:
    """Tell every listener of a setting."""
    for names, listener in _listeners:
        if name in names:
            listener(by)


def knob_of(name: str) -> Knob:
    """A setting by name. Raises InputRefused for one that does not exist."""
    knob = known_knobs().get(name)
    if knob is None:
        raise InputRefused("setting-unknown", "没有这一项参数，请从参数列表进入。", name=name)
    return knob


def setting(name: str) -> Any:
    """The value in force: what was set, else the default; what no longer fits is the default."""
    knob = knob_of(name)
    row = _stored_value(name)
    if row is None:
        return knob.default
    try:
        return judged(knob, row)
    except InputRefused:
        return knob.default


def settings_now() -> dict[str, Any]:
    """All settings with the values in force, in one query."""
    stored = _stored()
    found: dict[str, Any] = {}
    for name, knob in known_knobs().items():
        try:
            found[name] = judged(knob, stored[name]) if name in stored else knob.default
        except InputRefused:
            found[name] = knob.default
    return found


def _stored_value(name: str) -> Any:
    if _kept.get() is not None:
        return _stored().get(name)
    return Setting.objects.filter(name=name).values_list("value", flat=True).first()


def _stored() -> dict[str, Any]:
    """What has been set, by name."""
    kept_now = _kept.get()
    if kept_now:
        return kept_now[0]
    stored = dict(Setting.objects.order_by().values_list("name", "value"))
    if kept_now is not None:
        kept_now.append(stored)
    return stored


def sealed_secret(knob: Knob, plain: str) -> str:
    """A secret as it is stored: sealed, bound to the name of its setting."""
    return seal_field(plain, model=SECRETS, field="value", pk=knob.name)


def secret(name: str) -> str:
    """A secret itself: what the environment says, else what was set; empty when neither.

    Raises SealBroken, KeyMissing, and InputRefused for a file that cannot be read.
    """
    knob = knob_of(name)
    given = from_environment(knob.environ) if knob.environ else ""
    return given or open_field(str(setting(name)), model=SECRETS, field="value", pk=name)


def judged(knob: Knob, value: object) -> object:
    """The value as it is stored. Raises InputRefused with what would be right."""
    match knob.kind:
        case KnobKind.INT:
            return _whole(knob, value)
        case KnobKind.BOOL:
            if isinstance(value, bool):
                return value
            raise _refused(knob, "应为是或否")
        case KnobKind.CHOICE:
            if value in dict(knob.choices):
                return value
            raise _refused(knob, f"应为{'、'.join(title for _, title in knob.choices)}之一")
        case KnobKind.WEEKDAYS:
            return _weekdays(knob, value)
        case KnobKind.SEVERAL:
            return _several(knob, value)
        case KnobKind.TEXT | KnobKind.SEALED:
            # A sealed text is longer than what was typed; the form bounds that.
            longest = LONGEST_SEALED if knob.kind is KnobKind.SEALED else LONGEST_TEXT
            if isinstance(value, str) and len(value) <= longest:
                _check(knob, value)
                return value.strip()
            raise _refused(knob, f"应为不超过 {LONGEST_TEXT} 字的文字")


def _check(knob: Knob, value: str) -> None:
    if knob.check is None:
        return
    try:
        knob.check(value)
    except InputRefused as error:
        text = f"“{knob.title}”没有保存：{error}"
        raise InputRefused("setting-value", text, name=knob.name) from None


def _several(knob: Knob, value: object) -> list[str]:
    known = dict(knob.choices)
    if not isinstance(value, (list, tuple)) or any(one not in known for one in value):
        raise _refused(knob, "只能从列出的各项里选")
    return [key for key in known if key in value]


def _whole(knob: Knob, value: object) -> int:
    text = str(value).strip()
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise _refused(knob, "应为整数")
    number = int(text)
    if not knob.low <= number <= knob.high:
        raise _refused(knob, f"应在 {knob.low} 到 {knob.high} 之间")
    return number


def _weekdays(knob: Knob, value: object) -> list[int]:
    parts = value if isinstance(value, list | tuple) else []
    days = sorted({int(one) for one in parts if str(one) in "1234567" and str(one)})
    if len(days) != len(parts) or len(days) == 7:
        raise _refused(knob, "应为 1 至 7 的数字，且不能七天都休息")
    return days


def _refused(knob: Knob, right: str) -> InputRefused:
    return InputRefused(
        "setting-value", f"“{knob.title}”{right}，没有保存。请改正后再试。", name=knob.name
    )
