"""Checks of what a plan declares before any rule: ledgers, fields, populations, values, sheets."""

from __future__ import annotations

from collections.abc import Container, Mapping
from fractions import Fraction
from itertools import pairwise

from wenyou_core.errors import Place
from wenyou_core.scheme.charges import units
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.infer import Context, expect
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.lookups import numbers_of
from wenyou_core.scheme.model import (
    FieldDef,
    Ledger,
    Parameter,
    Population,
    Sheet,
    SheetItem,
    Table,
)
from wenyou_core.scheme.readings import (
    CHOOSE_WORDS,
    check_choice,
    check_date,
    check_period,
    window_of,
)
from wenyou_core.scheme.scope import Scope, check_name, label_of, place_of
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import Units, parse_number, parse_sum
from wenyou_core.scheme.types import BUILT_IN, Kind
from wenyou_core.scheme.words import SubjectKind, ValueType

WHOM_WORDS = frozenset({"unit", "person", "subject", "present", "members", "parent", "field"})
DECISION = "decision"
"""The fact kind of human decisions is built in; a plan does not declare it."""
_OF_FACTS = frozenset({*BUILT_IN, "state", "evidence", "recorded"})
_OF_PERSONS = frozenset({"id", "since", "till", "recorded"})
_OF_UNITS = frozenset({*_OF_PERSONS, "parent"})
"""What every fact, person and unit has; only ``name`` is declared, by a plan that reads it."""
MOST_DIGITS = 9
_PARAM_ONLY = (ValueType.WINDOW, ValueType.AMOUNT)
_NUMBERS = (ValueType.INT, ValueType.DECIMAL, ValueType.MONEY)


def check_declared(scope: Scope) -> None:
    """Check everything that rules and measures refer to."""
    _plan(scope)
    _lists(scope)
    for name, ledger in scope.ledgers.items():
        _ledger(scope, name, ledger)
    _roles(scope)
    _attributes(scope, scope.plan.unit_fields, "机构属性", own=_OF_UNITS, whose="每个机构")
    _attributes(scope, scope.plan.person_fields, "人员属性", own=_OF_PERSONS, whose="每名人员")
    _facts(scope)
    for name, population in scope.plan.populations.items():
        _population(scope, name, population)
    for param in scope.params.values():
        check_param(scope, param)
    for table in scope.tables.values():
        _table(scope, table)
    for found in scope.sets.values():
        check_choice(
            scope,
            found.choose,
            CHOOSE_WORDS,
            "取舍",
            place=found.place,
            label=f"择一组{label_of(found)}",
        )
    for sheet in scope.sheets.values():
        _sheet(scope, sheet)


def _plan(scope: Scope) -> None:
    plan = scope.plan
    if not plan.periods:
        scope.fault(
            plan.place, "missing-part", "方案没有写 periods；请列出考核期间，第一种为默认。"
        )
    for kind in plan.periods:
        check_period(scope, kind, place=plan.place, label="方案")
    if plan.valid_from and plan.valid_to and plan.valid_to < plan.valid_from:
        scope.fault(
            plan.place, "bad-date", "方案的止日早于起日，请把 valid_from 与 valid_to 对调。"
        )


def check_deciding(scope: Scope, used: Mapping[str, str]) -> None:
    """The plan's deciding date must exist for every kind that leaves it to the plan."""
    for name in used:
        fact = scope.kind(name)
        if fact is not None:
            check_date(
                scope, scope.plan.deciding, fact, place=scope.plan.place, label="方案的 deciding"
            )


def _lists(scope: Scope) -> None:
    for name, words in scope.plan.lists.items():
        check_name(scope, scope.plan.place, "词表", name)
        if len(set(words)) < len(words) or not words:
            scope.fault(scope.plan.place, "bad-list", f"词表“{name}”是空的或有重复的词，请改正。")


def _ledger(scope: Scope, name: str, ledger: Ledger) -> None:
    check_name(scope, ledger.place, "账本", name)
    label = f"账本“{ledger.title}”（{name}）"
    if not 0 <= ledger.digits <= MOST_DIGITS:
        scope.fault(
            ledger.place, "bad-number", f"{label}的小数位须在0至{MOST_DIGITS}之间，请改写 digits。"
        )
    if ledger.unit in scope.ledgers and ledger.unit != name:
        scope.fault(
            ledger.place,
            "ambiguous-unit",
            f"{label}的单位“{ledger.unit}”与另一个账本的名称相同，数额会分不清记在哪里，请改单位。",
        )
    for other, text in ledger.rate.items():
        if other not in scope.ledgers or other == name:
            scope.unknown(ledger.place, f"{label}折算到的账本", other, set(scope.ledgers) - {name})
        if _number(text) is None or (_number(text) or 0) <= 0:
            scope.fault(
                ledger.place, "bad-number", f"{label}的折算比例“{text}”不是大于零的数，请改正。"
            )


def _number(text: str) -> Fraction | None:
    try:
        return parse_number(text)[0]
    except ExprError:
        return None


def _roles(scope: Scope) -> None:
    for name, role in scope.plan.roles.items():
        check_name(scope, role.place, "角色", name)
        if name in WHOM_WORDS:
            scope.fault(
                role.place, "reserved-name", f"角色“{name}”是 whom 自己的词，请换一个名称。"
            )
        if role.acting not in ("instead", "also", "no"):
            scope.fault(
                role.place,
                "unknown-word",
                f"角色“{role.title}”的 acting 只有 instead（代理者代替）、also（两者都算）、no（代理者不算）。",
            )


def _attributes(
    scope: Scope, fields: Mapping[str, FieldDef], what: str, *, own: Container[str], whose: str
) -> None:
    for name, one in fields.items():
        if name in own:
            text = f"{what}“{one.title}”的名称“{name}”{whose}自带，不用声明，请删去或换名。"
            scope.fault(one.place, "reserved-name", text)
            continue
        _field(scope, name, one, what)
        if name == "name" and one.type is not ValueType.TEXT:
            text = (
                f"{what}“{one.title}”（name）就是{whose}的名称，类型只能是 text，请改类型或换名。"
            )
            scope.fault(one.place, "wrong-type", text)
        if one.type is ValueType.PERSONS:
            scope.fault(one.place, "wrong-type", f"{what}“{one.title}”不能是多名人员，请换类型。")


def _field(scope: Scope, name: str, one: FieldDef, what: str) -> None:
    check_name(scope, one.place, what, name)
    label = f"{what}“{one.title}”（{name}）"
    if one.type in _PARAM_ONLY:
        scope.fault(one.place, "wrong-type", f"{label}的类型只用于参数，请换类型。")
    if one.type is ValueType.CHOICE and one.choices not in scope.plan.lists:
        scope.unknown(one.place, f"{label}的词表", one.choices, scope.plan.lists)
    if one.type is not ValueType.CHOICE and one.choices:
        scope.fault(
            one.place,
            "superfluous",
            f"{label}写了词表，类型却不是 choice，请改类型或删去 choices。",
        )
    if not 0 <= one.digits <= MOST_DIGITS:
        scope.fault(one.place, "bad-number", f"{label}的小数位须在0至{MOST_DIGITS}之间，请改正。")
    _field_bounds(scope, one, label)


def _field_bounds(scope: Scope, one: FieldDef, label: str) -> None:
    said = {key: text for key in ("least", "greatest") if (text := getattr(one, key))}
    if said and one.type not in _NUMBERS:
        keys = "、".join(said)
        text = f"{label}不是数，不能写 {keys}；请删去，或改类型为 int、decimal、money。"
        scope.fault(one.place, "superfluous", text)
        return
    read = {key: _number(text) for key, text in said.items()}
    for key, number in read.items():
        if number is None:
            scope.fault(one.place, "bad-number", f"{label}的 {key}“{said[key]}”不是数，请改正。")
    low, high = read.get("least"), read.get("greatest")
    if low is not None and high is not None and low > high:
        scope.fault(one.place, "bad-number", f"{label}的 least 大于 greatest，请对调。")


def _facts(scope: Scope) -> None:
    for name, kind in scope.plan.facts.items():
        check_name(scope, kind.place, "事实类别", name)
        if name == DECISION:
            scope.fault(
                kind.place, "reserved-name", "“decision”是系统自带的决定，不用声明，请换一个名称。"
            )
        if not kind.subjects or SubjectKind.ADOPTER in kind.subjects:
            scope.fault(
                kind.place,
                "wrong-subject",
                f"事实“{kind.title}”的 subjects 只能写 unit、person，至少一个，请改正。",
            )
        if kind.person_required and SubjectKind.PERSON not in kind.subjects:
            scope.fault(
                kind.place,
                "wrong-subject",
                f"事实“{kind.title}”不登记人员，person_required 无从谈起；请在 subjects 加上 person。",
            )
        for field_name, one in kind.fields.items():
            if field_name in _OF_FACTS:
                scope.fault(
                    one.place,
                    "reserved-name",
                    f"事实“{kind.title}”的字段“{field_name}”每件事实自带，不用声明，请删去或换名。",
                )
            else:
                _field(scope, field_name, one, f"事实“{kind.title}”的字段")


def _population(scope: Scope, name: str, population: Population) -> None:
    check_name(scope, population.place, "对象", name)
    label = f"对象“{population.title}”（{name}）"
    here = Context(scope=scope, place=population.place, label=label, of=population.of)
    expect(population.where, Kind.BOOL, here)
    if population.of is SubjectKind.ADOPTER:
        if population.where is not None or population.peers:
            here.fault("superfluous", "采用单位只有一个，不用写 where 和 peers，请删去。")
        return
    plan = scope.plan
    own = plan.person_fields if population.of is SubjectKind.PERSON else {}
    for peer in population.peers:
        if peer not in own and peer not in plan.unit_fields:
            here.unknown("分组属性", peer, [*own, *plan.unit_fields])


def check_param(scope: Scope, param: Parameter) -> None:
    """A parameter's type, words, and values in order of their days."""
    place, label = place_of(param), f"参数{label_of(param)}"

    def fault(code: str, text: str) -> None:
        scope.fault(place, code, f"{label}：{text}")

    if param.type is ValueType.CHOICE and not param.choices:
        fault("missing-part", "类型是 choice，请写 choices 列出可取的词。")
    if len(set(param.choices)) < len(param.choices):
        fault("bad-list", "choices 里有重复的词，请删去。")
    if param.type is ValueType.PERSONS:
        fault("wrong-type", "参数不能是多名人员，请换类型。")
    if not 0 <= param.digits <= MOST_DIGITS:
        fault("bad-number", f"小数位须在0至{MOST_DIGITS}之间，请改正。")
    if param.type is ValueType.AMOUNT and len(units(scope.plan).get(param.unit, ("",))) != 1:
        fault("ambiguous-unit", f"单位“{param.unit}”属于几个账本，请改写账本的名称。")
    for before, after in pairwise(param.values):
        if after.since <= before.since:
            fault(
                "bad-date", f"取值的起日{after.since}不晚于前一个，请按先后排列，每个起日只写一次。"
            )
    for one in param.values:
        if one.value is not None and not fits(param, one.value):
            fault("bad-value", f"取值“{shown(one.value)}”不合类型{_wanted(param)}，请改正。")


def fits(param: Parameter, value: Value) -> bool:
    """Whether a value is of a parameter's type."""
    if param.type is ValueType.CHOICE:
        return value in param.choices
    if param.type is ValueType.BOOL:
        return isinstance(value, bool)
    if param.type is ValueType.DATE:
        return not isinstance(value, str | bool | Fraction)
    if param.type is ValueType.WINDOW:
        return window_of(value) is not None
    if param.type in (ValueType.TEXT, ValueType.UNIT, ValueType.PERSON, ValueType.FACT):
        return isinstance(value, str)
    if not isinstance(value, Fraction):
        return False
    if param.type in (ValueType.INT, ValueType.TIME):
        return value.denominator == 1
    return param.type is not ValueType.MONEY or (value * 100).denominator == 1


def shown(value: Value) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        return show_number(value)
    return str(value)


def _wanted(param: Parameter) -> str:
    if param.type is ValueType.CHOICE:
        return f"（可取：{'、'.join(param.choices)}）"
    return f"“{param.type.value}”"


def _table(scope: Scope, table: Table) -> None:
    place, label = place_of(table), f"表{label_of(table)}"
    if not 1 <= len(table.by) <= 2:
        scope.fault(place, "bad-table", f"{label}：by 写一个或两个字段，请改正。")
    known, ledgers = units(scope.plan), set()
    numbers = numbers_of(table)
    for cell, text in table.values.items():
        if text is None or cell in numbers:
            continue
        try:
            ledgers.add(parse_sum(text, known).ledger)
        except ExprError as error:
            scope.fault(place, "bad-cell", f"{label}的“{cell}”：{error}")
    if numbers and ledgers:
        scope.fault(place, "bad-cell", f"{label}有的格是数额，有的格是不带单位的数，请分成两张表。")
    if len(ledgers) > 1:
        scope.fault(
            place,
            "two-ledgers",
            f"{label}的数额记入不同的账本（{'、'.join(sorted(ledgers))}），请分成几张表。",
        )


def _sheet(scope: Scope, sheet: Sheet) -> None:
    place, label = place_of(sheet), f"检查表{label_of(sheet)}"
    if not sheet.modules:
        scope.fault(place, "missing-part", f"{label}没有模块，请写 modules。")
    known, seen = units(scope.plan), set()
    for module in sheet.modules:
        if not module.items:
            scope.fault(place, "missing-part", f"{label}的模块“{module.title}”没有检查项，请补上。")
        for item in module.items:
            if item.no in seen:
                scope.fault(place, "double-name", f"{label}的项号“{item.no}”重复，请改号。")
            seen.add(item.no)
            _item(scope, item, known, place=place, label=f"{label}第{item.no}项")


def _item(scope: Scope, item: SheetItem, known: Units, *, place: Place, label: str) -> None:
    read: dict[str, Fraction] = {}
    for key in ("points", "step", "floor", "ceiling"):
        text: str = getattr(item, key)
        if not text:
            continue
        number = _number(text)
        if number is None:
            try:
                number = parse_sum(text, known).number
            except ExprError as error:
                scope.fault(place, "bad-cell", f"{label}的 {key}：{error}")
                continue
        read[key] = number
    if not item.text:
        scope.fault(place, "missing-part", f"{label}没有检查内容，请写 text。")
    if "floor" in read and "ceiling" in read and read["floor"] > read["ceiling"]:
        scope.fault(place, "bad-number", f"{label}的下限高于上限，请对调。")
