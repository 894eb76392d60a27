"""Plan and adoption files: text in, typed dataclasses out, or every fault at once.

The core opens no file: callers hand in the text and the name to show. Whether names are known,
types fit and nothing is circular is judged later (``check.py``); here a file is only well formed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

from wenyou_core.errors import Place, SchemeError
from wenyou_core.scheme import forms as _forms  # noqa: F401 -- registers the forms
from wenyou_core.scheme.lex import ExprError, date_of
from wenyou_core.scheme.model import Adoption, Article, Dated, Parameter, Plan, Table
from wenyou_core.scheme.reader import BAD, Reader, good_name, shape_fault, text_of, unknown_key
from wenyou_core.scheme.shaping import build, form, keys_of, placed
from wenyou_core.scheme.texts import parse_number, parse_sum, units_of
from wenyou_core.scheme.values import typed_value
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq, read_yaml

BODY = (
    "lists",
    "ledgers",
    "roles",
    "unit_fields",
    "person_fields",
    "facts",
    "populations",
    "articles",
)
"""Fields of a plan that stand beside ``plan:`` and not under it."""

_NOT_PLAN = "这是采用文件，不是方案；这里请指明方案，采用文件另外给出。"
_NOT_ADOPTION = "这是方案，不是采用文件；这里请指明采用文件，方案另外给出。"


def load_plan(text: str, file: str) -> Plan:
    """The plan of a file. Raises SchemeError with every fault: line, article, what to do."""
    root = read_yaml(text, file)
    reader = Reader(file)
    plan = _read_plan(reader, root)
    return cast(Plan, _sound(reader, plan))


def load_adoption(text: str, file: str) -> Adoption:
    """The adoption of a file; its values are not typed yet, because the plan is not known here.

    Texts stay texts, integers are fractions; ``values.typed_value`` gives the typed value. Raises
    SchemeError with every fault.
    """
    root = read_yaml(text, file)
    reader = Reader(file)
    if not isinstance(root, Map) or "adoption" not in root.items:
        plan = isinstance(root, Map) and "plan" in root.items
        text = _NOT_ADOPTION if plan else "缺少“adoption:”一节，请补上。"
        reader.bad(1, "scheme-missing", text)
        raise SchemeError(reader.faults)
    for name in root.items:
        if name != "adoption":
            unknown_key(reader, root.lines[name], name, {"adoption": 0})
    return cast(Adoption, _sound(reader, read_adoption(reader, root.items["adoption"])))


def read_adoption(reader: Reader, node: Node) -> Any:
    """An adoption from its mapping; a single value holds from the first day in force."""
    reader.since = _day(node, "in_force_from") or date.min
    found = placed(Adoption, reader, node)
    return found if found is BAD else replace(found, places=dict(_places(reader, node)))


def _places(reader: Reader, node: Node, *around: str) -> Iterator[tuple[tuple[str, ...], Place]]:
    """Where each key of a mapping stands, and those within it."""
    if isinstance(node, Map):
        for name, child in node.items.items():
            yield (*around, name), reader.place(node.lines[name])
            yield from _places(reader, child, *around, name)


def _read_plan(reader: Reader, root: Node) -> Any:
    if not isinstance(root, Map):
        return shape_fault(reader, root, "以“plan:”开头的映射")
    head = root.items.get("plan")
    if not isinstance(head, Map):
        missing = "缺少“plan:”一节，请写上 id、version、title。"
        text = _NOT_PLAN if "adoption" in root.items else missing
        return reader.bad(root.line, "scheme-missing", text)
    _look_ahead(reader, root, head)
    known = {name: 0 for name in keys_of(Plan) if name not in BODY}
    items: dict[str, Node] = {}
    lines: dict[str, int] = {}
    sound = True
    for source, allowed in ((head, known), (root, dict.fromkeys(("plan", *BODY), 0))):
        for name, child in source.items.items():
            if name not in allowed:
                sound = unknown_key(reader, source.lines[name], name, allowed) is not BAD
            elif name != "plan":
                items[name], lines[name] = child, source.lines[name]
    plan = placed(Plan, reader, Map(items, lines, root.lines["plan"]))
    return plan if sound else BAD


def _look_ahead(reader: Reader, root: Map, head: Map) -> None:
    """What the rest of the file is read with: lists, units of ledgers, the plan's first day."""
    lists = root.items.get("lists")
    words: dict[str, tuple[str, ...]] = {}
    if isinstance(lists, Map):
        for name, node in lists.items.items():
            if not good_name(name):
                text = f"列表名“{name}”只能用小写字母、数字和下划线，并以字母开头，请改名。"
                reader.bad(lists.lines[name], "scheme-name", text)
            if isinstance(node, Seq):
                words[name] = tuple(one.text for one in node.items if isinstance(one, Scalar))
    reader.lists = words
    ledgers = root.items.get("ledgers")
    if isinstance(ledgers, Map):
        reader.units = units_of(
            {
                name: _text(node, "unit")
                for name, node in ledgers.items.items()
                if _text(node, "unit")
            }
        )
    reader.since = _day(head, "valid_from") or date.min


@form(Article)
def read_article(reader: Reader, node: Node) -> Any:
    """An article; all within it knows its number."""
    reader.article = _text(node, "no")
    article = placed(Article, reader, node)
    reader.article = ""
    return article


@form(Fraction | str | date | bool)
def read_raw(reader: Reader, node: Node) -> Any:
    """A value whose type is not known yet."""
    if isinstance(node, Scalar) and type(node.value) is bool:
        return node.value
    if isinstance(node, Scalar) and type(node.value) is int:
        return Fraction(node.value)
    return text_of(reader, node)


@form(tuple[Dated, ...])
def read_dated(reader: Reader, node: Node) -> Any:
    """``[{since: 2025-01-01, value: 600}]``, or one value since the first day."""
    if not isinstance(node, Seq):
        if isinstance(node, Scalar) and node.value is None:
            return ()
        value = read_raw(reader, node)
        place = reader.place(node.line)
        return BAD if value is BAD else (Dated(since=reader.since, value=value, place=place),)
    values = [build(Dated, reader, item, place=reader.place(item.line)) for item in node.items]
    if BAD in values:
        return BAD
    values.sort(key=lambda dated: dated.since)
    for first, second in pairwise(values):
        if first.since == second.since:
            text = f"{second.since}起的值写了两次，请删去一个。"
            return reader.bad(second.place.line, "scheme-dated", text)
    return tuple(values)


@form(Parameter)
def read_parameter(reader: Reader, node: Node) -> Any:
    """A parameter with typed values; ``value`` is one value since the plan's first day."""
    if isinstance(node, Map) and "value" in node.items:
        if "values" in node.items:
            text = "“value”和“values”只能写一个，请删去一个。"
            return reader.bad(node.lines["value"], "scheme-key", text)
        node = _moved(node, "value", "values")
    parameter = placed(Parameter, reader, node)
    return BAD if parameter is BAD else _typed(reader, parameter, node)


def _typed(reader: Reader, parameter: Parameter, node: Node) -> Any:
    values: list[Dated] = []
    digits, unit, sound = 0, parameter.unit, True
    for dated in parameter.values:
        if dated.value is None:
            values.append(dated)
            continue
        try:
            typed = typed_value(
                dated.value,
                parameter.type,
                units=reader.units,
                unit=unit,
                choices=parameter.choices,
            )
        except ExprError as error:
            reader.bad(dated.place.line, "scheme-value", f"参数“{parameter.name}”：{error}")
            sound = False
            continue
        digits, unit = max(digits, typed.digits), typed.unit or unit
        values.append(replace(dated, value=typed.value))
    if isinstance(node, Map) and "digits" in node.items and digits > parameter.digits:
        text = f"参数“{parameter.name}”的值有{digits}位小数，多于 digits 的{parameter.digits}位，请改成一致。"
        return reader.bad(parameter.place.line, "scheme-value", text)
    if not sound:
        return BAD
    digits = max(digits, parameter.digits)
    return replace(parameter, values=tuple(values), digits=digits, unit=unit)


@form(Table)
def read_table(reader: Reader, node: Node) -> Any:
    """A table; every cell is a number or an amount with a known unit, or empty."""
    table = placed(Table, reader, node)
    cells = node.items.get("values") if isinstance(node, Map) else None
    if table is BAD or not isinstance(cells, Map):
        return table
    sound = True
    for word, child in cells.items.items():
        text = table.values.get(word)
        try:
            if text is not None and " " in text:
                parse_sum(text, reader.units)
            elif text is not None:
                parse_number(text)
        except ExprError as error:
            reader.bad(child.line, "scheme-value", f"表“{table.name}”的“{word}”：{error}")
            sound = False
    return table if sound else BAD


def _moved(node: Map, old: str, new: str) -> Map:
    """The mapping with ``old`` called ``new``; an empty value is left out: it is unset."""
    names = {key: new if key == old else key for key in node.items}
    child = node.items[old]
    if isinstance(child, Scalar) and child.value is None:
        del names[old]
    return Map(
        {name: node.items[key] for key, name in names.items()},
        {name: node.lines[key] for key, name in names.items()},
        node.line,
    )


def _text(node: Node, key: str) -> str:
    child = node.items.get(key) if isinstance(node, Map) else None
    return child.text if isinstance(child, Scalar) else ""


def _day(node: Node, key: str) -> date | None:
    return date_of(_text(node, key))


def _sound(reader: Reader, value: Any) -> Any:
    if reader.faults:
        raise SchemeError(reader.faults)
    return value
