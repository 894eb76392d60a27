"""Expressions in Chinese. The grammar is in ``docs/dev/sentence-grammar.md``, part 2.

Two expressions that differ never read the same: operators are signs or words that no bare title
holds, and brackets （ ） stand wherever another tree could be meant.
"""

from __future__ import annotations

from datetime import date

from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Field,
    Func,
    InList,
    Interval,
    Measure,
    Neg,
    Not,
    Op,
    Param,
)
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    day_text,
    listed_text,
    percent_text,
)
from wenyou_core.scheme.show import show_interval, show_number
from wenyou_core.scheme.types import decimals
from wenyou_core.scheme.words import ValueType

_SUM, _PRODUCT, _SIGN, _ATOM = 1, 2, 3, 4
_SIGNS = {Op.ADD: "＋", Op.SUB: "－", Op.MUL: "×"}
_LEVELS = {Op.ADD: _SUM, Op.SUB: _SUM, Op.MUL: _PRODUCT}
_FULL_WIDTH = str.maketrans({",": "，", "(": "（", ")": "）", "[": "［", "]": "］", " ": None})
_JOINERS = {Op.AND: "且", Op.OR: "或"}
_NUMBER_WORDS = {Op.LT: "小于", Op.LE: "不高于", Op.GT: "大于", Op.GE: "不低于"}
_RATE_WORDS = {Op.LT: "低于", Op.LE: "不高于", Op.GT: "高于", Op.GE: "不低于"}
_DATE_WORDS = {Op.LT: "早于", Op.LE: "不晚于", Op.GT: "晚于", Op.GE: "不早于"}
_CALLS = {
    Func.DAYS: "相隔天数",
    Func.WORKDAYS: "相隔工作日",
    Func.MINUTES: "相隔分钟",
    Func.MONTH: "月份",
    Func.YEAR: "年份",
    Func.MIN: "较小者",
    Func.MAX: "较大者",
    Func.ABS: "绝对值",
    Func.FLOOR: "整份数",
    Func.CEIL: "进一份数",
    Func.FIRST: "首个有值者",
}
_DATE_CALLS = {Func.MIN: "较早者", Func.MAX: "较晚者"}
Boolean = Not | InList | Between | Exists
"""Trees that are conditions by their form; so are comparisons, and, or."""


class Speaker:
    """Says expressions of one context: of facts of ``kind``, or of subjects (``kind`` empty)."""

    def __init__(self, names: Names, kind: str = "") -> None:
        self.names = names
        self.kind = kind

    # -- conditions ---------------------------------------------------------------------

    def condition(self, expr: Expr) -> str:
        """A condition that stands by itself; ``投诉率高于全行投诉率``."""
        if isinstance(expr, Binary) and expr.op in _JOINERS:
            left = self._joined(expr.left, expr.op, first=True)
            return left + _JOINERS[expr.op] + self._joined(expr.right, expr.op, first=False)
        if isinstance(expr, Binary) and expr.op not in _SIGNS:
            return self._comparison(expr)
        if isinstance(expr, Not):
            return f"并非（{self.condition(expr.of)}）"
        if isinstance(expr, InList):
            return self._in_list(expr)
        if isinstance(expr, Between):
            return self._between(expr)
        if isinstance(expr, Exists):
            return f"有{self._within(expr.of, _ATOM)}"
        return f"{self.value(expr)}成立"

    def _joined(self, expr: Expr, op: Op, *, first: bool) -> str:
        """A side of 且/或: brackets around the other joiner, a right nest, and lists of words."""
        text = self.condition(expr)
        nested = isinstance(expr, Binary) and expr.op in _JOINERS
        if nested and isinstance(expr, Binary) and expr.op is op and first:
            return text
        return (
            f"（{text}）" if nested or (isinstance(expr, InList) and len(expr.values) > 1) else text
        )

    def _comparison(self, expr: Binary) -> str:
        share = self.is_share(expr.left) or self.is_share(expr.right)
        left = self._within(expr.left, _SUM, share=share)
        if expr.op in (Op.EQ, Op.NE) and isinstance(expr.right, Const) and _is_word(expr.right):
            # after 为 only a word can stand, so it needs no marks to be told from a name
            return f"{left}{'不' if expr.op is Op.NE else ''}为{self._listed(expr.right)}"
        right = self._within(expr.right, _SUM, share=share)
        return f"{left}{self._comparer(expr)}{right}"

    def _listed(self, const: Const, *, share: bool = False) -> str:
        text = const.value
        return listed_text(text) if isinstance(text, str) else self.const(const, share=share)

    def _comparer(self, expr: Binary) -> str:
        sides = (expr.left, expr.right)
        if expr.op in (Op.EQ, Op.NE):
            return "等于" if expr.op is Op.EQ else "不等于"
        if any(self._is_date(one) for one in sides):
            return _DATE_WORDS[expr.op]
        rates = all(isinstance(one, Measure) for one in sides)
        return (_RATE_WORDS if rates else _NUMBER_WORDS)[expr.op]

    def _in_list(self, expr: InList) -> str:
        share = self.is_share(expr.of)
        words = [self._listed(one, share=share) for one in expr.values]
        of = self._within(expr.of, _SUM)
        if len(words) < 2:
            return f"{of}属于{''.join(words) or '空表'}"
        return f"{of}为{'、'.join(words[:-1])}或{words[-1]}"

    def _between(self, expr: Between) -> str:
        share = self.is_share(expr.of)
        return self._within(expr.of, _SUM) + self.interval(expr.interval, share=share)

    def interval(self, interval: Interval, *, share: bool = False) -> str:
        """``介于90（含）与95（不含）之间``, ``处于90（含）以上``; odd ones as the plan writes."""
        low, high = interval.low, interval.high
        odd = (low is None and interval.low_closed) or (high is None and interval.high_closed)
        if odd or (low is None and high is None):
            return f"处于「{show_interval(interval).translate(_FULL_WIDTH)}」"
        left = self._end(low, interval.low_closed, share)
        right = self._end(high, interval.high_closed, share)
        if low is None:
            return f"处于{right}以下"
        return f"处于{left}以上" if high is None else f"介于{left}与{right}之间"

    def _end(self, end: Const | None, closed: bool, share: bool) -> str:
        if end is None:
            return ""
        return f"{self.const(end, share=share)}（{'含' if closed else '不含'}）"

    # -- values ---------------------------------------------------------------------------

    def value(self, expr: Expr) -> str:
        """A number, date or text."""
        return self._value(expr)[0]

    def _value(self, expr: Expr, *, share: bool = False) -> tuple[str, int]:
        """The text and how strongly it binds."""
        match expr:
            case Const():
                return self.const(expr, share=share), _ATOM
            case Field(of, name):
                return self._field(of, name), _ATOM
            case Param(name):
                return self.names.param(name), _ATOM
            case Measure(name):
                shown = self.names.measure(name)
                return shown if not self.kind else f"指标「{name}」", _ATOM
            case Call(func, args):
                word = _DATE_CALLS.get(func) if self._is_date(expr) else None
                shown = "、".join(self.value(one) for one in args)
                return f"{word or _CALLS[func]}（{shown}）", _ATOM
            case Neg(of):
                inner = self._within(of, _ATOM if not isinstance(of, Const) else _ATOM + 1)
                return f"－{inner}", _SIGN
            case Binary(op, left, right) if op in _SIGNS:
                level = _LEVELS[op]
                factor = op is Op.MUL
                first = self._within(left, level, share=factor)
                return first + _SIGNS[op] + self._within(right, level + 1, share=factor), level
        return f"（{self.condition(expr)}）", _ATOM

    def _within(self, expr: Expr, level: int, *, share: bool = False) -> str:
        text, own = self._value(expr, share=share)
        return text if own >= level else f"（{text}）"

    def _field(self, of: str, name: str) -> str:
        if of != "fact":
            return self.names.attribute(of, name)
        return self.names.field(self.kind, name) if self.kind else f"字段「{name}」"

    def const(self, const: Const, *, share: bool = False) -> str:
        """A literal; beside a share a number with no more decimals than it needs is a percentage."""
        value = const.value
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, date):
            return day_text(value)
        if isinstance(value, str):
            return self.names.word(value)
        if share and const.digits == decimals(value) and abs(value) <= 1 and value:
            return percent_text(value)
        return show_number(value, const.digits)

    # -- what decides the words ----------------------------------------------------------

    def is_share(self, expr: Expr) -> bool:
        """Whether it is a rate, beside which numbers read as percentages."""
        return isinstance(expr, Measure) and expr.name in self.names.ratios

    def _is_date(self, expr: Expr) -> bool:
        if isinstance(expr, Const):
            return isinstance(expr.value, date)
        if isinstance(expr, Binary) and expr.op in (Op.ADD, Op.SUB):
            return self._is_date(expr.left)
        if isinstance(expr, Call) and expr.func in (Func.FIRST, Func.MIN, Func.MAX):
            return any(self._is_date(one) for one in expr.args)
        if isinstance(expr, Param):
            return self.names.is_date_param(expr.name)
        if not isinstance(expr, Field):
            return False
        built_in = expr.of == "fact" and expr.name in ("happened", "known")
        if built_in or expr.of == "period":
            return True
        plan = self.names.plan
        kind = plan.facts.get(self.kind)
        tables = {
            "fact": kind.fields if kind else {},
            "unit": plan.unit_fields,
            "person": plan.person_fields,
        }
        declared = tables.get(expr.of, {}).get(expr.name)
        return declared is not None and declared.type is ValueType.DATE


def _is_word(const: Const) -> bool:
    return isinstance(const.value, str | bool)
