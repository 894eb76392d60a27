"""Who is told of a move, and the sentences of a matter's time line."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from django.urls import reverse

from wenyou.accounts.models import User
from wenyou.matters.models import Matter
from wenyou.matters.people import in_hands
from wenyou.notices.services import notify
from wenyou_core.flow.machine import Move
from wenyou_core.flow.registry import flow_named

# Kinds whose daily rows would drown the inbox.
SILENT = frozenset({"duty"})


def tell_of_move(matter: Matter, made: Move, *, by: User | None, at: datetime) -> None:
    """Tell those who have the matter in hand now; never the one who has just moved it."""
    if matter.flow in SILENT or matter.closed:
        return
    told = [one for one in in_hands(matter, at) if by is None or one.pk != by.pk]
    if not told:
        return
    flow = flow_named(matter.flow)
    text = f"{flow.title} {matter.number}：{made.title}，现为“{flow.state(matter.state).title}”，请办理。"
    notify(
        told,
        kind="matter",
        text=text,
        link=link_of(matter),
        about=about_move(matter.pk),
        outside=f"{flow.title} {matter.number} 等待您办理",
        at=at,
    )


def about_move(pk: int) -> str:
    """What notices of the moves of a matter are about."""
    return f"matter-{pk}"


def about_urging(pk: int) -> str:
    """What notices of its urging are about: they say words of people."""
    return f"urge-{pk}"


def link_of(matter: Matter) -> str:
    """The address of a matter's page."""
    return _before() + f"{matter.pk}/"


@cache
def _before() -> str:
    """What stands before the key in it: a list asks for a hundred of them."""
    return reverse("matters:detail", args=[0]).removesuffix("0/")
