"""What the platform adds to each kind of matter: its number, its door, who has a part in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from wenyou_core.flow.machine import NEW, Move
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import Role

COMPLAINTS, INSPECTION, WORK, TEAM, RESULTS = "complaints", "inspection", "work", "team", "results"


@dataclass(frozen=True, slots=True)
class MatterKind:
    """The letters before a number, the door it stands behind, and what its title is taken from.

    ``own_limit`` is the clock that a day named at registration sets.
    """

    prefix: str
    door: str
    titles: tuple[str, ...] = ()
    own_limit: str = ""


KINDS: Mapping[str, MatterKind] = {
    "complaint_ticket": MatterKind("GD", COMPLAINTS, ("customer_request",), "ticket_reply"),
    "complaint": MatterKind("TS", COMPLAINTS, ("customer_request",)),
    "complaint_review": MatterKind("HC", COMPLAINTS, ("customer_request",)),
    "exclusion": MatterKind("TC", COMPLAINTS, ("exclusion_kind",)),
    "extension": MatterKind("YQ", COMPLAINTS, ("grounds",)),
    "ruling_batch": MatterKind("RD", COMPLAINTS, ("meeting",)),
    "commendation": MatterKind("BY", COMPLAINTS, ("praise_case",)),
    "visit": MatterKind("JC", INSPECTION, ()),
    "finding": MatterKind("WT", INSPECTION, ("finding",)),
    "rectification": MatterKind("ZG", INSPECTION, ("finding",), "rectify"),
    "exemption_filing": MatterKind("BB", INSPECTION, ("grounds",)),
    "notice_filing": MatterKind("SQ", INSPECTION, ("grounds",)),
    "appeal": MatterKind("SS", INSPECTION, ("item",)),
    "supervision_order": MatterKind("DB", WORK, ("supervision",), "supervision_do"),
    "incident": MatterKind("TF", WORK, ("event",)),
    "task": MatterKind("RW", WORK, ("task",), "task_do"),
    "duty": MatterKind("ZZ", WORK, ("task",), "duty_keep"),
    "training": MatterKind("PX", TEAM, ("agenda",), "training_hold"),
    "coaching_stay": MatterKind("ZD", TEAM, ()),
    "period_result": MatterKind("KH", RESULTS, ("period",), "result_compute"),
    "correction": MatterKind("GZ", RESULTS, ("finding",)),
}

# What an outlet does together, its staff may see and do; what concerns one of them, only he.
SHARED = frozenset(
    {"rectification", "duty", "task", "notice_filing", "training", "incident", "commendation"}
)


def flows_behind(*doors: str) -> tuple[str, ...]:
    """The kinds of matters behind these doors, in the order of the flows."""
    return tuple(name for name in FLOWS if KINDS[name].door in doors)


@lru_cache(maxsize=64)
def flows_of(role: str) -> frozenset[str]:
    """The kinds of matters that a role sees: it makes a move or has it in hand."""
    found = frozenset(
        name
        for name, flow in FLOWS.items()
        if any(role in move.roles for move in flow.moves)
        or any(role == state.in_hands_of for state in flow.states)
    )
    return found & SHARED if role == Role.STAFF else found


def registering(flow: str, action: str = "") -> Move:
    """The move that registers a matter: the named one, else the flow's first."""
    moves = FLOWS[flow].moves_from(NEW)
    return next((move for move in moves if move.action == action), moves[0])


def registered_by(roles: frozenset[Role]) -> tuple[str, ...]:
    """The kinds of matters that somebody with these roles may register."""
    return tuple(
        name
        for name, flow in FLOWS.items()
        if any(role in roles for move in flow.moves_from(NEW) for role in move.roles)
    )


def shows_ticket(flow: str) -> bool:
    """Whether people know it by the number of a ticket; elsewhere that is a key of our own."""
    return KINDS[flow].door == COMPLAINTS
