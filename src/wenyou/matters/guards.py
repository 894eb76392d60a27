"""The answers to the guards of moves, from what the house knows of people and earlier moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from wenyou.accounts.models import User
from wenyou.matters.limits import Limits
from wenyou.matters.models import Matter, MatterLink, Transition
from wenyou.matters.reading import OWN_LIMITS
from wenyou.org.heads import head_of
from wenyou_core.flow.guards import (
    ADOPTION_RECORDED,
    ALL_RULED,
    NO_INTEREST,
    OTHER_PERSON,
    WINDOW_CLOSED,
    WINDOW_OPEN,
    other_person,
)
from wenyou_core.flow.machine import Flow, Move
from wenyou_core.flow.recusal import RULING_TIES, Interest, Tie, no_interest
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import UNIT
from wenyou_core.flow.windows import Window, window_closed, window_open

INTERESTS = "interests"
DAY_ALONE = len("2026-01-01")
# Whose own work a decision checks: by default who brought the matter into the present state.
_CHECKED = {
    "appeal": frozenset({"submit"}),
    "period_result": frozenset({"compute", "recompute", "publish"}),
}
# Reviews of what was decided before ask who decided it; a ruling asks who handled the case.
REVIEWS = frozenset({"complaint_review", "appeal"})
_HANDLED = frozenset({"submit_reply", "take_up"})


@dataclass(frozen=True, slots=True)
class Case:
    """A move about to be made, with all that its guards may ask about.

    ``matter`` has no key yet while it is registered; ``by`` None is the system.
    """

    flow: Flow
    move: Move
    matter: Matter
    by: User | None
    history: Sequence[Transition]
    at: datetime
    limits: Limits


Answerer = Callable[[Case], str]
_ANSWERERS: dict[str, Answerer] = {}


def register_guard(name: str, answerer: Answerer) -> None:
    """Let a slice above answer a guard that needs its knowledge; a second one is refused."""
    if _ANSWERERS.setdefault(name, answerer) is not answerer:
        raise ValueError(f"guard {name} has two answerers")


def answers(case: Case) -> Mapping[str, str]:
    """The answer to each guard of the move; what nobody can answer is left out and refuses."""
    return {name: _ANSWERERS[name](case) for name in case.move.guards if name in _ANSWERERS}


def _who(user: User | None) -> str:
    if user is None:
        return ""
    return user.employee.number if user.employee is not None else user.number


def _other_person(case: Case) -> str:
    if case.by is None:
        return ""
    checked = _CHECKED.get(case.flow.name)
    for row in reversed(case.history):
        arrived = row.source != row.target and row.target == case.matter.state
        if row.action in checked if checked else arrived:
            return other_person(_who(case.by), _who(row.by))
    return ""


def _no_interest(case: Case) -> str:
    if case.by is None:
        return ""
    ties = frozenset(Tie) if case.flow.name in REVIEWS else RULING_TIES
    return no_interest(_who(case.by), interests_of(case.matter, case.history, case.at), ties)


def interests_of(
    matter: Matter, history: Sequence[Transition], at: datetime
) -> tuple[Interest, ...]:
    """Everybody whom the outcome touches: named, leading the unit, or earlier at work on it."""
    return (
        *_declared(matter),
        *_by_place(matter, at),
        *_of_history(matter.flow, history),
        *_of_the_reviewed(matter),
    )


def _declared(matter: Matter) -> Iterator[Interest]:
    for one in matter.data.get(INTERESTS) or ():
        yield Interest(one["person"], one["name"], Tie(one["tie"]), one.get("note", ""))


def _by_place(matter: Matter, at: datetime) -> Iterator[Interest]:
    if matter.about is not None:
        yield Interest(matter.about.number, matter.about.name, Tie.SUBJECT)
    head = head_of(matter.unit, at)
    if head is not None:
        yield Interest(head.employee.number, head.employee.name, Tie.HEAD)


def _of_history(flow: str, history: Sequence[Transition]) -> Iterator[Interest]:
    for row in history:
        if row.by is None:
            continue
        handled = row.action in _HANDLED or (row.source and row.for_role in UNIT)
        if handled and flow not in REVIEWS:
            yield Interest(_who(row.by), row.by.name, Tie.HANDLED)


def _of_the_reviewed(matter: Matter) -> Iterator[Interest]:
    """Who handled and who decided the matter that this one asks to look at again."""
    if matter.flow not in REVIEWS or matter.pk is None:
        return
    links = MatterLink.objects.filter(target=matter).values("source")
    rows = Transition.objects.filter(matter__in=links).select_related("by__employee", "matter")
    for row in rows:
        if row.by is None:
            continue
        flow = FLOWS[row.matter.flow]
        ends = flow.state(row.target).closed if row.target else False
        if ends and row.source != row.target:
            yield Interest(_who(row.by), row.by.name, Tie.DECIDED)
        elif row.action in _HANDLED or (row.source and row.for_role in UNIT):
            yield Interest(_who(row.by), row.by.name, Tie.HANDLED)


def _window_open(case: Case) -> str:
    return _shut_for_itself(case) or window_open(case.limits.windows.get(case.flow.name), case.at)


def _window_closed(case: Case) -> str:
    if _shut_for_itself(case):
        return ""
    return window_closed(case.limits.windows.get(case.flow.name), case.at)


def _shut_for_itself(case: Case) -> str:
    """Why a matter with a window of its own can be handed in no more; empty while it can."""
    said = (case.matter.data.get(OWN_LIMITS) or {}).get(f"{case.flow.name}_window", "")
    if len(said) <= DAY_ALONE or case.move.action not in ("submit", "lapse"):
        return ""
    window = Window(title=case.flow.title, closes_at=datetime.fromisoformat(said))
    return window_open(window, case.at)


def _all_ruled(case: Case) -> str:
    """Whether each case of the meeting has its own outcome."""
    links = MatterLink.objects.filter(target=case.matter, kind="put_to_meeting")
    cases = [link.source for link in links.select_related("source")]
    if not cases:
        return "本次会议还没有列入案件，请先在案件上办理“提交责任认定会”。"
    open_ones = [one.number for one in cases if one.state == "ruling"]
    if not open_ones:
        return ""
    return f"还有{len(open_ones)}件没有结论：{'、'.join(open_ones[:5])}，请先逐案登记责任认定。"


register_guard(OTHER_PERSON, _other_person)
register_guard(NO_INTEREST, _no_interest)
register_guard(WINDOW_OPEN, _window_open)
register_guard(WINDOW_CLOSED, _window_closed)
register_guard(ALL_RULED, _all_ruled)
ANSWERED_ABOVE = frozenset({ADOPTION_RECORDED})
