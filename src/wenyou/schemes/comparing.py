"""Two adoptions side by side: what differs, in the plan's own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wenyou.schemes.queries import loaded
from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.compare import compare

if TYPE_CHECKING:
    from wenyou.schemes.models import Adoption
    from wenyou_core.scheme.model import Plan

_RECORD = {
    "consulted_on": "征求意见日期",
    "published_on": "公布日期",
    "acknowledged_on": "告知签收日期",
    "documents": "文件",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: where, what, before and after, and what it touches."""

    article: str
    what: str
    old: str
    new: str
    touches: str = ""


def differences(old: Adoption, new: Adoption) -> list[Difference]:
    """Everything that differs between two adoptions, the head first."""
    found = [
        Difference("", what, str(before or "—"), str(after or "—"))
        for what, before, after in (
            ("采用单位", "、".join(old.values["units"]), "、".join(new.values["units"])),
            ("施行日期", old.from_on, new.from_on),
            ("终止日期", old.until_on, new.until_on),
            *((title, _told(old, key), _told(new, key)) for key, title in _RECORD.items()),
        )
        if before != after
    ]
    (old_plan, old_file), (new_plan, new_file) = loaded(old), loaded(new)
    first = adopt(old_plan.checked, old_file.adoption)
    second = adopt(new_plan.checked, new_file.adoption)
    if old_plan.plan.version != new_plan.plan.version:
        found.append(Difference("", "方案版本", old_plan.plan.version, new_plan.plan.version))
    return found + changes(first, second)


def changes(old: Plan, new: Plan) -> list[Difference]:
    """What differs between two versions of a plan, article by article."""
    found = []
    for change in compare(old, new):
        touches = "、".join(f"「{title}」" for title in change.touches)
        what = f"{change.kind.value}{change.what}"
        found.append(Difference(change.article, what, change.old, change.new, touches))
    return found


def _told(adoption: Adoption, key: str) -> str:
    said = adoption.record.get(key, "")
    return "、".join(said) if isinstance(said, list) else str(said)
