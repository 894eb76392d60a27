"""Which nodes the SQL compiler leaves to the reference, on the reduced rows, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wenyou_core.assess.program import MeasureType, Node
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.depends import Read
from wenyou_core.scheme.measures import (
    Across,
    EntryMeasure,
    Members,
    Roll,
    StepOf,
    Streak,
)
from wenyou_core.scheme.outcomes import Award, Grade
from wenyou_core.scheme.rules import PeriodRule
from wenyou_core.scheme.words import Stat

NEEDS_FRACTIONS = frozenset({Stat.MEAN, Stat.SUM, Stat.MEDIAN})
"""Of unrounded ratios: their exact sum has no denominator that is known beforehand."""


def left_to_reference(
    nodes: Mapping[str, Node],
    order: Iterable[str],
    reads: Mapping[str, tuple[Read, ...]],
    types: Mapping[str, MeasureType],
) -> dict[str, str]:
    """Names of nodes that the reference computes, with the reason in Chinese.

    ``order`` has every node after what it reads; what reads such a node follows it. Targets are
    not among them: they are told from measures wherever those were computed.
    """
    found: dict[str, str] = {}
    for name in order:
        if name not in nodes:
            continue
        reason = _reason(nodes[name], types)
        before = [read.name for read in reads.get(name, ()) if read.name in found]
        if not reason and before:
            title = nodes[before[0]].title or before[0]
            reason = f"所依据的「{title}」由参照引擎计算，这一项随后计算。"
        if reason:
            found[name] = reason
    return found


def sequential_nodes(
    nodes: Mapping[str, Node], types: Mapping[str, MeasureType] | None = None
) -> dict[str, str]:
    """The nodes that have such a reason of their own.

    A grade with quotas, or one that lets a subject climb a few steps only, hands places on from
    one subject to the next; a set-based query does not say that.
    """
    found = {name: _reason(node, types or {}) for name, node in nodes.items()}
    return {name: reason for name, reason in found.items() if reason}


def _reason(node: Node, types: Mapping[str, MeasureType]) -> str:
    match node:
        case Grade():
            return _of_grade(node)
        case StepOf():
            return "要等等级评定、压级之后，才知道各对象是第几级。"
        case Members():
            return "要逐个成员判断是否计入，再归到所属机构。"
        case Streak():
            return "要逐期往回数，到不满足的一期为止。"
        case Roll():
            return "要把各短期间的数逐期汇总。"
        case EntryMeasure():
            return _of_entries(node)
        case Across(across=name, how=how) if how in NEEDS_FRACTIONS:
            of_ratios = name in types and types[name].digits is None
            return "各比率的合计或平均要用分数准确计算。" if of_ratios else ""
        case PeriodRule():
            return _of_rule(node)
        case Award(split=True, round=None):
            return "奖金平分而没有写取整，要用分数准确计算。"
    return ""


def _of_grade(node: Grade) -> str:
    if any(step.share is not None for step in node.steps):
        return "等级有名额，超出名额的逐个顺延到下一级。"
    if node.kept:
        return "等级每期只能升几级，要从现有等级逐级推算。"
    return "等级要逐级比对，再按规则压级。"


def _of_entries(node: EntryMeasure) -> str:
    if node.opening:
        return "要从各对象的期初余额之日起逐个累计。"
    cyclic = node.window is not None and node.window.kind in ("cycle", "param")
    return "各对象的周期起止不同，要逐个累计。" if cyclic else ""


def _of_rule(node: PeriodRule) -> str:
    if isinstance(node.amount, FromRange):
        return "金额由人在范围内逐个确定。"
    capping = any(effect.cap is not None for effect in node.effects)
    return "规则要压低等级，与等级一并推算。" if capping else ""
