"""What became of an erasure, in words: only what was counted is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wenyou.privacy.persons import MOST_FOUND, cut_off
from wenyou.privacy.texts import Gone

Rows = Sequence[Mapping[str, Any]]
OF_CUSTOMERS = frozenset({"matter", "evidence"})


def outcome(found: Rows) -> str:
    """How much went, what nobody has ticked, and how much stays; why is told row by row."""
    gone = [row for row in found if row.get("erased")]
    said = _gone(gone) if gone else ["没有删除内容"]
    unticked = sum(bool(row["free"]) and not row.get("erased") for row in found)
    if unticked:
        said.append(f"{unticked} 项可以删除但没有勾选，没有改动")
    kept = sum(not row["free"] for row in found)
    said.append(
        f"其余 {kept} 项按保存期限或办理需要保留，逐项理由见“查到的内容”"
        if kept
        else "没有须保留的内容"
    )
    if cut_off(found):
        said.append(limit_said())
    return "".join(f"{one}。" for one in said)


def limit_said() -> str:
    """That there may be more than was looked for; without its full stop."""
    return f"查到的事项已到一次查找的上限 {MOST_FOUND} 件，可能还有没列出的，办结后请再登记申请"


def _gone(gone: Rows) -> list[str]:
    if any(row["kind"] not in OF_CUSTOMERS for row in gone):
        titles = "、".join(str(row["title"]) for row in gone)
        return [f"已删除：{titles}。姓名和员工号不在删除之列"]
    words = [row for row in gone if row["kind"] == "matter"]
    files = sum(row["kind"] == "evidence" for row in gone)
    counted = [Gone(**row["gone"]) for row in words if "gone" in row]
    parts = [
        (sum(one.names for one in counted), "隐去姓名 {} 处"),
        (sum(one.seals for one in counted), "删除含完整号码的加密原文 {} 份"),
        (sum(one.marks for one in counted), "删除查找标记 {} 个"),
    ]
    told = "，".join(text.format(count) for count, text in parts if count)
    said = []
    if words and len(counted) < len(words):
        said.append(f"已处理 {len(words)} 件事项，逐项结果见“查到的内容”")
    elif words:
        said.append(f"已处理 {len(words)} 件事项：{told or '没有可删的文字'}")
    if files:
        said.append(f"已删除材料 {files} 份")
    if any(not row.get("named", True) for row in words):
        said.append("没有提供姓名，文字中的姓名没有处理")
    if left := sum(one.left for one in counted):
        said.append(f"文字中另有姓名 {left} 处没有勾选，没有改动")
    return said
