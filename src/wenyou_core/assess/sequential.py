"""Which nodes the SQL compiler leaves to the reference, on the reduced rows."""

from __future__ import annotations

from collections.abc import Mapping

from wenyou_core.assess.program import Node
from wenyou_core.scheme.outcomes import Grade


def sequential_nodes(nodes: Mapping[str, Node]) -> dict[str, str]:
    """Names of nodes whose subjects must be taken one after another, with the reason in Chinese.

    A grade with quotas, or one that lets a subject climb a few steps only, hands places on from
    one subject to the next; a set-based query does not say that.
    """
    found: dict[str, str] = {}
    for name, node in nodes.items():
        if isinstance(node, Grade):
            if any(step.share is not None for step in node.steps):
                found[name] = "等级有名额,超出名额的逐个顺延到下一级。"
            elif node.kept:
                found[name] = "等级每期只能升几级,要从现有等级逐级推算。"
    return found
