"""A name is hidden where somebody has looked and ticked, and nowhere else: it cannot be undone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.platform.assessments.computed import work_off
from tests.platform.people import Cast
from tests.platform.privacy.kept import NAME, PHONE, complaint, evidence, rule
from tests.platform.privacy.test_requests import ask, done, everything, ticks
from wenyou.accounts.models import RoleHolding
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.jobs import runner
from wenyou.matters.fields import SEALED
from wenyou.matters.models import Matter, Transition
from wenyou.privacy import holds, persons, requests, sealed
from wenyou.privacy.models import PersonRequest
from wenyou.privacy.outcome import outcome
from wenyou.privacy.passages import Passage
from wenyou_core.errors import InputRefused


@pytest.fixture(autouse=True)
def _not_stopping() -> None:
    runner.STOPPING.event.clear()


@pytest.fixture(autouse=True)
def _three_years(cast: Cast) -> None:
    rule(cast, "person.complaints", 36)


def shown(one: PersonRequest) -> list[Passage]:
    return [told for there in requests.passages_for(one).values() for told in there]


def test_a_longer_name_that_begins_with_the_name_is_left_to_the_tick(cast: Cast) -> None:
    matter = complaint(cast, text=f"张三丰陪同张三来电{PHONE}，反映排队")
    one = ask(cast, name="张三")
    told = shown(one)
    both = [("", "丰陪"), ("张三丰陪同", "来电")]
    assert [(said.before, said.after[:2]) for said in told if said.place == "事由"] == both
    assert [(said.before, said.after[:2]) for said in told if said.place != "事由"] == both
    ticked = tuple(said.key for said in told if said.before)

    one = done(one, cast.protection, chosen=ticked)

    assert "张三丰陪同张*来电" in everything(matter)
    assert "张*丰" not in everything(matter)
    assert "文字中另有姓名" in outcome(one.found)
    assert "没有勾选" in one.found[0]["verdict"]


@pytest.mark.parametrize(("name", "text"), [("高明", "办理速度提高明显"), ("Li", "Alibaba LiLi")])
def test_nothing_is_replaced_that_nobody_has_ticked_even_where_the_number_is_sure(
    cast: Cast, name: str, text: str
) -> None:
    matter = complaint(cast, text=f"{text}，来电{PHONE}")

    one = done(ask(cast, name=name), cast.protection)

    assert text in Matter.objects.get(pk=matter.pk).data["customer_request"]
    assert "隐去姓名" not in outcome(one.found)


def test_what_was_chosen_from_a_list_is_no_passage(cast: Cast) -> None:
    matter = complaint(cast, text="反映排队")
    data = {**matter.data, "channel": "来信", "unit": "来信支行", "result": "来信已收"}
    Matter.objects.filter(pk=matter.pk).update(data=data)

    one = ask(cast, purpose="name", number="", name="来信")
    assert [said.after for said in shown(one)] == ["已收"]
    done(one, cast.protection, chosen=ticks(one))

    after = Matter.objects.get(pk=matter.pk).data
    assert (after["channel"], after["unit"], after["result"]) == ("来信", "来信支行", "来*已收")


def test_words_that_changed_after_they_were_ticked_are_to_be_looked_at_again(cast: Cast) -> None:
    matter = complaint(cast)
    one = ask(cast, name=NAME)
    ticked = ticks(one)
    data = {**matter.data, "customer_request": f"又一个{NAME}"}
    Matter.objects.filter(pk=matter.pk).update(data=data, title="别的")
    Transition.objects.filter(matter=matter).update(filled={})

    with pytest.raises(InputRefused, match="有变化"):
        requests.start(one, by=cast.protection, chosen=ticked)

    assert f"又一个{NAME}" in everything(matter)
    one.refresh_from_db()
    assert one.state == PersonRequest.State.PREVIEW


def test_ticks_that_no_longer_fit_when_the_job_begins_are_asked_for_again(cast: Cast) -> None:
    matter = complaint(cast)
    one = ask(cast, name=NAME)
    requests.start(one, by=cast.protection, chosen=ticks(one))
    sealed.rotate(by=None)
    sealed.reseal(lambda *_: None, lambda **_: None, step={}, by=None)

    work_off()

    one = PersonRequest.objects.get()
    assert one.state == PersonRequest.State.PREVIEW
    assert one.job is not None
    assert "重新核对" in one.job.error
    assert SEALED in Matter.objects.get(pk=matter.pk).data
    assert done(one, cast.protection, chosen=ticks(one)).state == PersonRequest.State.DONE
    assert NAME not in everything(matter)


def test_passages_are_shown_within_the_units_of_today_alone(cast: Cast) -> None:
    complaint(cast)
    one = ask(cast, name=NAME)
    assert shown(one)
    RoleHolding.objects.filter(user=cast.protection).delete()

    assert not shown(PersonRequest.objects.get())


def test_ticks_of_one_request_do_not_fit_another(cast: Cast) -> None:
    complaint(cast)
    first, second = ask(cast, name=NAME), ask(cast, name=NAME)

    assert not set(ticks(first)) & set(ticks(second))


def test_a_name_that_stands_in_the_name_of_a_file_alone_is_found(cast: Cast) -> None:
    matter = complaint(cast, text="反映排队")
    file = evidence(cast, matter)

    one = ask(cast, purpose="name", number="", name=NAME)
    assert [said.place for said in shown(one)] == ["材料名称"]
    done(one, cast.protection, chosen=ticks(one))

    file.refresh_from_db()
    assert file.name == "王**.jpg"


def test_a_file_that_a_matter_on_hold_uses_keeps_its_name(cast: Cast) -> None:
    matter, held = complaint(cast), complaint(cast, text="别的事")
    file = evidence(cast, matter)
    EvidenceUse.objects.create(evidence=file, object_kind="matter", object_id=str(held.pk))
    holds.place(held.number, ground="诉讼，案号一", by=cast.chen)

    one = ask(cast, name=NAME)
    assert all(said.place != "材料名称" for said in shown(one))
    done(one, cast.protection, chosen=ticks(one))

    assert NAME not in everything(matter)
    assert Evidence.objects.get().name == f"{NAME}.jpg"


def test_a_hold_that_came_after_the_ticks_keeps_everything(cast: Cast) -> None:
    matter = complaint(cast)
    one = ask(cast, name=NAME)
    requests.start(one, by=cast.protection, chosen=ticks(one))
    holds.place(matter.number, ground="诉讼，案号一", by=cast.chen)

    work_off()
    one.refresh_from_db()

    assert NAME in everything(matter)
    assert "其余 1 项" in outcome(one.found)


def test_a_tick_in_a_matter_of_the_name_alone_takes_its_sealed_originals_too(cast: Cast) -> None:
    matter, other = complaint(cast), complaint(cast)

    one = ask(cast, purpose="name", number="", name=NAME)
    done(one, cast.protection, chosen=ticks(one, matter))

    assert SEALED not in Matter.objects.get(pk=matter.pk).data
    assert SEALED in Matter.objects.get(pk=other.pk).data
    assert NAME in everything(other)


def test_without_a_name_the_outcome_claims_none(cast: Cast) -> None:
    matter = complaint(cast)

    one = done(ask(cast), cast.protection)

    assert NAME in everything(matter)
    assert "没有提供姓名，文字中的姓名没有处理" in outcome(one.found)
    assert "隐去姓名" not in outcome(one.found)


def test_a_search_that_reached_its_limit_says_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    complaint(cast)
    complaint(cast)
    assert not persons.cut_off(ask(cast).found)
    monkeypatch.setattr(persons, "MOST_FOUND", 1)

    one = ask(cast)

    assert len(one.found) == 1
    assert "可能还有没列出的" in outcome(one.found)


def test_the_search_is_over_before_anything_is_locked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[int] = []
    outside = len(connection.savepoint_ids)
    asked = persons.matters_of

    def watched(*given: object, **said: object) -> object:
        inside.append(len(connection.savepoint_ids))
        return asked(*given, **said)  # type: ignore[arg-type]

    monkeypatch.setattr(persons, "matters_of", watched)
    complaint(cast)

    done(ask(cast, name=NAME), cast.protection)

    assert inside == [outside] * 3


def test_passages_are_read_at_once_for_all_matters(cast: Cast) -> None:
    complaint(cast)
    first = ask(cast, name=NAME)
    with CaptureQueriesContext(connection) as one:
        requests.passages_for(first)
    complaint(cast)
    complaint(cast)
    second = ask(cast, name=NAME)
    with CaptureQueriesContext(connection) as three:
        assert len(requests.passages_for(second)) == 3

    assert len(one) == len(three)


def test_the_same_words_in_two_places_are_ticked_one_by_one(cast: Cast) -> None:
    matter = complaint(cast, text="反映排队")
    Matter.objects.filter(pk=matter.pk).update(title=NAME)
    moves = [Transition.objects.filter(matter=matter).latest("turn")]
    for turn in (7, 8):
        moves[0].pk, moves[0].turn, moves[0].note = None, turn, NAME
        moves[0].save()

    one = ask(cast, purpose="name", number="", name=NAME)
    told = shown(one)
    assert [said.place for said in told] == ["事由", "办理说明", "办理说明"]
    done(one, cast.protection, chosen=(told[2].key,))

    after = Matter.objects.get(pk=matter.pk)
    notes = list(
        after.transitions.filter(turn__gte=7).order_by("turn").values_list("note", flat=True)
    )
    assert (after.title, notes) == (NAME, [NAME, "王**"])


def test_copies_of_one_text_are_one_passage(cast: Cast) -> None:
    complaint(cast)

    told = [said for said in shown(ask(cast, name=NAME)) if said.place != "事由"]

    assert len(told) == 1  # The matter's own data and what its first move has filled in.
