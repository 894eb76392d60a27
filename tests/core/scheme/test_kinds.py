"""The language says every kind of rule, every hard case and every sketch of the requirements."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.assess.differ import Bench, differences
from tests.core.assess.slices.cutting import disagreements, traced
from tests.core.scheme.kind_plans import (
    HEAD,
    articles,
    cases,
    checked,
    computed,
    files,
    lines_of,
)
from tests.core.worktime.shipped import shipped_calendar
from tests.schemes.together import together
from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of, fact_book
from wenyou_core.assess.cases import run_case
from wenyou_core.assess.reference import assess
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.cases import Case
from wenyou_core.scheme.check import check
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.sentence import sentence_of, things_of
from wenyou_core.scheme.sentence_names import Names

# The kinds of rules that real plans hold, as the requirements count them.
KINDS = {
    "FIX": "so much per occurrence",
    "ITEMCAP": "floor and ceiling of one item",
    "DUE": "deadline, duration, lateness",
    "NONM": "a sanction without a number",
    "CAT": "amount by category or level",
    "JOINT": "manager or unit shares the liability",
    "RATE": "ratio",
    "ELIG": "entry conditions, all of them",
    "FREQ": "n times per period",
    "EVID": "needs evidence",
    "RANK": "rank, first n, last n",
    "TOTCAP": "overall ceiling",
    "VETO": "one-vote veto",
    "ACC": "roll-up, year to date",
    "SEV": "severity classes",
    "DISC": "human judgement",
    "UNIT": "amount per unit of excess",
    "RNG": "range with a value chosen inside",
    "WGT": "weighted sum",
    "GRADE": "score to grade",
    "EXEMPT": "filing, appeal, trial run",
    "BAND": "stepped bands",
    "GROUP": "peer groups with own scales and targets",
    "STAFF": "factor by post, seniority, days there",
    "BLANK": "a number the text does not give",
    "WIN": "count of earlier events in a window",
    "PCT": "percentage of pay",
    "BASE": "base with plus and minus",
    "QUOTA": "fixed number or greatest share",
    "LOSS": "percentage of a loss",
    "SUM": "everything adds up",
    "STAR±": "stars lost and won back",
    "YOY": "against an own earlier period",
    "MEAN": "relation to a mean",
    "EQUIV": "deemed to be another thing",
    "MULTI": "several raters",
    "SPLIT": "one amount divided among roles",
    "LIN": "linear between two ends",
    "CONSEC": "consecutive periods",
    "SHARE": "share that reaches a level",
    "SAMPLE": "sample size, sampled objects",
    "ESC": "n-th time heavier",
    "CARRY": "carried over, made up",
    "CLOCK": "time of day",
    "COLL": "everybody in the room or group",
    "RESET": "cleared at the end of a period",
    "MAXOF": "highest only",
    "MOVE": "change of rank",
    "TIE": "equal values",
    "GCAP": "ceiling on a grade",
    "ROUND": "rounding",
    "CONV": "points to money",
}
HARD_CASES = {
    "the last of those above the mean pays": "last-above-mean",
    "same type again within a year, +50 %": "again-half-more",
    "double each time up to a ceiling, window not given": "doubling-no-window",
    'rank bands and "last 3" from imported ranks': "imported-ranks",
    "rank moved n places": "rank-moved",
    "points x 20 % beside yuan": "points-and-money",
    "highest only, or on top": "highest-or-on-top",
    "head, manager above, everybody present": "head-chief-present",
    "second person pays 20 % of what the first pays": "second-person",
    "stars won back after a clean period counted from the act": "stars-won-back",
    "quota, one step at a time, fall to the star that fits": "quota-one-step",
    "a unit's grade from its members' grades on personal cycles": "members-decide",
    "no cases at all": "no-cases",
    "limits inside limits": "limits-in-limits",
    "month / quarter / year thresholds": "three-thresholds",
    "mixed clocks": "mixed-clocks",
    "windows announced by mail; quarterly reset": "announced-windows",
    "range by judgement, acts by analogy": "range-and-analogy",
    "deduction = mean of linked units' deductions": "linked-mean",
    "people who move, half-year staff, new hires": "people-move",
    "compared with an earlier value of zero, or a new unit": "earlier-zero",
    '"zero incidents": a later finding overturns an award': "overturned-award",
}
SKETCHES = [
    "S000-16",
    "S000-18",
    "S000-21",
    "S001-21",
    "S002-204",
    "S002-207",
    "S003-07",
    "S004-15",
    "per-day",
    "half-for-chief",
    "linear",
    "doubling",
    "win-back",
    "members-decide-grade",
    "cumulative",
]


def _named(case: Case) -> str:
    return f"{case.article} {case.name}"


def test_every_kind_hard_case_and_sketch_has_its_article_and_nothing_else_has() -> None:
    assert len(KINDS) == 52
    assert len(HARD_CASES) == 22
    assert set(articles()) == {*KINDS, *HARD_CASES.values(), *SKETCHES}


@pytest.mark.parametrize("case", cases(), ids=_named)
def test_case_comes_out_as_it_says(case: Case) -> None:
    assert run_case(checked(case.article), case, calendar=shipped_calendar()) == []


@pytest.mark.parametrize("number", articles())
def test_everything_of_an_article_fires_in_one_case_and_misses_in_another(number: str) -> None:
    own = [case for case in cases() if case.article == number]
    fires = {name for case in own for name in case.fires}
    misses = {name for case in own for name in case.misses}
    names = computed(articles()[number][1])
    assert names
    assert [name for name in names if name not in fires] == []
    assert [name for name in names if name not in misses] == []


def test_no_two_cases_of_an_article_share_a_name() -> None:
    names = [(case.article, case.name) for case in cases()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("number", articles())
def test_everything_of_an_article_prints_a_sentence_of_its_own(number: str) -> None:
    plan, article = articles()[number]
    sentences = [(type(one), sentence_of(Names(plan), one)) for one in things_of(article)]
    assert all(text.endswith("。") for _, text in sentences)
    assert len(sentences) == len(set(sentences))


RUNNING = [case for case in cases() if case.expect.refused is None]


@pytest.mark.differential
@pytest.mark.parametrize("number", articles())
def test_sql_agrees_with_the_reference_on_the_cases_of_an_article(
    bench: Bench, number: str
) -> None:
    for one in together(checked(number), [case for case in RUNNING if case.article == number]):
        found = bench.sql(one.program, one.book, one.known_at)
        expected = assess(one.program, one.book, one.known_at, calendar=bench.calendar)
        assert [*differences(expected, found), *one.wrong(found)] == []


@pytest.mark.differential
@pytest.mark.parametrize("number", articles())
def test_slices_of_the_cases_of_an_article_give_the_same_figures(number: str) -> None:
    for case in RUNNING:
        if case.article == number:
            plan = checked(number)
            program = bind(plan, adoption_of(case, plan.plan), case.period)
            trace = traced(program, fact_book(case, plan.plan), None, shipped_calendar())
            assert disagreements(trace, None) == [], case.name


# -- a circle ------------------------------------------------------------------------------

CIRCLE = """articles:
  - no: 圈
    title: 网点和部门互相按平均扣
    kinds: [rule]
    measures:
      outlet_lost: {title: 网点扣分, each: outlets, entries: [found, outlet_pays]}
      department_mean: {title: 所联系网点平均, members: outlet_lost, each: departments, how: mean, link: watched_by, round: {digits: 2, mode: half_up}}
      department_lost: {title: 部门扣分, each: departments, entries: [department_pays]}
      outlet_mean: {title: 所联系部门平均, members: department_lost, each: outlets, how: mean, link: watched_by, round: {digits: 2, mode: half_up}}
    rules:
      found: {title: 每件扣两分, on: finding, whom: unit, amount: -2 分}
      department_pays: {title: 部门按平均扣, each: departments, amount: {value: department_mean, ledger: points}}
      outlet_pays: {title: 网点按平均扣, each: outlets, amount: {value: outlet_mean, ledger: points}}
"""


def test_deductions_that_are_the_mean_of_each_other_are_refused_with_the_circle_named() -> None:
    with pytest.raises(SchemeError) as caught:
        check(load_plan(HEAD + CIRCLE, "circle.yaml"))
    (fault,) = caught.value.faults
    assert fault.code == "circle"
    names = ["outlet_lost", "department_mean", "department_lost", "outlet_mean"]
    rules = ["department_pays", "outlet_pays"]
    assert all(f"“{name}”" in fault.text for name in [*names, *rules])
    assert fault.place.article == "圈"


# -- the pages that show how each is written -----------------------------------------------

PAGES = {
    "docs/dev/rule-kinds-in-the-language.md": list(KINDS),
    "docs/dev/hard-cases-in-the-language.md": [*HARD_CASES.values(), *SKETCHES],
}
BLOCK = re.compile(r"^### (\S+): .*?^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_what_the_plans_write(root: Path, page: str) -> None:
    shown = dict(BLOCK.findall((root / page).read_text("utf-8")))
    written = {number: lines for path in files() for number, lines in lines_of(path).items()}
    assert list(shown) == PAGES[page]
    assert {number: text.splitlines() for number, text in shown.items()} == {
        number: written[number] for number in PAGES[page]
    }
