"""Each cause has its part, with exact numbers, and the parts add up."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.core.assess.make import moment, post
from tests.desk.difference.histories import (
    DEARER,
    HEAVIER,
    MILDER,
    NEWER,
    adoption_with,
    appeal,
    complaint,
    decision,
    drawn,
    finding,
    plan_with,
    run_with,
)
from wenyou_core.assess.facts import FactBook, Subject
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.words import State, SubjectKind
from wenyou_desk.difference.compute import Difference, difference
from wenyou_desk.difference.factchanges import Cause
from wenyou_desk.difference.figures import Item, Sort
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.resultfile import result_bytes, result_of

ONE = complaint("TS-1", "U1", "2025-07-08")
TWO = complaint("TS-2", "U1", "2025-08-08")


def money(found: Difference) -> list[tuple[tuple[Cause, ...], dict[str, Fraction]]]:
    """Per part what it does to the money of each unit."""
    return [
        (
            part.causes,
            {who.id: much for (who, ledger), much in part.amounts.items() if ledger == "money"},
        )
        for part in found.parts
    ]


def text_of(found: Difference, name: str, unit: str, sort: Sort = Sort.MEASURE) -> list[str]:
    """Before and after of one item."""
    item = Item(sort=sort, name=name, subject=Subject(SubjectKind.UNIT, unit))
    return [one.figures.items.get(item, "") for one in (found.first, found.last)]


def test_equal_runs_have_no_parts() -> None:
    found = difference(run_with([ONE]), run_with([ONE]))

    assert found.parts == ()
    assert found.amounts == {}


def test_version_written_again_with_the_same_contents_is_no_difference() -> None:
    again = replace(ONE, recorded=moment("2025-10-02T09:00"))

    assert difference(run_with([ONE]), run_with([again])).parts == ()


def test_changed_field_is_a_correction() -> None:
    worse = replace(ONE, values={**ONE.values, "media": True, "neglected": True})

    found = difference(run_with([ONE]), run_with([worse]))

    assert money(found) == [((Cause.CORRECTION,), {"U1": Fraction(-300)})]


def test_withdrawn_fact_and_removed_row_are_corrections() -> None:
    withdrawn = replace(ONE, state=State.WITHDRAWN, recorded=moment("2025-09-01T09:00"))
    gone = money(difference(run_with([ONE]), run_with([])))

    assert money(difference(run_with([ONE]), run_with([withdrawn]))) == gone
    assert gone == [((Cause.CORRECTION,), {"U1": Fraction(700)})]


def test_fact_recorded_after_the_first_run_is_late() -> None:
    late = replace(TWO, recorded=moment("2025-10-09T09:00"))
    facts = [ONE, late]

    old = run_with(facts, known_at=moment("2025-10-08T18:00"))
    found = difference(old, run_with(facts))

    assert money(found) == [((Cause.LATE,), {"U1": Fraction(-100)})]
    assert text_of(found, "complaint_rate", "U1") == ["1/1000", "2/1000"]


def test_upheld_appeal_takes_back_what_followed_from_the_fact() -> None:
    found = difference(run_with([ONE, TWO]), run_with([ONE, TWO, appeal("SS-1", "TS-2")]))

    assert money(found) == [((Cause.APPEAL,), {"U1": Fraction(100)})]


def test_decision_settles_what_waited() -> None:
    facts = [ONE, complaint("TS-3", "U2", "2025-07-09")]

    found = difference(run_with(facts), run_with([*facts, decision("JD-1", "U2")]))

    assert money(found) == [((Cause.DECISION,), {"U2": Fraction(-600)})]
    settled = [one for one in found.parts[0].changes if one.item.sort is Sort.WAITING]
    assert {one.after for one in settled} == {""}
    assert {one.item.subject.id for one in settled if one.item.subject} == {"U1", "U2"}


def test_new_head_of_an_outlet_is_the_organizations_cause() -> None:
    def other(book: FactBook) -> FactBook:
        return replace(book, posts=(*book.posts[1:], post("TU2", "U1", "网点负责人")))

    found = difference(run_with([ONE]), run_with([ONE], change=other))

    assert [part.causes for part in found.parts] == [(Cause.ORGANIZATION,)]
    barred = {
        one.item.subject.id: bool(one.after)
        for one in found.parts[0].changes
        if one.item.sort is Sort.BAR and one.item.subject
    }
    assert barred == {"HU1": False, "TU2": True}


def test_adopted_value_is_the_parameters_cause() -> None:
    found = difference(run_with([ONE, TWO]), run_with([ONE, TWO], adoption=adoption_with(DEARER)))

    assert money(found) == [((Cause.PARAMETER,), {"U1": Fraction(-100)})]


def test_changed_article_is_the_rules_cause() -> None:
    facts = [finding("JC-1", "U1", "2025-07-01"), finding("JC-2", "U1", "2025-08-01")]

    found = difference(run_with(facts), run_with(facts, plan=plan_with(MILDER)))

    assert money(found) == [((Cause.RULE,), {"U1": Fraction(15)})]


def test_new_version_parts_the_adoption_from_the_articles() -> None:
    facts = [ONE, finding("JC-1", "U1", "2025-07-01"), finding("JC-2", "U1", "2025-08-01")]
    new = run_with(facts, plan=plan_with(NEWER, MILDER), adoption=adoption_with(NEWER, DEARER))

    found = difference(run_with(facts), new)

    assert money(found) == [
        ((Cause.PARAMETER,), {"U1": Fraction(-50)}),
        ((Cause.RULE,), {"U1": Fraction(15)}),
    ]


def test_steps_between_which_nothing_can_be_run_are_one_part() -> None:
    later = ("valid_from: 2023-01-01", "valid_from: 2025-07-01")
    plan = plan_with(NEWER, later)
    adopted = adoption_with(NEWER, ("in_force_from: 2025-01-01", "in_force_from: 2025-07-01"))
    spring = complaint("TS-0", "U1", "2025-05-08")

    found = difference(
        run_with([spring, ONE, TWO], period="2025Q2"),
        run_with([spring, ONE, TWO], plan=plan, adoption=adopted),
    )

    assert [part.causes for part in found.parts] == [(Cause.PARAMETER, Cause.RULE, Cause.PERIOD)]
    assert found.residue() == {}


def test_facts_that_the_old_plan_cannot_read_wait_for_the_new_one() -> None:
    retyped = ("note: {title: 问题描述, type: text}", "note: {title: 问题描述, type: int}")
    new = run_with([ONE, TWO], plan=plan_with(NEWER, retyped), adoption=adoption_with(NEWER))

    found = difference(run_with([ONE]), new)

    assert money(found) == [((Cause.LATE, Cause.RULE), {"U1": Fraction(-100)})]


def test_other_period_is_a_cause_of_its_own() -> None:
    facts = [complaint("TS-0", "U2", "2025-05-08"), ONE, TWO]

    found = difference(run_with(facts, period="2025Q2"), run_with(facts))

    assert [part.causes for part in found.parts] == [(Cause.PERIOD,)]
    assert money(found)[0][1]["U1"] == Fraction(-800)
    assert text_of(found, "complaints", "U1") == ["0", "2"]


def test_causes_that_cancel_each_other_are_still_told() -> None:
    found = difference(
        run_with([ONE]),
        run_with([ONE, TWO, appeal("SS-1", "TS-2")]),
    )

    assert found.amounts == {}
    assert money(found) == [
        ((Cause.LATE,), {"U1": Fraction(-100)}),
        ((Cause.APPEAL,), {"U1": Fraction(100)}),
    ]
    assert (False, "U1") in found.subjects


def test_result_that_the_program_does_not_give_again_is_told_apart() -> None:
    record = run_with([ONE])
    first = record.result.entries[0]
    changed = (replace(first, amount=first.amount - 5000), *record.result.entries[1:])
    odd = replace(record, result=replace(record.result, entries=changed))

    found = difference(odd, run_with([ONE, TWO]))

    assert money(found) == [
        ((Cause.PROGRAM,), {"U1": Fraction(50)}),
        ((Cause.LATE,), {"U1": Fraction(-100)}),
    ]


def test_other_plan_and_incomplete_record_are_refused() -> None:
    record = run_with([ONE])
    other = replace(record, result=replace(record.result, plan="toll_code"))

    with pytest.raises(InputRefused, match="不同的方案（jsb_sub_branch 和 toll_code）"):
        difference(record, other)
    with pytest.raises(InputRefused, match="没有全部留存"):
        difference(record, replace(record, whole=False))


def one_of(chance: random.Random) -> tuple[RunRecord, RunRecord]:
    """Two runs of one history, at two moments, of plan and adoption as they may change."""
    facts = drawn(chance)
    runs = []
    for known_at in (moment("2025-10-01T18:00"), None):
        kept = [one for one in facts if chance.random() < 0.95]
        worded = [change for change in (HEAVIER, MILDER) if chance.random() < 0.3]
        valued = [DEARER] if chance.random() < 0.4 else []
        if chance.random() < 0.2:
            worded, valued = [NEWER, *worded], [NEWER, *valued]
        period = "2025Q2" if chance.random() < 0.1 else "2025Q3"
        runs.append(
            run_with(
                kept,
                plan=plan_with(*worded),
                adoption=adoption_with(*valued),
                period=period,
                known_at=known_at,
            )
        )
    return runs[0], runs[1]


@pytest.mark.parametrize("block", range(2))
def test_parts_of_random_pairs_leave_no_residue(block: int) -> None:
    told: set[Cause] = set()
    for seed in range(block * 12, block * 12 + 12):
        old, new = one_of(random.Random(seed))
        found = difference(old, new)
        assert found.residue() == {}
        items = dict(found.first.figures.items)
        for part in found.parts:
            for change in part.changes:
                assert items.pop(change.item, "") == change.before
                if change.after:
                    items[change.item] = change.after
        assert items == found.last.figures.items
        told |= {cause for part in found.parts for cause in part.causes}
        assert difference(old, result_of(result_bytes(old))).parts == ()
    assert {Cause.LATE, Cause.CORRECTION, Cause.RULE, Cause.PARAMETER} <= told
    assert Cause.PROGRAM not in told
