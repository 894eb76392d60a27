"""Walks through the tables: each can be brought to an end, and a refusal changes nothing."""

from __future__ import annotations

import copy
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.flow.machine import (
    NEW,
    Flow,
    Given,
    Move,
    MoveRefused,
    after,
    open_actions,
    refusal,
)
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import Role
from wenyou_core.flow.validate import way_out

FLOW = st.sampled_from(list(FLOWS.values()))
ALL = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
EVERYBODY = frozenset(Role)


def enough_for(move: Move) -> Given:
    return Given(filled=frozenset(move.needs), answers=dict.fromkeys(move.guards, ""))


def take(flow: Flow, state: str, move: Move) -> str:
    """One step by one fitting role alone, with exactly what the table asks for."""
    return after(flow, state, move.action, {move.roles[0]}, enough_for(move))


def some_of(flow: Flow, random: Random) -> Given:
    """Most of what the table's moves ask for: now and then a need or an answer is lacking."""
    needs = sorted({name for move in flow.moves for name in move.needs})
    guards = sorted({name for move in flow.moves for name in move.guards})
    return Given(
        filled=frozenset(name for name in needs if random.random() < 0.9),
        answers={name: "" for name in guards if random.random() < 0.9},
    )


@given(flow=FLOW, choices=st.lists(st.integers(0, 99), max_size=30))
def test_matter_can_be_ended_wherever_a_walk_has_led_it(flow: Flow, choices: list[int]) -> None:
    state = NEW
    for choice in choices:
        moves = flow.moves_from(state)
        if not moves:
            break
        state = take(flow, state, moves[choice % len(moves)])

    for move in way_out(flow, state):
        state = take(flow, state, move)

    assert state != NEW
    assert flow.state(state).closed


@ALL
def test_random_walk_ends(flow: Flow) -> None:
    for seed in range(50):
        random, state, steps = Random(seed), NEW, 0
        while state == NEW or not flow.state(state).closed:
            state = take(flow, state, random.choice(flow.moves_from(state)))
            steps += 1
            assert steps < 5_000


@given(flow=FLOW, roles=st.frozensets(st.sampled_from(Role)), seed=st.integers(0))
def test_move_is_made_or_refused_and_a_refusal_changes_nothing(
    flow: Flow, roles: frozenset[Role], seed: int
) -> None:
    random = Random(seed)
    state = random.choice([NEW, *(one.code for one in flow.states)])
    table = copy.deepcopy((flow.moves, flow.states))
    for action in [*flow.actions(), "no_such_action"]:
        what = some_of(flow, random)
        before = copy.deepcopy(what)

        refused = refusal(flow, state, action, roles, what)

        assert (flow.moves, flow.states) == table
        assert what == before
        if refused is None:
            (move,) = [one for one in flow.moves_from(state) if one.action == action]
            assert after(flow, state, action, roles, what) == (move.target or state)
            assert roles & set(move.roles)
            assert set(move.needs) <= what.filled
            continue
        with pytest.raises(MoveRefused) as caught:
            after(flow, state, action, roles, what)
        assert str(caught.value) == str(refused)
        assert str(refused).endswith("。")
        assert (refused.state, refused.instead) == (state, open_actions(flow, state, roles))


@ALL
def test_every_move_is_open_to_each_of_its_roles_and_to_nobody_else(flow: Flow) -> None:
    for source in [NEW, *(state.code for state in flow.states)]:
        for move in flow.moves_from(source):
            for role in Role:
                assert (move in open_actions(flow, source, {role})) == (role in move.roles)


@ALL
def test_every_single_thing_missing_refuses_the_move(flow: Flow) -> None:
    for source in [NEW, *(state.code for state in flow.states)]:
        for move in flow.moves_from(source):
            full = enough_for(move)
            lacking = [
                *(Given(filled=full.filled - {one}, answers=full.answers) for one in move.needs),
                *(
                    Given(
                        filled=full.filled,
                        answers={key: "" for key in full.answers if key != one},
                    )
                    for one in move.guards
                ),
            ]
            assert refusal(flow, source, move.action, EVERYBODY, full) is None
            assert all(refusal(flow, source, move.action, EVERYBODY, one) for one in lacking)
