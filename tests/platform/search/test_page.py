"""The search page: within one's scope, newest first, quick to count."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.factories import make_unit
from tests.platform.matters.made import MONDAY, begin
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.house import findable
from wenyou.house.findable import catch_all, catch_up
from wenyou.house.search import look_for
from wenyou.matters.queries import matters_visible_to
from wenyou.matters.services import move
from wenyou.org.models import Unit
from wenyou.search.models import SearchDoc

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def test_a_unit_is_found_once_it_is_saved(cast: Cast) -> None:
    make_unit("南山科技园支行", parent=cast.east)

    found = look_for("科技园", cast.chen)

    assert [(one.kind, one.count) for one in found] == [("unit", "1")]


def test_a_new_name_is_found_and_the_old_one_no_more(cast: Cast) -> None:
    unit = make_unit("南山科技园支行", parent=cast.east)
    unit.name = "蛇口支行营业部"
    unit.short_name = ""
    unit.save()

    assert look_for("科技园", cast.chen) == []
    assert len(look_for("蛇口", cast.chen)) == 1


def test_what_came_in_bulk_is_caught_up_by_the_tick(cast: Cast) -> None:
    catch_up()
    Unit.objects.bulk_create(
        Unit(code=f"X{n}", name=f"批量网点{n}", opened_on=date(2024, 2, 29), path=f"{cast.east.path}9{n}/")
        for n in range(3)
    )  # fmt: skip

    assert look_for("批量网点", cast.chen) == []
    assert catch_up() == 3
    assert look_for("批量网点", cast.chen)[0].total == 3


def test_people_of_another_branch_are_not_found(cast: Cast) -> None:
    name = cast.wu.name

    assert [one.kind for one in look_for(name, cast.chen)] == ["person"]
    assert look_for(name, cast.zhou) == []


def test_matters_are_found_within_reach_whoever_asks(cast: Cast) -> None:
    mine = begin("complaint", cast, title="门口没有坡道")
    other = begin("complaint", cast, by=cast.wu, unit=cast.yi, title="门口坡道太陡")

    def hits(user: User) -> set[str]:
        return {hit.title for one in look_for("坡道", user) for hit in one.hits}

    assert hits(cast.lin) == {str(mine)}
    assert hits(cast.wu) == {str(other)}
    assert hits(cast.chen) == {str(mine), str(other)}
    assert hits(cast.system_admin) == set()


@pytest.mark.parametrize(
    "who", ["chen", "lin", "wu", "zhou", "zheng", "he", "department", "leader"]
)
def test_a_search_finds_the_rows_that_may_be_seen_and_no_others(cast: Cast, who: str) -> None:
    user = cast.people()[who]
    for flow in ("complaint", "exemption_filing", "commendation"):
        begin(flow, cast, title="门口没有坡道")
        begin(flow, cast, by=cast.wu, unit=cast.yi, title="门口没有坡道")

    found = [hit.title for one in look_for("坡道", user) for hit in one.hits]

    assert sorted(found) == sorted(map(str, matters_visible_to(user)))


def test_a_matter_that_was_given_to_another_outlet_is_found_there(cast: Cast) -> None:
    matter = begin("complaint", cast, title="门口没有坡道")
    given = {"unit": cast.yi}
    move(matter, "assign", by=cast.handler, turn=matter.turn, filled=given, at=MONDAY)

    assert look_for("坡道", cast.lin) == []
    assert [one.total for one in look_for("坡道", cast.wu)] == [1]


def test_a_text_that_names_a_wrong_unit_shows_nothing_and_is_mended_in_the_night(
    cast: Cast,
) -> None:
    matter = begin("complaint", cast, title="门口没有坡道")
    SearchDoc.objects.filter(object_kind="matter").update(unit=cast.yi)

    assert [hit for one in look_for("坡道", cast.wu) for hit in one.hits] == []
    assert catch_all() == 1
    assert SearchDoc.objects.get(object_kind="matter", object_id=matter.pk).unit_id == cast.jia.pk


def test_the_page_says_what_to_do_when_nothing_is_found(client: Client, cast: Cast) -> None:
    client.force_login(cast.chen)

    answer = client.get("/search/", {"q": "没有这样的词组"})

    assert answer.status_code == 200
    assert "没有找到" in answer.content.decode()


def test_what_was_typed_is_shown_inert(client: Client, cast: Cast) -> None:
    client.force_login(cast.chen)

    text = client.get("/search/", {"q": "<script>x</script>"}).content.decode()

    assert "<script>x" not in text


def test_the_number_of_queries_does_not_grow_with_the_hits(cast: Cast) -> None:
    look_for("同名网点", cast.chen)  # what is asked once for the process is known now
    counts = []
    for rows in (1, 2):
        for n in range(rows):
            make_unit(f"同名网点{rows}{n}", parent=cast.east)
        cast.chen.__dict__.pop("_scopes", None)
        with CaptureQueriesContext(connection) as asked:
            look_for("同名网点", cast.chen)
        counts.append(len(asked))

    assert counts[0] == counts[1] <= 6


def test_every_row_is_indexed_once(cast: Cast) -> None:
    catch_up()

    assert catch_up() == 0
    assert SearchDoc.objects.filter(object_kind="unit").count() == Unit.objects.count()


def test_a_row_that_ended_late_is_caught_up_by_the_tick_or_in_the_night(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    catch_up()
    SearchDoc.objects.filter(object_kind="unit", object_id=cast.jia.pk).delete()
    assert catch_up() == 1

    monkeypatch.setattr(findable, "LATE", 0)
    SearchDoc.objects.filter(object_kind="unit", object_id=cast.jia.pk).delete()

    assert catch_up() == 0
    assert catch_all() == 1


def test_more_than_fits_at_once_is_caught_up_by_and_by(cast: Cast) -> None:
    SearchDoc.objects.filter(object_kind="unit").delete()
    units = Unit.objects.count()
    done = [catch_up(at_once=2) for _ in range(units)]

    assert sum(done) == units
    assert done[0] == 2


@pytest.mark.parametrize(("word", "flow"), [("报备", "exemption_filing"), ("表扬", "commendation")])
def test_the_name_of_a_kind_finds_its_matters_within_reach(
    cast: Cast, word: str, flow: str
) -> None:
    mine = begin(flow, cast, title="叫号机更换")
    begin(flow, cast, by=cast.wu, unit=cast.yi, title="叫号机更换")

    (found,) = [one for one in look_for(word, cast.lin) if one.kind == "flow"]

    assert [hit.title for hit in found.hits] == [str(mine)]
    assert len(next(one for one in look_for(word, cast.chen) if one.kind == "flow").hits) == 2
    assert not [one for one in look_for("更换", cast.chen) if one.kind == "flow"]
