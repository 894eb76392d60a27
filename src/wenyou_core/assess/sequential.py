"""Which nodes the SQL compiler leaves to the reference, on the reduced rows."""

from __future__ import annotations

from collections.abc import Mapping

from wenyou_core.assess.program import Node
from wenyou_core.scheme.measures import Members, StepOf
from wenyou_core.scheme.outcomes import Grade
from wenyou_core.scheme.words import Stat


def sequential_nodes(nodes: Mapping[str, Node]) -> dict[str, str]:
    """Names of nodes whose subjects must be taken one after another, with the reason in Chinese.

    A grade with quotas, or one that lets a subject climb a few steps only, hands places on from
    one subject to the next; a set-based query does not say that. What reads the step somebody
    stands on, or weighs members one by one, is taken with it.
    """
    found: dict[str, str] = {}
    for name, node in nodes.items():
        if isinstance(node, Grade):
            if any(step.share is not None for step in node.steps):
                found[name] = "等级有名额，超出名额的逐个顺延到下一级。"
            elif node.kept:
                found[name] = "等级每期只能升几级，要从现有等级逐级推算。"
        elif isinstance(node, StepOf):
            found[name] = "要等等级评定、压级之后，才知道各对象是第几级。"
        elif isinstance(node, Members) and node.how is Stat.SHARE:
            found[name] = "要逐个成员判断是否达到，再归到所属机构。"
    return found
