"""The first of several dates that is there, the earlier and the later of two."""

from __future__ import annotations

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact
from tests.core.assess.play import book, checked, numbers, play, program
from wenyou_core.assess.facts import Fact
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names


def filing(id: str, starts: str = "", ends: str = "") -> Fact:
    given = {"starts": starts, "ends": ends}
    told = {name: day(text) for name, text in given.items() if text}
    return fact("filing", id, "2025-08-10", unit="U1", **told)


FACTS = (
    filing("both", "2025-08-12", "2025-08-20"),
    filing("started", "2025-08-12"),
    filing("ended", "", "2025-08-20"),
    filing("neither"),
)


@pytest.mark.parametrize(
    ("value", "days"),
    [
        ("days(happened, first(ends, starts))", {"both": 10, "started": 2, "ended": 10}),
        ("days(happened, max(ends, starts))", {"both": 10}),
        ("days(happened, min(ends, starts))", {"both": 2}),
        (
            "days(happened, first(ends, period.end))",
            {"both": 10, "started": 51, "ended": 10, "neither": 51},
        ),
        (
            "days(happened, max(first(starts, happened), happened + 1))",
            {"both": 2, "started": 2, "ended": 1, "neither": 1},
        ),
        (
            "month(first(starts, happened + 31))",
            {"both": 8, "started": 8, "ended": 9, "neither": 9},
        ),
    ],
)
def test_date_is_chosen_like_a_number_in_both_engines(
    bench: Bench, value: str, days: dict[str, int]
) -> None:
    body = f"""
rules:
  counted: {{title: 计, on: filing, whom: unit, amount: {{value: "{value}", ledger: points}}}}
"""
    result = play(body, *FACTS)
    assert numbers(result, "counted") == days
    assert bench.difference(program(body), book(FACTS), None) == ""


def test_sentence_speaks_of_earlier_and_later_dates() -> None:
    body = """
rules:
  late: {title: 迟, on: filing, where: "max(starts, happened) > first(ends, period.end)", whom: unit, amount: -1 分}
"""
    found = checked(body)
    said = sentence_of(Names(found.plan), found.scope.rules["late"])
    assert "较晚者（起、发生日期）晚于首个有值者（止、当期的末日）" in said


def test_sentence_knows_parameters_that_are_dates() -> None:
    body = """
params:
  a: {title: 甲日, type: date, value: 2025-01-01}
  b: {title: 乙日, type: date, value: 2025-03-01}
rules:
  late: {title: 迟, on: filing, where: "happened > max(param.a, param.b)", whom: unit, amount: -1 分}
"""
    found = checked(body)
    said = sentence_of(Names(found.plan), found.scope.rules["late"])
    assert "晚于较晚者（甲日（2025年1月1日）、乙日（2025年3月1日））的" in said


@pytest.mark.parametrize("value", ["first(starts, 3)", "max(happened, month(happened))"])
def test_dates_and_numbers_are_not_chosen_among(value: str) -> None:
    with pytest.raises(SchemeError, match="日期"):
        play(
            f"""
rules:
  counted: {{title: 计, on: filing, where: "exists {value}", whom: unit, amount: 1 分}}
"""
        )
