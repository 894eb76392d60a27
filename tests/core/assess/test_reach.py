"""The random pairs reach every construct of the language, and every sort of row of a result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import Scheme, make_scheme
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import EntryKind
from wenyou_core.scheme import amounts, expr, measures, outcomes, rules
from wenyou_core.scheme.expr import Field, Func, Op
from wenyou_core.scheme.rules import Whom, Window
from wenyou_core.scheme.words import (
    Against,
    Choose,
    Empty,
    From,
    LimitPer,
    Rounding,
    Stat,
    Tie,
    Until,
)

pytestmark = pytest.mark.differential
PLANS = 160
"""How many of the differential test's plans are looked at: the first third."""
LEAST = 3
"""Plans that hold a construct; each is run on four banks."""
RUNS = 60
ENUMS = (Op, Func, Against, Choose, Empty, From, LimitPer, Rounding, Stat, Tie, Until)
MODULES = (amounts, expr, measures, outcomes, rules)
WINDOWS = ("months", "days", "year", "period", "all", "cycle", "param")
WHOMS = ("unit", "person", "present", "field", "members", "parent", "subject", "head", "coach")


def _parts(thing: object) -> Iterator[object]:
    """A thing and everything inside it."""
    yield thing
    if is_dataclass(thing) and not isinstance(thing, type):
        for one in fields(thing):
            yield from _parts(getattr(thing, one.name))
    elif isinstance(thing, dict):
        for inside in thing.values():
            yield from _parts(inside)
    elif isinstance(thing, tuple):
        for inside in thing:
            yield from _parts(inside)


def _names(scheme: Scheme) -> set[str]:
    found = set()
    for part in _parts(scheme.plan.articles):
        found.add(type(part).__name__)
        if isinstance(part, Enum):
            found.add(f"{type(part).__name__}.{part.name}")
        if isinstance(part, Window):
            found.add(f"window {part.kind}")
        if isinstance(part, Whom):
            found.add(f"whom {part.who}")
        if isinstance(part, Field):
            found.add(f"field {part.of}")
        if isinstance(part, rules.Bounds) and part.running:
            found.add(f"running {part.per.value}{' by a key' * bool(part.same)}")
    return found


@pytest.fixture(scope="module")
def reached() -> Counter[str]:
    """In how many of the plans each construct stands."""
    return Counter(name for seed in range(PLANS) for name in _names(make_scheme(seed)))


def _declared() -> set[str]:
    return {
        name
        for module in MODULES
        for name, one in vars(module).items()
        if is_dataclass(one) and isinstance(one, type) and one.__module__ == module.__name__
    }


def test_every_part_of_a_plan_stands_in_some_random_plans(reached: Counter[str]) -> None:
    wanted = _declared()
    assert {name: reached[name] for name in wanted if reached[name] < LEAST} == {}


def test_every_word_of_the_language_stands_in_some_random_plans(reached: Counter[str]) -> None:
    wanted = [f"{kind.__name__}.{one.name}" for kind in ENUMS for one in kind]
    wanted += [f"window {one}" for one in WINDOWS] + [f"whom {one}" for one in WHOMS]
    wanted += [f"field {one}" for one in ("fact", "unit", "person", "period", "table")]
    wanted += [f"running {one}{key}" for one in ("period", "year") for key in ("", " by a key")]
    assert {name: reached[name] for name in wanted if reached[name] < LEAST} == {}


def test_every_sort_of_row_comes_out_of_random_pairs() -> None:
    rows: Counter[str] = Counter()
    for seed in range(RUNS):
        scheme = make_scheme(seed)
        book, moment = make_book(scheme), known_at(scheme)
        result = assess(scheme.program, book, moment, calendar=shipped_calendar())
        rows.update(f"entry {one.kind.value}" for one in result.entries)
        rows.update(f"waiting {one.what}" for one in result.waiting)
        rows.update(f"missing {one.what}" for one in result.missing)
        parts = ("bars", "tasks", "grades", "awards", "targets", "obligations", "uncounted")
        rows.update(name for name in parts if getattr(result, name))
    wanted = [f"entry {one.value}" for one in EntryKind]
    wanted += ["waiting tie", "waiting range", "waiting judgement"]
    lacking = ("facts", "post", "attribute", "opening", "unit")
    wanted += [f"missing {one}" for one in lacking]
    wanted += ["bars", "tasks", "grades", "awards", "targets", "obligations", "uncounted"]
    assert {name: rows[name] for name in wanted if rows[name] < LEAST} == {}
