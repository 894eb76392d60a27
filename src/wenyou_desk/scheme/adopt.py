"""``./wenyou scheme adopt``: an adoption file to fill in, with what the plan leaves open."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.model import Parameter, Plan, Table
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import ValueType
from wenyou_desk.plans import open_plan
from wenyou_desk.scheme.opened import OK
from wenyou_desk.tables.newfile import new_file

HEAD = """\
# 采用文件：本单位采用「{title}」。
# 冒号后面空着的逐项填写；行首有 # 的是方案已定的口径，要改时去掉 # 再改。
# 填好后与事实表放在同一文件夹，文件名为 采用.yaml。
adoption:
  id: {id}-adoption
  plan: {id}
  version: "{version}"
  units: []            # 采用单位的机构号，如 ["10001", "10002"]
  in_force_from:       # 施行起日，如 2025-01-01
"""
RECORD = """\
  # record:            # 程序记录，三个日期齐了金额才可以兑现
  #   consulted_on: 2024-12-10      # 征求意见
  #   published_on: 2024-12-20      # 公示
  #   acknowledged_on: 2024-12-28   # 告知签收
"""
WITH_UNIT = "写数、空格和单位（{units}）；扣减在数前写负号，奖励不写。"
HOW = {
    ValueType.WINDOW: "如 12 months、365 days、year",
    ValueType.DATE: "如 2025-01-01",
    ValueType.BOOL: "true 或 false",
}


def run(args: argparse.Namespace) -> int:
    """Write the file; over nothing that is there."""
    plan = open_plan(args.plan).plan
    text = skeleton(plan)
    with new_file(args.out, overwrite=args.force) as temporary:
        temporary.write_text(text, encoding="utf-8")
    print(f"已写出「{args.out}」：要填的取值 {_blanks(plan)} 个，另填采用单位和施行起日。")
    return OK


def _blanks(plan: Plan) -> int:
    """How many values nobody has set."""
    params = [one for article in plan.articles for one in article.params.values()]
    tables = [one for article in plan.articles for one in article.tables.values()]
    cells = [text for table in tables for text in table.values.values()]
    roles = sum(not one.posts for one in plan.roles.values())
    return sum(_value(one) is None for one in params) + cells.count(None) + roles


def skeleton(plan: Plan) -> str:
    """The file: what is unset to be filled in, readings that are set as comments."""
    params = [one for article in plan.articles for one in article.params.values()]
    tables = [one for article in plan.articles for one in article.tables.values()]
    units = "、".join(dict.fromkeys(one.unit for one in plan.ledgers.values()))
    text = HEAD.format(title=plan.title, id=plan.id, version=plan.version)
    text += _section("values", [line for one in params for line in _param(one, units)])
    text += _section("tables", [line for one in tables for line in _table(one, units)])
    roles = [one for one in plan.roles.values() if not one.posts]
    named = [f"    {one.name}: []    # {one.title}：由哪些岗位担任" for one in roles]
    return text + _section("roles", named) + RECORD


def _section(name: str, lines: list[str]) -> str:
    """A part of the file; commented out itself where all its lines are."""
    if not lines:
        return ""
    live = any(not line.lstrip().startswith("#") for line in lines)
    return "\n".join([f"  {name}:" if live else f"  # {name}:", *lines]) + "\n"


def _param(param: Parameter, units: str) -> Iterator[str]:
    value = _value(param)
    if value is None:
        yield f"    # {_said(param, units)}"
        yield f"    {param.name}:"
    elif param.question:
        yield f"    # {_said(param, units)}"
        yield f"    # {param.name}: {_written(param, value)}"


def _value(param: Parameter) -> Value | None:
    return param.values[-1].value if param.values else None


def _said(param: Parameter, units: str) -> str:
    """What is asked, and what may be answered."""
    asked = " ".join(param.question.split())
    parts = [f"{param.title}：{asked}" if asked else f"{param.title}。"]
    if param.choices:
        parts.append(f"可填：{'、'.join(param.choices)}。")
    elif param.type is ValueType.AMOUNT:
        parts.append(WITH_UNIT.format(units=param.unit or units))
    elif param.type in HOW:
        parts.append(f"{HOW[param.type]}。")
    return "".join(parts)


def _written(param: Parameter, value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        unit = f" {param.unit}" if param.type is ValueType.AMOUNT and param.unit else ""
        return f"{show_number(value)}{unit}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _table(table: Table, units: str) -> Iterator[str]:
    unset = [words for words, text in table.values.items() if text is None]
    if unset:
        bare = any(text and " " not in text for text in table.values.values())
        yield f"    # {table.title}。{'' if bare else WITH_UNIT.format(units=units)}"
        yield f"    {table.name}:"
        yield from (f"      {_key(words)}:" for words in unset)


def _key(words: str) -> str:
    """Words as the key of a mapping, quoted where YAML would read something else."""
    plain = re.fullmatch(r"[\w（）、/“”－-]+", words) and not words[0].isdigit()
    return words if plain else json.dumps(words, ensure_ascii=False)
