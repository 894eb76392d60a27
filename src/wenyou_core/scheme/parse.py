"""From the text of an expression to its tree: a small Pratt parser.

Binding, weakest first: ``or``, ``and``, ``not``, comparison (``= != < <= > >= in between``, never
chained), ``+ -``, ``*``, sign. The same text means the same tree for every reader; ``show`` in
``show.py`` writes a tree back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fractions import Fraction

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
from wenyou_core.scheme.lex import ExprError, Kind, Token, tokens_of

__all__ = ["FACT", "SUBJECT", "ExprError", "parse_expr", "parse_interval"]

FACT = "fact"
"""Context in which a bare name is a field of the fact."""
SUBJECT = "subject"
"""Context in which a bare name is a measure of the subject."""

Lists = Mapping[str, Sequence[str]]

_OPS = {op.value: op for op in Op}
_FUNCS = {func.value: func for func in Func}
_RESERVED = {"and", "or", "not", "in", "between", "exists", "true", "false"}
_POWER = {"or": 1, "and": 2, "+": 5, "-": 5, "*": 6}
_NOT, _COMPARE, _SUM, _SIGN = 3, 4, 5, 7
_COMPARING = {"=", "!=", "<", "<=", ">", ">=", "in", "between"}
_CHINESE = {"且": "and", "并且": "and", "和": "and", "或": "or", "或者": "or", "等于": "="}
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_ARGUMENTS = {Func.MONTH: 1, Func.YEAR: 1, Func.ABS: 1, Func.MIN: -2, Func.MAX: -2, Func.FIRST: -2}
_MAX_DEPTH = 40


def parse_expr(text: str, context: str = FACT, lists: Lists | None = None) -> Expr:
    """The tree of an expression.

    ``context`` is FACT or SUBJECT and says what a bare name means; ``lists`` are the plan's lists
    for ``in list_name``, which becomes their words. Raises ExprError with a Chinese sentence.
    """
    parser = _Parser(tokens_of(text), context, lists or {})
    expr = parser.expression(0)
    parser.end()
    return expr


def parse_interval(text: str) -> Interval:
    """The interval of ``[90, 95)``, ``(10, +)`` or ``(-, 5]``. Raises ExprError."""
    parser = _Parser(tokens_of(text), FACT, {})
    interval = parser.interval()
    parser.end()
    return interval


def nearest(word: str, known: Sequence[str]) -> str:
    """``是否想写“…”?`` with the known word that is most like ``word``; empty when none is."""
    close = get_close_matches(word, known, 1)
    return f"是否想写“{close[0]}”？" if close else ""


@dataclass(slots=True)
class _Parser:
    tokens: list[Token]
    context: str
    lists: Lists
    next: int = 0
    depth: int = field(default=0)

    # -- moving -------------------------------------------------------------------------

    def peek(self) -> Token:
        return self.tokens[self.next]

    def take(self) -> Token:
        token = self.tokens[self.next]
        self.next += 1
        return token

    def expect(self, sign: str, where: str) -> None:
        token = self.peek()
        if token.kind is not Kind.SIGN or token.text != sign:
            raise ExprError(f"{_at(token)}，{where}应是“{sign}”。")
        self.next += 1

    def end(self) -> None:
        token = self.peek()
        if token.kind is Kind.END:
            return
        if token.text == "not":
            raise ExprError(f"{_at(token)}，否定请写在最前面，例如“not x in [甲, 乙]”。")
        if token.text in _COMPARING:
            raise ExprError(f"{_at(token)}，比较不能连写，请用 and 连接，或用 between [低, 高]。")
        if token.kind is Kind.SIGN and token.text in ")]":
            raise ExprError(f"{_at(token)}，前面没有对应的括号，请删去或补上。")
        word = _CHINESE.get(token.text) if token.kind is Kind.TEXT else None
        if word:
            raise ExprError(f"{_at(token)}，请写成“{word}”。")
        raise ExprError(f"{_at(token)}，前面缺少运算符，请补上 and、or 或比较符号。")

    # -- expressions --------------------------------------------------------------------

    def expression(self, least: int) -> Expr:
        """What follows, as long as operators bind more strongly than ``least``."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise ExprError(f"{_at(self.peek())}，嵌套超过{_MAX_DEPTH}层，请拆成几个指标。")
        # A comparison is not chained, and nothing that binds weaker is its left side.
        compared = self.peek().kind is Kind.NAME and self.peek().text == "not"
        left = self.prefix()
        while True:
            token = self.peek()
            word = token.text if token.kind in (Kind.SIGN, Kind.NAME) else ""
            if word in _COMPARING and least < _COMPARE and not compared:
                self.next += 1
                left = self.comparison(word, left)
                compared = True
            elif word in _POWER and least < _POWER[word] and not (compared and word in "+-*"):
                self.next += 1
                left = Binary(_OPS[word], left, self.expression(_POWER[word]))
                compared = compared or _POWER[word] < _COMPARE
            else:
                self.depth -= 1
                return left

    def prefix(self) -> Expr:
        token = self.take()
        match token.kind, token.text:
            case (Kind.NUMBER | Kind.DATE | Kind.TEXT, _):
                return _const(token)
            case (Kind.NAME, "not"):
                return Not(self.expression(_NOT))
            case (Kind.NAME, "exists"):
                return Exists(self.expression(_SIGN))
            case (Kind.NAME, _):
                return self.named(token)
            case (Kind.SIGN, "-"):
                if self.peek().kind is Kind.NUMBER:
                    return _negative(self.take())
                return Neg(self.expression(_SIGN))
            case (Kind.SIGN, "("):
                inner = self.expression(0)
                self.expect(")", "括号没有成对，这里")
                return inner
            case (Kind.SIGN, "["):
                raise ExprError(f"{_at(token)}，列表和区间只能写在 in 或 between 之后。")
        raise ExprError(f"{_at(token)}，这里应是名称、数或文字，请补上。")

    def comparison(self, word: str, left: Expr) -> Expr:
        if word == "in":
            return InList(left, self.members())
        if word == "between":
            return Between(left, self.interval())
        return Binary(_OPS[word], left, self.expression(_COMPARE))

    def named(self, token: Token) -> Expr:
        """A name, a function call, true or false."""
        first, *rest = token.text.split(".")
        bad = [part for part in (first, *rest) if not _NAME.match(part)]
        if bad or len(rest) > 1:
            raise ExprError(f"{_at(token)}，名称只用小写字母、数字和下划线；如果是文字，请加引号。")
        if not rest and first in ("true", "false"):
            return Const(first == "true")
        if not rest and first in _RESERVED:
            raise ExprError(f"{_at(token)}，这里应是名称、数或文字，请补上。")
        opens = self.peek().kind is Kind.SIGN and self.peek().text == "("
        if opens and token.text not in _FUNCS:
            hint = nearest(token.text, list(_FUNCS)) or f"可用的有{'、'.join(_FUNCS)}。"
            raise ExprError(f"{_at(token)}，没有这个函数；{hint}")
        if opens:
            return self.call(_FUNCS[first], token)
        if not rest:
            return Field("fact", first) if self.context == FACT else Measure(first)
        if first in ("unit", "person", "period", "table"):
            return Field(first, rest[0])
        if first == "param":
            return Param(rest[0])
        raise ExprError(f"{_at(token)}，点号前面只能是 unit、person、period、table 或 param。")

    def call(self, func: Func, token: Token) -> Expr:
        self.next += 1
        args = [self.expression(0)]
        while self.peek().text == "," and self.peek().kind is Kind.SIGN:
            self.next += 1
            args.append(self.expression(0))
        self.expect(")", "参数之后")
        needed = _ARGUMENTS.get(func, 2)
        if len(args) != needed if needed > 0 else len(args) < -needed:
            text = f"{abs(needed)}个参数" if needed > 0 else f"至少{-needed}个参数"
            raise ExprError(f"{_at(token)}，函数 {func.value} 要{text}，现有{len(args)}个。")
        return Call(func, tuple(args))

    # -- lists and intervals ------------------------------------------------------------

    def members(self) -> tuple[Const, ...]:
        token = self.take()
        if token.kind is Kind.NAME and token.text in self.lists:
            return tuple(Const(word) for word in self.lists[token.text])
        if token.kind is Kind.NAME:
            hint = nearest(token.text, list(self.lists)) or "请先在 lists 里写出。"
            raise ExprError(f"{_at(token)}，没有名为“{token.text}”的列表；{hint}")
        if token.text != "[" or token.kind is not Kind.SIGN:
            raise ExprError(f"{_at(token)}，in 之后应是“[甲, 乙]”或列表的名称。")
        values = [self.constant()]
        while self.peek().text == "," and self.peek().kind is Kind.SIGN:
            self.next += 1
            values.append(self.constant())
        self.expect("]", "列表之后")
        return tuple(values)

    def constant(self) -> Const:
        token = self.take()
        if token.kind in (Kind.NUMBER, Kind.DATE, Kind.TEXT):
            return _const(token)
        if token.kind is Kind.NAME and token.text in ("true", "false"):
            return Const(token.text == "true")
        if token.kind is Kind.SIGN and token.text == "-" and self.peek().kind is Kind.NUMBER:
            return _negative(self.take())
        if token.kind is Kind.NAME:
            raise ExprError(f"{_at(token)}，列表里只能写数、日期和文字；是文字请加引号。")
        raise ExprError(f"{_at(token)}，这里应是数、日期或文字。")

    def interval(self) -> Interval:
        opening = self.take()
        if opening.kind is not Kind.SIGN or opening.text not in "[(":
            raise ExprError(f"{_at(opening)}，区间请写成“[90, 95)”“(10, +)”或“(-, 5]”。")
        low = self.bound("-")
        self.expect(",", "区间的两端之间")
        high = self.bound("+")
        closing = self.take()
        if closing.kind is not Kind.SIGN or closing.text not in ("]", ")"):
            raise ExprError(f"{_at(closing)}，区间应以“]”（含）或“)”（不含）结束。")
        low_closed, high_closed = opening.text == "[", closing.text == "]"
        if (low is None and low_closed) or (high is None and high_closed):
            raise ExprError(f"{_at(opening)}，没有尽头的一端请用圆括号，例如“(10, +)”。")
        _check_ends(low, high, closed=low_closed and high_closed, at=opening)
        return Interval(low, low_closed, high, high_closed)

    def bound(self, endless: str) -> Const | None:
        token = self.peek()
        after = self.tokens[self.next + 1].kind if token.kind is not Kind.END else Kind.END
        if token.kind is Kind.SIGN and token.text == endless and after is not Kind.NUMBER:
            self.next += 1
            return None
        value = self.constant()
        if isinstance(value.value, str | bool):
            raise ExprError(f"{_at(token)}，区间的两端只能是数或日期。")
        return value


def _check_ends(low: Const | None, high: Const | None, *, closed: bool, at: Token) -> None:
    if low is None or high is None:
        return
    a, b = low.value, high.value
    for kind in (Fraction, date):
        if isinstance(a, kind) and isinstance(b, kind):
            empty = a > b or (a == b and not closed)  # type: ignore[operator]
            break
    else:
        raise ExprError(f"{_at(at)}，区间的两端要同为数或同为日期。")
    if empty:
        raise ExprError(f"{_at(at)}，区间里没有任何值，请核对两端的大小。")


def _const(token: Token) -> Const:
    if token.value is None:
        return Const(token.text)
    return Const(token.value, token.digits)


def _negative(token: Token) -> Const:
    assert isinstance(token.value, Fraction)  # noqa: S101 -- callers looked at the kind
    return Const(-token.value, token.digits)


def _at(token: Token) -> str:
    if token.kind is Kind.END:
        return "表达式末尾"
    return f"第{token.at}个字符“{token.text}”处"
