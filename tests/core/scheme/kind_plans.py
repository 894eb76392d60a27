"""The small plans that prove the language: each article is a plan of its own, with its cases.

A file of ``kinds/`` holds ``articles:`` and ``cases:``; ``head.yaml`` stands before them all. An
article's number is the kind of rule, the hard case or the sketch that it shows.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from wenyou_core.scheme.cases import Case, load_cases
from wenyou_core.scheme.check import Checked, check
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Article, Plan

KINDS = Path(__file__).parent / "kinds"
HEAD = (KINDS / "head.yaml").read_text("utf-8")
TITLE = re.compile(r'title: (?:[^,{}\[\]"]|"[^"]*")*, ')
TOLD = re.compile(r"    (?:title|kinds|reading): ")


def files() -> list[Path]:
    """The files with articles and cases."""
    return sorted(path for path in KINDS.glob("*.yaml") if path.name != "head.yaml")


@cache
def read(path: Path) -> tuple[Plan, tuple[Case, ...]]:
    """The plan of a whole file, not checked yet, and its cases."""
    articles, _, cases = path.read_text("utf-8").partition("\ncases:\n")
    plan = load_plan(f"{HEAD}{articles}\n", path.name)
    return plan, load_cases(f"cases:\n{cases}", path.name)


@cache
def articles() -> dict[str, tuple[Plan, Article]]:
    """Every article by its number, with the plan that holds it alone."""
    found: dict[str, tuple[Plan, Article]] = {}
    for path in files():
        plan, _ = read(path)
        for article in plan.articles:
            assert article.no not in found, f"{article.no} twice"
            found[article.no] = (replace(plan, articles=(article,)), article)
    return found


@cache
def checked(number: str) -> Checked:
    """The plan of one article, judged."""
    return check(articles()[number][0])


def cases() -> list[Case]:
    """All cases of all files."""
    return [case for path in files() for case in read(path)[1]]


def computed(article: Article) -> list[str]:
    """Every name that an article computes."""
    kinds = (article.measures, article.rules, article.grades, article.awards, article.targets)
    counted = [name for name, one in article.obligations.items() if one.facts and one.each]
    return [name for things in kinds for name in things] + counted


def lines_of(path: Path) -> dict[str, list[str]]:
    """What a file writes for each article, without titles and readings, as the page shows it."""
    text = path.read_text("utf-8").partition("\ncases:\n")[0]
    found = {}
    for part in re.split(r"(?m)^(?=  - no: )", text)[1:]:
        first, *rest = part.splitlines()
        shown = (TITLE.sub("", line[4:]) for line in rest if line and not TOLD.match(line))
        found[first.removeprefix("  - no: ")] = list(shown)
    return found
