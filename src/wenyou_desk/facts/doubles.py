"""Rows that stand twice: whole files handed in twice, and many rows of one sheet, in one fault."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from operator import attrgetter
from typing import Any

from wenyou_core.assess.facts import Fact, FactBook, Opening, PersonSpan, PostSpan, UnitSpan
from wenyou_core.errors import Fault, Place
from wenyou_desk.tables.loaded import Table
from wenyou_desk.tables.spec import Value

_KEYS: dict[type, Callable[[Any], Hashable]] = {
    Fact: attrgetter("kind", "id", "recorded"),
    UnitSpan: attrgetter("id", "since", "recorded"),
    PersonSpan: attrgetter("id", "since", "recorded"),
    PostSpan: attrgetter("person", "unit", "post", "since", "acting"),
    Opening: attrgetter("subject", "ledger", "on"),
}
"""What tells a row from others of its kind; rows with equal keys are compared as wholes."""

_FILE: Callable[[Any], str] = attrgetter("place.file")

DOUBLE = "double_key"
_LISTED = 3
FOLDED = 10
"""From so many double rows of one sheet on, they are told in one sentence."""


@dataclass(frozen=True, slots=True)
class Double:
    """One row that stands twice, and what is said of it; ``earlier`` is the first."""

    place: Place
    earlier: Place
    text: str
    column: str


class Doubles:
    """Gathers double rows, and tells many of one sheet together."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], list[Double]] = defaultdict(list)

    def add(self, *rows: Double) -> None:
        """One more row, or several."""
        for one in rows:
            key = (one.place.file, one.place.sheet, one.earlier.file, one.earlier.sheet)
            self._found[key].append(one)

    def faults(self) -> Iterator[Fault]:
        """A fault for each row, or one for a sheet with many of them."""
        for (file, _, first, _), rows in self._found.items():
            if len(rows) < FOLDED:
                for one in rows:
                    yield Fault(replace(one.place, column=one.column), DOUBLE, one.text)
                continue
            shown = [replace(one.place, sheet="") for one in rows[:_LISTED]]
            text = folded(len(rows), shown, "" if first == file else first)
            yield Fault(replace(rows[0].place, row=0, column=""), DOUBLE, text)


def folded(count: int, places: Sequence[Place], earlier: str = "") -> str:
    """Many double rows in one sentence; ``places`` are the first of them, ``earlier`` the file
    that has them first, where it is another."""
    where = f"「{earlier}」" if earlier else "前面"
    alike = "两张表像是同一张交了两次，" if earlier else "像是同一段贴了两次，"
    return (
        f"有{count}行与{where}的重复：{_listed(places, count)}。"
        f"{alike}请去掉一份；是更正的请填上新的记录时间。"
    )


def double_text(code: str, earlier: str) -> str:
    """One number twice: what to do about it; ``earlier`` tells where it stood first."""
    return f"编号「{code}」与{earlier}重复。是更正的请填上新的记录时间，是另一件事的请另编编号。"


def stood(earlier: Place, file: str, title: str) -> str:
    """Where the earlier row stands: its sheet's title, its row, its file if that is not ``file``."""
    where = f"「{title}」{str(replace(earlier, file='', sheet='')) or '另一行'}"
    return where if earlier.file == file else f"「{earlier.file}」里{where}"


def unrecorded_again(tables: Sequence[Table], title: str) -> Iterator[Double]:
    """Numbers that stand twice, both times without 记录时间: a later 登记时间 makes no correction.

    Rows that became known at the same moment are told as double rows.
    """
    first: dict[Value, tuple[Value, Place]] = {}
    for table in tables:
        columns = table.columns
        rows = zip(columns["id"], columns["known"], columns["recorded"], strict=True)
        blank = [(i, code, known) for i, (code, known, at) in enumerate(rows) if at is None]
        if not first and len(tables) == 1 and len({code for _, code, _ in blank}) == len(blank):
            return  # as nearly always
        for i, code, known in blank:
            earlier, place = first.setdefault(code, (known, table.place(i)))
            if earlier != known:
                text = double_text(str(code), stood(place, table.file, title))
                yield Double(table.place(i), place, text, table.place(i, "id").column)


def without_repeated_files(book: FactBook) -> tuple[FactBook, list[Fault]]:
    """The book without the files all of whose rows another one before has, a fault for each.

    Declarations of coverage alone may be said twice.
    """
    if _all_differ(book) or len(set(map(_FILE, _rows(book)))) < 2:
        return book, []
    first: dict[tuple[type, Hashable], Any] = {}
    again: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, list[Place]] = defaultdict(list)
    for row in _rows(book):
        places[row.place.file].append(row.place)
        before = first.setdefault((type(row), _KEYS[type(row)](row)), row)
        if before.place.file != row.place.file and before == row:
            again[row.place.file][before.place.file] += 1
    faults = []
    for file, earlier in again.items():
        other, count = earlier.most_common(1)[0]
        if count == len(places[file]):
            text = (
                f"这个文件的{count}行与「{other}」里的完全相同：{_listed(places[file])}。"
                "像是同一份表交了两次，请去掉一份。"
            )
            faults.append(Fault(Place(file=file), "repeated_file", text))
    gone = {fault.place.file for fault in faults}
    return (_without(book, gone) if gone else book), faults


def _listed(places: Sequence[Place], count: int = 0) -> str:
    """The first rows, and how many more there are."""
    shown = "、".join(str(replace(one, file="", column="")) for one in places[:_LISTED])
    more = (count or len(places)) - _LISTED
    return f"{shown}，其余{more}行不逐一列出" if more > 0 else shown


def _all_differ(book: FactBook) -> bool:
    """Whether no row has the key of another, which is so with nearly every book."""
    return all(
        len(set(map(_KEYS[type(rows[0])], rows))) == len(rows) for rows in _groups(book) if rows
    )


def _rows(book: FactBook) -> Iterator[Any]:
    return chain.from_iterable(_groups(book))


def _groups(book: FactBook) -> Iterator[Sequence[Any]]:
    yield from book.facts.values()
    yield book.units
    yield book.persons
    yield book.posts
    yield book.openings


def _without(book: FactBook, files: set[str]) -> FactBook:
    def kept(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row for row in rows if row.place.file not in files)

    return FactBook(
        facts={kind: kept(rows) for kind, rows in book.facts.items()},
        units=kept(book.units),
        persons=kept(book.persons),
        posts=kept(book.posts),
        coverage=kept(book.coverage),
        openings=kept(book.openings),
    )
