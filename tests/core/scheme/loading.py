"""One article in a small plan: what loads, and what is told."""

from __future__ import annotations

import pytest

from wenyou_core.errors import Fault, Place, SchemeError
from wenyou_core.scheme import measures as m
from wenyou_core.scheme import rules as r
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Article, Parameter

FILE = "scheme.yaml"
HEAD = """plan: {id: p, version: "1", title: 方案, issuer: 支行, valid_from: 2024-01-01}
lists: {levels: [甲级, 乙级]}
ledgers:
  points: {title: 积分, unit: 分, digits: 2}
  money: {title: 绩效, unit: 元, digits: 2}
articles:
  - no: 三.2(4)
    title: 第一条
    kinds: [rule]
"""
LINE = HEAD.count("\n") + 2  # of the first thing in a section of the article
PLACE = Place(file=FILE, line=LINE, article="三.2(4)")


def article(section: str, *lines: str) -> Article:
    """The article with one section, of which each line is a named thing."""
    body = "".join(f"      {line}\n" for line in lines)
    return load_plan(f"{HEAD}    {section}:\n{body}", FILE).articles[0]


def rule(text: str) -> r.Rule:
    return article("rules", f"one: {text}").rules["one"]


def measure(text: str) -> m.MeasureDef:
    return article("measures", f"one: {text}").measures["one"]


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(SchemeError) as caught:
        load_plan(text, FILE)
    return caught.value.faults


def faults(section: str, *lines: str) -> list[tuple[int, str]]:
    """Lines, counted from the first of the section, and sentences; all within the article."""
    body = "".join(f"      {line}\n" for line in lines)
    found = faults_of(f"{HEAD}    {section}:\n{body}")
    assert all(one.place.file == FILE and one.place.article == "三.2(4)" for one in found)
    return [(one.place.line - LINE, one.text) for one in found]


def fault(section: str, line: str) -> str:
    ((at, text),) = faults(section, line)
    assert at == 0
    return text


def param(text: str) -> Parameter:
    return article("params", f"one: {text}").params["one"]
