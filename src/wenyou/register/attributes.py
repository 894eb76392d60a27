"""What a plan asks of units and people (机构类型, 网点类别, 人员类别), said from the organization."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from wenyou_core.assess.facts import Cell
from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.words import ValueType

TABLE = Path(__file__).with_name("attributes.yaml")
AWAY = "长期休假"  # a post of nobody's work: what the person was before still counts


@lru_cache(maxsize=1)
def table() -> dict[str, Any]:
    """The table of words."""
    loaded: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return loaded


class Attributes:
    """The attributes of one plan; equal units and equal posts are asked once."""

    def __init__(self, plan: Plan) -> None:
        self._units = _choices(plan.unit_fields, plan)
        self._persons = _choices(plan.person_fields, plan)
        self._of_units: dict[tuple[str, str, str], Mapping[str, Cell]] = {}
        self._of_posts: dict[tuple[str, bool], Mapping[str, Cell]] = {}

    def unit(self, kind: str, level: str, area: str) -> Mapping[str, Cell]:
        """The attributes of a unit of this kind, level and area."""
        key = (kind, level, area)
        if key not in self._of_units:
            rows = table()["units"]
            words = [*rows["kind"].get(kind, ()), *rows["level"].get(level, ())]
            words += rows["area"].get(area, ())
            self._of_units[key] = _said(self._units, words)
        return self._of_units[key]

    def post(self, post: str, head: bool) -> Mapping[str, Cell]:
        """The attributes of somebody who holds a post."""
        key = (post, head)
        if key not in self._of_posts:
            rows = table()["persons"]
            rest = rows["head"] if head else rows["other"]
            words = [post, *(rows["post"].get(post) or rest)]
            self._of_posts[key] = _said(self._persons, words)
        return self._of_posts[key]


def _choices(fields: Mapping[str, FieldDef], plan: Plan) -> dict[str, Sequence[str]]:
    return {
        name: plan.lists.get(one.choices, ())
        for name, one in fields.items()
        if one.type is ValueType.CHOICE
    }


def _said(fields: Mapping[str, Sequence[str]], words: Sequence[str]) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for name, choices in fields.items():
        word = next((one for one in words if one in choices), None)
        if word is not None:
            found[name] = word
    return found
