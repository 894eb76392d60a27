"""A matter as its page shows it: state, due, clocks with their reasons, time line, next moves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from wenyou.accounts.models import User
from wenyou.evidence.models import EvidenceUse
from wenyou.evidence.queries import uses_of
from wenyou.matters.dueness import Dueness
from wenyou.matters.fields import REGULATOR, SOURCES, told
from wenyou.matters.guards import Case, answers
from wenyou.matters.kinds import shows_ticket
from wenyou.matters.limits import limits_for
from wenyou.matters.models import ClockRun, Matter, MatterLink, Transition, Urge
from wenyou.matters.outcomes import Outcomes, outcomes_of
from wenyou.matters.queries import roles_for, sees
from wenyou.matters.reading import OPEN
from wenyou.matters.urging import may_urge
from wenyou.web import words
from wenyou.web.listing import Due
from wenyou_core.flow.machine import Flow, Move, open_actions
from wenyou_core.flow.needs import NEEDS, need_title
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import ROLE_TITLES, Role
from wenyou_core.flow.telling import Transition as Told
from wenyou_core.flow.telling import sentence
from wenyou_core.worktime.clocks import CLOCK_LABELS, ClockState
from wenyou_core.worktime.texts import beijing

# Shown among the facts already.
_ELSEWHERE = frozenset({"unit", "department", "external_number", "article"})
# What a line about another matter shows, and what tells whether it may be seen.
BESIDE = (
    "flow", "number", "about_id", "holder_id", "opened_by_id", "unit__path", "with_unit__path",
)  # fmt: skip
SIDES = {"internal": "内部", "upstream": "上级", "customer": "客户"}
# Beside the road: shown after the moves that bring the matter on.
URGE = "urge"


@dataclass(frozen=True, slots=True)
class Button:
    """A move as a button; ``barred`` says why it cannot be made now.

    At most one is ``main``: the move that the clock which runs out first waits for.
    """

    action: str
    title: str
    onward: bool
    barred: str = ""
    main: bool = False


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock with its state in words and colour, and why this minute."""

    title: str
    side: str
    kind: str
    word: str
    due_at: datetime | None
    met_at: datetime | None
    limit: str
    steps: Sequence[str]
    open: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A transition on the time line."""

    what: str
    who: str
    at: datetime
    article: str
    note: str


@dataclass(frozen=True, slots=True)
class Linked:
    """A matter that belongs to this one; without address when it is not to be seen."""

    matter: Matter
    title: str
    how: str
    seen: bool


@dataclass(frozen=True, slots=True)
class ShownMatter:
    """Everything the page of a matter shows."""

    matter: Matter
    flow: Flow
    state_kind: str
    state: str
    due: Due | None
    hands: str
    source: str
    regulator: bool
    facts: Sequence[tuple[str, object]]
    texts: Sequence[tuple[str, str]]
    clocks: Sequence[ShownClock]
    steps: Sequence[Step]
    buttons: Sequence[Button]
    links: Sequence[Linked]
    files: Sequence[EvidenceUse]
    urges: Sequence[Urge]
    may_urge: bool
    group_text: str
    outcomes: Outcomes
    ticket: str


def shown(matter: Matter, user: User, now: datetime) -> ShownMatter:
    """A matter for a person; the same number of queries for every matter of a kind."""
    flow = flow_named(matter.flow)
    rows = list(matter.transitions.select_related("by__employee").order_by("turn"))
    state = flow.state(matter.state)
    dueness = Dueness(now)
    clocks = list(ClockRun.objects.filter(matter=matter).order_by("due_at", "pk"))
    return ShownMatter(
        matter=matter,
        flow=flow,
        state_kind=state_kind(matter, now),
        state=state.title,
        due=dueness.due(matter.due_at),
        hands=hands(matter),
        source=SOURCES.get(matter.source, ""),
        regulator=matter.source == REGULATOR,
        facts=facts(matter, now),
        texts=texts(matter),
        clocks=[clock(row, dueness) for row in clocks],
        steps=[step(flow, row) for row in reversed(rows)],
        buttons=buttons(flow, matter, user, rows, now),
        links=links(matter, user),
        files=uses_of(matter),
        urges=list(matter.urges.select_related("to").only("matter", "at", "text", "to__name")[:20]),
        may_urge=may_urge(user, matter),
        group_text=group_text(matter, now),
        outcomes=outcomes_of(matter, user),
        ticket=matter.ticket if shows_ticket(matter.flow) else "",
    )


def state_kind(matter: Matter, now: datetime) -> str:
    """The colour of a state: closed, late, waiting or going on."""
    if matter.closed:
        return "plain"
    if matter.due_at is not None and matter.due_at < now:
        return "over"
    return "paused" if matter.waiting else "press"


def hands(matter: Matter, *, beside_unit: bool = False) -> str:
    """In whose hands it is: a name, else the role at the unit; ``beside_unit``: the unit of the
    matter stands beside it already.
    """
    if matter.closed:
        return ""
    if matter.holder is not None:
        return matter.holder.name
    role = ROLE_TITLES.get(Role(matter.in_hands_of), "") if matter.in_hands_of else ""
    unit = matter.unit
    if matter.in_hands_of == Role.DEPARTMENT and matter.with_unit is not None:
        unit = matter.with_unit
    at_unit = matter.in_hands_of in (Role.OUTLET_HEAD, Role.DEPARTMENT, Role.STAFF)
    at_unit = at_unit and not (beside_unit and unit is matter.unit)
    return f"{unit}（{role}）" if at_unit else role


def facts(matter: Matter, now: datetime) -> list[tuple[str, object]]:
    """The columns in the order people ask for them."""
    said: list[tuple[str, object]] = [
        ("编号", matter.number),
        ("工单编号", matter.ticket),
        ("涉及机构", str(matter.unit)),
        ("涉及员工", matter.about.label if matter.about else ""),
        ("发生时间", words.when(matter.happened_at, now) if matter.happened_at else ""),
        ("知悉时间", words.when(matter.known_at, now)),
        ("登记", f"{matter.opened_by.name}，{words.when(matter.opened_at, now)}"),
        ("条款", matter.article),
        ("协办部门", str(matter.with_unit) if matter.with_unit else ""),
        ("办结时间", words.when(matter.closed_at, now) if matter.closed_at else ""),
    ]
    said += [(str(name), value) for name, value in (matter.data.get("columns") or {}).items()]
    return [(name, value) for name, value in said if value]


def texts(matter: Matter) -> list[tuple[str, str]]:
    """What was filled in, as it stands now."""
    return [
        (need_title(name), text)
        for name, text in told(matter.data).items()
        if name in NEEDS and text and name not in _ELSEWHERE
    ]


def clock(row: ClockRun, dueness: Dueness) -> ShownClock:
    """A clock in words."""
    running = row.state in OPEN
    if row.state == ClockRun.State.RUNNING and row.due_at is not None:
        kind, word = dueness.said(row.due_at)
    elif row.state == ClockRun.State.PAUSED:
        kind, word = "paused", CLOCK_LABELS[ClockState.PAUSED]
    elif row.state == ClockRun.State.UNKNOWN:
        kind, word = "paused", CLOCK_LABELS[ClockState.UNKNOWN]
    elif row.state == ClockRun.State.LATE:
        kind, word = "over", CLOCK_LABELS[ClockState.MET_LATE]
    else:
        kind, word = "ok", CLOCK_LABELS[ClockState.MET]
    return ShownClock(
        title=row.title,
        side=SIDES.get(row.side, ""),
        kind=kind,
        word=word,
        due_at=row.due_at,
        met_at=row.met_at,
        limit=row.limit,
        steps=[one["text"] for one in row.steps],
        open=running,
    )


def step(flow: Flow, row: Transition) -> Step:
    """A transition in its sentence."""
    said = Told(
        action=row.action,
        source=row.source,
        target=row.target,
        by=row.by_name,
        at=row.at,
        told=told(row.filled),
    )
    text = sentence(flow, said)
    what = text.split("，", 1)[1] if "，" in text else text
    role = ROLE_TITLES.get(Role(row.for_role), "") if row.for_role else ""
    who = f"{row.by_name}（{role}）" if row.by_name else "系统"
    return Step(what, who, row.at, row.article, row.note)


def buttons(
    flow: Flow, matter: Matter, user: User, rows: Sequence[Transition], now: datetime
) -> list[Button]:
    """The moves open to a person, those that bring the matter on first, each barred with reason."""
    moves = open_actions(flow, matter.state, roles_for(user, matter))
    moves = tuple(one for one in moves if one.action != URGE)
    barred = _barred(matter, user, rows, moves, now)
    main = _main(flow, matter, [one for one in moves if one.target is not None])
    found = [
        Button(
            one.action,
            one.title,
            one.target is not None,
            barred.get(one.action, ""),
            one.action == main,
        )
        for one in moves
    ]
    return sorted(found, key=lambda one: (not one.main, not one.onward))


def _main(flow: Flow, matter: Matter, onward: Sequence[Move]) -> str:
    """The one move to press: what the next clock waits for, or the only one there is."""
    # The first of a clock's ends is its purpose, the others merely stop it.
    waits = {one.met_by[0] for one in flow.clocks if one.name == matter.due_clock and one.met_by}
    open_now = [one.action for one in onward]
    purpose = [name for name in open_now if name in waits]
    return (purpose or open_now)[0] if purpose or len(open_now) == 1 else ""


def _barred(
    matter: Matter,
    user: User,
    rows: Sequence[Transition],
    moves: Iterable[Move],
    now: datetime,
) -> dict[str, str]:
    guarded = [one for one in moves if one.guards]
    if not guarded:
        return {}
    flow, limits = flow_named(matter.flow), limits_for(matter.unit, beijing(now).date())
    found: dict[str, str] = {}
    for made in guarded:
        said = answers(Case(flow, made, matter, user, rows, now, limits))
        found[made.action] = "".join(text for text in said.values() if text)
    return found


def links(matter: Matter, user: User) -> list[Linked]:
    """The matters before and after this one: first which, and where there are any, then they."""
    rows = MatterLink.objects.filter(Q(source=matter) | Q(target=matter)).order_by("pk")
    ends = list(rows.values_list("source_id", "target_id", "kind"))
    if not ends:
        return []
    others = Matter.objects.select_related("unit", "with_unit").only(*BESIDE)
    read = others.in_bulk({key for source, target, _ in ends for key in (source, target)})
    out = [
        (read[target], _how(matter.flow, kind))
        for source, target, kind in ends
        if source == matter.pk
    ]
    into = [
        (read[source], f"由此{_how(read[source].flow, kind)}")
        for source, target, kind in ends
        if target == matter.pk
    ]
    return [
        Linked(one, flow_named(one.flow).title, how, sees(user, one)) for one, how in [*out, *into]
    ]


def _how(flow: str, action: str) -> str:
    made = flow_named(flow).actions().get(action)
    return made.title if made is not None else "关联"


def group_text(matter: Matter, now: datetime) -> str:
    """A sentence for a chat group: no names of people, no amounts, nothing of the customer."""
    flow = flow_named(matter.flow)
    day: date = beijing(now).date()
    state = flow.state(matter.state).title
    head = f"【{flow.title}】{matter.unit}，编号 {matter.number}，现为“{state}”"
    if matter.closed:
        return f"{head}。"
    due = words.when(matter.due_at, now) if matter.due_at else "未定"
    left = words.left(matter.due_at, now) if matter.due_at else "到期日未定"
    return f"{head}，时限{due}（{left}）。请经办人及时登录系统办理。（{day.month}月{day.day}日）"
