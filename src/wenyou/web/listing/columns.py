"""Columns of a list: how a value is shown in a cell, and how it is written into a workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape  # Django's own takes three times as long
from typing import Any, Literal

from django.db.models import Transform
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from wenyou.web import pieces, words

NUMBERS = frozenset({"number", "yuan", "points", "signed", "share"})
SHORT, LONG = 9, 20


@dataclass(frozen=True, slots=True)
class State:
    """A value of kind ``state``: its colour (ok, near, over, paused, press, plain) and word."""

    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Due:
    """A value of kind ``due``: the moment, the heap and the words the slice has computed."""

    at: datetime | None
    urgency: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its key in the address.

    ``value`` takes a row; ``kind`` is text, number, yuan (分), points, signed, share, day, when,
    state (a ``State``) or due (a ``Due`` or a moment). ``sort`` are the fields to order by, none:
    not sortable. ``template`` draws a cell of its own from ``row`` and ``value``. A ``hidden``
    column is shown when it is chosen; a ``fixed`` one cannot be left out. ``note`` stands small
    beneath the title, in a workbook above it. On a phone a ``lead``
    cell says what the card is about, right beneath its head; ``short`` ones stand side by side;
    ``off`` ones are left to the page of the row.
    """

    key: str
    title: str
    value: Callable[[Any], Any]
    kind: str = "text"
    sort: tuple[str | Transform, ...] | str = ()
    link: Callable[[Any], str] | None = None
    template: str = ""
    hidden: bool = False
    fixed: bool = False
    card: Literal["", "lead", "short", "off"] = ""
    note: str = ""

    @property
    def order(self) -> tuple[str | Transform, ...]:
        """The fields, or expressions, to order by, ascending."""
        return (self.sort,) if isinstance(self.sort, str) else self.sort

    @property
    def number(self) -> bool:
        """Whether its figures stand right."""
        return self.kind in NUMBERS

    def cell(self, row: object, now: datetime) -> SafeString:
        """The content of a cell."""
        value = self.value(row)
        if self.template:
            return render_to_string(self.template, {"row": row, "value": value})
        shown = shown_as(self.kind, value, now)
        address = self.link(row) if self.link else ""
        return SafeString(f'<a href="{escape(address)}">{shown}</a>') if address else shown

    def written(self, row: object) -> object:
        """The value for a workbook: a number, a day, or text."""
        return written_as(self.kind, self.value(row))


def shown_as(kind: str, value: Any, now: datetime) -> SafeString:
    """A value as HTML."""
    if value is None or value == "":
        return SafeString("")
    if isinstance(value, State):
        return pieces.badge(value.kind, value.word)
    if isinstance(value, Due):
        return pieces.due(value.at, urgency=value.urgency, left=value.left, short=True, now=now)
    match kind:
        case "due":
            return pieces.due(value, short=True, now=now)
        case "when":
            text = words.when_short(value, now)
        case "day":
            text = words.day_short(value, timezone.localdate(now))
        case "yuan":
            text = words.yuan(value)
        case "points":
            text = words.points(value)
        case "signed":
            text = words.signed(value)
        case "number":
            text = words.number(value)
        case "share":
            text = f"{Decimal(value) * 100:.2f}%".replace("-", words.MINUS)
        case _:
            return long_text(value)
    return SafeString(f'<span class="keep">{escape(text)}</span>')


def long_text(value: object) -> SafeString:
    """A text of at most two lines; one that may be cut has its whole self as title."""
    if isinstance(value, SafeString):
        return value
    text = str(value)
    if len(text) <= SHORT or (text.isascii() and len(text) <= LONG):
        return SafeString(f'<span class="keep">{escape(text)}</span>')
    if len(text) <= LONG:
        return SafeString(escape(text))
    safe = escape(text)
    return SafeString(f'<span class="two-lines" title="{safe}">{safe}</span>')


def written_as(kind: str, value: Any) -> object:
    """A value as a workbook keeps it: what people see, but numbers as numbers."""
    if isinstance(value, State):
        return value.word
    if isinstance(value, Due):
        value = value.at
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None)
    if isinstance(value, (date, bool)):
        return value
    if kind == "yuan":
        return Decimal(value).scaleb(-2)
    return value if isinstance(value, (int, Decimal)) else str(value)
