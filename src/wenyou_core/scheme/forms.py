"""The forms of the language that are more than a mapping: amounts, rules, measures, effects …

Importing this module registers them with ``reader``; ``load.py`` and ``schema.py`` do so.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from wenyou_core.scheme.amounts import (
    Amount,
    Band,
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
from wenyou_core.scheme.expr import Const, Expr, Interval
from wenyou_core.scheme.lex import ExprError, date_of
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    MeasureDef,
    Members,
    RankOf,
    Ratio,
    Roll,
    ShareOf,
    StepOf,
    Streak,
)
from wenyou_core.scheme.outcomes import Condition, Grade, Obligation, Step
from wenyou_core.scheme.parse import FACT, SUBJECT, nearest, parse_expr, parse_interval
from wenyou_core.scheme.reader import BAD, Converter, Reader, shape_fault, text_of, unknown_key
from wenyou_core.scheme.rules import (
    Bar,
    Cap,
    Deem,
    Effect,
    EventRule,
    Exempt,
    Limit,
    PeriodRule,
    Pick,
    Rule,
    Whom,
    Window,
)
from wenyou_core.scheme.shaping import alias, build, form, placed, word_of, written
from wenyou_core.scheme.texts import (
    param_of,
    parse_number,
    parse_sum,
    parse_whom,
    parse_window,
)
from wenyou_core.scheme.words import Choose, Tie
from wenyou_core.scheme.yamlread import Map, Node, Scalar

alias(Pick, start="from")
alias(RankOf, start="from")
alias(Grade, start="from")
alias(Linear, start="from", end="to")
alias(Deem, with_fields="with")
alias(Condition, title="name")
written(Step, "name")

# Told apart by a key; where several are there the first of these counts.
RULES: dict[str, type] = {
    "on": EventRule,
    "each": PeriodRule,
    "deem": Deem,
    "exempt": Exempt,
    "limit": Limit,
}
MEASURES: dict[str, type] = {
    "facts": FactMeasure,
    "entries": EntryMeasure,
    "ledger": EntryMeasure,
    "ratio": Ratio,
    "across": Across,
    "share": ShareOf,
    "rank": RankOf,
    "change": Change,
    "streak": Streak,
    "roll": Roll,
    "members": Members,
    "step": StepOf,
    "value": Formula,
}
AMOUNTS: dict[str, type] = {
    "table": FromTable,
    "value": FromExpr,
    "range": FromRange,
    "per": PerUnit,
    "bands": Bands,
    "linear": Linear,
}
_SCALED = re.compile(r"(?P<minus>-?)param\.(?P<name>[a-z][a-z0-9_]*)\s+(?P<unit>\S+)$")
_PARAM = re.compile(r"param\.([a-z][a-z0-9_]*)")
_OVER_FACTS = (EventRule, Deem, Exempt, FactMeasure, Obligation)


@form(Expr)
def read_expr(reader: Reader, node: Node) -> Any:
    """An expression; a plain integer, true and false are constants."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return Const(node.value)
    return reader.parsed(node, lambda text: parse_expr(text, reader.context, reader.lists))


@form(Sum)
def read_sum(reader: Reader, node: Node) -> Any:
    """``-600 元``."""
    text = text_of(reader, node)
    if isinstance(text, str) and "param." in text:
        return reader.parsed(node, _no_sum)
    return reader.parsed(node, lambda text: parse_sum(text, reader.units))


def _no_sum(text: str) -> NoReturn:
    raise ExprError(f"“{text}”里有参数，这里只能写定数：数、空格、单位，例如“-600 元”。")


@form(Window)
def read_window(reader: Reader, node: Node) -> Any:
    """``12 months``."""
    return reader.parsed(node, parse_window)


@form(Whom)
def read_whom(reader: Reader, node: Node) -> Any:
    """``head up 1``."""
    return reader.parsed(node, parse_whom)


@form(Interval)
def read_interval(reader: Reader, node: Node) -> Any:
    """``[90, 95)``."""
    return reader.parsed(node, parse_interval)


@form(Amount)
def read_amount(reader: Reader, node: Node) -> Any:
    """``-600 元``, ``param.fine``, or a mapping told apart by its key."""
    if isinstance(node, Map):
        return _by_key(reader, node, AMOUNTS, "金额")
    text = text_of(reader, node)
    if isinstance(text, str) and "param." in text and not param_of(text):
        return reader.parsed(node, lambda text: _no_amount(text, reader))
    return read_fixed(reader, node)


def _no_amount(text: str, reader: Reader) -> NoReturn:
    """Both ways to write an amount with a parameter; the second with what was typed, computed."""
    value, _, unit = text.rpartition(" ")
    if not value or unit not in reader.units:
        value, unit = text, next(iter(reader.units), "")
    ledger = reader.units.get(unit, ("台账名",))[0]
    raise ExprError(
        f"“{text}”不是金额或分值。{_signed_there(text)}"
        f"参数是数的，请写成“{{value: {value.strip()}, ledger: {ledger}}}”。"
    )


def _signed_there(text: str) -> str:
    """How a parameter that is an amount is written wherever an amount stands."""
    found = _PARAM.search(text)
    name = f"param.{found[1] if found else '参数名'}"
    return f"参数是金额的，负号和单位写在参数的取值里，这里只写“{name}”；"


@form(Fixed)
def read_fixed(reader: Reader, node: Node) -> Any:
    """``-600 元`` or ``param.fine``."""
    text = text_of(reader, node)
    if text is BAD:
        return BAD
    name = param_of(text)
    if name:
        return Fixed(param=name)
    if isinstance(text, str) and "param." in text:
        return reader.parsed(node, _no_fixed)
    fixed = read_sum(reader, node)
    return BAD if fixed is BAD else Fixed(sum=fixed)


def _no_fixed(text: str) -> NoReturn:
    said = f"“{text}”不是金额或分值。{_signed_there(text)}"
    raise ExprError(f"{said}定数请写成数、空格、单位，例如“-600 元”。")


@form(End)
def read_end(reader: Reader, node: Node) -> Any:
    """``-20 分``, ``param.least``, ``-param.base 天``."""
    text = text_of(reader, node)
    match = _SCALED.match(text) if isinstance(text, str) else None
    if match is not None:
        return reader.parsed(node, lambda text: _scaled(text, match, reader))
    if isinstance(text, str) and "param." in text and not param_of(text):
        return reader.parsed(node, lambda text: _no_end(text, reader))
    return BAD if text is BAD else read_fixed(reader, node)


def _no_end(text: str, reader: Reader) -> NoReturn:
    found = _PARAM.search(text)
    name, unit = f"param.{found[1] if found else '参数名'}", next(iter(reader.units), "分")
    raise ExprError(
        f"“{text}”不是金额或分值。参数是金额的，请只写“{name}”；"
        f"参数是数的，请写参数、空格、单位，例如“{name} {unit}”，取负数写“-{name} {unit}”。"
    )


def _scaled(text: str, match: re.Match[str], reader: Reader) -> Scaled:
    one = f"1 {match['unit']}"
    try:
        ledger = parse_sum(one, reader.units).ledger
    except ExprError as error:
        raise ExprError(str(error).replace(one, text)) from error
    return Scaled(param=match["name"], ledger=ledger, turned=bool(match["minus"]))


@form(tuple[Band, ...])
def read_bands(reader: Reader, node: Node) -> Any:
    """``{"[1, 3)": -1 分, "[3, +)": -5 分}``."""
    if not isinstance(node, Map):
        return shape_fault(reader, node, "“区间: 金额”的映射")
    rows = []
    for text, child in node.items.items():
        line = node.lines[text]
        interval = read_interval(reader, Scalar(text, text, line))
        amount = read_sum(reader, child)
        rows.append(BAD if BAD in (interval, amount) else Band(interval=interval, sum=amount))
    return BAD if any(row is BAD for row in rows) else tuple(rows)


@form(Rule)
def read_rule(reader: Reader, node: Node) -> Any:
    """A rule, told apart by ``on``, ``each``, ``deem``, ``exempt`` or ``limit``."""
    return _by_key(reader, node, RULES, "规则")


@form(MeasureDef)
def read_measure(reader: Reader, node: Node) -> Any:
    """A measure, told apart by its key."""
    return _by_key(reader, node, MEASURES, "指标")


@form(Exempt)
def read_exempt(reader: Reader, node: Node) -> Any:
    """``within: {from: starts, to: ends}`` stands for ``since`` and ``till``."""
    inner = node.items.get("within") if isinstance(node, Map) else None
    if not isinstance(node, Map) or inner is None:
        return _plain(Exempt, reader, node)
    if not isinstance(inner, Map):
        reader.key = "within"
        return shape_fault(reader, inner, "“{from: 字段, to: 字段}”的映射")
    items = {key: child for key, child in node.items.items() if key != "within"}
    lines = dict(node.lines)
    sound = True
    for key, child in inner.items.items():
        name = {"from": "since", "to": "till"}.get(key)
        if name is None:
            unknown_key(reader, inner.lines[key], key, {"from": 0, "to": 0})
            sound = False
        else:
            items[name], lines[name] = child, inner.lines[key]
    built = _plain(Exempt, reader, Map(items, lines, node.line))
    return built if sound else BAD


@form(Effect)
def read_effect(reader: Reader, node: Node) -> Any:
    """``{bar: x, until: year_end}``, ``{task: 约谈}``, ``{cap: x, at_most: 合格}``."""
    if not isinstance(node, Map):
        return shape_fault(reader, node, "“{task: 事项}”这样的映射")
    known = {"bar": Bar, "until": Bar, "cap": Cap, "at_most": Cap, "task": Effect}
    parts: dict[type, Map] = {}
    sound = True
    for key, child in node.items.items():
        cls = known.get(key)
        if cls is None:
            sound = unknown_key(reader, node.lines[key], key, known) is not BAD
            continue
        inner = "what" if key == "bar" else "grade" if key == "cap" else key
        part = parts.setdefault(cls, Map({}, {}, node.line))
        part.items[inner], part.lines[inner] = child, node.lines[key]
    leading = [key for key in ("bar", "cap", "task") if key in node.items]
    alone = [
        key
        for key, lead in (("until", "bar"), ("at_most", "cap"))
        if key in node.items and lead not in leading
    ]
    if sound and (alone or not leading):
        text = "“until”要和“bar”同写，“at_most”要和“cap”同写" if alone else "缺少“bar”“cap”或“task”"
        return reader.bad(node.line, "scheme-missing", f"{text}，请补上。")
    bar = build(Bar, reader, parts[Bar]) if Bar in parts else None
    cap = build(Cap, reader, parts[Cap]) if Cap in parts else None
    task = text_of(reader, parts[Effect].items["task"]) if Effect in parts else ""
    bad = not sound or BAD in (bar, cap, task)
    return BAD if bad else Effect(bar=bar, cap=cap, task=task)


def _word_or_param(words: type[Choose] | type[Tie]) -> Converter:
    word = word_of(words)

    def read(reader: Reader, node: Node) -> Any:
        if isinstance(node, Scalar) and param_of(node.text):
            return node.text
        return word(reader, node)

    return read


form(Choose | str)(_word_or_param(Choose))
form(Tie | str)(_word_or_param(Tie))


@form(int | str)
def read_count(reader: Reader, node: Node) -> Any:
    """A number of times, or ``param.name``."""
    if isinstance(node, Scalar) and type(node.value) is int:
        return node.value
    if isinstance(node, Scalar) and param_of(node.text):
        return node.text
    return shape_fault(reader, node, "整数或“param.参数名”")


@form(Const | str)
def read_length(reader: Reader, node: Node) -> Any:
    """The length of a time limit: a number, a date, or a text such as ``param.name``."""
    text = text_of(reader, node)
    if text is BAD:
        return BAD
    day = date_of(text)
    if day is not None:
        return Const(day)
    try:
        return Const(*parse_number(text))
    except ExprError:
        return text


def _by_key(reader: Reader, node: Node, kinds: dict[str, type], what: str) -> Any:
    """The dataclass whose key is there; then as its own hints say."""
    if not isinstance(node, Map):
        return shape_fault(reader, node, "“键: 值”的映射")
    for key, cls in kinds.items():
        if key in node.items:
            return read_exempt(reader, node) if cls is Exempt else _plain(cls, reader, node)
    near = [hint for key in node.items if (hint := nearest(key, list(kinds)))]
    hint = near[0] if near else f"请补上{'、'.join(kinds)}之一。"
    text = f"看不出是哪一种{what}；{hint}"
    return reader.bad(node.line, "scheme-kind", text)


def _plain(cls: type, reader: Reader, node: Node) -> Any:
    if cls in (FromTable, FromExpr, FromRange, PerUnit, Bands, Linear):
        return build(cls, reader, node)  # an amount reads names as the rule around it does
    with reader.within(FACT if cls in _OVER_FACTS else SUBJECT):
        return placed(cls, reader, node)


@form(Obligation)
def read_obligation(reader: Reader, node: Node) -> Any:
    """An obligation: its ``where`` looks at facts."""
    return _plain(Obligation, reader, node)
