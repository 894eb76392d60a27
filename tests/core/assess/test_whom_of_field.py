"""Whom a field of the fact names: a unit or a person, alone, with others, in a joint entry."""

from __future__ import annotations

from tests.core.assess.make import fact
from tests.core.assess.play import play

NAMED = """
rules:
  shared: {title: 责任与权限单位, on: owned, whom: [unit, field owner, field handler], amount: -2 分, joint: [{whom: field owner, percent: 50%}]}
"""


def test_fact_hits_the_unit_and_the_person_that_its_fields_name_each_once() -> None:
    facts = [
        fact("owned", "o1", "2025-08-01", unit="U1", owner="U2", handler="P9"),
        fact("owned", "o2", "2025-08-02", unit="U1", owner="U1"),
    ]
    result = play(NAMED, *facts)
    direct = [one for one in result.entries if one.kind.value == "event"]
    assert sorted((one.fact, one.subject.kind.value, one.subject.id) for one in direct) == [
        ("o1", "person", "P9"),
        ("o1", "unit", "U1"),
        ("o1", "unit", "U2"),
        ("o2", "unit", "U1"),
    ]
    shared = [one.subject.id for one in result.entries if one.kind.value == "joint"]
    assert sorted(shared) == ["U1", "U2", "U2", "U2"]
