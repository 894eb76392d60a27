"""What a repeat count makes of an amount: its factors, and the ceiling of one entry."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from wenyou_core.scheme.amounts import Fixed
from wenyou_core.scheme.charges import Charge, charge_of, common_grain, holds, same_ledger
from wenyou_core.scheme.infer import Context
from wenyou_core.scheme.rules import Again

MOST_TIMES = 64


def repeated(charge: Charge, again: Again, here: Context) -> Charge:
    """The charge with the factors of a repeat count."""
    grains = [charge.grain] if charge.grain is not None else []
    most = None if again.ceiling is None else _ceiling(again.ceiling, charge, here)
    ledger = here.scope.ledgers.get(charge.ledger)
    if ledger is None or charge.grain is None:
        return charge
    if again.factors:
        grains = [charge.grain * factor for factor in again.factors]
    elif again.factor is not None and again.factor.denominator != 1:
        if again.factor > 1 and not _always_set(again.ceiling, here):
            return charge
        powers = _powers(charge, again.factor, most)
        if powers is None:
            here.fault(
                "too-many-digits",
                "系数不是整数，逐次相乘后小数位没有止境；请改写 factors 列出每一次的系数。",
            )
            return charge
        grains = powers
    if most is not None:
        grains += most.numbers
    grain = common_grain(grains)
    if not holds(grain, ledger.digits):
        here.fault(
            "too-many-digits",
            f"乘以次数系数后，数额的小数多于账本“{ledger.title}”的{ledger.digits}位；"
            "请改写系数或数额，或给账本更多小数位。",
        )
    return Charge(charge.ledger, grain)


def _ceiling(ceiling: Fixed, charge: Charge, here: Context) -> Charge:
    """What the ceiling can be: of the ledger of the amount, and not on its other side of zero."""
    most = charge_of(ceiling, here)
    same_ledger(most, charge, "again 的 ceiling", here)
    gives = bool(charge.numbers) and min(charge.numbers) >= 0 < max(charge.numbers)
    if gives and any(number < 0 for number in most.numbers):
        here.fault(
            "bad-number",
            "规则的数额是加，again 的 ceiling（每件上限）却小于零；请核对正负号。",
        )
    return most


def _always_set(ceiling: Fixed | None, here: Context) -> bool:
    """Whether a ceiling that is a parameter has a number on each day of the plan; a hole is a fault.

    Where a factor is no whole number, only the ceiling makes an end of the decimals. A parameter
    that has no value at all is left to the adoption.
    """
    if ceiling is None or not ceiling.param:
        return True
    param = here.scope.params.get(ceiling.param)
    values = param.values if param else ()
    if param is None or not values:
        return False
    first = here.scope.plan.valid_from or date.min
    if values[0].since > first or any(one.value is None for one in values):
        here.fault(
            "too-many-digits",
            f"系数不是整数，上限“{param.title}”没有数的日子里，逐次相乘后小数位没有止境；"
            "请写明它自第一天起的数，或改写 factors 列出每一次的系数。",
        )
        return False
    return True


def _powers(charge: Charge, factor: Fraction, most: Charge | None) -> list[Fraction] | None:
    """All amounts below the ceiling; None when they are not known or do not end."""
    if most is None or not most.numbers or factor <= 1 or not charge.numbers:
        return None
    ceiling = max(abs(number) for number in most.numbers)
    found = []
    for number in charge.numbers:
        size, times = abs(number), 0
        while 0 < size < ceiling:
            found.append(size)
            size, times = size * factor, times + 1
            if times > MOST_TIMES:
                return None
    return found or [charge.grain or Fraction(1)]
