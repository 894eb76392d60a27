"""A matter as a row of 待办. It is drawn here: for eighty rows a template takes three times as long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from html import escape  # Django's own takes three times as long

from django.urls import reverse
from django.utils.safestring import SafeString

from wenyou.web import pieces
from wenyou.web.listing import Due
from wenyou.web.listing.columns import LONG

NO_LIMIT = SafeString('<span class="soft">没有在计的时限</span>')
# The form of the page to which the buttons of all rows belong; each says where it is sent.
FORM = "urge"


@dataclass(frozen=True, slots=True)
class TodoRow:
    """A matter as 待办 shows it."""

    pk: int
    address: str
    number: str
    kind: str
    state: str
    title: str
    unit: str
    source: str
    regulator: bool
    hands: str
    due: Due | None
    may_urge: bool

    def cells(self, *, urges: bool, now: datetime) -> SafeString:
        """All cells; ``urges``: the table has a column for urging."""
        address, title = escape(self.address), escape(self.title)
        drawn = (
            f'<th scope="row"><a href="{address}">{escape(self.number)}</a> '
            f'<span class="cell-note">{self._kind()}</span></th>'
            f'<td class="unit is-short" data-label="机构">{self._unit()}</td>'
            f'<td class="is-lead" data-label="事由"><a class="two-lines" href="{address}" title="{title}">{title}'
            f'</a></td><td class="keep is-short" data-label="状态">{escape(self.state)}</td>'
            f'<td data-label="在谁手里">{escape(self.hands)}</td>'
            f'<td data-label="时限">{self._due(now)}</td>'
        )
        return SafeString(drawn + self._urging() if urges else drawn)

    def _unit(self) -> str:
        """The name; a long one takes two lines and tells the rest as its title, as in lists."""
        unit = escape(self.unit)
        long = len(self.unit) > LONG
        return f'<span class="two-lines" title="{unit}">{unit}</span>' if long else unit

    def _kind(self) -> str:
        kind = escape(self.kind)
        if self.regulator:
            return f"{kind} {pieces.badge('over', '监管')}"
        return f"{kind} · {escape(self.source)}" if self.source else kind

    def _due(self, now: datetime) -> str:
        if self.due is None:
            return NO_LIMIT
        return pieces.due(self.due.at, urgency=self.due.urgency, left=self.due.left, now=now)

    def _urging(self) -> str:
        if not self.may_urge:
            return '<td data-label="催办" class="is-blank is-act"></td>'
        before, after = _urge()
        return (
            f'<td class="is-act" data-label="催办"><button class="button button--small" type="submit" '
            f'form="{FORM}" formaction="{before}{self.pk}{after}">催办'
            f'<span class="visually-hidden">{escape(self.number)}</span></button></td>'
        )


@cache
def _urge() -> tuple[str, str]:
    """What stands before and after the key in the address that urges."""
    before, after = reverse("matters:urge", args=[0]).split("0")
    return before, after
