"""One search over matters, units and people, each within what the person may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.house.findable import FINDABLE, Findable
from wenyou.matters.queries import matters_visible_to, texts_visible_to
from wenyou.org.queries import people_visible_to, units_visible_to
from wenyou.org.reach import places_of
from wenyou.search.grams import runs
from wenyou.search.queries import COUNTED, SHOWN, expected, ids_matching, looked_up, newest
from wenyou.web import words
from wenyou_core.flow.registry import FLOWS

VISIBLE: dict[str, Callable[[User], QuerySet[Any]]] = {
    "matter": matters_visible_to,
    "unit": units_visible_to,
    "person": people_visible_to,
}
BESIDE = {"matter": "unit", "unit": "parent", "person": "unit"}
# From so many texts on they are met with those who may be seen as two heaps.
MANY = 2_000
ADDRESSES = {"matter": "matters:detail", "unit": "org:unit", "person": "org:person"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One object found: its title, a line beneath, and where it is."""

    title: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a kind, newest first, and how many there are."""

    kind: str
    title: str
    hits: list[Hit]
    total: int

    @property
    def count(self) -> str:
        """The number; above ten thousand nobody reads it exactly."""
        return f"{COUNTED:,}+" if self.total > COUNTED else f"{self.total:,}"

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(self.total - len(self.hits), 0)


def look_for(text: str, user: User) -> list[Found]:
    """All kinds with something found; nothing for an empty question."""
    if not runs(text):
        return []
    found = [_of_flows(text, user), *(_of_kind(one, text, user) for one in FINDABLE)]
    return [one for one in found if one is not None and one.total]


def flows_named(text: str) -> tuple[str, ...]:
    """The kinds of matters whose name holds the words: 投诉, 报备."""
    return tuple(name for name, flow in FLOWS.items() if len(text) > 1 and text in flow.title)


def _of_flows(text: str, user: User) -> Found | None:
    """The newest matters of the kinds that were named."""
    flows = flows_named(text)
    if not flows:
        return None
    rows = matters_visible_to(user, flows).order_by("-pk")
    hits = list(rows.select_related("unit")[:SHOWN])
    total = len(hits)
    if total == SHOWN:
        total = rows.order_by()[: COUNTED + 1].count()
    titles = "、".join(FLOWS[name].title for name in flows)
    return Found("flow", f"类别是{titles}的事项", [_hit("matter", row) for row in hits], total)


def _of_kind(one: Findable, text: str, user: User) -> Found:
    seen = VISIBLE[one.kind](user)
    keys, total = _found(user, seen, one, text)
    rows = seen.filter(pk__in=keys).select_related(BESIDE[one.kind])
    hits = list(rows.order_by("-pk")) if keys else []
    return Found(one.kind, one.title, [_hit(one.kind, row) for row in hits], total)


def _found(user: User, seen: QuerySet[Any], one: Findable, text: str) -> tuple[list[int], int]:
    """The newest keys of what is found, and how many there are; who sees everything needs no row
    asked, and of matters the text itself tells who may see it.
    """
    if not seen.query.has_filters():
        return newest(one.kind, text)
    within = texts_visible_to(user) if one.kind == "matter" else None
    if within is not None:
        return newest(one.kind, text, within, places=places_of(user))
    if one.kind != "matter" and not looked_up(one.kind, text):
        # Words of so many: the texts of those who may be seen are read, not all that hold them.
        return newest(one.kind, text, Q(object_id__in=seen.order_by().values("pk")))
    # A key that is no column keeps PostgreSQL from trying thousands of hits one by one.
    many = expected(one.kind, text) > MANY
    rows = seen.annotate(key=F("pk") + 0) if many else seen.annotate(key=F("pk"))
    found = rows.filter(key__in=ids_matching(one.kind, text)).values_list("pk", flat=True)
    # What the index finds is read whole and sorted anyhow: one question tells hits and number.
    at_once = looked_up(one.kind, text)
    every = list(found.order_by("-pk")[: COUNTED + 1 if at_once else SHOWN])
    if len(every) < SHOWN or at_once:
        return every[:SHOWN], len(every)
    return every, found.order_by()[: COUNTED + 1].count()


def _hit(kind: str, row: Model) -> Hit:
    return Hit(str(row), _note(kind, row), _address(kind, row.pk))


def _note(kind: str, row: Any) -> str:
    if kind == "matter":
        parts = [str(row.unit), f"{words.day_short(row.opened_at, timezone.localdate())} 登记"]
    elif kind == "unit":
        parts = [f"机构号 {row.code}", row.get_level_display(), str(row.parent or "")]
    else:
        parts = [f"员工号 {row.number}", str(row.unit or ""), row.post]
    return " · ".join(part for part in parts if part)


def _address(kind: str, pk: int) -> str:
    try:
        return reverse(ADDRESSES[kind], args=[pk])
    except NoReverseMatch:
        return ""
