"""The decimals of both parts of a ratio that nobody rounds, as every engine stores them."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.assess.program import Program
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.rounding import LARGEST
from wenyou_core.scheme.measures import Across, Change, Members, Ratio, Roll
from wenyou_core.scheme.words import Stat

Digits = tuple[int, int]


def made_parts(program: Program, name: str) -> Digits | None:
    """Decimals of the parts that a measure makes itself: sums of a mean or of a pooled ratio, and
    differences. None where there are none, or where they are measures and held as such."""
    node = program.nodes[name]
    if program.types[name].digits is not None or isinstance(node, Ratio):
        return None
    return _parts(program, name)


def _parts(program: Program, name: str) -> Digits | None:
    node = program.nodes[name]
    match node:
        case Ratio(ratio=(num, den)):
            return program.types[num].digits or 0, program.types[den].digits or 0
        case Change(change=of, how="relative"):
            digits = program.types[of].digits or 0
            return digits, digits
        case Across(how=how) | Roll(how=how) | Members(how=how):
            return _of_statistic(program, node, how)
    return None


def _of_statistic(program: Program, node: Across | Roll | Members, how: Stat) -> Digits | None:
    if isinstance(node, Across):
        of = node.across
    else:
        of = node.roll if isinstance(node, Roll) else node.members
    if how is Stat.POOLED:
        return _parts(program, of)
    digits = program.types[of].digits
    return (digits, 0) if how is Stat.MEAN and digits is not None else None


def parts_beyond(value: Quantity, digits: Digits) -> bool:
    """Whether a part, in its last decimal, is more than an engine holds."""
    if value.raw is None:
        return False
    return any(
        abs(part) * 10**scale > Fraction(LARGEST)
        for part, scale in zip(value.raw, digits, strict=True)
    )
