"""Which period is computed, and as known when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.desk.bank import jsb
from wenyou_core.assess.facts import Coverage, Fact, FactBook
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.words import PeriodKind
from wenyou_desk.runs.choose import moment_said, period_covered


def covered(*days: tuple[str, str, str]) -> FactBook:
    return FactBook(
        coverage=tuple(
            Coverage(kind=kind, since=date.fromisoformat(since), till=date.fromisoformat(till))
            for kind, since, till in days
        )
    )


@pytest.mark.parametrize(
    ("book", "period"),
    [
        (covered(("complaint", "2025-01-01", "2025-09-30")), "2025Q3"),
        (covered(("complaint", "2025-01-01", "2025-09-29")), "2025Q2"),
        (covered(("complaint", "2025-01-01", "2025-12-30")), "2025Q3"),
        (
            covered(
                ("complaint", "2025-07-01", "2025-08-31"), ("complaint", "2025-09-01", "2025-09-30")
            ),
            "2025Q3",
        ),
        (
            covered(
                ("complaint", "2025-04-01", "2025-06-30"), ("praise", "2025-07-01", "2025-09-30")
            ),
            "2025Q3",
        ),
    ],
)
def test_last_whole_period_that_is_covered_is_taken(book: FactBook, period: str) -> None:
    assert period_covered(jsb().plan, book).code == period


def test_without_declarations_the_period_of_the_last_fact_is_taken() -> None:
    moment = datetime.fromisoformat("2025-08-03T00:00")
    fact = Fact(kind="praise", id="1", happened=date(2025, 8, 3), known=moment, recorded=moment)

    assert period_covered(jsb().plan, FactBook(facts={"praise": (fact,)})).code == "2025Q3"


@pytest.mark.parametrize(
    ("book", "text"),
    [
        (FactBook(), "没有事实，也没有覆盖声明"),
        (covered(("complaint", "2025-07-02", "2025-09-30")), "没有盖满一个完整的考核期"),
        (
            covered(
                ("complaint", "2025-07-01", "2025-08-30"), ("complaint", "2025-09-01", "2025-09-30")
            ),
            "没有盖满一个完整的考核期",
        ),
    ],
)
def test_period_is_asked_for_where_nothing_tells_it(book: FactBook, text: str) -> None:
    with pytest.raises(InputRefused, match=text):
        period_covered(jsb().plan, book)


def test_period_of_a_campaign_must_be_said() -> None:
    plan = replace(jsb().plan, periods=(PeriodKind.CAMPAIGN,))

    with pytest.raises(InputRefused, match="没有固定的起止日"):
        period_covered(plan, covered(("complaint", "2025-01-01", "2025-12-31")))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-10-08", "2025-10-08T23:59:59.999999"),
        ("2025-10-08 12:00", "2025-10-08T12:00:00"),
        ("2025-10-08 9:05", "2025-10-08T09:05:00"),
        ("2025-10-08T12:00:30", "2025-10-08T12:00:30"),
    ],
)
def test_moment_is_read(text: str, moment: str) -> None:
    assert moment_said(text).isoformat() == moment


@pytest.mark.parametrize("text", ["昨天", "2025-02-30", "2025-10-08 25:00", "2025-10", ""])
def test_moment_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="请写成 2025-10-08 或 2025-10-08 12:00"):
        moment_said(text)
