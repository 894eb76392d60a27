"""Units, posts, roles and people by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import bare_program, day, period, person, post, unit
from wenyou_core.assess.facts import FactBook, PostSpan, UnitSpan
from wenyou_core.assess.known import as_known
from wenyou_core.assess.org import Held, Org
from wenyou_core.assess.orgspans import ENDLESS

Q3 = period("2025Q3")
TREE = (unit("H"), unit("B", "H"), unit("U1", "B"), unit("U2", "B"))


def org_of(
    *posts: PostSpan,
    units: tuple[object, ...] = TREE,
    persons: tuple[object, ...] = (),
    **plan: object,
) -> Org:
    book = FactBook(units=units, persons=persons, posts=posts)  # type: ignore[arg-type]
    return Org(as_known(book), bare_program(**plan))  # type: ignore[arg-type]


def ids(org: Org, population: str = "outlets", text: str = "2025Q3") -> list[str]:
    return [member.subject.id for member in org.members(population, period(text))]


def test_chain_leads_from_the_unit_to_the_top() -> None:
    assert org_of().chain("U1", day("2025-07-01")) == ("U1", "B", "H")


def test_above_is_empty_where_the_tree_ends() -> None:
    org, today = org_of(), day("2025-07-01")
    assert [org.above("U1", up, today) for up in range(4)] == ["U1", "B", "H", ""]


def test_unit_that_moves_has_another_parent_from_that_day() -> None:
    moved = (unit("U1", "B", till="2025-08-14"), unit("U1", "C", since="2025-08-15"), unit("C"))
    org = org_of(units=(*TREE[:2], *moved), adopters=("B", "C"))
    assert org.adopter_of("U1", day("2025-08-14")) == "B"
    assert org.adopter_of("U1", day("2025-08-15")) == "C"


def test_nearest_adopting_unit_holds_when_one_stands_above_another() -> None:
    org = org_of(adopters=("H", "B"))
    assert org.adopter_of("U1", day("2025-07-01")) == "B"
    assert org.adopter_of("H", day("2025-07-01")) == "H"


def test_without_an_adoption_the_topmost_unit_stands_for_it() -> None:
    assert org_of(adopters=()).adopter_of("U2", day("2025-07-01")) == "H"


def test_closed_unit_belongs_to_nobody() -> None:
    org = org_of(units=(*TREE, unit("U3", "B", till="2025-08-31")))
    assert org.adopter_of("U3", day("2025-09-01")) == ""
    assert "U3" not in ids(org)


def test_tree_that_turns_back_on_itself_ends() -> None:
    org = org_of(units=(unit("B", "U1"), unit("U1", "B")))
    assert org.chain("U1", day("2025-07-01")) == ("U1", "B")


@given(
    st.lists(st.integers(-1, 7), min_size=8, max_size=8),
    st.sets(st.integers(0, 7), max_size=3),
    st.permutations(range(8)),
)
def test_chain_is_the_same_whatever_was_asked_before(
    above: list[int], closed: set[int], asked: list[int]
) -> None:
    parents = {f"U{at}": f"U{up}" if up >= 0 else "" for at, up in enumerate(above)}
    ends = {f"U{at}": "2025-06-30" for at in closed}
    units = tuple(unit(one, up, till=ends.get(one, "")) for one, up in parents.items())
    org, today = org_of(units=units), day("2025-07-01")

    def walked(one: str) -> tuple[str, ...]:
        path = [one]
        while path[-1] not in ends and parents[path[-1]] not in ("", *path):
            path.append(parents[path[-1]])
        return tuple(path)

    for at in asked:
        assert org.chain(f"U{at}", today) == walked(f"U{at}")


MOVES = st.builds(
    lambda at, up, since, days: unit(
        f"U{at}", f"U{up}", str(since), str(since + timedelta(days)) if days else ""
    ),
    st.integers(0, 2),
    st.integers(0, 3),
    st.dates(date(2025, 1, 1), date(2025, 1, 20)),
    st.integers(0, 9),
)


@given(
    st.lists(MOVES, max_size=7),
    st.lists(st.tuples(st.integers(0, 3), st.dates(date(2024, 12, 30), date(2025, 2, 1)))),
)
def test_where_a_unit_stands_does_not_depend_on_the_days_asked_before(
    spans: list[UnitSpan], asked: list[tuple[int, date]]
) -> None:
    units = (*spans, unit("U3", since="2024-12-31", till="2025-01-25"))
    org = org_of(units=units)

    for at, today in asked:
        fresh = org_of(units=units)
        assert org.chain(f"U{at}", today) == fresh.chain(f"U{at}", today)
        assert org.adopter_of(f"U{at}", today) == fresh.adopter_of(f"U{at}", today)


def test_attribute_is_the_one_of_the_day() -> None:
    spans = (
        unit("U1", "B", till="2025-06-30", kind="一类"),
        unit("U1", "B", "2025-07-01", kind="二类"),
    )
    org = org_of(units=(*TREE[:2], *spans))
    assert org.attribute("unit", "kind", "U1", day("2025-06-30")) == "一类"
    assert org.attribute("unit", "kind", "U1", day("2025-07-01")) == "二类"
    assert org.attribute("unit", "kind", "U9", day("2025-07-01")) is None


def test_attribute_name_falls_back_to_the_name_of_the_unit() -> None:
    assert org_of().attribute("unit", "name", "U1", day("2025-07-01")) == "U1网点"


@pytest.mark.parametrize(
    ("acting", "expected"), [("instead", ("P2",)), ("also", ("P1", "P2")), ("no", ("P1",))]
)
def test_acting_holder_counts_as_the_role_says(acting: str, expected: tuple[str, ...]) -> None:
    org = org_of(
        post("P1", "U1", "网点负责人"),
        post("P2", "U1", "网点负责人", "2025-08-01", "2025-08-20", acting=True),
        acting=acting,
    )
    assert org.holders("head", "U1", day("2025-08-20")) == expected
    assert org.holders("head", "U1", day("2025-08-21")) == ("P1",)


def test_overlapping_acting_posts_are_all_holders() -> None:
    org = org_of(
        post("P1", "U1", "网点负责人"),
        post("P3", "U1", "网点负责人", "2025-08-10", "2025-08-31", acting=True),
        post("P2", "U1", "网点负责人", "2025-08-01", "2025-08-20", acting=True),
    )
    assert org.holders("head", "U1", day("2025-08-15")) == ("P2", "P3")


def test_role_nobody_holds_has_no_holder() -> None:
    assert org_of(post("P1", "U1", "柜员")).holders("head", "U1", day("2025-08-15")) == ()


def test_person_belongs_to_the_regular_post_before_the_acting_one() -> None:
    org = org_of(
        post("P1", "U2", since="2024-01-01"),
        post("P1", "U1", "网点负责人", "2020-01-01", acting=True),
    )
    assert org.unit_of("P1", day("2025-07-01")) == "U2"


def test_person_with_two_regular_posts_belongs_to_the_earlier_then_the_smaller() -> None:
    today = day("2025-07-01")
    early = org_of(post("P1", "U1", since="2024-01-01"), post("P1", "U2", since="2023-01-01"))
    equal = org_of(post("P1", "U2"), post("P1", "U1", "大堂经理"))
    assert (early.unit_of("P1", today), equal.unit_of("P1", today)) == ("U2", "U1")


def test_population_is_judged_on_the_last_day_of_the_period() -> None:
    org = org_of(units=(*TREE, unit("U3", "B", "2025-09-30"), unit("U4", "B", "2025-10-01")))
    assert ids(org) == ["B", "U1", "U2", "U3"]


def test_person_is_one_subject_in_the_unit_of_the_last_day() -> None:
    org = org_of(post("P1", "U1", till="2025-08-14"), post("P1", "U2", since="2025-08-15"))
    (member,) = org.members("staff", Q3)
    assert (member.subject.id, member.unit, member.adopter) == ("P1", "U2", "B")


def test_person_who_left_before_the_last_day_is_no_member() -> None:
    assert ids(org_of(post("P1", "U1", till="2025-09-29")), "staff") == []


def test_peer_groups_never_reach_beyond_the_adopting_unit() -> None:
    units = (unit("B"), unit("C"), unit("U1", "B", kind="一类"), unit("U2", "C", kind="一类"))
    org = org_of(units=units, adopters=("B", "C"), peers=("kind",))
    groups = {member.subject.id: member.group for member in org.members("outlets", Q3)}
    assert groups["U1"] == ("B", ("一类",))
    assert groups["U2"] == ("C", ("一类",))


def test_peers_of_people_are_their_own_attributes_then_those_of_the_unit() -> None:
    org = org_of(
        post("P1", "U1"),
        units=(unit("B"), unit("U1", "B", kind="一类")),
        persons=(person("P1", grade="高级"),),
        peers=("grade", "kind"),
    )
    assert org.members("staff", Q3)[0].peers == ("高级", "一类")


def test_adopters_are_their_own_population() -> None:
    assert ids(org_of(), "whole") == ["B"]


def test_role_spans_name_the_days_of_regular_and_acting_holders() -> None:
    org = org_of(
        post("P1", "U1", "网点负责人"),
        post("P2", "U1", "网点负责人", "2025-08-01", "2025-08-20", acting=True),
    )
    assert org.role_spans("head") == (
        Held("P1", "U1", date(2000, 1, 1), day("2025-07-31")),
        Held("P1", "U1", day("2025-08-21"), ENDLESS),
        Held("P2", "U1", day("2025-08-01"), day("2025-08-20")),
    )


SPANS = st.builds(
    lambda who, where, what, since, days, acting: PostSpan(
        f"P{who}", f"U{where}", what, since, since + timedelta(days) if days else None, acting
    ),
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from(["网点负责人", "柜员"]),
    st.dates(date(2025, 1, 1), date(2025, 2, 28)),
    st.integers(0, 40),
    st.booleans(),
)


@given(st.lists(SPANS, max_size=6), st.dates(date(2025, 1, 1), date(2025, 4, 15)))
def test_interval_lists_say_the_same_as_the_questions_by_day(
    posts: list[PostSpan], today: date
) -> None:
    units = (*TREE[:2], unit("U1", "B", till="2025-02-10"), unit("U1", "H", "2025-02-20"), TREE[3])
    org = org_of(*posts, units=units)

    def on(held: tuple[Held, ...], of: str) -> list[str]:
        return sorted(one.to for one in held if one.of == of and one.since <= today <= one.till)

    for one in ("U1", "U2"):
        heads = {held.of for held in org.role_spans("head") if one in on((held,), held.of)}
        assert sorted(heads) == list(org.holders("head", one, today))
        staff = {held.of for held in org.staff_spans() if one in on((held,), held.of)}
        assert sorted(staff) == list(org.staff(one, today))
        open_now = org.unit_on(one, today) is not None
        chain = sorted(org.chain(one, today)) if open_now else []
        assert on(org.ancestor_spans(), one) == chain
        assert "".join(on(org.adopter_spans(), one)) == org.adopter_of(one, today)
    for who in ("P1", "P2", "P3"):
        assert "".join(on(org.person_unit_spans(), who)) == org.unit_of(who, today)


@given(st.dates(date(2025, 1, 1), date(2025, 4, 15)))
def test_spans_cut_apart_hold_the_span_of_each_day(today: date) -> None:
    spans = (unit("U1", "B"), unit("U1", "B", "2025-02-01", "2025-02-20", kind="一类"))
    org = org_of(units=(*TREE[:2], *spans))
    held = [
        span for span, since, till in org.unit_spans() if span.id == "U1" and since <= today <= till
    ]
    assert held == [org.unit_on("U1", today)]
