"""The rows of a list as the page shows them: drawn here, for a template takes three times as long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape  # Django's own takes three times as long

from django.utils.safestring import SafeString

from wenyou.web.listing.columns import Column

PICK = (
    '<td class="table__pick" data-label=""><label><input type="checkbox" name="pk" value="{}" '
    'form="bulk"><span class="visually-hidden">选择这一行</span></label></td>'
)


def body(
    rows: Iterable[object], columns: Sequence[Column], now: datetime, *, picked: bool
) -> SafeString:
    """All rows; ``picked``: each with a box to tick. The first cell is the row's head."""
    begun = [beginnings(column) for column in columns[1:]]
    drawn: list[str] = []
    for one in rows:
        key = escape(str(getattr(one, "pk", "")))
        drawn.append(f'<tr id="row-{key}">' if key else "<tr>")
        if picked:
            drawn.append(PICK.format(key))
        drawn.append(f'<th scope="row">{columns[0].cell(one, now)}</th>')
        for column, (filled, blank) in zip(columns[1:], begun, strict=True):
            shown = column.cell(one, now)
            drawn.append(f"{filled}{shown}</td>" if shown else f"{blank}</td>")
        drawn.append("</tr>\n")
    return SafeString("".join(drawn))


def beginnings(column: Column) -> tuple[str, str]:
    """How a cell of a column begins: with something in it, and with nothing. The cards of a phone
    say the column's title.
    """
    label = escape(column.title)
    number = ["number"] if column.number else []
    card = [f"is-{column.card}"] if column.card else []
    filled, blank = [*number, *card], [*number, "is-blank", *card]
    css = f' class="{" ".join(filled)}"' if filled else ""
    return (
        f'<td data-label="{label}"{css}>',
        f'<td data-label="{label}" class="{" ".join(blank)}">',
    )
