"""Lists of matters, one behind each door and one of all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from wenyou.accounts.person import person
from wenyou.accounts.scope import scope
from wenyou.audit.exports import note_list
from wenyou.matters.dueness import Dueness
from wenyou.matters.fields import REGULATOR, SOURCES
from wenyou.matters.kinds import COMPLAINTS, INSPECTION, flows_behind
from wenyou.matters.models import Matter
from wenyou.matters.queries import flows_seen_by, matters_visible_to, registrable_by, waiting_for
from wenyou.matters.showing import hands, state_kind
from wenyou.matters.telling import link_of
from wenyou.org.queries import units_visible_to
from wenyou.web.frame import behind
from wenyou.web.listing import (
    Aside,
    Beneath,
    Choice,
    Column,
    Days,
    Empty,
    Exported,
    Found,
    Listing,
    State,
    Switch,
    Text,
)
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import DESK

STATES = (
    ("open", "办理中"),
    ("overdue", "逾期"),
    ("today", "今日到期"),
    ("closed", "已结束"),
)


def _state(value: str) -> Q:
    now = timezone.now()
    end = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    match value:
        case "closed":
            return Q(closed=True)
        case "overdue":
            return Q(closed=False, due_at__lt=now)
        case "today":
            return Q(closed=False, due_at__gte=now, due_at__lt=end + timedelta(days=1))
    return Q(closed=False)


def _number(value: str) -> Q:
    """By number or ticket, both indexed; whatever else is asked goes to the search."""
    return Q(number__startswith=value.upper()) | Q(flow__in=list(FLOWS), ticket=value)


def _unit(request: HttpRequest, said: str) -> Found | None:
    units = units_visible_to(person(request))
    unit = units.filter(code=said).first() or units.filter(name=said).first()
    return Found(unit.path, unit.name) if unit is not None else None


def _state_of(row: Matter) -> State:
    title = FLOWS[row.flow].state(row.state).title
    return State(state_kind(row, timezone.now()), title)


def _source(row: Matter) -> object:
    if row.source == REGULATOR:
        return State("over", SOURCES[REGULATOR])
    return SOURCES.get(row.source, FLOWS[row.source].title if row.source in FLOWS else "")


COLUMNS = (
    Column(key="number", title="编号", value=lambda row: row.number, link=link_of, fixed=True,
           sort="number"),
    Column(key="ticket", title="工单编号", value=lambda row: row.ticket, hidden=True),
    Column(key="kind", title="类别", value=lambda row: FLOWS[row.flow].title),
    Column(key="title", title="事由", value=lambda row: row.title, link=link_of, card="lead"),
    Column(key="source", title="来源", value=_source),
    Column(key="unit", title="机构", value=lambda row: str(row.unit), card="short"),
    Column(key="about", title="涉及员工", value=lambda row: row.about and row.about.name,
           hidden=True),
    Column(key="state", title="状态", value=_state_of, card="short"),
    Column(key="hands", title="在谁手里", value=lambda row: hands(row, beside_unit=True)),
    Column(key="due", title="时限", kind="due", sort="due_at",
           value=lambda row: None if row.closed else row.due_at),
    Column(key="opened", title="登记时间", kind="when", value=lambda row: row.opened_at,
           sort="opened_at"),
    Column(key="closed", title="办结时间", kind="when", value=lambda row: row.closed_at,
           hidden=True),
    Column(key="article", title="条款", value=lambda row: row.article, hidden=True),
)  # fmt: skip

# For those who see a part of the house.
NARROWED = tuple(
    replace(one, sort=(Aside("number"),)) if one.key == "number" else one for one in COLUMNS
)

# What the columns read; a list of fifty need not carry all that was ever told.
READ = (
    "flow", "number", "title", "ticket", "source", "state", "closed", "waiting", "in_hands_of",
    "due_at", "opened_at", "closed_at", "article", "unit__name", "unit__short_name",
    "with_unit__name", "with_unit__short_name", "holder__name", "about__name",
)  # fmt: skip


def listing(title: str, flows: tuple[str, ...], empty: Empty) -> Listing:
    """A list of some kinds of matters."""
    kinds = [(name, FLOWS[name].title) for name in flows]
    return Listing(
        title=title,
        columns=COLUMNS,
        filters=(
            Text("q", "编号", where=_number, hint="编号或工单编号"),
            Choice("kind", "类别", kinds, field="flow"),
            Choice("state", "状态", STATES, where=_state),
            Choice("source", "来源", list(SOURCES.items()), field="source"),
            Beneath("unit", "机构", _unit),
            Days("opened", "登记时间", "opened_at"),
            Switch("mine", "只看等我办理的", lambda request: waiting_for(person(request))),
        ),
        empty=empty,
        unit_word="件",
        by_age="opened",
    )


COMPLAINT_LIST = listing(
    "投诉与表扬",
    flows_behind(COMPLAINTS),
    Empty(
        "还没有投诉和表扬",
        "总行派来的工单可以整批导入；网点当面、来电、来信的投诉和表扬在这里登记。",
        "/matters/register/",
        "登记",
    ),
)
INSPECTION_LIST = listing(
    "检查与整改",
    flows_behind(INSPECTION),
    Empty(
        "还没有检查和整改",
        "检查安排、检查发现的问题、整改、报备和申诉都列在这里。",
        "/matters/register/",
        "登记",
    ),
)
EVERY_LIST = listing(
    "全部事项", tuple(FLOWS), Empty("还没有事项", "登记以后，各类事项都列在这里。")
)


@require_GET
def complaints(request: HttpRequest) -> HttpResponseBase:
    """投诉与表扬."""
    return _answer(request, COMPLAINT_LIST, flows_behind(COMPLAINTS), "complaints")


@require_GET
def inspections(request: HttpRequest) -> HttpResponseBase:
    """检查与整改."""
    return _answer(request, INSPECTION_LIST, flows_behind(INSPECTION), "inspections")


@require_GET
def every(request: HttpRequest) -> HttpResponseBase:
    """All kinds."""
    return _answer(request, EVERY_LIST, (), "todo")


def _told(columns: tuple[Column, ...], dueness: Dueness) -> tuple[Column, ...]:
    """The columns with what is left told as 待办 tells it."""

    def due(row: Matter) -> object:
        return None if row.closed else dueness.due(row.due_at)

    return tuple(replace(one, value=due) if one.key == "due" else one for one in columns)


def _answer(
    request: HttpRequest, declared: Listing, flows: tuple[str, ...], door: str
) -> HttpResponseBase:
    user = person(request)
    behind(request, door)
    seen = flows_seen_by(user)
    wanted = tuple(one for one in flows if one in seen) or flows
    rows = matters_visible_to(user, wanted)
    columns = NARROWED if matters_visible_to(user).query.has_filters() else COLUMNS
    declared = replace(declared, columns=_told(columns, Dueness(timezone.now())))
    rows = rows.select_related("unit", "with_unit", "holder", "about").only(*READ)

    def exported(taken: Exported) -> None:
        note_list(taken, action="matter.exported", by=user)

    # Who may not import is not led to a page that refuses him.
    imports = door == "complaints" and bool(scope(user).roles.intersection(DESK))
    # Nor to a page with nothing on it.
    address = reverse("matters:register") if registrable_by(user) else ""
    if not address:
        declared = replace(declared, empty=replace(declared.empty, address=""))
    context = {"register_address": address, "door": door, "imports": imports}
    return declared.answer(
        request, rows, template="matters/list.html", context=context, exported=exported
    )
