"""Whether the plans behind a result went through their procedure: asked before it is paid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from wenyou.schemes.queries import in_force_on, loaded

if TYPE_CHECKING:
    from wenyou.matters.guards import Case
    from wenyou.schemes.models import Adoption

STEPS = {
    "consulted_on": "征求意见",
    "published_on": "公示",
    "acknowledged_on": "告知签收",
}


def adoption_recorded(case: Case) -> str:
    """Empty where every plan the unit worked by on the day of the result has its whole record.

    Without it money is only computed (劳动合同法 art. 4); a leader may still pay by decision.
    """
    unit = case.matter.unit
    day = timezone.localdate(case.matter.opened_at)
    adoptions = list(in_force_on(unit, day).select_related("source"))
    if not adoptions:
        return (
            f"{day:%Y-%m-%d}「{unit.name}」没有施行中的方案，不能登记兑现。"
            "请先在“方案”里采用，或由领导小组办理“特批兑现”。"
        )
    found = [text for one in adoptions if (text := _lacking(one))]
    return "；".join(found) + "。请在采用页补记通过程序后再兑现。" if found else ""


def _lacking(adoption: Adoption) -> str:
    record = loaded(adoption)[1].adoption.record
    if record.complete:
        return ""
    steps = [title for name, title in STEPS.items() if getattr(record, name) is None]
    return f"「{adoption.title}」的通过程序还缺{'、'.join(steps)}的日期"
