"""What is still open in an adoption, told in the words of its form and not of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenyou_core.errors import Fault, SchemeError, WenyouError

if TYPE_CHECKING:
    from wenyou_desk.plans import PlanFile

CODE, WHERE = "unset", "请打开这份采用方案，在“修改草稿”里填写以后再办"


def told(error: SchemeError, file: PlanFile) -> WenyouError:
    """The same error for people: which questions of the form have to be answered first; unchanged
    where something else is wrong.
    """
    if any(one.code != CODE for one in error.faults):
        return error
    lines = dict.fromkeys(_what(one, file) for one in error.faults)
    head = f"还有 {len(lines)} 项要由采用单位确定，没有填就不能计算。{WHERE}："
    return WenyouError("open-values", "\n".join((head, *lines)))


def _what(fault: Fault, file: PlanFile) -> str:
    scope, text = file.checked.scope, fault.text
    article = f"（条款{fault.place.article}）" if fault.place.article else ""
    for param in scope.params.values():
        if text.endswith(f"填写“{param.name}”。"):
            return f"{param.title}{article}：{param.question or '请填写。'}"
    for table in scope.tables.values():
        if text.endswith(f"“{table.name}”中填写。"):
            cells = text.partition("的“")[2].partition("”没有数额")[0]
            return f"{table.title}{article}：{cells}。"
    for name, role in file.plan.roles.items():
        if f"（{name}）没有写由哪些岗位担任" in text:
            return f"{role.title}{article}：由哪些岗位担任？"
    return text
