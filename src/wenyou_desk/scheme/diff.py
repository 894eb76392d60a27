"""``./wenyou scheme diff``: two versions of a plan, or a plan and what an adoption makes of it."""

from __future__ import annotations

import argparse
from collections import Counter

from wenyou_core.errors import InputRefused
from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.compare import ChangeKind, PlanChange, compare
from wenyou_core.scheme.model import Plan
from wenyou_desk.plans import open_plan
from wenyou_desk.scheme.opened import OK, adoption_for


def run(args: argparse.Namespace) -> int:
    """Tell every difference; the last line counts."""
    old, new = _plans(args)
    changes = compare(old, new)
    print(f"旧：{old.title}（{old.id} {old.version}）")
    print(f"新：{new.title}（{new.id} {new.version}）{'，采用后' if args.adoption else ''}")
    for change in changes:
        print("\n".join(told(change)))
    counted = Counter(change.kind for change in changes)
    parts = "，".join(f"{kind.value} {counted[kind]} 处" for kind in ChangeKind)
    print(f"共 {len(changes)} 处不同：{parts}。")
    return OK


def _plans(args: argparse.Namespace) -> tuple[Plan, Plan]:
    first = open_plan(args.old)
    if args.adoption is not None:
        second = open_plan(args.new) if args.new else first
        adoption = adoption_for(args.adoption, second)
        before = adopt(first.checked, None) if second is first else first.plan
        return before, adopt(second.checked, adoption)
    if not args.new:
        text = "比较要有两份方案。请再写一份，或用 --adoption 指明采用文件。"
        raise InputRefused("one_plan", text)
    return first.plan, open_plan(args.new).plan


def told(change: PlanChange) -> list[str]:
    """The lines of one difference."""
    where = f"条款{change.article} " if change.article else ""
    lines = [f"{where}{change.kind.value}{change.what}"]
    if change.old:
        lines.append(f"  旧：{change.old}")
    if change.new:
        lines.append(f"  新：{change.new}")
    if change.touches:
        titles = "、".join(f"「{title}」" for title in change.touches)
        lines.append(f"  用到它的：{titles}")
    return lines
