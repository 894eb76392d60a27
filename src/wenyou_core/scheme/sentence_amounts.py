"""Amounts in Chinese, with whom they hit: ``扣机构600元``, ``给机构加2分`` (grammar, part 3)."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from wenyou_core.scheme.amounts import (
    Amount,
    Bands,
    Fixed,
    FromExpr,
    FromRange,
    FromTable,
    Linear,
    PerUnit,
    Round,
    Sum,
)
from wenyou_core.scheme.expr import Binary, Neg, Op
from wenyou_core.scheme.rules import Whom
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    ROUNDING_WORDS,
    percent_text,
    round_text,
)
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import Rounding

OF_FIELDS = ("present", "field")
"""Words of whom that name a field of the fact."""


def whom_text(names: Names, whom: Whom, kind: str = "") -> str:
    """``机构``, ``主要负责人``, ``上1级机构的主要负责人``, ``在场人员（参加人）``.

    ``kind`` is that of the facts whose field a word names.
    """
    words = {
        "unit": "机构",
        "person": "人员",
        "subject": "该对象",
        "members": "全体人员",
        "present": "在场人员",
        "field": "所记对象",
        "parent": "上级机构",
    }
    who = words.get(whom.who) or names.role(whom.who)
    if whom.who == "parent" and whom.up:
        who = f"上{whom.up}级机构"
    elif whom.up:
        who = f"上{whom.up}级机构的{who}"
    field = names.field(kind, whom.field) if kind and whom.who in OF_FIELDS else whom.field
    return f"{who}（{field}）" if whom.field else who


class Paid:
    """Says amounts of one rule: whom they hit, and which verb fits their sign."""

    def __init__(self, names: Names, speaker: Speaker, whom: Iterable[Whom]) -> None:
        self.names = names
        self.speaker = speaker
        parts = [whom_text(names, one, "" if one.up else speaker.kind) for one in whom]
        self.whom = "、".join(parts)
        self.each = "各" if len(parts) > 1 else ""

    # -- verbs --------------------------------------------------------------------------

    def off(self, what: str) -> str:
        """Something is taken off."""
        return f"扣{self.whom}{self.each}{what}"

    def put(self, what: str, verb: str = "加") -> str:
        """Something is added or written."""
        return f"给{self.whom}{self.each}{verb}{what}" if self.whom else f"{verb}{what}"

    def sum(self, one: Sum) -> str:
        """A fixed sum."""
        if one.number < 0:
            return self.off(self.names.sum(one, sign=False))
        return self.put(self.names.sum(one), self.plus(one.ledger) if one.number else "记")

    def plus(self, ledger: str) -> str:
        """The verb of a gain: money is a reward."""
        found = self.names.plan.ledgers.get(ledger)
        return "奖" if found and found.unit == "元" else "加"

    # -- amounts --------------------------------------------------------------------------

    def amount(self, amount: Amount) -> str:
        """Any amount."""
        match amount:
            case Fixed():
                return self._fixed(amount)
            case FromTable(table=table):
                return self._from_table(table)
            case FromExpr():
                return self._from_expr(amount)
            case FromRange(range=(first, second)):
                return self._from_range(first, second)
            case PerUnit():
                return self._per_unit(amount)
            case Bands():
                return self._bands(amount)
            case Linear():
                return self._linear(amount)

    def _fixed(self, fixed: Fixed) -> str:
        if not fixed.param:
            return self.sum(fixed.sum) if fixed.sum else self.put("未写明的数", "记")
        own = f"，另{self.sum(fixed.sum)}" if fixed.sum else ""
        number = self.names.sole_value(fixed.param)
        if number is None:
            return self.put(self.names.param(fixed.param), "记") + own
        shown = show_number(abs(number)) + self.names.unit_of_param(fixed.param)
        shown += f"（{self.names.param_title(fixed.param)}）"
        if number < 0:
            return self.off(shown) + own
        gain = "奖" if self.names.unit_of_param(fixed.param) == "元" else "加"
        return self.put(shown, gain if number else "记") + own

    def _from_table(self, table: str) -> str:
        cells = self._cells(table)
        verb = "计"
        if cells and all(text and text.startswith("-") for text in cells):
            verb = "扣"
        elif cells and all(text and not text.startswith("-") for text in cells):
            verb = "奖" if all(text and text.endswith(" 元") for text in cells) else "加"
        return f"按{self.names.table(table)}{verb}{self.whom}{self.each}"

    def _cells(self, name: str) -> list[str | None]:
        """The cells of a table."""
        tables = (one.tables[name] for one in self.names.plan.articles if name in one.tables)
        return [text for table in tables for text in table.values.values()]

    def _from_expr(self, amount: FromExpr) -> str:
        unit = self.names.unit(amount.ledger) + _rounded(amount.round)
        value = amount.value
        if isinstance(value, Neg):
            shown = self.speaker.value(value.of)
            nested = isinstance(value.of, Binary)
            return self.off(f"〔（{shown}）〕{unit}" if nested else f"〔{shown}〕{unit}")
        # -a * b is read as (-a) * b
        if isinstance(value, Binary) and value.op is Op.MUL and isinstance(value.left, Neg):
            whole = self.speaker.value(Binary(Op.MUL, value.left.of, value.right))
            return self.off(f"〔{whole}〕{unit}")
        return self.put(f"〔{self.speaker.value(value)}〕{unit}", "记")

    def _from_range(self, first: Sum, second: Sum) -> str:
        if first.number < 0 and second.number < 0:
            low, high = (self.names.sum(one, sign=False) for one in (first, second))
            return self.off(f"{low}至{high}（由考核小组在此范围内决定）")
        low, high = self.names.sum(first), self.names.sum(second)
        return self.put(f"{low}至{high}（由考核小组在此范围内决定）", "记")

    def _per_unit(self, amount: PerUnit) -> str:
        free = f"超过{show_number(amount.free)}的部分" if amount.free else ""
        rest = "" if amount.part is Rounding.DOWN else f"（不足的{ROUNDING_WORDS[amount.part]}）"
        step = show_number(amount.step)
        per = f"〔{self.speaker.value(amount.per)}〕{free}每满{step}{rest}"
        return f"按{per}{self.sum(amount.each)}"

    def _bands(self, amount: Bands) -> str:
        below = bool(amount.rows) and all(row.sum.number < 0 for row in amount.rows)
        share = self.speaker.is_share(amount.bands)
        rows = "、".join(
            f"{self.speaker.interval(row.interval, share=share)}{self.names.sum(row.sum, sign=not below)}"
            for row in amount.rows
        )
        head = self.off("") if below else self.put("", "记")
        return f"按〔{self.speaker.value(amount.bands)}〕分档{head}：{rows or '没有分档'}"

    def _linear(self, amount: Linear) -> str:
        unit = self.names.unit(amount.ledger)
        (x, low), (y, high) = amount.start, amount.end
        share = abs(x) <= 1 and abs(y) <= 1
        left, right = (percent_text(one) if share else show_number(one) for one in (x, y))
        line = f"{left}记{show_number(low)}{unit}、{right}记{show_number(high)}{unit}"
        tail = f"两点之间按直线折算、之外取端点的数、{round_text(amount.round)}"
        return f"按〔{self.speaker.value(amount.linear)}〕{self.put('', '记')}：{line}（{tail}）"


def _rounded(rounding: Round | None) -> str:
    return f"（{round_text(rounding)}）" if rounding else ""


def times_text(number: Fraction) -> str:
    """A multiplier: ``1.5倍``."""
    return show_number(number) + "倍"
