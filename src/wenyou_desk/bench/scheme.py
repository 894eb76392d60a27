"""The bench plan, checked."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wenyou_core.scheme.check import Checked, check
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Plan


@cache
def checked() -> Checked:
    """The plan of ``scheme.yaml`` beside this file."""
    text = files("wenyou_desk.bench").joinpath("scheme.yaml").read_text("utf-8")
    return check(load_plan(text, "scheme.yaml"))


def plan() -> Plan:
    """The plan as written."""
    return checked().plan
