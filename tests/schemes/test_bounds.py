"""Numbers that people type have bounds, so that a slip of the sign is refused and not computed."""

from __future__ import annotations

import pytest

from tests.schemes.shipped import checked, plan_names
from wenyou_core.scheme.words import ValueType

NUMBERS = (ValueType.INT, ValueType.DECIMAL, ValueType.MONEY)
BOTH_SIGNS = {("rural_coop", "arrival", "minutes_before")}  # who comes late is below zero


@pytest.mark.parametrize("name", plan_names())
def test_every_number_of_a_fact_has_a_least_unless_it_has_both_signs(name: str) -> None:
    unbounded = {
        (name, kind, field)
        for kind, one in checked(name).plan.facts.items()
        for field, defined in one.fields.items()
        if defined.type in NUMBERS and not defined.least
    }

    assert unbounded == {one for one in BOTH_SIGNS if one[0] == name}
