"""A plan that a test has edited, read again only where it was edited.

Hundreds of tests change a line or two of a long plan. What stands in other things reads as it
did before, for a thing is read with the lists, the ledgers and the first day of the plan alone.
So those and the edited things are read, every other line being blank, and laid into the plan as
it was. A text that is edited in another way is read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Article, Plan

READ_WITH = ("plan", "lists", "ledgers")  # what reading looks ahead at
APART = ("roles", "unit_fields", "person_fields", "facts", "populations", "articles")
KEY = re.compile(r" *(?:- )?([a-z][a-z0-9_]*):(?: |$)")

Thing = tuple[int, str, str]
"""The article it stands in (-1: outside them), the section, the name; empty names above it."""


def reread(base: str, text: str, file: str) -> Plan:
    """What ``load_plan(text, file)`` gives, where ``text`` is ``base`` with things edited."""
    if text == base:
        return _whole(base, file)
    before, after = base.split("\n"), text.split("\n")
    edited = _edited(base, before, after)
    if not edited:
        return load_plan(text, file)
    kept = (_kept(thing, edited) for thing in _outline(base))
    lines = (line if keep else "" for keep, line in zip(kept, after, strict=True))
    part = load_plan("\n".join(lines), file)
    return _laid(_whole(base, file), part, edited)


def under(head: str, body: str, file: str) -> Plan:
    """What ``load_plan(head + body, file)`` gives, where ``body`` goes on with the articles of
    ``head``, a plan without a fault: what they are not read with is read once."""
    kept = (section in (*READ_WITH, "", "articles") for _, section, _ in _outline(head))
    lines = (line if keep else "" for keep, line in zip(kept, head.split("\n"), strict=True))
    plan, whole = load_plan("\n".join(lines) + body, file), _whole(head, file)
    return replace(plan, **{name: getattr(whole, name) for name in APART if name != "articles"})


def _edited(base: str, before: Sequence[str], after: Sequence[str]) -> set[Thing]:
    """The things edited, their names being as before; empty when more than those differ."""
    if len(before) != len(after):
        return set()
    found = set()
    for thing, old, new in zip(_outline(base), before, after, strict=True):
        if old != new:
            if not thing[2] or not _starts_alike(old, new):
                return set()
            found.add(thing)
    return found


def _starts_alike(old: str, new: str) -> bool:
    width = len(old) - len(old.lstrip())
    keys = KEY.match(old), KEY.match(new)
    named = [key and key.group() for key in keys]
    return width == len(new) - len(new.lstrip()) and named[0] == named[1]


@cache
def _whole(base: str, file: str) -> Plan:
    return load_plan(base, file)


@cache
def _outline(base: str) -> tuple[Thing, ...]:
    """In which thing each line stands."""
    found: list[Thing] = []
    top, article, section, name = "", -1, "", ""
    for line in base.split("\n"):
        width, key = len(line) - len(line.lstrip()), KEY.match(line)
        if width == 0 and key:
            top, article, section, name = key[1], -1, key[1], ""
        elif top != "articles":
            name = key[1] if width == 2 and key and top in APART else name
        elif line.startswith("  - "):
            article, section, name = article + 1, "", ""
        elif width == 4 and key:
            section, name = key[1] if line.endswith(":") else "", ""
        elif width == 6 and key:
            name = key[1]
        found.append((article, section, name))
    return tuple(found)


def _kept(thing: Thing, edited: set[Thing]) -> bool:
    """Whether a line is read: with the others, above an edited thing, or as a part of it."""
    article, section, name = thing
    if article < 0 and section not in APART:
        return section in READ_WITH
    if section == "articles":
        return any(one[0] >= 0 for one in edited)
    if not name:
        return any(one[0] == article and section in ("", one[1]) for one in edited)
    return thing in edited


def _laid(whole: Plan, part: Plan, edited: set[Thing]) -> Plan:
    articles = list(whole.articles)
    read = dict(zip(sorted({one[0] for one in edited} - {-1}), part.articles, strict=False))
    for article, section, name in edited:
        if article < 0:
            whole = replace(whole, **_with(whole, part, section, name))
        else:
            new = _with(articles[article], read[article], section, name)
            articles[article] = replace(articles[article], **new)
    return replace(whole, articles=tuple(articles))


def _with(old: Plan | Article, new: Plan | Article, section: str, name: str) -> dict[str, Any]:
    """The section of ``old`` in which the thing is that of ``new``."""
    return {section: {**getattr(old, section), name: getattr(new, section)[name]}}
