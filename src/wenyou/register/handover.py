"""A closed matter handed over as a fact: offered on its page, filled in from what it says.

Plans name their kinds of facts themselves; those that carry the usual word are offered. What a
field of the plan asks and the matter knows is filled in, and whoever registers reads it over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.scope import scope
from wenyou.matters.fields import told
from wenyou.matters.outcomes import Outcome, Outcomes
from wenyou.register import lists, queries
from wenyou.register.kinds import kinds_of, titles_of
from wenyou.schemes.models import Adoption
from wenyou_core.flow.registry import flow_named
from wenyou_desk.tables.spec import Kind

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.matters.models import Matter
    from wenyou.register.kinds import FactKindOf
    from wenyou_desk.tables.spec import ColumnSpec

# The usual words for what comes of each kind of matter.
BECOMES = {
    "complaint": ("complaint",),
    "complaint_ticket": ("complaint",),
    "commendation": ("praise",),
    "finding": ("finding",),
    "visit": ("finding",),
    "appeal": ("appeal",),
    "duty": ("absence",),
    "notice_filing": ("head_away",),
}
# Where an end means that nothing came of it.
NOTHING = frozenset(
    {"withdrawn", "declined", "merged", "returned", "dropped", "rejected", "cancelled", "kept",
     "excused", "lapsed"}
)  # fmt: skip
# What a field is commonly called in plans, and what it is called in matters.
ALIKE = {"demand": "customer_request", "note": "finding", "form": "report"}
# Words of channels that plans and matters have differently.
CHANNELS = {
    "总行客服热线": "客服热线", "12378转办": "监管转办", "12345转办": "政务热线",
    "人民银行转办": "监管转办", "监管来函": "监管转办", "营业现场": "网点现场",
    "网点电话": "网点现场", "来信": "信函",
}  # fmt: skip


# What a line about a fact shows.
READ = ("kind", "key", "state", "adoption")


def outcomes(matter: Matter, user: User) -> Outcomes:
    """The facts that came of a matter, or the forms by which somebody may make one of it."""
    if matter.flow not in BECOMES:
        # A story of any other kind may still stand behind a fact.
        return Outcomes(_found(matter, user))
    found = _found(matter, user)
    if found or not matter.closed or matter.state in NOTHING:
        return Outcomes(found)
    return Outcomes((), tuple(_offers(matter, user)))


def _found(matter: Matter, user: User) -> tuple[Outcome, ...]:
    rows = queries.facts_visible_to(user).filter(matter=matter, latest=True).order_by("kind", "key")
    rows = rows.select_related(None).select_related("adoption").only(*READ)
    return tuple(
        Outcome(
            f"{titles_of(row.adoption).get(row.kind, row.kind)} {row.key}",
            lists.fact_address(row),
            lists.STATES[row.State(row.state)],
            row.get_state_display(),
        )
        for row in rows
    )


def _offers(matter: Matter, user: User) -> list[Outcome]:
    if not scope(user).covers(matter.unit.path, queries.WRITERS):
        return []
    day = timezone.localdate(matter.known_at)
    line = [int(part) for part in matter.unit.path.split("/") if part]
    adoptions = queries.adoptions_to_keep(user).filter(
        unit__in=line, state=Adoption.State.IN_FORCE, from_on__lte=day
    )
    adoption = adoptions.first()
    if adoption is None:
        return []
    known = kinds_of(adoption)
    return [
        Outcome(
            f"登记为{known[name].title}",
            f"{reverse('register:new', args=[adoption.pk, name])}?matter={matter.pk}",
        )
        for name in BECOMES[matter.flow]
        if name in known
    ]


def initial_from(matter: Matter, kind: FactKindOf) -> dict[str, object]:
    """What a form of a kind shows of a matter."""
    happened = matter.happened_at or matter.known_at
    said: dict[str, object] = {
        "unit": matter.unit.code,
        "person": matter.about.number if matter.about else "",
        "happened_on": timezone.localdate(happened),
        "happened_at": timezone.localtime(matter.happened_at).time()
        if matter.happened_at
        else None,
        "known_at": timezone.localtime(matter.known_at).replace(second=0, microsecond=0),
        "evidence": f"{flow_named(matter.flow).title}{matter.number}",
    }
    texts = told(matter.data)
    for column in kind.fields:
        value = _value(column, texts, matter)
        if value is not None:
            said[f"f_{column.name}"] = value
    return said


def _value(column: ColumnSpec, texts: dict[str, str], matter: Matter) -> object:
    if column.kind is Kind.DATE and column.name in ("ruled_on", "closed_on"):
        return timezone.localdate(matter.closed_at) if matter.closed_at else None
    text = texts.get(ALIKE.get(column.name, column.name), "")
    if column.kind is Kind.CHOICE:
        words = {text, CHANNELS.get(text, text)}
        return next((one.code for one in column.choices if words & {one.code, one.title}), None)
    if column.kind is Kind.BOOL:
        return "0" if column.name in ("excluded", "media", "neglected", "perfunctory") else None
    return text or None
