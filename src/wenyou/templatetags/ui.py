"""Tags of the pieces in templates/ui: icon, badge, due, help, field, chart, capture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import lucide
from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from wenyou.web import words
from wenyou.web.charts import Chart
from wenyou_core.worktime.left import URGENCY_LABELS, Urgency

register = template.Library()

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


@lru_cache(maxsize=256)
def drawn(name: str, size: int) -> SafeString:
    """The icon as inline SVG, hidden from screen readers: the word beside it speaks."""
    svg = lucide._render_icon(name, size, aria_hidden="true", focusable="false")
    return SafeString(svg)


@register.simple_tag
def icon(name: str, size: int = 20) -> str:
    """An icon of Lucide by its name."""
    return drawn(str(name), size) if name else ""


@register.inclusion_tag("ui/badge.html")
def badge(kind: str, word: str) -> dict[str, object]:
    """A state: ok, near, over, paused, press or plain, with its word."""
    return {"kind": kind, "word": word, "icon": ICONS.get(kind, "")}


@register.inclusion_tag("ui/due.html")
def due(
    at: datetime | None, urgency: str = "", left: str = "", show_at: bool = True
) -> dict[str, object]:
    """When something falls due; without ``urgency`` only late, today and later are told apart."""
    now = timezone.now()
    heap = Urgency(urgency) if urgency else heap_of(at, now)
    return {
        "at": words.when(at, now) if at else "",
        "kind": KINDS[heap],
        "icon": ICONS[KINDS[heap]],
        "word": left or (words.left(at, now) if at else URGENCY_LABELS[heap]),
        "show_at": show_at and at is not None,
    }


def heap_of(at: datetime | None, now: datetime) -> Urgency:
    """The heap that needs no setting of the unit to be known."""
    if at is None:
        return Urgency.UNKNOWN
    if at < now:
        return Urgency.OVERDUE
    same = timezone.localdate(at) == timezone.localdate(now)
    return Urgency.TODAY if same else Urgency.LATER


@register.inclusion_tag("ui/help.html", name="help")
def help_(*sentences: str) -> dict[str, object]:
    """「这一页做什么」 behind a ?."""
    return {"sentences": sentences}


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, wide: bool = False) -> dict[str, object]:
    """A form field with label, help and errors."""
    widget = bound.field.widget
    many = isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    return {
        "field": bound,
        "wide": wide,
        "check": isinstance(widget, forms.CheckboxInput),
        "many": many,
        "short": isinstance(widget, (forms.DateInput, forms.TimeInput, forms.NumberInput)),
        "upload": isinstance(widget, forms.FileInput),
    }


@register.inclusion_tag("ui/errors.html")
def errors(form: forms.BaseForm) -> dict[str, object]:
    """All errors of a form on top, each a link to its field."""
    return {"form": form, "wrong": [one for one in form if one.errors]}


@register.inclusion_tag("ui/fields.html")
def fields(form: forms.BaseForm) -> dict[str, object]:
    """All visible fields of a form in their order, after the hidden ones."""
    return {"form": form}


@register.inclusion_tag("ui/chart.html")
def chart(picture: Chart, open_table: bool = False) -> dict[str, object]:
    """A chart: server-made picture, data for the script, the figures as a table."""
    return {"chart": picture, "open_table": open_table}


@register.filter
def item(values: Mapping[Any, Any], key: object) -> object:
    """The value of a key of a mapping; nothing when it is not there."""
    return values.get(key)


class CaptureNode(template.Node):
    """Renders its content into a variable, so that a block can stand in two places."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: Context) -> SafeString:
        """Set the variable, print nothing."""
        context[self.name] = SafeString(self.nodelist.render(context).strip())
        return SafeString("")


@register.tag
def capture(parser: Parser, token: Token) -> CaptureNode:
    """``{% capture name %}…{% endcapture %}``."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endcapture",))
    parser.delete_first_token()
    return CaptureNode(nodelist, name)
