"""Verify a page: read its data, compute and render it again, and compare every byte."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.errors import WenyouError
from wenyou_desk.runs.codec import Damaged, Json
from wenyou_desk.statements.data import (
    SECTIONS,
    OtherForm,
    Statement,
    sections_of,
    statement_json,
    statement_of,
)
from wenyou_desk.statements.gather import Gatherer
from wenyou_desk.statements.made import Made, make
from wenyou_desk.statements.parting import first_difference
from wenyou_desk.statements.render import DATA_CLOSE, DATA_OPEN, page
from wenyou_desk.version import version

ORIGINAL = "请以发出单位的原件为准。"
_MOST_NAMED = 3


class Refuted(Exception):
    """A statement that does not hold; the text is the sentence a person reads."""


def verify(data: bytes, gatherer: Gatherer | None = None) -> Statement:
    """The statement in a page, once it holds.

    Raises Refuted with the first difference: between the page and what its data give, and with
    ``gatherer`` between those data and the run's.
    """
    text = _text(data)
    made = _made(text)
    statement = made.statement
    try:
        expected = page(made)
    except Exception as error:
        raise Refuted(f"页内的数据被改动或损坏，不能重新写出页面。{ORIGINAL}") from error
    if expected.encode() != data:
        raise Refuted(_unlike(expected, text, statement))
    if gatherer is not None:
        _of_run(gatherer, made)
    return statement


def _text(data: bytes) -> str:
    if DATA_OPEN.encode() not in data:
        raise Refuted(
            "这不是文优写出的考核结果告知单，或开头已被截去、改动。"
            "请核对文件；告知单是“告知单”文件夹里的 .html 文件。"
        )
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.end == len(data):  # cut off inside a character
            return data[: error.start].decode()
        line = data[: error.start].count(b"\n") + 1
        raise Refuted(f"第{line}行不是 UTF-8 文字，文件被改动或损坏。{ORIGINAL}") from error


def _made(text: str) -> Made:
    """What the reference makes of the data of a page."""
    statement = _statement(text)
    try:
        return make(statement)
    except WenyouError as error:
        hint = ""
        if statement.written_by != version():
            hint = f"页面由文优 {statement.written_by} 写出，本机是 {version()}。"
        raise Refuted(f"{hint}按页内的方案和数据不能重算：{error}") from error
    except Exception as error:
        raise Refuted(f"页内的数据被改动或损坏，不能重算。{ORIGINAL}") from error


def _statement(text: str) -> Statement:
    """The data of a page."""
    data, ended, _ = text.partition(DATA_OPEN)[2].partition(DATA_CLOSE)
    if not ended:
        raise Refuted(f"文件不完整：页内的数据没有写完。{ORIGINAL}")
    try:
        return statement_of(data)
    except OtherForm as other:
        raise Refuted(
            f"这份告知单的数据格式是 {other}，由别的版本的文优写出，本机（文优 {version()}）不能复核。"
            "请用写出它的那个版本复核。"
        ) from other
    except Damaged as damage:
        raise Refuted(f"页内的数据被改动或损坏：{damage}。{ORIGINAL}") from damage
    except Exception as error:
        raise Refuted(f"页内的数据被改动或损坏，读不通。{ORIGINAL}") from error


def _unlike(expected: str, found: str, statement: Statement) -> str:
    where = first_difference(expected, found)
    if statement.written_by != version():
        return (
            f"页面由文优 {statement.written_by} 写出，本机是 {version()}，写法可能不同；"
            f"请用 {statement.written_by} 版再复核一次。与本机重算的第一处不同在{where}"
        )
    return f"与重算的第一处不同在{where}{ORIGINAL}"


# -- against the run --------------------------------------------------------------------------


def _of_run(gatherer: Gatherer, made: Made) -> None:
    """Refuse data that are not those the run gives for the subject."""
    try:
        own = gatherer.statement(made.statement.cut.subject).statement
    except WenyouError as error:
        raise Refuted(str(error)) from error
    if statement_json(own) != statement_json(made.statement):
        raise Refuted(_other_run(own, made))


def _other_run(own: Statement, made: Made) -> str:
    """What of the data is not that of the run."""
    mine, theirs = sections_of(own), sections_of(made.statement)
    unlike = [
        f"{SECTIONS[name]}{_named(name, mine[name], theirs[name], made)}"
        for name in SECTIONS
        if mine[name] != theirs[name]
    ]
    return (
        f"算术成立，但页内的数据与这次测算的不同：{'、'.join(unlike)}。"
        "请核对是不是同一次测算；是同一次的，以测算结果为准。"
    )


def _named(name: str, mine: Json, theirs: Json, made: Made) -> str:
    """``（TS-1、TS-2）``: the rows that differ, where they have a name that says something."""
    if name not in ("facts", "rosters", "given"):
        return ""
    rows = [
        *(one for one in theirs if one not in mine),
        *(one for one in mine if one not in theirs),
    ]
    names = list(dict.fromkeys(_names(name, rows, made)))
    more = "等" if len(names) > _MOST_NAMED else ""
    return f"（{'、'.join(names[:_MOST_NAMED])}{more}）" if names else ""


def _names(name: str, rows: list[Json], made: Made) -> Iterator[str]:
    for row in rows:
        if name == "facts":
            yield f"{made.teller.kind(row['kind'])}{row['id']}"
        else:
            thing = made.teller.title(row["node" if name == "rosters" else "measure"])
            yield f"{thing} {row['period']}"
