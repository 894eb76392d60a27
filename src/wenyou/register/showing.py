"""What a fact says, as people read it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from wenyou.register.book import cells_of
from wenyou.register.kinds import kinds_of
from wenyou_core.scheme.show import show_number
from wenyou_desk.facts.orgsheets import OPENINGS

if TYPE_CHECKING:
    from wenyou.register.models import Fact
    from wenyou_core.assess.facts import Cell

_OPENING = {"ledger": "台账", "number": "余额", "note": "备注"}
MINUS = "\N{MINUS SIGN}"


def values_of(fact: Fact) -> list[tuple[str, str]]:
    """The fields of a fact: title and value, in the order of the plan."""
    cells = cells_of(fact.data)
    if fact.kind == OPENINGS:
        return [(title, told(cells[name])) for name, title in _OPENING.items() if name in cells]
    kind = kinds_of(fact.adoption).get(fact.kind)
    columns = kind.fields if kind else ()
    shown = []
    for one in columns:
        if one.name in cells:
            words = {choice.code: choice.title for choice in one.choices}
            text = told(cells[one.name])
            shown.append((one.label, words.get(text, text)))
    known = {one.name for one in columns}
    return shown + [(name, told(cell)) for name, cell in cells.items() if name not in known]


def told(cell: Cell) -> str:
    """A value in words."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, Fraction):
        return show_number(cell).replace("-", MINUS)
    if isinstance(cell, date):
        return cell.isoformat()
    return "、".join(cell) if isinstance(cell, tuple) else cell
