"""Amounts of rules: which ledger they go to, and whether it holds them exactly.

The *grain* of a rule is the greatest number that every one of its amounts is a whole multiple of.
A ledger with n decimals holds them all exactly when the grain is a multiple of 10**-n. So
``-600 元`` at 50 % needs no ``round``, and ``-25 元`` at 30 % in a ledger without decimals does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import gcd, lcm

from wenyou_core.scheme.amounts import (
    Amount,
    Bands,
    End,
    Fixed,
    FromExpr,
    FromRange,
    FromTable,
    Linear,
    PerUnit,
    Scaled,
    Sum,
)
from wenyou_core.scheme.infer import Context, check_cells, check_interval, expect, type_of
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.lookups import numbers_of
from wenyou_core.scheme.model import Ledger, Parameter, Plan, Table
from wenyou_core.scheme.rules import Bounds, EventRule, Joint, Limit, PeriodRule
from wenyou_core.scheme.scope import Scope
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import Units, parse_sum, units_of
from wenyou_core.scheme.types import Kind
from wenyou_core.scheme.words import Rounding, ValueType


@dataclass(frozen=True, slots=True)
class Charge:
    """What an amount can be. ``ledger`` is empty and ``grain`` None while a value is unset.

    ``numbers`` are the possible amounts where they are few and known.
    """

    ledger: str = ""
    grain: Fraction | None = None
    numbers: tuple[Fraction, ...] = ()


def units(plan: Plan) -> Units:
    """What may stand behind a number of this plan."""
    return units_of({name: ledger.unit for name, ledger in plan.ledgers.items()})


def common_grain(numbers: Iterable[Fraction]) -> Fraction | None:
    """The greatest number that all are whole multiples of; None when there is none but zero."""
    found = [abs(number) for number in numbers if number]
    if not found:
        return None
    return Fraction(
        gcd(*(one.numerator for one in found)), lcm(*(one.denominator for one in found))
    )


def holds(grain: Fraction | None, digits: int) -> bool:
    """Whether all multiples of the grain have at most that many decimals."""
    return grain is None or (grain * 10**digits).denominator == 1


def ledger_of_param(plan: Plan, param: Parameter) -> str:
    """The ledger of an AMOUNT parameter; empty while neither unit nor value is set."""
    names = units(plan).get(param.unit, ())
    return names[0] if len(names) == 1 else ""


def sum_of_cell(plan: Plan, text: str | None) -> Sum | None:
    """The amount of a table's cell; None when it is unset.

    Raises ExprError with a Chinese sentence for anything that is no amount.
    """
    return None if text is None else parse_sum(text, units(plan))


def cells_of(plan: Plan, table: Table) -> dict[str, Sum]:
    """The cells that are set and can be read."""
    found = {}
    for words, text in table.values.items():
        try:
            read = sum_of_cell(plan, text)
        except ExprError:
            continue
        if read is not None:
            found[words] = read
    return found


def charge_of(amount: Amount, here: Context) -> Charge:
    """Check an amount where it stands, and say what it can be."""
    if isinstance(amount, Fixed):
        return _fixed(amount, here)
    if isinstance(amount, FromTable):
        return _table(amount, here)
    if isinstance(amount, FromExpr):
        return _computed(amount, here)
    if isinstance(amount, FromRange):
        return _range(amount, here)
    if isinstance(amount, PerUnit):
        return _per_unit(amount, here)
    return _bands(amount, here) if isinstance(amount, Bands) else _linear(amount, here)


def ledger_of(one: Sum, here: Context) -> Ledger | None:
    """The ledger of an amount; an unknown one, or one with fewer decimals, is a fault."""
    ledger = here.scope.ledgers.get(one.ledger)
    if ledger is None:
        here.unknown("账本", one.ledger, here.scope.ledgers)
    elif not holds(one.number, ledger.digits):
        here.fault(
            "too-many-digits",
            f"数额 {show_number(one.number)} 的小数多于账本“{ledger.title}”的{ledger.digits}位，"
            "请改写数额，或给账本更多小数位。",
        )
    return ledger


def sums(parts: Iterable[Sum], here: Context) -> Charge:
    """Several amounts that must go to one ledger."""
    found = list(parts)
    for one in found:
        ledger_of(one, here)
    ledgers = {one.ledger for one in found}
    if len(ledgers) > 1:
        here.fault(
            "two-ledgers",
            f"同一处的数额记入不同的账本（{'、'.join(sorted(ledgers))}），请分成几条规则。",
        )
    numbers = tuple(one.number for one in found)
    return Charge(found[0].ledger if found else "", common_grain(numbers), numbers)


def _fixed(amount: Fixed, here: Context) -> Charge:
    if amount.sum is not None:
        return sums([amount.sum], here)
    param = here.scope.params.get(amount.param)
    if param is None:
        here.unknown("参数", amount.param, here.scope.params)
        return Charge()
    if param.type is not ValueType.AMOUNT:
        here.fault("wrong-type", f"参数“{param.name}”不是金额，类型请写 amount，并写明单位。")
        return Charge()
    ledger = ledger_of_param(here.scope.plan, param)
    numbers = [one.value for one in param.values if isinstance(one.value, Fraction)]
    if not numbers or not ledger:
        return Charge(ledger)
    return sums([Sum(number=number, ledger=ledger) for number in numbers], here)


def _table(amount: FromTable, here: Context) -> Charge:
    table = here.scope.tables.get(amount.table)
    if table is None:
        here.unknown("表", amount.table, here.scope.tables)
        return Charge()
    check_cells(table, here)
    if numbers_of(table):
        here.fault(
            "wrong-type",
            f"表“{table.name}”的数没有单位，不能直接作数额；请写成 value: 数 * table.{table.name}，"
            "或给各格写上单位。",
        )
    return sums(cells_of(here.scope.plan, table).values(), here)


def _computed(amount: FromExpr, here: Context) -> Charge:
    found = expect(amount.value, Kind.NUMBER, here)
    ledger = here.scope.ledgers.get(amount.ledger)
    if ledger is None:
        here.unknown("账本", amount.ledger, here.scope.ledgers)
        return Charge()
    digits = amount.round.digits if amount.round else found.digits
    if found.digits is None:
        here.fault("ratio-unrounded", "未取整的比率不能直接作数额；请在该指标上写 round 后再计算。")
    elif digits is not None and digits > ledger.digits:
        here.fault(
            "too-many-digits",
            f"数额可能有{digits}位小数，账本“{ledger.title}”只记{ledger.digits}位；"
            "请在 amount 里写 round，声明位数和取整方式。",
        )
    return Charge(amount.ledger, Fraction(1, 10 ** min(digits or 0, ledger.digits)))


def _range(amount: FromRange, here: Context) -> Charge:
    found = sums(amount.range, here)
    ledger = here.scope.ledgers.get(found.ledger)
    # A person may choose any number in the range that the ledger holds.
    return Charge(found.ledger, Fraction(1, 10**ledger.digits) if ledger else None)


def _per_unit(amount: PerUnit, here: Context) -> Charge:
    found = expect(amount.per, Kind.NUMBER, here)
    if found.digits is None:
        here.fault("ratio-unrounded", "按未取整的比率计次须先取整；请在该指标上写 round。")
    if amount.step <= 0 or amount.free < 0:
        here.fault("bad-number", "step 须大于零，free 不得小于零，请改正。")
    if amount.part not in (Rounding.UP, Rounding.DOWN):
        here.fault("unknown-word", "part 只能写 up（不足一个算一个）或 down（不足一个不算）。")
    one = sums([amount.each], here)
    return Charge(one.ledger, one.grain)


def _bands(amount: Bands, here: Context) -> Charge:
    found = type_of(amount.bands, here)
    if not amount.rows:
        here.fault("missing-part", "bands 至少要有一档，请写 rows。")
    for row in amount.rows:
        check_interval(row.interval, found, here)
    return sums([row.sum for row in amount.rows], here)


def _linear(amount: Linear, here: Context) -> Charge:
    found = expect(amount.linear, Kind.NUMBER, here)
    if found.digits is None:
        here.fault("ratio-unrounded", "按未取整的比率折算须先取整；请在该指标上写 round。")
    if amount.start[0] >= amount.end[0]:
        here.fault("bad-number", "linear 的起点须小于终点，请把 from 和 to 按从小到大写。")
    ledger = here.scope.ledgers.get(amount.ledger)
    if ledger is None:
        here.unknown("账本", amount.ledger, here.scope.ledgers)
        return Charge()
    if amount.round.digits > ledger.digits:
        here.fault(
            "too-many-digits",
            f"round 保留{amount.round.digits}位，账本“{ledger.title}”只记{ledger.digits}位，请改小。",
        )
    return Charge(amount.ledger, Fraction(1, 10 ** min(amount.round.digits, ledger.digits)))


def same_ledger(one: Charge, charge: Charge, what: str, here: Context) -> None:
    """A bound must be of the ledger it bounds."""
    if charge.ledger and one.ledger and one.ledger != charge.ledger:
        here.fault(
            "two-ledgers",
            f"{what}记的是账本“{one.ledger}”，规则的数额记入“{charge.ledger}”，请改成同一个账本。",
        )


def bounded(charge: Charge, bounds: Bounds, here: Context) -> Charge:
    """The charge with the adjusting entries of a rule's own floor and ceiling."""
    ends = check_ends(bounds, here)
    for end in ends:
        same_ledger(end, charge, "limit", here)
    if charge.grain is None:
        return charge
    numbers = [number for end in ends for number in end.numbers]
    return Charge(charge.ledger, common_grain([charge.grain, *numbers]))


def check_ends(bounds: Bounds | Limit, here: Context) -> list[Charge]:
    """The ends of a bound, of one ledger; on no day is the floor above its ceiling."""
    found = [_end(end, here) for end in bounds.ends]
    if not found:
        here.fault("missing-part", "limit 至少要写 floor 或 ceiling 中的一个。")
    for end in found[1:]:
        same_ledger(end, found[0], "floor 和 ceiling 之一", here)
    if bounds.floor is None or bounds.ceiling is None:
        return found
    low, high = (_by_day(end, here.scope) for end in (bounds.floor, bounds.ceiling))
    for day in sorted({*low, *high}):
        floor, ceiling = _on(low, day), _on(high, day)
        if floor is not None and ceiling is not None and floor > ceiling:
            since = f"自{day}起，" if day != date.min else ""
            here.fault("bad-number", f"{since}floor（下限）高于 ceiling（上限），请对调。")
            break
    return found


def _end(end: End, here: Context) -> Charge:
    """An end: an amount, or a number parameter in the unit of a ledger that holds its decimals."""
    if isinstance(end, Fixed):
        return _fixed(end, here)
    param, ledger = here.scope.params.get(end.param), here.scope.ledgers.get(end.ledger)
    if param is None:
        here.unknown("参数", end.param, here.scope.params)
    elif param.type not in (ValueType.INT, ValueType.DECIMAL):
        here.fault(
            "wrong-type",
            f"参数“{param.name}”不是数字，后面不能写单位；金额（amount）的参数自己带单位，请删去。",
        )
    elif ledger is not None and param.digits > ledger.digits:
        here.fault(
            "too-many-digits",
            f"参数“{param.name}”有{param.digits}位小数，账本“{ledger.title}”只记{ledger.digits}位，"
            "请给账本更多小数位，或改小参数的 digits。",
        )
    else:
        numbers = [value for value in _by_day(end, here.scope).values() if value is not None]
        if numbers:
            return sums([Sum(number=number, ledger=end.ledger) for number in numbers], here)
    return Charge(end.ledger)


def _by_day(end: End, scope: Scope) -> dict[date, Fraction | None]:
    """What an end is since which day."""
    if isinstance(end, Fixed) and end.sum is not None:
        return {date.min: end.sum.number}
    sign = end.sign if isinstance(end, Scaled) else 1
    dated = scope.params[end.param].values if end.param in scope.params else ()
    return {
        one.since: sign * one.value if isinstance(one.value, Fraction) else None for one in dated
    }


def _on(values: dict[date, Fraction | None], day: date) -> Fraction | None:
    since = [one for one in values if one <= day]
    return values[max(since)] if since else None


def check_joint(joint: Joint, charge: Charge, here: Context) -> None:
    """A shared entry: a percentage or an own amount, held exactly or rounded."""
    if (joint.percent is None) == (joint.amount is None):
        here.fault("missing-part", "连带承担（joint）写 percent 或 amount 其中一个。")
    if joint.amount is not None:
        ledger_of(joint.amount, here)
    if joint.instead and (joint.percent is None or joint.round is None):
        here.fault(
            "missing-part",
            "由别人代为承担（instead）要写 percent（承担几成）和 round（平分时保留几位、怎样取整）。",
        )
    ledger = here.scope.ledgers.get(charge.ledger)
    if joint.percent is None or ledger is None:
        return
    if joint.round is not None:
        if joint.round.digits > ledger.digits:
            here.fault(
                "too-many-digits",
                f"joint 的 round 保留{joint.round.digits}位，账本“{ledger.title}”"
                f"只记{ledger.digits}位，请改小。",
            )
    elif charge.grain is not None and not holds(charge.grain * joint.percent, ledger.digits):
        here.fault(
            "too-many-digits",
            f"连带承担的数额可能多于账本“{ledger.title}”的{ledger.digits}位小数，"
            "请在 joint 里写 round，声明位数和取整方式。",
        )


def ledgers_of_fixed(plan: Plan, amount: End) -> frozenset[str]:
    """The ledger of a fixed amount or of the parameter that holds it; none while unset."""
    if isinstance(amount, Scaled):
        return frozenset({amount.ledger})
    if amount.sum is not None:
        return frozenset({amount.sum.ledger})
    param = next(
        (one.params[amount.param] for one in plan.articles if amount.param in one.params), None
    )
    return frozenset({ledger_of_param(plan, param)} - {""}) if param else frozenset()


def ledgers_written(plan: Plan, rule: EventRule | PeriodRule) -> frozenset[str]:
    """The ledgers a rule's own entries go to; unset values give none."""
    amount = rule.amount
    if amount is None:
        return frozenset()
    if isinstance(amount, Fixed):
        return ledgers_of_fixed(plan, amount)
    if isinstance(amount, FromTable):
        table = next(
            (one.tables[amount.table] for one in plan.articles if amount.table in one.tables), None
        )
        cells = cells_of(plan, table).values() if table else ()
        return frozenset(cell.ledger for cell in cells)
    if isinstance(amount, FromExpr | Linear):
        return frozenset({amount.ledger})
    if isinstance(amount, FromRange):
        return frozenset(one.ledger for one in amount.range)
    if isinstance(amount, PerUnit):
        return frozenset({amount.each.ledger})
    return frozenset(row.sum.ledger for row in amount.rows)
