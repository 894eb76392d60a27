"""Tags of the pieces in templates/ui: icon, badge, due, help, field, chart, capture."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from wenyou.web import pieces
from wenyou.web.charts import Chart
from wenyou.web.formkeys import new_key
from wenyou.web.svgchart import drawn

register = template.Library()

register.simple_tag(pieces.icon)
register.simple_tag(pieces.badge)
register.filter("kept", pieces.kept)


@register.simple_tag
def due(at: datetime | None, urgency: str = "", left: str = "", show_at: bool = True) -> SafeString:
    """When something falls due and how much is left, in its state colour."""
    return pieces.due(at, urgency=urgency, left=left, show_at=show_at)


class FormKeys(CsrfTokenNode):
    """What every form carries: that it came from here, and the key that makes it count once."""

    def render(self, context: Context) -> SafeString:
        """Two hidden fields; the second only for somebody who is signed in."""
        token = SafeString(super().render(context))
        user = getattr(context.get("request"), "user", None)
        if not token or not getattr(user, "is_authenticated", False):
            return token
        return token + format_html('<input type="hidden" name="once" value="{}">', new_key())


@register.tag("csrf_token")
def form_keys(parser: Parser, token: Token) -> FormKeys:
    """In place of Django's own, so that no form can be without its key."""
    return FormKeys()


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
    return {"chart": picture, "still": drawn(picture), "open_table": open_table}


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
