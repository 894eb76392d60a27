"""A unit and a person with the same number are two subjects."""

from __future__ import annotations

from tests.core.assess.make import fact, post
from tests.core.assess.play import play
from wenyou_core.assess.facts import Subject
from wenyou_core.scheme.words import SubjectKind

UNIT = Subject(SubjectKind.UNIT, "U1")
PERSON = Subject(SubjectKind.PERSON, "U1")


def test_unit_and_person_of_one_number_are_not_equal() -> None:
    assert UNIT != PERSON
    assert len({UNIT, PERSON}) == 2
    assert sorted([PERSON, UNIT]) == [UNIT, PERSON]


def test_adopting_unit_is_its_unit() -> None:
    assert Subject(SubjectKind.ADOPTER, "U1") == UNIT


def test_entries_of_a_unit_and_a_person_of_one_number_have_keys_of_their_own() -> None:
    rule = "rules:\n  r: {title: 扣款, on: finding, whom: [unit, person], amount: -1 元}\n"
    given = fact("finding", "f1", "2025-08-01", unit="U1", person="U1")
    result = play(rule, given, posts=[post("U1", "U1", "网点负责人")])
    assert [one.subject for one in result.entries] == [UNIT, PERSON]
    assert len({one.key for one in result.entries}) == 2
