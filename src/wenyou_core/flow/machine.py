"""The machine over the tables: what is open, what comes next, and why a move is refused.

Pure and total: a state goes in, a state or a refusal in Chinese comes out, and nothing is
changed. *Overdue* is never a state: it is computed from the clocks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from enum import StrEnum

from wenyou_core.errors import WenyouError
from wenyou_core.flow.guards import GUARDS
from wenyou_core.flow.needs import need_title
from wenyou_core.flow.roles import Role, role_titles
from wenyou_core.worktime.texts import beijing, moment_text

# The state of a matter that does not exist yet: the moves from here register it.
NEW = ""
# A refusal names the states a move is made in only when they are few enough to read.
_MOST_PLACES = 3


class StateKind(StrEnum):
    """Whether somebody has to act, somebody else is waited for, or all is done."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class Side(StrEnum):
    """Whose patience a clock measures."""

    INTERNAL = "internal"
    UPSTREAM = "upstream"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class State:
    """A state; ``in_hands_of`` is the role whose 待办 shows it, None once it is closed."""

    code: str
    title: str
    kind: StateKind
    in_hands_of: Role | None

    @property
    def closed(self) -> bool:
        """Whether the matter has ended here."""
        return self.kind is StateKind.CLOSED


def open_state(code: str, title: str, in_hands_of: Role) -> State:
    """A state in which somebody has to act."""
    return State(code, title, StateKind.OPEN, in_hands_of)


def waiting_state(code: str, title: str, in_hands_of: Role) -> State:
    """A state in which somebody outside the handling unit is waited for."""
    return State(code, title, StateKind.WAITING, in_hands_of)


def closed_state(code: str, title: str) -> State:
    """A final state."""
    return State(code, title, StateKind.CLOSED, None)


@dataclass(frozen=True, slots=True)
class Move:
    """A way from each of ``sources`` to ``target``; None: the matter stays where it is.

    ``limits`` name the clocks that start, ``needs`` what must be filled in, ``guards`` the
    conditions to be answered, ``opens`` the flow of a linked matter that the move begins.
    ``says`` is the sentence of the time line, with {who} and the names of needs to fill in.
    """

    action: str
    title: str
    sources: tuple[str, ...]
    target: str | None
    roles: tuple[Role, ...]
    _: KW_ONLY
    says: str
    limits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock of the matter; ``name`` is that of its TimeLimit in the plan or the adoption.

    With ``since`` the moves that carry its name in ``limits`` start it, anew each time, and
    ``since`` is the event in Chinese (派单). Without, the limit names its own start among the
    facts (known, received). ``met_by`` are actions; every closing of the matter ends it too.
    """

    name: str
    title: str
    met_by: tuple[str, ...]
    _: KW_ONLY
    since: str = ""
    side: Side = Side.INTERNAL
    paused_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """The table of one matter."""

    name: str
    title: str
    states: tuple[State, ...]
    initial: str
    moves: tuple[Move, ...]
    clocks: tuple[Clock, ...] = ()
    _states: Mapping[str, State] = field(init=False, repr=False, compare=False)
    _leaving: Mapping[str, tuple[Move, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        leaving: dict[str, list[Move]] = {}
        for move in self.moves:
            for source in move.sources:
                leaving.setdefault(source, []).append(move)
        object.__setattr__(self, "_states", {state.code: state for state in self.states})
        object.__setattr__(self, "_leaving", {key: tuple(of) for key, of in leaving.items()})

    def state(self, code: str) -> State:
        """The state with this code; raises UnknownState."""
        try:
            return self._states[code]
        except KeyError:
            raise UnknownState(self, code) from None

    def moves_from(self, code: str) -> tuple[Move, ...]:
        """All moves from a state (NEW: those that register), whoever may make them.

        Raises UnknownState.
        """
        if code != NEW:
            self.state(code)
        return self._leaving.get(code, ())

    def actions(self) -> Mapping[str, Move]:
        """Each action once, with the first move that bears it."""
        return {move.action: move for move in reversed(self.moves)}


class UnknownState(WenyouError):
    """A stored state that the table does not have (or no longer has)."""

    def __init__(self, flow: Flow, state: str) -> None:
        text = f"“{flow.title}”流程里没有“{state}”这个状态，请联系系统管理员核对数据。"
        super().__init__("flow-state-unknown", text, flow=flow.name, state=state)


class Why(StrEnum):
    """Why a move is refused."""

    NO_SUCH_ACTION = "no_such_action"
    NOT_OPEN = "not_open"
    NOT_YOURS = "not_yours"
    MISSING = "missing"
    BARRED = "barred"


class MoveRefused(WenyouError):
    """A move is refused; ``instead`` are the moves the person may make from this state."""

    def __init__(
        self, flow: Flow, state: str, action: str, why: Why, text: str, *, instead: tuple[Move, ...]
    ) -> None:
        super().__init__(
            f"move-{why.value.replace('_', '-')}", text, flow=flow.name, state=state, action=action
        )
        self.flow, self.state, self.action, self.why = flow, state, action, why
        self.instead = instead


class StaleMatter(WenyouError):
    """Somebody else moved the matter since the page was opened."""

    def __init__(self, flow: Flow, *, expected: str, actual: str, who: str, when: datetime) -> None:
        before, now = flow.state(expected).title, flow.state(actual).title
        changed = f"改为“{now}”" if expected != actual else "办理过"
        text = (
            f"这件事已由{who}于{moment_text(beijing(when))}{changed}，"
            f"您打开页面时是“{before}”。请刷新页面，看清进展后再办。"
        )
        super().__init__(
            "matter-stale", text, flow=flow.name, expected=expected, actual=actual, who=who
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What comes with a move: needs that are filled in, and the answers of the guards.

    ``answers`` map a guard to "" (it holds) or to the sentence that says why not.
    ``also_needed`` is what the plan or the unit asks for besides the table's needs, by name
    of a need or in Chinese.
    """

    filled: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    also_needed: tuple[str, ...] = ()


NOTHING = Given()


def open_actions(flow: Flow, state: str, roles: Collection[Role]) -> tuple[Move, ...]:
    """The moves that one of ``roles`` may make from ``state``, in the order of the table.

    Raises UnknownState.
    """
    return tuple(move for move in flow.moves_from(state) if _may(move, roles))


def after(
    flow: Flow, state: str, action: str, roles: Collection[Role], given: Given = NOTHING
) -> str:
    """The state that ``action`` leads to; raises MoveRefused, UnknownState."""
    refused = refusal(flow, state, action, roles, given)
    if refused is not None:
        raise refused
    target = next(move for move in flow.moves_from(state) if move.action == action).target
    return state if target is None else target


def refusal(
    flow: Flow, state: str, action: str, roles: Collection[Role], given: Given = NOTHING
) -> MoveRefused | None:
    """Why the move would be refused; None when it may be made. Raises UnknownState."""
    instead = open_actions(flow, state, roles)
    move = next((one for one in flow.moves_from(state) if one.action == action), None)
    if move is None:
        why, text = _not_from_here(flow, state, action)
        return MoveRefused(flow, state, action, why, text + _told(instead), instead=instead)
    if not _may(move, roles):
        text = (
            f"按“{flow.title}”流程，{move.title}由{role_titles(move.roles)}办理，您没有这项职责；"
        )
        return MoveRefused(
            flow, state, action, Why.NOT_YOURS, text + _told(instead), instead=instead
        )
    missing = _missing(move, given)
    barred = _barred(move, given)
    if not missing and not barred:
        return None
    lacking = [f"{move.title}还缺：{'、'.join(missing)}，请补齐后再提交。"] if missing else []
    text = "".join([*lacking, *barred])
    why = Why.MISSING if missing else Why.BARRED
    return MoveRefused(flow, state, action, why, text, instead=instead)


def _may(move: Move, roles: Collection[Role]) -> bool:
    return any(role in roles for role in move.roles)


def _not_from_here(flow: Flow, state: str, action: str) -> tuple[Why, str]:
    known = [move for move in flow.moves if move.action == action]
    if not known:
        return Why.NO_SUCH_ACTION, f"“{flow.title}”流程里没有“{action}”这一项操作；"
    title = known[0].title
    if state == NEW:
        return Why.NOT_OPEN, f"这件“{flow.title}”还没有登记，不能{title}；"
    now = flow.state(state)
    sources = [source for move in known for source in move.sources if source != NEW]
    if not sources:
        text = f"这件“{flow.title}”已经登记，现为“{now.title}”，不用再{title}；"
        return Why.NOT_OPEN, text
    text = f"这件“{flow.title}”现为“{now.title}”，不能{title}"
    if now.closed or len(sources) > _MOST_PLACES:
        return Why.NOT_OPEN, f"{text}；"
    places = "、".join(f"“{flow.state(source).title}”" for source in sources)
    return Why.NOT_OPEN, f"{text}，须在{places}时办理；"


def _told(instead: tuple[Move, ...]) -> str:
    if not instead:
        return "您现在没有可办的操作，请刷新页面查看进展，或联系现在的经办人。"
    return f"您现在可以：{'、'.join(dict.fromkeys(move.title for move in instead))}。"


def _missing(move: Move, given: Given) -> list[str]:
    wanted = dict.fromkeys((*move.needs, *given.also_needed))
    return [need_title(name) for name in wanted if name not in given.filled]


def _barred(move: Move, given: Given) -> list[str]:
    answers = (given.answers.get(name, GUARDS[name].unchecked) for name in move.guards)
    return [answer for answer in answers if answer]
