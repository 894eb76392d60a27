"""The JSON Schema for editors accepts and refuses what the loader accepts and refuses."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from wenyou_core.errors import SchemeError
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_core.scheme.schema import adoption_schema, plan_schema
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq, read_yaml

PLAN = """plan: {id: p, version: "1", title: 方案, issuer: 支行, periods: [quarter, year]}
lists: {levels: [甲级, 乙级]}
ledgers:
  points: {title: 积分, unit: 分, digits: 2, rate: {money: 50}}
  money: {title: 绩效, unit: 元, digits: 2}
roles: {head: {title: 负责人, posts: [网点负责人], acting: instead}}
unit_fields: {class: {title: 类别, type: choice, choices: levels}}
facts: {finding: {title: 检查, subjects: unit, fields: {points: {title: 扣分, type: decimal, digits: 1}}}}
populations: {outlets: {title: 网点, of: unit, where: unit.class = 甲级, peers: class}}
articles:
  - no: 1
    title: 第一条
    kinds: [rule]
    params:
      fine: {title: 罚额, type: amount, value: 600 元}
      rate: {title: 比例, values: [{since: 2025-01-01, value: 0.5}, {since: 2026-01-01, value: null}]}
    tables: {fines: {title: 标准, by: [level], values: {甲级: -3 元, 乙级: null}}}
    sets: {one: {title: 互斥, choose: param.choice, per: [unit]}}
    measures:
      a: {each: outlets, facts: finding, how: sum, of: points, window: 12 months}
      b: {each: outlets, entries: [r1, r2], base: 100}
      c: {ratio: [a, b], empty: apart, round: {digits: 4, mode: half_up}}
      d: {each: outlets, value: a * 20% + b}
      e: {across: a, how: pooled, where: a > 0}
      f: {share: a >= 95, each: outlets, empty: zero}
      g: {rank: a, from: lowest}
      h: {change: a, against: previous}
      i: {streak: a = 0, each: outlets, most: 12}
      j: {roll: a, to: year, how: mean}
      k: {members: a, each: outlets, how: mean}
    rules:
      r1: {on: finding, whom: [unit, head up 1], amount: -1.5 分, limit: {floor: -20 分, per: year, running: true, same: [unit]}, again: {window: year, factors: [1, 1.5]}, joint: {whom: head, percent: 50%}, effects: [{bar: x, until: forever}, {task: 约谈}, {cap: g, at_most: 良}]}
      r2: {each: outlets, when: a > e, pick: {by: a, from: highest, take: 1, tie: param.t}, amount: {linear: a, from: [85%, 0], to: [90%, 15], ledger: points, round: {digits: 2, mode: down}}}
      r3: {deem: finding, where: points > 5, with: {points: 5}}
      r4: {exempt: finding, by: finding, same: {unit: unit}, within: {from: x, to: y}}
      r5: {limit: [r1, r2], floor: -param.n 分, per: period}
      r6: {on: finding, amount: {bands: points, rows: {"[1, 3)": -1 分, "(3, +)": -5 分}}}
      r7: {on: finding, amount: {per: points, each: -2 分, free: 1, step: 0.5, part: up}}
      r8: {on: finding, amount: {range: [-2 分, -5 分]}}
      r9: {on: finding, amount: {value: -points, ledger: points}}
      r10: {on: finding, amount: {table: fines}}
      r11: {on: finding, amount: param.fine}
    grades: {g: {each: outlets, steps: [{name: 优, when: a >= 95, share: 30%}, {name: 良, when: a >= 85}], by: a, tie: all}}
    awards: {w: {each: outlets, conditions: [{name: 无投诉, when: a = 0}], bars: x, amount: 500 元}}
    targets: {t: {each: outlets, when: a >= 90%}}
    obligations: {o: {title: 巡查, who: 甲, facts: finding, times: param.n, every: month, limit: 15}}
    sheets: {s: {title: 检查表, modules: [{title: 甲, items: [{no: 1, text: 某项, points: 0.5}]}]}}
"""
ADOPTION = """adoption:
  id: demo
  plan: p
  version: "1"
  units: [B001]
  in_force_from: 2025-01-01
  values: {by: happened, cap: [{since: 2025-07-01, value: 500}]}
  tables: {fines: {甲级: -5 元}}
  roles: {head: [网点主任]}
  record: {consulted_on: 2024-12-10, published_on: 2024-12-20, acknowledged_on: 2024-12-28}
"""
Plain = Any
Path_ = tuple[str | int, ...]


def plain(node: Node) -> Plain:
    match node:
        case Map(items):
            return {key: plain(child) for key, child in items.items()}
        case Seq(items):
            return [plain(child) for child in items]
        case Scalar(_, value):
            return value


@cache
def judge(make: Callable[[], dict[str, Any]]) -> jsonschema.Draft202012Validator:
    """What judges by a schema; made once, for it looks up hundreds of references."""
    return jsonschema.Draft202012Validator(make())


def valid(make: Callable[[], dict[str, Any]], tree: Plain) -> bool:
    return bool(judge(make).is_valid(tree))


def loads(load: Callable[[str, str], object], text: str) -> bool:
    try:
        load(text, "f.yaml")
    except SchemeError:
        return False
    return True


def mappings(node: Node, path: Path_ = ()) -> Iterator[Path_]:
    """The paths of all mappings of a tree."""
    if isinstance(node, Map):
        yield path
        for key, child in node.items.items():
            yield from mappings(child, (*path, key))
    elif isinstance(node, Seq):
        for index, child in enumerate(node.items):
            yield from mappings(child, (*path, index))


def text_of(tree: Plain) -> str:
    """A tree as YAML in flow style, which JSON is."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{text_of(k)}: {text_of(v)}" for k, v in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(text_of(item) for item in tree) + "]"
    if tree is None or isinstance(tree, bool | int):
        return json.dumps(tree)
    return "'" + str(tree).replace("'", "''") + "'"


def with_key(tree: Plain, path: Path_, key: str) -> Plain:
    """The tree with one more key in the mapping at ``path``."""
    if not path:
        return {**tree, key: 1}
    first, *rest = path
    if isinstance(tree, list):
        return [with_key(t, tuple(rest), key) if i == first else t for i, t in enumerate(tree)]
    return {k: with_key(v, tuple(rest), key) if k == first else v for k, v in tree.items()}


def pruned(tree: Plain, path: Path_) -> Plain:
    """A plan of which only the thing on the path is left, with what all things are read with."""
    if "articles" not in tree:
        return tree
    (article,) = tree["articles"]
    on = path[2:] if path[:1] == ("articles",) else ()
    own = {key: one for key, one in article.items() if not isinstance(one, dict)}
    if on:
        section = article[on[0]]
        own[on[0]] = {on[1]: section[on[1]]} if len(on) > 1 else section
    with_all = ("plan", "lists", "ledgers", *path[:1])
    return {**{key: tree[key] for key in tree if key in with_all}, "articles": [own]}


CASES = [(plan_schema, load_plan, PLAN), (adoption_schema, load_adoption, ADOPTION)]


@pytest.mark.parametrize(("make", "load", "text"), CASES)
def test_the_schema_is_a_schema_and_accepts_what_loads(
    make: Callable[[], dict[str, Any]], load: Callable[[str, str], object], text: str
) -> None:
    jsonschema.Draft202012Validator.check_schema(make())
    assert loads(load, text)
    errors = judge(make).iter_errors(plain(read_yaml(text, "f")))
    assert [error.message for error in errors] == []


@pytest.mark.parametrize(("make", "load", "text"), CASES)
def test_schema_and_loader_agree_on_an_unknown_key_in_every_mapping(
    make: Callable[[], dict[str, Any]], load: Callable[[str, str], object], text: str
) -> None:
    root = read_yaml(text, "f")
    tree = plain(root)
    refused = 0
    for path in mappings(root):
        small = pruned(tree, path)
        assert loads(load, text_of(small)), path
        assert valid(make, small), path
        more = with_key(small, path, "zzz")
        accepted = loads(load, text_of(more))
        assert valid(make, more) == accepted, path
        refused += not accepted
    assert refused >= 4


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amount: param.fine", "amount: 600"),
        ("amount: param.fine", "amount: [600 元]"),
        ("tie: param.t", "tie: 都取"),
        ("of: unit,", "of: units,"),
        ("digits: 2,", "digits: 二,"),
        ("empty: apart", "emty: apart"),
        ("times: param.n", "times: 两次"),
        ("since: 2025-01-01", "since: 2025年"),
        ("from: [85%, 0]", "from: [85%]"),
        ('"[1, 3)": -1 分', '"1-3": -1 分'),
        ("{task: 约谈}", "{}"),
        ("{cap: g, at_most: 良}", "{cap: g}"),
        ("{bar: x, until: forever}", "{until: forever}"),
        ("r11:", "R11:"),
        ("r11:", "not:"),
        ("value: 600 元}", "value: 600 元, values: []}"),
        ("a >= 85}", "a >= 85, share: 多}"),
        ("title: 巡查", "title: true"),
    ],
)
def test_schema_and_loader_both_refuse_a_wrong_shape(old: str, new: str) -> None:
    assert PLAN.count(old) >= 1
    text = PLAN.replace(old, new, 1)
    assert not loads(load_plan, text)
    assert not valid(plan_schema, plain(read_yaml(text, "f")))


def test_every_key_of_the_schema_has_a_chinese_name() -> None:
    def titles(schema: Plain) -> Iterator[str]:
        if isinstance(schema, dict):
            for key, one in schema.get("properties", {}).items():
                assert re.search("[\u4e00-\u9fff]", one["title"]), key
                yield one["title"]
            for child in schema.values():
                yield from titles(child)
        elif isinstance(schema, list):
            for child in schema:
                yield from titles(child)

    assert len(list(titles(plan_schema()))) > 200
    assert len(list(titles(adoption_schema()))) > 12


def test_every_kind_of_thing_in_the_language_is_described() -> None:
    from wenyou_core.scheme import amounts, measures, outcomes, rules  # noqa: PLC0415 -- listed here

    told = {
        "Whom",
        "Window",
        "Sum",
        "Fixed",
        "Scaled",
        "Band",
        "Bar",
        "Cap",
    }  # texts and short forms
    described = set(plan_schema()["$defs"])
    for module in (amounts, measures, outcomes, rules):
        for name, one in vars(module).items():
            if dataclasses.is_dataclass(one) and getattr(one, "__module__", "") == module.__name__:
                assert name in described | told, name


def test_every_shipped_plan_is_valid_in_an_editor(root: Path) -> None:
    for path in sorted(root.glob("src/wenyou_schemes/*/scheme.yaml")):
        errors = judge(plan_schema).iter_errors(plain(read_yaml(path.read_text("utf-8"), "f")))
        assert [f"{list(one.path)}: {one.message}" for one in errors] == [], path.parent.name
