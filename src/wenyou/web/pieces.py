"""Small pieces of pages made in Python, because lists show hundreds of them: icon, state, due."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

import lucide
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wenyou.web import words
from wenyou_core.worktime.left import URGENCY_LABELS, Urgency

ICONS = {
    "ok": "circle-check",
    "near": "clock",
    "over": "triangle-alert",
    "paused": "circle-pause",
    "press": "circle-dot",
    "plain": "",
}
# The heap a matter lies on, and the state colour it is shown in.
KINDS = {
    Urgency.OVERDUE: "over",
    Urgency.TODAY: "near",
    Urgency.NEAR: "near",
    Urgency.LATER: "ok",
    Urgency.PAUSED: "paused",
    Urgency.UNKNOWN: "paused",
}
SMALL = 14


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> SafeString:
    """An icon of Lucide as inline SVG, hidden from screen readers: the word beside it speaks."""
    if not name:
        return SafeString("")
    return SafeString(lucide._render_icon(name, size, aria_hidden="true", focusable="false"))


@lru_cache(maxsize=2048)
def badge(kind: str, word: str) -> SafeString:
    """A state: ok, near, over, paused, press or plain, with icon and word."""
    picture = icon(ICONS.get(kind, ""), SMALL)
    return format_html('<span class="badge badge--{}">{}{}</span>', kind, picture, word)


def due(
    at: datetime | None,
    *,
    urgency: str = "",
    left: str = "",
    show_at: bool = True,
    short: bool = False,
    now: datetime | None = None,
) -> SafeString:
    """When something falls due; without ``urgency`` only late, today and later are told apart."""
    now = now or timezone.now()
    heap = Urgency(urgency) if urgency else heap_of(at, now)
    word = left or (words.left(at, now) if at else URGENCY_LABELS[heap])
    tail = SafeString("")
    if at is not None and show_at:
        whole = words.when(at, now)
        said = words.when_short(at, now) if short else whole
        # Both are made of figures and our own words: nothing in them needs escaping.
        tail = SafeString(f' <span class="due__at" title="{whole}">{said}</span>')
    kind = KINDS[heap]
    return SafeString(f'<span class="due due--{kind}">{badge(kind, word)}{tail}</span>')


def heap_of(at: datetime | None, now: datetime) -> Urgency:
    """The heap that needs no setting of the unit to be known."""
    if at is None:
        return Urgency.UNKNOWN
    if at < now:
        return Urgency.OVERDUE
    same = timezone.localdate(at) == timezone.localdate(now)
    return Urgency.TODAY if same else Urgency.LATER
