"""What a rule's amount comes to, exactly, for one fact or for one subject in a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from wenyou_core.assess.decisions import Decision
from wenyou_core.assess.evaluate import Context, compiled, inside, number
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import amount_at
from wenyou_core.assess.rounding import LARGEST, rounded, to_whole, too_large
from wenyou_core.errors import WenyouError
from wenyou_core.rows import row
from wenyou_core.scheme.amounts import (
    Amount,
    Bands,
    Fixed,
    FromExpr,
    FromRange,
    FromTable,
    Linear,
    PerUnit,
    Sum,
)
from wenyou_core.scheme.charges import cells_of, ledgers_of_fixed
from wenyou_core.scheme.model import Table
from wenyou_core.scheme.readings import field_of
from wenyou_core.scheme.rules import Bounds, Limit
from wenyou_core.scheme.texts import parse_sum, units_of


class AmountContext(Context, Protocol):
    """A context with a day."""

    @property
    def day(self) -> date:
        """The deciding day, or the period's last day."""
        ...


@row()
class Came:
    """What an amount came to: a number in its ledger's unit, and what it was taken from.

    ``unset`` names the cell of a table (or the parameter) that holds no value yet.
    """

    number: Fraction = Fraction(0)
    ledger: str = ""
    quantity: Fraction | None = None
    unset: str = ""


Worth = Callable[[AmountContext], Came | None]
"""None: no entry (no band, no row of the table, an absent field)."""


class Amounts:
    """Turns the amounts of a plan into functions of a context."""

    def __init__(self, program: Program) -> None:
        """Read the units of the ledgers."""
        self.program, self.digits = program, program.digits
        self._units = units_of({name: one.unit for name, one in program.plan.ledgers.items()})
        self._made: dict[int, tuple[Amount, Worth]] = {}  # kept with it, so no id comes twice

    def worth(self, amount: Amount) -> Worth:
        """The amount as a function; a FromRange has none, a person chooses it."""
        if id(amount) not in self._made:
            self._made[id(amount)] = (amount, self._worth(amount))
        return self._made[id(amount)][1]

    def _worth(self, amount: Amount) -> Worth:
        match amount:
            case Fixed():
                return self._fixed(amount)
            case FromTable(table=table):
                return self._table(self.program.tables[table])
            case FromExpr():
                return _expression(amount)
            case PerUnit():
                return _per_unit(amount)
            case Bands():
                return _bands(amount)
            case Linear():
                return _linear(amount)
            case FromRange():
                return lambda _: None
        raise WenyouError("amount-form", "金额的写法无法识别，请检查方案。")

    def whole(self, number: Fraction, ledger: str, rule: str) -> int:
        """The number in the ledger's smallest unit, which must hold it exactly.

        Raises WenyouError: a plan whose ledgers cannot hold its amounts does not load, so this
        tells of a plan that was not checked; or of an amount that no engine can hold.
        """
        scale: int = 10 ** self.digits[ledger]
        scaled, rest = divmod(number.numerator * scale, number.denominator)
        if rest:
            text = (
                f"规则“{rule}”的金额{number}在台账“{ledger}”中不能准确记下，"
                "请在方案里声明取整方式或增加小数位数。"
            )
            raise WenyouError("amount-inexact", text, rule=rule, ledger=ledger)
        if abs(scaled) > LARGEST:
            raise too_large(rule)
        return scaled

    def chosen(self, amount: FromRange, decision: Decision | None) -> Came | None:
        """The number that a decision chose; None unless it lies inside the range and the
        ledger holds it exactly."""
        value = None if decision is None else decision.value
        low, high = sorted(end.number for end in amount.range)
        ledger = amount.range[0].ledger
        if value is None or not low <= value <= high:
            return None
        whole = (value * 10 ** self.digits[ledger]).denominator == 1
        return Came(value, ledger, value) if whole else None

    def _fixed(self, amount: Fixed) -> Worth:
        if amount.sum is not None:
            came = _sum(amount.sum)
            return lambda _: came
        title = self.program.params[amount.param].title

        def worth(context: AmountContext) -> Came | None:
            found = amount_at(self.program, amount, context.day)
            return Came(unset=title) if found is None else _sum(found)

        return worth

    def _table(self, table: Table) -> Worth:
        cells: Mapping[str, Came] = {
            word: Came(unset=f"{table.title}：{word}")
            if text is None
            else _sum(parse_sum(text, self._units))
            for word, text in table.values.items()
        }

        fields = [compiled(field_of(name)) for name in table.by]

        def worth(context: AmountContext) -> Came | None:
            words = [field(context) for field in fields]
            return None if None in words else cells.get("/".join(str(word) for word in words))

        return worth


def ledger_of(program: Program, names: Sequence[str]) -> str:
    """The ledger of the entries of rules, limits and awards, which all go to one."""
    rules = {rule.name: rule for rule in program.events}
    for name in names:
        node = rules.get(name.partition("+")[0]) or program.nodes.get(name.partition("+")[0])
        if isinstance(node, Limit):
            return ledger_of_bounds(program, node)
        amount = getattr(node, "amount", None)
        ends = [amount] if isinstance(amount, Sum) else _sums(program, amount)
        if ends:
            return ends[0].ledger
    return ""


def ledger_of_bounds(program: Program, bounds: Bounds | Limit) -> str:
    """The one ledger of the ends of a bound; an end without unit and value tells none."""
    ledgers = (ledgers_of_fixed(program.plan, end) for end in bounds.ends)
    return next((ledger for found in ledgers for ledger in found), "")


def _sums(program: Program, amount: Amount | None) -> list[Sum]:
    """The amounts that an amount may come to, as far as they tell its ledger."""
    match amount:
        case Fixed():
            fixed = amount_at(program, amount, program.run.end)
            return [] if fixed is None else [fixed]
        case FromTable(table=name):
            return list(cells_of(program.plan, program.tables[name]).values())
        case FromRange(range=ends):
            return list(ends)
        case PerUnit(each=each):
            return [each]
        case Bands(rows=rows):
            return [row.sum for row in rows]
        case FromExpr(ledger=ledger) | Linear(ledger=ledger):
            return [Sum(number=Fraction(0), ledger=ledger)]
    return []


def _sum(amount: Sum) -> Came:
    return Came(amount.number, amount.ledger)


def _expression(amount: FromExpr) -> Worth:
    value = number(amount.value)

    def worth(context: AmountContext) -> Came | None:
        found = value(context)
        if found is None:
            return None
        return Came(rounded(found, amount.round), amount.ledger, found)

    return worth


def _per_unit(amount: PerUnit) -> Worth:
    value, each = number(amount.per), amount.each

    def worth(context: AmountContext) -> Came | None:
        found = value(context)
        if found is None:
            return None
        count = max(0, to_whole((found - amount.free) / amount.step, amount.part))
        return Came(count * each.number, each.ledger, found)

    return worth


def _bands(amount: Bands) -> Worth:
    value = number(amount.bands)

    def worth(context: AmountContext) -> Came | None:
        found = value(context)
        if found is None:
            return None
        band = next((band for band in amount.rows if inside(found, band.interval)), None)
        return None if band is None else Came(band.sum.number, band.sum.ledger, found)

    return worth


def _linear(amount: Linear) -> Worth:
    value = number(amount.linear)
    (low, at_low), (high, at_high) = sorted((amount.start, amount.end))

    def worth(context: AmountContext) -> Came | None:
        found = value(context)
        if found is None:
            return None
        if found <= low:
            height = at_low
        elif found >= high:
            height = at_high
        else:
            height = at_low + (at_high - at_low) * (found - low) / (high - low)
        return Came(rounded(height, amount.round), amount.ledger, found)

    return worth
