"""In which unit a measure stands: that of the ledger whose entries it sums, also through others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenyou_core.assess.amounts import ledger_of
from wenyou_core.scheme.expr import Binary, Call, Expr, Func, Measure, Neg, Op
from wenyou_core.scheme.measures import Across, Change, EntryMeasure, Formula, Members, Roll
from wenyou_core.scheme.words import Stat

if TYPE_CHECKING:
    from wenyou_core.assess.program import Program

ALIKE = frozenset({Stat.SUM, Stat.MEAN, Stat.MIN, Stat.MAX, Stat.MEDIAN, Stat.LAST})
"""Statistics that stand in the unit of what they are taken of."""
CHOICES = frozenset({Func.MIN, Func.MAX, Func.FIRST, Func.ABS})


def unit_of(program: Program, name: str) -> str:
    """``元``, ``分``; empty for a measure that is a count, a rate, a place, or of several units."""
    node = program.nodes.get(name)
    match node:
        case EntryMeasure():
            ledger = node.ledger or ledger_of(program, node.entries)
            held = program.plan.ledgers.get(ledger)
            return held.unit if held is not None else ""
        case Across(across=of, how=how) | Roll(roll=of, how=how):
            return unit_of(program, of) if how in ALIKE else ""
        case Members(members=of, how=how):
            return unit_of(program, of) if how in ALIKE else ""
        case Change(change=of, how="difference"):
            return unit_of(program, of)
        case Formula(value=value):
            found = _units(program, value)
            return found.pop() if len(found) == 1 else ""
    return ""


def _units(program: Program, expr: Expr) -> set[str]:
    """The units of the measures that an expression adds up or chooses from; one without a unit
    counts as a unit of its own, so that nothing is said of a mixture."""
    match expr:
        case Measure(name):
            return {unit_of(program, name)}
        case Neg(of):
            return _units(program, of)
        case Binary(op=Op.ADD | Op.SUB):
            return _units(program, expr.left) | _units(program, expr.right)
        case Binary(op=Op.MUL):
            left, right = _units(program, expr.left), _units(program, expr.right)
            return {""} if left and right else left | right
        case Call(func=func, args=args) if func in CHOICES:
            return {one for arg in args for one in _units(program, arg)}
        case Call() | Binary():
            return {""}
    return set()
