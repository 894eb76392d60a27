"""What the lint finds wrong with a plan as it was adopted, told where it is computed.

A shipped plan has no errors; what an adoption fills in may turn a fine into a bonus, and nobody
looks at the lint again afterwards.
"""

from __future__ import annotations

from wenyou_core.scheme.lint import Severity, lint
from wenyou_desk.plans import AdoptionFile, PlanFile

_LISTED = 5
_TURNED = "mixed-signs"
"""What a slip of one cell looks like to the lint; of a table that the plan fills it is a hint."""


def doubt_lines(plan: PlanFile, adoption: AdoptionFile | None, lead: str) -> list[str]:
    """Errors of the plan with its adoption, tables that the adoption fills with two signs, and
    where all are told (``lead``); none, no line."""
    found = lint(plan.checked, None if adoption is None else adoption.adoption)
    errors = [one for one in found if one.severity is Severity.ERROR]
    what = "方案" if adoption is None else "方案按采用文件填写后"
    lines = []
    if errors:
        lines.append(f"  {what}有 {len(errors)} 处错误，请先改正，不要使用这次的结果：")
        lines += [f"    {one.place}：{one.text}" for one in errors[:_LISTED]]
    tables = plan.checked.scope.tables
    filled = [] if adoption is None else [tables[name].place for name in adoption.adoption.tables]
    turned = [one for one in found if one.code == _TURNED and one.place in filled]
    if turned:
        lines.append("  采用文件填写的表里有正有负，请核对后再使用这次的结果：")
        lines += [f"    {one.text}" for one in turned[:_LISTED]]
    return [*lines, f"    用 {lead} 查看全部。"] if lines else []
