"""Small words of a statement: escaped text, amounts, days, tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from html import escape

from wenyou_core.scheme.model import Ledger
from wenyou_core.scheme.sentence_words import day_text
from wenyou_core.worktime.texts import BEIJING, LAST_INSTANT
from wenyou_desk.runs.amounts import column_text

MINUS, MONEY = "−", "元"
_SHORT = 10
_NUMBERS = "一二三四五六七八九十"


def e(text: str) -> str:
    """Text made safe for the page."""
    return escape(text, quote=True)


def titled(text: str) -> str:
    """A title whose short remark in brackets stays in one line."""
    head, mark, tail = text.rpartition("（")
    if not mark or not text.endswith("）") or len(tail) > _SHORT:
        return e(text)
    return f'{e(head)}<span class="one">（{e(tail)}</span>'


def amount(number: int, ledger: Ledger) -> str:
    """``−600.00``, ``+2.5``: money with all its decimals, other ledgers without idle zeros."""
    sign = "+" if number > 0 else ""
    return sign + column_text(number, ledger.digits).replace("-", MINUS)


def span(first: date, last: date) -> str:
    """``2025年7月1日至9月30日``; one day alone stands alone."""
    if first == last:
        return day_text(first)
    tail = day_text(last) if first.year != last.year else f"{last.month}月{last.day}日"
    return f"{day_text(first)}至{tail}"


def moment(at: datetime | None) -> str:
    """The moment up to which facts are in, in Beijing."""
    if at is None:
        return "测算时已登记的全部事实"
    here = at.replace(tzinfo=BEIJING) if at.tzinfo is None else at.astimezone(BEIJING)
    clock = "24:00" if here.time() == LAST_INSTANT else f"{here:%H:%M}"
    return f"{day_text(here.date())}{clock}"


def table(
    head: Sequence[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    foot: Sequence[str] = (),
    *,
    cards: bool = True,
) -> str:
    """A table; ``head`` are title and class of each column, cells are markup already."""
    titles = "".join(f'<th scope="col"{_class(name)}>{e(title)}</th>' for title, name in head)
    body = "".join(f"<tr>{_cells(head, row)}</tr>\n" for row in rows)
    end = f"<tfoot><tr>{_cells(head, foot)}</tr></tfoot>\n" if foot else ""
    kind = ' class="cards"' if cards else ""
    return (
        f"<table{kind}>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{body}</tbody>\n{end}</table>\n"
    )


def _cells(head: Sequence[tuple[str, str]], row: Sequence[str]) -> str:
    return "".join(
        f"<td{_class(name)}{_told(title, name)}>{cell}</td>"
        for (title, name), cell in zip(head, row, strict=True)
    )


def _class(name: str) -> str:
    return f' class="{name}"' if name else ""


def _told(title: str, name: str) -> str:
    """On a phone a number stands under its text, so it says what it is."""
    return f' data-t="{e(title)}"' if name == "n" else ""


def section(title: str, *parts: str) -> str:
    """A section; nothing where it would be empty."""
    body = "".join(part for part in parts if part)
    return f"<section>\n<h2>{e(title)}</h2>\n{body}</section>\n" if body else ""


def numbered(sections: Iterable[str]) -> Iterator[str]:
    """The sections that are not empty, numbered 一、二、三."""
    there = (section for section in sections if section)
    for number, text in zip(_NUMBERS, there, strict=False):
        yield text.replace("<h2>", f"<h2>{number}、", 1)


def note(text: str) -> str:
    """A small remark."""
    return f'<p class="note">{e(text)}</p>\n'
