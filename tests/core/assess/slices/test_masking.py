"""Nobody else's id, name or words stand in a slice."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from tests.core.assess.make import fact, person, post, unit
from tests.core.assess.slices.cutting import slices, traced
from tests.core.worktime.shipped import shipped_calendar
from tests.schemes.shipped import case_files, cases, checked
from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of
from wenyou_core.assess.facts import DECISION, FactBook, Subject, UnitSpan
from wenyou_core.assess.slices.cut import Cutter
from wenyou_core.assess.slices.model import Slice
from wenyou_core.scheme.words import SubjectKind


def found_in(text: str, code: str) -> bool:
    return bool(re.search(rf"(?<![0-9A-Za-z]){re.escape(code)}(?![0-9A-Za-z])", text))


@pytest.mark.differential
def test_no_id_or_name_of_others_stands_in_slices_of_random_runs() -> None:
    for seed in range(4):
        scheme = make_scheme(seed)
        book = make_book(scheme)
        trace = traced(scheme.program, book, known_at(scheme), shipped_calendar())
        people = {one.id: one.name for one in book.persons}
        people |= {one.person: "" for one in book.posts if one.person not in people}
        units = {one.id: one.name for one in book.units}
        for subject, cut, masks in slices(trace):
            text = repr(cut)
            others = [code for code in people if code not in masks.persons]
            others += [code for code in units if code not in masks.units]
            known = [people.get(code, "") for code in masks.persons]
            known += [units.get(code, "") for code in masks.units]
            for name in sorted(filter(None, known), key=len, reverse=True):
                text = text.replace(name, "")
            for code in others:
                assert not found_in(text, code), (seed, subject.id, code)
                name = people.get(code) or units.get(code) or ""
                assert not name or name in known or name not in text, (seed, subject.id, name)


def leaky(subject: Subject) -> Slice:
    """A run of the first plan in which every free text names somebody."""
    plan = checked("jsb_sub_branch")
    case = cases(case_files("jsb_sub_branch")[0])[0]
    program = bind(plan, adoption_of(case, plan.plan), case.period)
    given = {
        "channel": "客服热线",
        "ruling": "有责",
        "excluded": False,
        "media": False,
        "neglected": False,
        "perfunctory": False,
        "demand": "客户赵六六身份证3301称林乙乙态度差",
    }
    first = fact("complaint", "TS-1", "2025-08-01", unit="U1", person="P777", **given)
    second = fact("complaint", "TS-2", "2025-08-02", unit="U2", person="P888", **given)
    appeal = fact("appeal", "SS-1", "2025-09-01", unit="U2", target="TS-2", result="支持")
    decision = fact(
        DECISION,
        "JD-1",
        "2025-09-02",
        rule="responsible",
        target="TS-1",
        choice="成立",
        by="钱七七",
        grounds="林乙乙和P888都说乙网点也有责任",
    )
    book = FactBook(
        facts={
            "complaint": (
                replace(first, evidence=("林乙乙的说明.docx", "P888-录音.mp3")),
                replace(second, evidence=("U2监控.mp4",)),
            ),
            "appeal": (appeal,),
            DECISION: (decision,),
        },
        units=(unit("B", kind="支行"), *(_outlet(code) for code in ("U1", "U2"))),
        persons=tuple(
            replace(person(code), name=name)
            for code, name in (("P777", "陈甲甲"), ("P888", "林乙乙"), ("P999", "周丙丙"))
        ),
        posts=(
            post("P777", "U1"),
            post("P999", "U1", "网点负责人"),
            post("P888", "U2", "网点负责人"),
        ),
    )
    return Cutter(traced(program, book, None)).cut(subject)[0]


def _outlet(code: str) -> UnitSpan:
    names = {"U1": "甲网点", "U2": "乙网点"}
    return replace(unit(code, "B", kind="营业网点"), name=names[code])


STRANGERS = ("P888", "林乙乙", "乙网点", "TS-2", "SS-1", "钱七七", "赵六六", "3301", "U2")


def test_unit_sees_nobody_by_name_and_nothing_of_another_unit() -> None:
    text = repr(leaky(Subject(SubjectKind.UNIT, "U1")))

    assert "TS-1" in text
    assert "甲网点" in text
    for word in (*STRANGERS, "P777", "陈甲甲", "P999", "周丙丙"):
        assert word not in text, word


def test_person_sees_its_own_facts_and_its_unit_alone() -> None:
    text = repr(leaky(Subject(SubjectKind.PERSON, "P777")))

    assert "P777" in text
    assert "TS-1" in text
    for word in (*STRANGERS, "P999", "周丙丙"):
        assert word not in text, word


def test_head_sees_why_it_is_barred_but_not_who_did_it() -> None:
    cut = leaky(Subject(SubjectKind.PERSON, "P999"))

    (complaint,) = cut.book.facts["complaint"]
    assert complaint.id == "TS-1"
    assert complaint.person == "某员工1"
    assert complaint.evidence == ("", "")
    assert "demand" not in complaint.values
    for word in (*STRANGERS, "P777", "陈甲甲"):
        assert word not in repr(cut), word


def test_names_and_ids_of_others_are_taken_out_of_free_texts() -> None:
    cut = leaky(Subject(SubjectKind.UNIT, "U1"))

    (complaint,) = cut.book.facts["complaint"]
    assert complaint.evidence == ("某员工的说明.docx", "某员工-录音.mp3")
    (decision,) = cut.book.facts[DECISION]
    assert decision.values["grounds"] == "某员工和某员工都说某机构也有责任"
    assert "by" not in decision.values


def test_rosters_hold_the_compared_numbers_alone_in_their_own_order() -> None:
    cut = leaky(Subject(SubjectKind.UNIT, "U1"))

    for roster in cut.rosters:
        for peer in roster.peers:
            assert peer.name == ""
            assert set(peer.attributes) <= {"unit.kind"}
        numbers = [sorted((k, v.exact) for k, v in peer.values.items()) for peer in roster.peers]
        assert numbers == sorted(numbers)
