"""Taking up a plan: an adoption is judged against its plan, then its values are put in.

The shipped plan is never changed: ``adopt`` gives another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from wenyou_core.errors import Fault, Place, SchemeError
from wenyou_core.scheme.amounts import FromTable
from wenyou_core.scheme.charges import cells_of, holds, units
from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.infer import Context, type_of
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.lookups import number_of_cell
from wenyou_core.scheme.model import Adoption, Article, Dated, Parameter, Plan, Table
from wenyou_core.scheme.readings import field_of
from wenyou_core.scheme.rules import EventRule
from wenyou_core.scheme.scope import Faults, Scope, hint, label_of
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import Units, parse_sum
from wenyou_core.scheme.types import Type
from wenyou_core.scheme.uses import Uses
from wenyou_core.scheme.values import typed_value
from wenyou_core.scheme.words import ValueType


def check_adoption(checked: Checked, adoption: Adoption) -> None:
    """Judge an adoption file against its plan.

    Raises SchemeError with every fault: names that the plan does not have, values that do not fit,
    dates out of order, another version. The adoption of another plan is one fault: what it says
    of names and days is right there.
    """
    faults = Faults()
    if adoption.plan != checked.plan.id:
        raise SchemeError([_other_plan(checked.plan, adoption)])
    _head(checked.plan, adoption, faults)
    _record(adoption, faults)
    for name, values in adoption.values.items():
        param = checked.scope.params.get(name)
        if param is None:
            _unknown(adoption, faults, "参数", name, checked.scope.params)
        else:
            _values(param, values, units(checked.plan), adoption, faults)
    for name, cells in adoption.tables.items():
        table = checked.scope.tables.get(name)
        if table is None:
            _unknown(adoption, faults, "表", name, checked.scope.tables)
        else:
            _cells(checked, table, cells, adoption, faults)
    for name, posts in adoption.roles.items():
        if name not in checked.plan.roles:
            _unknown(adoption, faults, "角色", name, checked.plan.roles)
        elif not posts:
            faults.add(
                adoption.at("roles", name),
                "missing-part",
                f"角色“{name}”没有写岗位，请列出担任它的岗位名称。",
            )
    if faults.found:
        raise SchemeError(faults.found)


def adopt(checked: Checked, adoption: Adoption | None) -> Plan:
    """The plan with the adoption's values, table cells and roles put in.

    Without an adoption the shipped values stand. What is in force on the first day (of the
    adoption, else of the plan) also reads the days before it, because look-backs and earlier
    periods are computed as the plan in force reads. Raises SchemeError as ``check_adoption``.
    """
    plan = checked.plan
    if adoption is None:
        first = plan.valid_from
        return replace(plan, articles=tuple(_from(first, one) for one in plan.articles))
    check_adoption(checked, adoption)
    known = units(plan)
    roles = {
        name: replace(role, posts=adoption.roles.get(name, role.posts))
        for name, role in plan.roles.items()
    }
    articles = []
    for article in plan.articles:
        params = {
            name: _valued(param, adoption.values[name], known) if name in adoption.values else param
            for name, param in article.params.items()
        }
        tables = {
            name: replace(table, values={**table.values, **adoption.tables.get(name, {})})
            for name, table in article.tables.items()
        }
        adopted = replace(article, params=params, tables=tables)
        articles.append(_from(adoption.in_force_from, adopted))
    return replace(plan, roles=roles, articles=tuple(articles))


def _valued(param: Parameter, values: tuple[Dated, ...], known: Units) -> Parameter:
    """The parameter with the adoption's values from their first day on."""
    found: list[Dated] = []
    digits, unit = param.digits, param.unit
    for dated in sorted(values, key=lambda one: one.since):
        if dated.value is None:
            found.append(dated)
            continue
        typed = typed_value(dated.value, param.type, units=known, unit=unit, choices=param.choices)
        digits, unit = max(digits, typed.digits), unit or typed.unit
        found.append(replace(dated, value=typed.value))
    before = tuple(one for one in param.values if not found or one.since < found[0].since)
    return replace(param, values=(*before, *found), digits=digits, unit=unit)


def _from(first: date | None, article: Article) -> Article:
    """The article with the values of the first day reaching back to the beginning."""
    if first is None:
        return article
    params = {name: _reaching_back(param, first) for name, param in article.params.items()}
    return replace(article, params=params)


def _reaching_back(param: Parameter, first: date) -> Parameter:
    before = [one for one in param.values if one.since <= first]
    after = tuple(one for one in param.values if one.since > first)
    if not before:
        return param
    return replace(param, values=(replace(before[-1], since=date.min), *after))


# -- judging ----------------------------------------------------------------------------


def _unknown(
    adoption: Adoption,
    faults: Faults,
    what: str,
    name: str,
    known: Mapping[str, object],
) -> None:
    text = f"方案“{adoption.plan}”没有{what}“{name}”；{hint(name, known)}"
    section = {"参数": "values", "表": "tables", "角色": "roles"}[what]
    faults.add(adoption.at(section, name), "unknown-name", text)


def _other_plan(plan: Plan, adoption: Adoption) -> Fault:
    said = (
        f"adoption.plan：采用文件写的方案是“{adoption.plan}”，这里的方案是“{plan.id}”；"
        "请改选采用本方案的文件，或改写 plan。"
    )
    return Fault(adoption.at("plan"), "other-plan", said)


def _head(plan: Plan, adoption: Adoption, faults: Faults) -> None:
    def fault(key: str, code: str, text: str) -> None:
        faults.add(adoption.at(key), code, text)

    if adoption.version != plan.version:
        fault(
            "version",
            "other-version",
            f"采用文件写的版本是“{adoption.version}”，方案的版本是“{plan.version}”；"
            "请核对两版的差别后改写 version。",
        )
    if not adoption.units or len(set(adoption.units)) < len(adoption.units):
        fault(
            "units", "missing-part", "采用单位（units）是空的或有重复，请写明每个采用单位的机构号。"
        )
    start, end = adoption.in_force_from, adoption.in_force_to
    if end is not None and end < start:
        fault("in_force_to", "bad-date", f"施行止日{end}早于起日{start}，请对调。")
    if plan.valid_from and start < plan.valid_from:
        fault(
            "in_force_from",
            "bad-date",
            f"施行起日{start}早于方案的起日{plan.valid_from}；请改起日，或采用旧版方案。",
        )
    if plan.valid_to and (end or date.max) > plan.valid_to:
        fault(
            "in_force_to",
            "bad-date",
            f"方案到{plan.valid_to}为止，采用的止日须写明且不晚于这一天，请填 in_force_to。",
        )


def _record(adoption: Adoption, faults: Faults) -> None:
    record = adoption.record
    steps = [
        ("征求意见", "consulted_on", record.consulted_on),
        ("公示", "published_on", record.published_on),
        ("告知签收", "acknowledged_on", record.acknowledged_on),
    ]
    done = [(word, key, day) for word, key, day in steps if day is not None]
    for (word, _, day), (after, key, later) in pairwise(done):
        if later < day:
            faults.add(
                adoption.at("record", key),
                "bad-date",
                f"程序记录里“{after}”的日期{later}早于“{word}”的日期{day}，请核对。",
            )


def _values(
    param: Parameter, values: tuple[Dated, ...], known: Units, adoption: Adoption, faults: Faults
) -> None:
    label = f"参数{label_of(param)}"
    for before, after in pairwise(values):
        if after.since <= before.since:
            text = f"{label}的取值起日{after.since}不晚于前一个，请按先后排列，每个起日只写一次。"
            faults.add(_at(after, adoption), "bad-date", text)
    unit = param.unit
    # an end before the beginning is told once, in the head
    last = (
        adoption.in_force_to
        if adoption.in_force_from <= (adoption.in_force_to or date.max)
        else None
    )
    for dated in values:
        if dated.value is None:
            continue
        if last and dated.since > last:
            text = f"{label}的取值自{dated.since}起，晚于施行止日{last}，请改正。"
            faults.add(_at(dated, adoption), "bad-date", text)
        try:
            typed = typed_value(
                dated.value, param.type, units=known, unit=unit, choices=param.choices
            )
        except ExprError as error:
            faults.add(_at(dated, adoption), "bad-value", f"{label}：{error}")
            continue
        unit = unit or typed.unit
        shipped = next((one.value for one in reversed(param.values) if one.value is not None), None)
        if param.type is ValueType.AMOUNT and _turned(shipped, typed.value):
            both = [
                f"{show_number(one)} {unit}"
                for one in (shipped, typed.value)
                if isinstance(one, Fraction)
            ]
            faults.add(_at(dated, adoption), "other-sign", _other_sign(label, *both))


def _turned(shipped: Value | None, adopted: Value) -> bool:
    """Whether an amount that the plan deducts is adopted as a reward, or the other way round."""
    if not (isinstance(shipped, Fraction) and isinstance(adopted, Fraction)):
        return False
    return shipped * adopted < 0


def _other_sign(label: str, shipped: str, adopted: str) -> str:
    words = ("扣减", "奖励") if shipped.startswith("-") else ("奖励", "扣减")
    return (
        f"{label}：方案里是“{shipped}”，是{words[0]}；这里写成“{adopted}”，是{words[1]}。"
        f"{'扣减请在数前写负号' if words[0] == '扣减' else '奖励不写负号'}；"
        f"确要改成{words[1]}，请另立规则。"
    )


def _at(dated: Dated, adoption: Adoption) -> Place:
    return dated.place if dated.place != Place() else adoption.place


def _cells(
    checked: Checked,
    table: Table,
    cells: Mapping[str, str],
    adoption: Adoption,
    faults: Faults,
) -> None:
    known, lookups = units(checked.plan), _lookups(checked)
    shipped = cells_of(checked.plan, table)
    ledgers = {one.ledger for one in shipped.values()}
    may = _words_of(checked, table)
    for cell, text in cells.items():
        label, place = f"表{label_of(table)}的“{cell}”", adoption.at("tables", table.name, cell)
        if cell not in table.values and not _may_stand(cell, may):
            words = [*table.values, *(may[0] if len(may) == 1 else ())]
            faults.add(place, "unknown-word", f"{label}不在表里；{hint(cell, words)}")
            continue
        if table.name in lookups:
            if number_of_cell(text) is None:
                said = f"{label}：“{text}”不是不带单位的数，请照表里别的格改写。"
                faults.add(place, "bad-cell", said)
            continue
        try:
            read = parse_sum(text, known)
        except ExprError as error:
            faults.add(place, "bad-cell", f"{label}：{error}")
            continue
        ledger = checked.plan.ledgers[read.ledger]
        ledgers.add(read.ledger)
        if len(ledgers) > 1:
            said = f"{label}与表里别的数额不在同一个账本，请改单位。"
            faults.add(place, "two-ledgers", said)
        if cell in shipped and _turned(shipped[cell].number, read.number):
            said = _other_sign(label, str(table.values[cell]), text)
            faults.add(place, "other-sign", said)
        if not holds(read.number, ledger.digits):
            said = f"{label}的小数多于账本“{ledger.title}”的{ledger.digits}位，请改写数额。"
            faults.add(place, "too-many-digits", said)


def _lookups(checked: Checked) -> set[str]:
    """The tables whose numbers expressions read."""
    uses = Uses()
    uses.add(checked.plan.articles, "")
    return uses.lookups


def _may_stand(cell: str, may: list[tuple[str, ...]]) -> bool:
    words = cell.split("/") if len(may) > 1 else [cell]
    return len(words) == len(may) and all(
        word in known for word, known in zip(words, may, strict=True)
    )


def _words_of(checked: Checked, table: Table) -> list[tuple[str, ...]]:
    """The words that each field of a table may take, by the first rule that looks it up.

    A table of numbers, which expressions read, is judged by its fields alone.
    """
    scope: Scope = checked.scope
    for rule in scope.computing():
        if not isinstance(rule.amount, FromTable) or rule.amount.table != table.name:
            continue
        fact = scope.kind(rule.on) if isinstance(rule, EventRule) else None
        here = Context(scope=scope, place=table.place, label="", fact=fact)
        found: list[Type] = [type_of(field_of(name), here) for name in table.by]
        return [one.words or () for one in found]
    return [_words_of_field(scope, name) for name in table.by]


def _words_of_field(scope: Scope, name: str) -> tuple[str, ...]:
    """The words of an attribute, or of the first field of that name."""
    plan, one = scope.plan, field_of(name)
    kinds = [kind.fields for kind in plan.facts.values()]
    tables = {"unit": [plan.unit_fields], "person": [plan.person_fields]}.get(one.of, kinds)
    declared = next((table[one.name] for table in tables if one.name in table), None)
    return plan.lists.get(declared.choices, ()) if declared else ()
