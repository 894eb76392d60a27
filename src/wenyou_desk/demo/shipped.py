"""The plans that the demo banks work by, each loaded once."""

from __future__ import annotations

from functools import cache

from wenyou_core.scheme.model import Plan
from wenyou_desk.plans import open_plan


@cache
def shipped_plan(name: str) -> Plan:
    """The plan of that name, as it is shipped."""
    return open_plan(name).plan
