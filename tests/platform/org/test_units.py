"""Units open, change, merge and close with effect from a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.platform.factories import make_employee, make_unit
from tests.platform.people import Cast, make_houses
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.matters.models import Matter
from wenyou.org import hooks
from wenyou.org.models import Posting, Unit, UnitArea, UnitLevel, UnitSpell
from wenyou.org.queries import spell_on
from wenyou.org.services import (
    close_unit,
    merge_unit,
    move_unit,
    open_unit,
    reclass_unit,
    refresh_units,
    rename_unit,
    take_back,
)
from wenyou.org.services.units import NewUnit
from wenyou_core.errors import InputRefused

DAY = date(2026, 3, 1)
ONE = timedelta(days=1)


def fresh(unit: Unit) -> Unit:
    return Unit.objects.get(pk=unit.pk)


def new_unit(cast: Cast, **fields: object) -> NewUnit:
    said = {"code": "111009", "name": "新网点", "opened_on": DAY, "parent": cast.east, **fields}
    return NewUnit(**said)  # type: ignore[arg-type]


@pytest.fixture
def open_matters() -> Iterator[list[str]]:
    """Sentences with which a slice above answers the question what hangs on a unit."""
    sentences: list[str] = []

    def check(unit: Unit, day: date) -> list[str]:
        return sentences

    hooks.before_closing(check)
    yield sentences
    hooks._closing.remove(check)


# -- opening ----------------------------------------------------------------------------


def test_opened_unit_stands_in_the_tree_with_its_first_spell_and_an_audit_row(cast: Cast) -> None:
    unit = open_unit(new_unit(cast), by=cast.chen)

    spell = UnitSpell.objects.get(unit=unit)
    assert (unit.path, unit.depth) == (f"{cast.east.path}{unit.pk}/", 3)
    assert (spell.from_on, spell.until_on, spell.cause) == (DAY, None, "opened")
    assert AuditRow.objects.get(action="org.unit.open").object_id == str(unit.pk)


def test_code_is_read_in_half_width_and_never_used_twice(cast: Cast) -> None:
    assert open_unit(new_unit(cast, code=" １１１００９ "), by=cast.chen).code == "111009"

    with pytest.raises(InputRefused, match="机构号 111009 已经有了"):
        open_unit(new_unit(cast), by=cast.chen)


@pytest.mark.parametrize("code", ["", "机构一", "1" * 33, "12 34", "a/b", "1\x002"])
def test_code_that_is_no_code_is_refused(cast: Cast, code: str) -> None:
    with pytest.raises(InputRefused, match="1 至 32 位字母或数字"):
        open_unit(new_unit(cast, code=code), by=cast.chen)


@pytest.mark.parametrize("name", ["甲\x07网点", "甲\n网点", "", "长" * 121])
def test_name_with_control_signs_or_too_long_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(InputRefused, match="名称"):
        open_unit(new_unit(cast, name=name), by=cast.chen)

    assert not Unit.objects.filter(code="111009").exists()


def test_unit_does_not_open_under_one_that_is_closed_or_not_open_yet(cast: Cast) -> None:
    late = open_unit(new_unit(cast, opened_on=DAY + ONE), by=cast.chen)
    with pytest.raises(InputRefused, match="才开业"):
        open_unit(new_unit(cast, code="2", parent=late), by=cast.chen)

    shut = close_unit(late, on=DAY + ONE, by=cast.chen)
    with pytest.raises(InputRefused, match="停业"):
        open_unit(new_unit(cast, code="2", parent=shut, opened_on=DAY + ONE), by=cast.chen)


def test_only_the_office_above_opens_units(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_unit(new_unit(cast), by=cast.lin)
    with pytest.raises(NotAllowed):
        open_unit(new_unit(cast, parent=cast.west), by=cast.chen)


def test_house_has_one_root(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        open_unit(new_unit(cast, parent=None), by=cast.system_admin)


# -- changes by date --------------------------------------------------------------------


def test_new_name_holds_from_its_day_and_the_old_one_before(cast: Cast) -> None:
    rename_unit(cast.jia, name="甲一网点", on=DAY, by=cast.chen)

    before, after = spell_on(cast.jia, DAY - ONE), spell_on(cast.jia, DAY)
    assert before is not None
    assert after is not None
    assert (before.name, before.until_on, after.name) == ("甲网点", DAY - ONE, "甲一网点")
    assert fresh(cast.jia).name == "甲一网点"


def test_future_change_becomes_current_by_the_tick(cast: Cast) -> None:
    tomorrow = timezone.localdate() + ONE
    rename_unit(cast.jia, name="甲一网点", on=tomorrow, by=cast.chen)
    assert fresh(cast.jia).name == "甲网点"

    assert refresh_units(tomorrow) == 1
    assert fresh(cast.jia).name == "甲一网点"
    assert refresh_units(tomorrow) == 0


def test_two_changes_of_one_day_are_one_spell(cast: Cast) -> None:
    rename_unit(cast.jia, name="甲一网点", on=DAY, by=cast.chen)
    reclass_unit(cast.jia, area=UnitArea.RURAL, on=DAY, by=cast.chen)

    spell = UnitSpell.objects.get(unit=cast.jia, from_on=DAY)
    assert (spell.name, spell.area) == ("甲一网点", UnitArea.RURAL)


def test_change_before_the_last_one_is_refused_with_both_days(cast: Cast) -> None:
    rename_unit(cast.jia, name="甲一网点", on=DAY, by=cast.chen)

    with pytest.raises(InputRefused, match=r"2026年3月1日.*2026年2月28日"):
        rename_unit(cast.jia, name="甲二网点", on=DAY - ONE, by=cast.chen)


def test_change_that_changes_nothing_is_refused(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="没有要改的内容"):
        rename_unit(cast.jia, name="甲网点", on=DAY, by=cast.chen)


def test_unknown_level_is_refused(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="从列表中选择"):
        reclass_unit(cast.jia, level="palace", on=DAY, by=cast.chen)
    assert reclass_unit(cast.jia, level=UnitLevel.COMMUNITY, on=DAY, by=cast.chen).level


def test_moving_a_sub_branch_takes_everything_beneath_along(cast: Cast) -> None:
    move_unit(cast.east, parent=cast.west, on=DAY, by=cast.he)

    jia = fresh(cast.jia)
    assert jia.path == f"{cast.west.path}{cast.east.pk}/{cast.jia.pk}/"
    assert jia.depth == 4


def test_mover_must_keep_both_ends(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        move_unit(cast.jia, parent=cast.west, on=DAY, by=cast.chen)


def test_unit_cannot_be_put_beneath_itself(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="本身就在"):
        move_unit(cast.east, parent=cast.jia, on=DAY, by=cast.he)


def test_circle_that_would_close_only_later_is_refused_now(cast: Cast) -> None:
    tomorrow = timezone.localdate() + ONE
    move_unit(cast.west, parent=cast.east, on=tomorrow + ONE, by=cast.he)

    with pytest.raises(InputRefused, match=r"自.*起本身就在"):
        move_unit(cast.east, parent=cast.west, on=tomorrow, by=cast.he)


# -- closing and merging ----------------------------------------------------------------


def test_closing_says_which_people_units_and_matters_still_hang_on_it(
    cast: Cast, open_matters: list[str]
) -> None:
    open_matters.append("未办结事项 3 件")

    with pytest.raises(InputRefused) as refused:
        close_unit(cast.east, on=DAY, by=cast.he)

    text = str(refused.value)
    assert "下级机构：甲网点、乙网点" in text
    assert "陈静（" in text
    assert "未办结事项 3 件" in text
    assert fresh(cast.east).closed_on is None


def test_empty_unit_closes_on_its_last_day_and_takes_no_more_changes(cast: Cast) -> None:
    empty = make_unit("空网点", parent=cast.east)

    close_unit(empty, on=DAY, by=cast.chen)

    closed = fresh(empty)
    assert (closed.open_on(DAY), closed.open_on(DAY + ONE)) == (True, False)
    assert spell_on(empty, DAY + ONE) is None
    with pytest.raises(InputRefused, match="停业"):
        rename_unit(empty, name="又开网点", on=DAY + ONE, by=cast.chen)


def test_merging_hands_over_people_and_units_and_names_the_heir(cast: Cast) -> None:
    corner = make_unit("甲网点服务点", parent=cast.jia)

    merge_unit(cast.jia, into=cast.yi, on=DAY, by=cast.chen)

    jia = fresh(cast.jia)
    assert (jia.closed_on, jia.merged_into) == (DAY - ONE, cast.yi)
    assert fresh(corner).parent == cast.yi
    assert cast.zhou.employee is not None
    rows = Posting.objects.filter(employee=cast.zhou.employee).order_by("from_on")
    assert [(row.unit.name, row.until_on) for row in rows] == [
        ("甲网点", DAY - ONE),
        ("乙网点", None),
    ]
    heads = Posting.objects.filter(unit=cast.yi, head=True, until_on=None)
    assert [row.employee for row in heads] == [cast.wu.employee]


def test_unit_with_open_matters_or_its_own_child_cannot_be_merged(
    cast: Cast, open_matters: list[str]
) -> None:
    with pytest.raises(InputRefused, match="下级机构"):
        merge_unit(cast.east, into=cast.jia, on=DAY, by=cast.he)

    open_matters.append("未办结事项 1 件")
    with pytest.raises(InputRefused, match="未办结事项 1 件"):
        merge_unit(cast.jia, into=cast.yi, on=DAY, by=cast.chen)
    assert fresh(cast.jia).closed_on is None


def test_two_units_that_change_places_keep_their_paths_right(db: None) -> None:
    """The tick places from the top down; otherwise one lies beneath the other for a moment."""
    upper = make_unit("上")
    lower = make_unit("下", parent=upper)
    leaf = make_unit("叶", parent=lower)
    make_employee("某人", unit=leaf)
    day = timezone.localdate() + ONE
    for unit, parent in ((upper, lower), (lower, None)):
        UnitSpell.objects.filter(unit=unit).update(until_on=day - ONE)
        last = UnitSpell.objects.get(unit=unit)
        last.pk, last.from_on, last.until_on, last.parent = None, day, None, parent
        last.save()

    refresh_units(day)

    assert fresh(lower).path == f"/{lower.pk}/"
    assert fresh(upper).path == f"/{lower.pk}/{upper.pk}/"
    assert fresh(leaf).path == f"/{lower.pk}/{leaf.pk}/"


class TreeKeepsItsShape(TestCase):
    """After any moves that were accepted, every path says what the parents say."""

    @settings(max_examples=12)
    @given(
        st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6), st.integers(0, 40)), max_size=8)
    )
    def test_paths_agree_with_parents_after_any_moves(
        self, moves: list[tuple[int, int, int]]
    ) -> None:
        units = list(make_houses().values())
        for moved, target, days in moves:
            day = timezone.localdate() + timedelta(days=days - 20)
            try:
                move_unit(units[moved], parent=units[target], on=day, by=None)
            except InputRefused:
                continue

        for days in (1, 7, 25):
            refresh_units(timezone.localdate() + timedelta(days=days))

        for unit in Unit.objects.select_related("parent"):
            above = unit.parent.path if unit.parent else "/"
            assert unit.path == f"{above}{unit.pk}/"
            assert unit.depth == unit.path.count("/") - 2


def test_unit_with_an_open_matter_does_not_close_and_the_matter_is_named(cast: Cast) -> None:
    empty, now = make_unit("空网点", parent=cast.east), timezone.now()
    fields = {"known_at": now, "opened_at": now, "moved_at": now, "opened_by": cast.chen}
    matter = Matter.objects.create(
        flow="complaint", number="TS2026-0001", title="等候过久", unit=empty, state="open", **fields
    )

    with pytest.raises(InputRefused, match=r"未办结事项 1 件（最早的是 TS2026-0001）"):
        close_unit(empty, on=DAY, by=cast.chen)

    Matter.objects.filter(pk=matter.pk).update(closed=True)
    assert close_unit(empty, on=DAY, by=cast.chen).closed_on == DAY


# -- taking back ------------------------------------------------------------------------


@pytest.mark.django_db
def test_change_that_has_not_begun_is_taken_back_and_what_was_before_goes_on(cast: Cast) -> None:
    far = timezone.localdate().replace(day=1) + timedelta(days=20_000)
    wrong = move_unit(cast.jia, parent=cast.west, on=far, by=cast.he)
    with pytest.raises(InputRefused, match="不能早于这一天"):
        rename_unit(cast.jia, name="城东新名", on=timezone.localdate(), by=cast.he)

    assert take_back(cast.jia, change=wrong.pk, by=cast.he).until_on is None

    assert not UnitSpell.objects.filter(pk=wrong.pk).exists()
    rename_unit(cast.jia, name="城东新名", on=timezone.localdate(), by=cast.he)
    assert fresh(cast.jia).name == "城东新名"
    row = AuditRow.objects.get(action="org.unit.take_back")
    assert (row.old["parent"], row.new["parent"]) == (cast.west.code, cast.east.code)
    assert row.old["from_on"] == far.isoformat()


@pytest.mark.django_db
def test_change_that_has_begun_or_was_taken_back_already_is_not_taken_back(cast: Cast) -> None:
    today = timezone.localdate()
    begun = rename_unit(cast.jia, name="城东新名", on=today, by=cast.he)
    ahead = rename_unit(cast.jia, name="城东又名", on=today + ONE, by=cast.he)

    with pytest.raises(InputRefused, match="不能撤回"):
        take_back(cast.jia, change=begun.pk, by=cast.he)
    seen = ahead.pk
    take_back(cast.jia, change=seen, by=cast.he)
    for spell in (seen, begun.pk):
        with pytest.raises(InputRefused, match="不能撤回"):
            take_back(cast.jia, change=spell, by=cast.he)
    opened = fresh(cast.yi).spells.get()
    with pytest.raises(InputRefused, match="不能撤回"):
        take_back(cast.yi, change=opened.pk, by=cast.he)


@pytest.mark.django_db
def test_change_is_not_taken_back_where_the_unit_above_is_gone_by_then_or_lies_beneath(
    cast: Cast,
) -> None:
    later = timezone.localdate() + timedelta(days=30)
    above = open_unit(new_unit(cast, code="111777"), by=cast.he)
    below = open_unit(new_unit(cast, code="111778", parent=above), by=cast.he)
    away = move_unit(below, parent=cast.east, on=later, by=cast.he)
    under = move_unit(above, parent=below, on=later + ONE, by=cast.he)
    with pytest.raises(InputRefused, match="之下"):
        take_back(below, change=away.pk, by=cast.he)
    take_back(above, change=under.pk, by=cast.he)
    close_unit(above, on=later, by=cast.he)
    with pytest.raises(InputRefused, match="停业"):
        take_back(below, change=away.pk, by=cast.he)


@pytest.mark.django_db
def test_only_those_who_keep_a_unit_take_back_its_changes(cast: Cast) -> None:
    ahead = rename_unit(cast.jia, name="新", on=timezone.localdate() + ONE, by=cast.he)

    with pytest.raises(NotAllowed):
        take_back(cast.jia, change=ahead.pk, by=cast.lin)


@pytest.mark.django_db
def test_move_is_taken_back_by_who_keeps_both_units_above(cast: Cast) -> None:
    ahead = move_unit(cast.jia, parent=cast.west, on=timezone.localdate() + ONE, by=cast.he)

    with pytest.raises(NotAllowed):
        take_back(cast.jia, change=ahead.pk, by=cast.chen)

    assert take_back(cast.jia, change=ahead.pk, by=cast.he).parent == cast.east
