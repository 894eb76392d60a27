"""``./wenyou scheme show``: a plan article by article, each rule in one sentence."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

from wenyou_core.errors import InputRefused, SchemeError
from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.model import Article
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.words import ArticleKind
from wenyou_desk.machine import typed
from wenyou_desk.plans import PlanFile, open_plan
from wenyou_desk.scheme.opened import OK, adoption_for, heading, only_with_one, sound
from wenyou_desk.scheme_cmd import day_of

KINDS = {
    ArticleKind.RULE: "计算规则",
    ArticleKind.TIME_LIMIT: "时限",
    ArticleKind.FREQUENCY: "频次",
    ArticleKind.DUTY: "职责",
    ArticleKind.REGISTER: "台账",
    ArticleKind.CHECKLIST: "检查标准",
    ArticleKind.PRINCIPLE: "原则",
}
SPACES = {
    "params": "参数",
    "tables": "表",
    "sets": "择一组",
    "measures": "指标",
    "rules": "规则",
    "grades": "等级",
    "awards": "奖项",
    "targets": "目标",
    "obligations": "要求",
    "appeals": "申诉途径",
}


def run(args: argparse.Namespace) -> int:
    """Print the plans."""
    only_with_one(args.names, args.adoption)
    _no_articles(args.names)
    day, articles, sentences = day_of(args.on), 0, 0
    for one in sound(args.names):
        assert one.plan is not None  # noqa: S101 -- sound() gives none without
        names, shown = _read(args, one.plan)
        names.on = day or names.on
        print(heading(one.plan))
        for article in shown:
            lines = told(article, names)
            print("\n".join(["", *lines]))
            articles += 1
            sentences += sum(line.startswith("    ") for line in lines)
        print()
    print(f"共 {articles} 条条款，{sentences} 句。")
    return OK


def _no_articles(words: Sequence[str]) -> None:
    """Articles are asked for with --article. Raises InputRefused for one behind its plan."""
    for word, after in pairwise(words):
        if not Path(after).exists() and _plain(after) in _numbers(word):
            text = (
                f"「{after}」是方案「{word}」的条款，不是方案。"
                f"只看这一条请写 --article {typed(after)}。"
            )
            raise InputRefused("not_a_plan", text)


def _plain(number: str) -> str:
    """The number of an article with half-width brackets: 三.2（1） is 三.2(1)."""
    return normalize("NFKC", number).replace(" ", "")


def _numbers(word: str) -> frozenset[str]:
    """The numbers of a plan's articles; of one that does not load none, which is told later."""
    try:
        return frozenset(_plain(one.no) for one in open_plan(word).plan.articles)
    except SchemeError:
        return frozenset()


def _read(args: argparse.Namespace, plan: PlanFile) -> tuple[Names, tuple[Article, ...]]:
    """The plan with the adoption's values, and the articles asked for."""
    adoption = adoption_for(args.adoption, plan)
    read = adopt(plan.checked, adoption) if adoption else plan.plan
    names = Names(read, adoption.in_force_from if adoption else None)
    said = _plain(args.article)
    articles = tuple(one for one in read.articles if said in ("", _plain(one.no)))
    if not articles:
        known = "、".join(one.no for one in read.articles)
        text = f"方案“{read.id}”没有条款“{args.article}”。条款有：{known}。"
        raise InputRefused("no_article", text)
    return names, articles


def told(article: Article, names: Names) -> list[str]:
    """The lines of an article: number and title, reading, what it tells, its sentences."""
    kinds = "、".join(KINDS[kind] for kind in article.kinds)
    lines = [f"{article.no}　{article.title}（{kinds}）"]
    if article.quote:
        lines.append(f"  摘引：“{article.quote}”")
    if article.reading:
        lines.append(f"  考核口径：{article.reading}")
    if article.tells:
        lines.append(f"  内容：{article.tells}")
    for space, word in SPACES.items():
        for thing in getattr(article, space).values():
            title = thing.title or thing.name
            lines.append(f"    {word}「{title}」：{sentence_of(names, thing)}")
    for sheet in article.sheets.values():
        items = sum(len(module.items) for module in sheet.modules)
        lines.append(
            f"    检查表「{sheet.title}」第{sheet.version}版，{len(sheet.modules)}个模块、{items}项。"
        )
    return lines
