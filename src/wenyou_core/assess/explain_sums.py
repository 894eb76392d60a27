"""How the number of a measure comes of its parts: 100－0.5－2＝97.5, with the values put in.

Only what adds up is said: where a tree does not show every operand, it says no sum.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from wenyou_core.assess.explain_measures import MeasureTrees
from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.rounding import rounded
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    RankOf,
    Ratio,
    Roll,
)
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import round_text
from wenyou_core.scheme.words import Against, From, Stat
from wenyou_core.worktime.periods import Period, previous, same_of_last_year

_MOST, _SHOWN = 12, 5


class SummedTrees(MeasureTrees):
    """Trees of measures whose texts end with the sum, where the parts in view make it."""

    def tree(self, name: str, period: Period) -> Node:
        """A measure with its value, its parts, and how they make it."""
        told = (name, period.code) in self.view.seen or self.view.given(name, period)
        node = super().tree(name, period)
        said = "" if told else Sums(self.view).of(name, period)
        return replace(node, text=f"{node.text}算式：{said}。") if said else node


@dataclass(frozen=True, slots=True)
class Sums:
    """Says how the numbers in view make a measure."""

    view: View

    def of(self, name: str, period: Period) -> str:
        """``97.67×管理类折算比例（20%）＝19.534``; empty where the parts in view do not make it."""
        quantity, node = self.view.quantity(name, period), self.view.program.nodes[name]
        if quantity is None or quantity.exact is None:
            return ""
        match node:
            case FactMeasure():
                return self._facts(node, quantity, period)
            case EntryMeasure():
                return self._added(self._entry_numbers(node, period), quantity)
            case Ratio():
                return self._quotient(node, quantity, period)
            case Formula():
                return self._formula(node, quantity, period)
            case Roll():
                return self._rolled(node, quantity, period)
            case Change():
                return self._change(node, quantity, period)
            case RankOf():
                return self._place(node, quantity, period)
            case Across():
                return self._pooled(node, quantity)
        return ""

    # -- sums --------------------------------------------------------------------------------

    def _facts(self, node: FactMeasure, quantity: Quantity, period: Period) -> str:
        member = self.view.member(node.name, period)
        rows = None if member is None else self.view.run.facts.rows(node, member, period)
        if rows and node.how == "count" and node.of is None:
            return f"共{len(rows)}件"
        numbers = [row.value for row in rows or () if isinstance(row.value, Fraction)]
        return self._added(numbers, quantity) if node.how == "sum" else ""

    def _entry_numbers(self, node: EntryMeasure, period: Period) -> list[Fraction]:
        """The base, the opening balance and the entries, as the tree lists them."""
        numbers = [node.base] if node.base else []
        opening = self.view.opening(node, period)
        if opening is not None:
            numbers.append(opening.number)
        for one in self.view.summed(node, period):
            digits = self.view.program.digits[one.ledger]
            numbers.append(Fraction(one.amount, 10**digits))
        return numbers

    def _added(self, numbers: Sequence[Fraction], quantity: Quantity) -> str:
        """``100－0.5－2＝97.5``; nothing where the numbers do not make the value."""
        if len(numbers) < 2 or sum(numbers) != quantity.exact:
            return ""
        return f"{self._joined(numbers)}＝{self.view.number(quantity)}"

    def _joined(self, numbers: Sequence[Fraction]) -> str:
        shown = numbers if len(numbers) <= _MOST else numbers[:_SHOWN]
        text = self._number(shown[0])
        text += "".join(f"{'－' if n < 0 else '＋'}{self._number(abs(n))}" for n in shown[1:])
        return text if len(shown) == len(numbers) else f"{text}……（共{len(numbers)}个数相加）"

    def _number(self, number: Fraction) -> str:
        return self.view.teller.number(number)

    # -- quotients ---------------------------------------------------------------------------

    def _quotient(self, node: Ratio, quantity: Quantity, period: Period) -> str:
        top, bottom = (self._exact(name, period) for name in node.ratio)
        if top is None or not bottom:
            return ""
        return f"{self._number(top)}÷{self._number(bottom)}＝{self._value(quantity, node.round)}"

    def _exact(self, name: str, period: Period) -> Fraction | None:
        found = self.view.quantity(name, period)
        return None if found is None else found.exact

    def _value(self, quantity: Quantity, round_: Round | None) -> str:
        shown = self.view.number(quantity)
        return f"{shown}（{round_text(round_)}）" if round_ is not None else shown

    def _rolled(self, node: Roll, quantity: Quantity, period: Period) -> str:
        parts = [part for part in self.view.run.periods(node.roll) if period.covers(part)]
        found = [self.view.quantity(node.roll, part) for part in parts]
        numbers = [one.exact for one in found if one is not None and one.exact is not None]
        if node.how is Stat.SUM:
            return self._added(numbers, quantity)
        if node.how is not Stat.MEAN or not numbers:
            return ""
        mean = sum(numbers, Fraction(0)) / len(numbers)
        if quantity.exact != (rounded(mean, node.round) if node.round else mean):
            return ""
        top = self._joined(numbers) if len(numbers) == 1 else f"（{self._joined(numbers)}）"
        return f"{top}÷{len(numbers)}＝{self._value(quantity, node.round)}"

    def _change(self, node: Change, quantity: Quantity, period: Period) -> str:
        back: Callable[[Period], Period] = (
            previous if node.against is Against.PREVIOUS else same_of_last_year
        )
        now, then = (self._exact(node.change, one) for one in (period, back(period)))
        if now is None or then is None:
            return ""
        left = f"{self._number(now)}－{self._number(then)}"
        if node.how == "relative":
            left = f"（{left}）÷{self._number(then)}"
        return f"{left}＝{self.view.number(quantity)}"

    def _pooled(self, node: Across, quantity: Quantity) -> str:
        """The mean of a group is the pair of its sums: of both parts, or of values and number."""
        if quantity.pair is None or node.how not in (Stat.MEAN, Stat.POOLED):
            return ""
        top, bottom = (self._number(part) for part in quantity.pair)
        of = "个" if node.how is Stat.MEAN else ""
        return f"合计{top}÷{bottom}{of}"

    # -- formulas and places -----------------------------------------------------------------

    def _formula(self, node: Formula, quantity: Quantity, period: Period) -> str:
        def value(name: str) -> str:
            found = self.view.quantity(name, period)
            return "不适用" if found is None or found.exact is None else self.view.number(found)

        said = Speaker(_Valued(self.view.teller.names, value)).value(node.value)
        return f"{said}＝{self._value(quantity, node.round)}"

    def _place(self, node: RankOf, quantity: Quantity, period: Period) -> str:
        own = self._exact(node.rank, period)
        found = (
            one.values[node.rank].exact
            for one in self.view.peers(node.name, period)
            if node.rank in one.values
        )
        others = [one for one in found if one is not None]
        if own is None or quantity.exact is None:
            return ""
        high = node.start is From.HIGHEST
        before = sum(1 for one in others if (one > own if high else one < own))
        if before + 1 != quantity.exact:
            return ""
        equal = f"，与{others.count(own)}个并列" if own in others else ""
        return f"排在前面的有{before}个{equal}，所以是第{before + 1}名（共{len(others) + 1}个）"


class _Valued(Names):
    """The names of a plan, measures with their values."""

    def __init__(self, names: Names, value: Callable[[str], str]) -> None:
        self.__dict__.update(names.__dict__)
        self._value = value

    def measure(self, name: str) -> str:
        """``季度检查得分（97.67）``."""
        return f"{super().measure(name)}（{self._value(name)}）"
