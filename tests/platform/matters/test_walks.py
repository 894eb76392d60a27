"""All twenty-one kinds go the same road: from registration to each of their ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.platform.matters.made import (
    MONDAY,
    begin,
    filled_for,
    roads,
    set_limit,
    take,
)
from tests.platform.people import Cast
from wenyou.audit.models import AuditRow
from wenyou.matters.models import Matter, MatterLink, Transition
from wenyou.matters.services import move
from wenyou.matters.showing import links
from wenyou_core.flow.guards import ADOPTION_RECORDED
from wenyou_core.flow.machine import NEW
from wenyou_core.flow.registry import FLOWS

# Answered by the slice of schemes, which stands above.
ABOVE = frozenset({ADOPTION_RECORDED})
ENDS = [
    pytest.param(flow.name, state.code, id=f"{flow.name}-{state.code}")
    for flow in FLOWS.values()
    for state in flow.states
    if state.closed
]
OPENING = [
    pytest.param(flow.name, made.action, source, id=f"{flow.name}-{made.action}-{source}")
    for flow in FLOWS.values()
    for made in flow.moves
    if made.opens
    for source in made.sources[-1:]
]


def walk(flow: str, state: str, cast: Cast) -> Matter:
    """A matter brought to a state by the shortest road, half an hour to each step."""
    if flow == "exemption_filing" and state != "lapsed":
        set_limit(cast.east, "window.exemption_filing", {"opens_at": "2026-03-01T00:00:00+08:00"})
    if state == "lapsed":
        shut = {"closes_at": "2026-03-02T09:00:00+08:00"}
        set_limit(cast.east, f"window.{flow}", shut)
    road = roads(FLOWS[flow], ABOVE)[state]
    matter = begin(flow, cast, action=road[0].action)
    if flow == "ruling_batch" and state == "closed":
        case = begin("complaint", cast)
        Matter.objects.filter(pk=case.pk).update(state="closed")
        MatterLink.objects.create(source=case, target=matter, kind="put_to_meeting")
    for step, made in enumerate(road[1:], 1):
        matter = take(matter, made, cast, MONDAY + timedelta(minutes=30 * step))
    return matter


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "state"), ENDS)
def test_every_matter_can_be_brought_to_each_of_its_ends(flow: str, state: str, cast: Cast) -> None:

    matter = walk(flow, state, cast)

    fresh = Matter.objects.get(pk=matter.pk)
    assert (fresh.state, fresh.closed, fresh.due_at) == (state, True, None)
    assert fresh.closed_at is not None
    told = Transition.objects.filter(matter=fresh).order_by("turn")
    assert [row.turn for row in told] == list(range(1, fresh.turn + 1))
    assert told[0].source == NEW
    assert AuditRow.objects.filter(object_kind="matter", object_id=str(fresh.pk)).count() == len(
        told
    )
    assert not fresh.clocks.filter(state__in=("running", "paused", "unknown")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("flow", "action", "source"), OPENING)
def test_move_that_opens_another_matter_links_the_two(
    flow: str, action: str, source: str, cast: Cast
) -> None:
    matter = walk(flow, source, cast)
    made = next(one for one in FLOWS[flow].moves_from(source) if one.action == action)

    moved = take(matter, made, cast, MONDAY + timedelta(hours=10))

    link = MatterLink.objects.get(source=moved, kind=action)
    assert link.target.flow == made.opens
    assert link.target.unit_id == moved.unit_id
    assert moved.state == (source if made.target is None else made.target)
    with CaptureQueriesContext(connection) as asked:
        before, after = links(moved, cast.chen), links(link.target, cast.chen)
    assert [(one.matter.pk, one.how, one.seen) for one in before] == [
        (link.target_id, made.title, True)
    ]
    assert [(one.matter.pk, one.how) for one in after] == [(moved.pk, f"由此{made.title}")]
    assert len(asked) <= 5  # two for each, and the roles once


@pytest.mark.django_db
def test_second_case_joins_the_meeting_that_still_collects_cases(cast: Cast) -> None:
    first, second = (walk("complaint", "ruling", cast) for _ in range(2))
    made = next(
        one for one in FLOWS["complaint"].moves_from("ruling") if one.opens == "ruling_batch"
    )
    at = MONDAY + timedelta(hours=10)
    move(first, made.action, by=cast.chen, turn=first.turn, filled=filled_for(made, cast), at=at)

    move(second, made.action, by=cast.chen, turn=second.turn, at=at)

    assert Matter.objects.filter(flow="ruling_batch").count() == 1
    assert MatterLink.objects.filter(kind="put_to_meeting").count() == 2
