"""Two people at once: one moves, the other is told; numbers have no twins. On PostgreSQL."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.platform.matters.made import MONDAY, begin
from tests.platform.people import Cast, make_cast
from tests.platform.together import at_once
from wenyou.matters.models import Matter, Transition
from wenyou.matters.services import move
from wenyou.org.services import load_shipped_calendar
from wenyou_core.flow.machine import MoveRefused, StaleMatter


@pytest.fixture
def people(transactional_db: None) -> Cast:
    if connection.vendor == "sqlite":
        pytest.skip("内存里的数据库没有第二个连接；这一项在 PostgreSQL 那一遍里测。")
    load_shipped_calendar()
    return make_cast()


def test_of_many_who_move_at_once_one_wins_and_the_others_are_told(people: Cast) -> None:
    matter = begin("complaint", people, by=people.chen)
    told: list[str] = []

    def take(number: int) -> None:
        by = people.chen if number % 2 else people.handler
        try:
            move(matter, "assign", by=by, turn=1, filled={"unit": people.jia}, at=MONDAY)
        except (StaleMatter, MoveRefused) as refused:
            told.append(type(refused).__name__)

    at_once(take, 6)

    assert told == ["StaleMatter"] * 5
    assert Matter.objects.get().turn == 2
    assert Transition.objects.count() == 2


def test_numbers_given_at_once_have_no_twins(people: Cast) -> None:
    def add(_: int) -> None:
        for _each in range(3):
            begin("complaint", people, by=people.chen)

    at_once(add, 4)

    numbers = sorted(Matter.objects.values_list("number", flat=True))
    assert numbers == [f"TS2026-{number:06d}" for number in range(1, 13)]


def test_form_sent_several_times_at_once_registers_one_matter(people: Cast) -> None:
    found: list[int] = []

    def send(_: int) -> None:
        found.append(begin("complaint", people, by=people.chen, once="one-and-the-same-form").pk)

    at_once(send, 5)

    assert len(found) == 5
    assert {Matter.objects.get().pk} == set(found)
