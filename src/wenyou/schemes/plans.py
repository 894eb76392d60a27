"""The shipped plans, opened once a process; heads alone where a list needs no more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import yaml

from wenyou.errors import NotFound
from wenyou_core.scheme.sentence_names import Names
from wenyou_desk.plans import SCHEME_FILE, PlanFile, find_plan, open_plan, read_text, shipped
from wenyou_desk.scheme.show import KINDS, SPACES

if TYPE_CHECKING:
    from wenyou_core.scheme.model import Adoption, Article

_HEAD = re.compile(r"^plan:\n(?:[ #].*\n|\n)+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class PlanHead:
    """What a list shows of a plan."""

    name: str
    title: str
    version: str
    issuer: str
    sector: str


@dataclass(frozen=True, slots=True)
class ToldArticle:
    """An article as it is read: its head, and one sentence for each thing in it."""

    no: str
    title: str
    kinds: str
    quote: str
    reading: str
    tells: str
    sentences: tuple[tuple[str, str, str], ...]


@lru_cache(maxsize=1)
def plan_heads() -> tuple[PlanHead, ...]:
    """All shipped plans, by name; their bodies are not read."""
    return tuple(map(_head, shipped()))


def _head(name: str) -> PlanHead:
    found = _HEAD.search(read_text(find_plan(name)))
    head = yaml.safe_load(found[0])["plan"] if found else {}
    words = (str(head.get(key, "")) for key in ("title", "version", "issuer", "sector"))
    return PlanHead(name, *words)


@lru_cache(maxsize=32)
def plan_file(name: str) -> PlanFile:
    """A shipped plan, loaded and checked. Raises NotFound for any other word."""
    if name not in shipped():
        raise NotFound("这个方案")
    return open_plan(name)


@lru_cache(maxsize=32)
def kept_plan(name: str, text: str) -> PlanFile:
    """A plan from the text that was kept of it. Raises SchemeError for a text that this version
    of the program cannot run any more.
    """
    from wenyou_core.scheme.check import check  # noqa: PLC0415 -- slow import
    from wenyou_core.scheme.load import load_plan  # noqa: PLC0415 -- slow import

    if name in shipped() and plan_file(name).text == text:
        return plan_file(name)
    file = f"{name}/{SCHEME_FILE}"
    return PlanFile(file, text, check(load_plan(text, file)))


def told_articles(file: PlanFile, adoption: Adoption | None = None) -> tuple[ToldArticle, ...]:
    """A plan's articles in sentences; with an adoption its values are put in."""
    from wenyou_core.scheme.adopt import adopt  # noqa: PLC0415 -- slow import

    plan = adopt(file.checked, adoption) if adoption else file.plan
    names = Names(plan, adoption.in_force_from if adoption else None)
    return tuple(_told(article, names) for article in plan.articles)


def _told(article: Article, names: Names) -> ToldArticle:
    from wenyou_core.scheme.sentence import sentence_of  # noqa: PLC0415 -- slow import

    sentences = [
        (word, thing.title or thing.name, sentence_of(names, thing))
        for space, word in SPACES.items()
        for thing in getattr(article, space).values()
    ]
    for sheet in article.sheets.values():
        items = sum(len(module.items) for module in sheet.modules)
        said = f"第{sheet.version}版，{len(sheet.modules)}个模块、{items}项。"
        sentences.append(("检查表", sheet.title, said))
    return ToldArticle(
        no=article.no,
        title=article.title,
        kinds="、".join(KINDS[kind] for kind in article.kinds),
        quote=article.quote,
        reading=article.reading,
        tells=article.tells,
        sentences=tuple(sentences),
    )
