"""Statements of the small bank, made once for the tests that only look at them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from tests.desk.bank import ADOPTION, Rows
from tests.desk.made import run_of
from wenyou_core.assess.facts import Subject
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.statements.gather import Gatherer
from wenyou_desk.statements.render import DATA_OPEN, page


def unit(code: str) -> Subject:
    return Subject(SubjectKind.UNIT, code)


def person(code: str) -> Subject:
    return Subject(SubjectKind.PERSON, code)


def gathered(folder: Path, rows: Rows | None = None, *, adoption: str = ADOPTION) -> Gatherer:
    """A run from real files, ready to make statements."""
    return Gatherer(*run_of(folder, rows, adoption=adoption))


def page_of(gatherer: Gatherer, subject: Subject) -> str:
    return page(gatherer.statement(subject))


def words(text: str) -> str:
    """What a person reads of a page, one block a line, without its data."""
    body = text.partition("<body>")[2].partition(DATA_OPEN)[0]
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br>|</t[dh]>|</dt>", " ", body)))


def part(text: str, title: str) -> str:
    """The words of one section."""
    found = re.search(rf"<h2>[^<]*{title}</h2>.*?</section>", text, re.DOTALL)
    assert found is not None, title
    return words(f"<body>{found[0]}")
