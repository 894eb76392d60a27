"""``./wenyou verify FILE…``: compute statements again from what they carry, and compare."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused, WenyouError

if TYPE_CHECKING:
    from wenyou_desk.statements.data import Statement
    from wenyou_desk.statements.gather import Gatherer
    from wenyou_desk.statements.made import Made

OK, BAD = 0, 2
RESULT_FILE = "result.json"
_MOST_BYTES = 50_000_000
_AROUND = 30
ARITHMETIC = (
    "证明的是算术：用页内的事实、方案文本和他人的不具名数字，按条款重算，与页面逐字节相同。"
)
NOT_SOURCE = "没有核对这些事实和数字的来源；要核对请加 --run 指明那次测算的 result.json。"
SOURCE = "并证明页内的事实和他人的数字就是这次测算的，页上的结果也与这次测算一致。"


class Refuted(Exception):
    """A statement that does not hold; the text is the sentence a person reads."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou verify``."""
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="告知单", help="告知单文件，或它们所在的文件夹"
    )
    parser.add_argument(
        "--run",
        dest="against",
        type=Path,
        metavar="结果",
        help="同时核对事实和他人的数字：result.json 或其文件夹",
    )


def run(args: argparse.Namespace) -> int:
    """Verify every file; the last line counts."""
    from wenyou_desk.progress import Progress  # noqa: PLC0415 -- slow import

    files = list(_files(args.files))
    gatherer = None if args.against is None else _gatherer(args.against)
    bad = 0
    with Progress("复核") as progress:
        for number, path in enumerate(files):
            progress.step(number, len(files), path.name)
            try:
                verify(path.read_bytes(), gatherer)
            except Refuted as refuted:
                bad += 1
                sys.stdout.write(f"{path.name}：不成立。{refuted}\n")
            else:
                if len(files) <= _AROUND:
                    sys.stdout.write(f"{path.name}：成立。\n")
    proved = f"{ARITHMETIC}{SOURCE if gatherer is not None else NOT_SOURCE}"
    if len(files) > bad:
        sys.stdout.write(f"{proved}\n")
    sys.stdout.write(f"成立 {len(files) - bad} 份，不成立 {bad} 份。\n")
    return BAD if bad else OK


def verify(data: bytes, gatherer: Gatherer | None = None) -> Statement:
    """The statement in a page, once it holds.

    Raises Refuted with the first difference: between the page and what its data give, and with
    ``gatherer`` between those data and the run's.
    """
    from wenyou_desk.statements.data import statement_json  # noqa: PLC0415 -- slow import

    text = _text(data)
    statement, made = _made(text)
    expected = _page(made)
    if expected.encode() != data:
        raise Refuted(_first_difference(expected, text, data))
    if gatherer is not None:
        own = _own(gatherer, statement)
        if statement_json(own) != statement_json(statement):
            raise Refuted(_other_run(own, statement))
    return statement


def _made(text: str) -> tuple[Statement, Made]:
    """The data of a page, and what the reference makes of them."""
    from wenyou_desk.runs.codec import Damaged  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.data import statement_of  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.made import make  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.render import DATA_CLOSE, DATA_OPEN  # noqa: PLC0415 -- slow

    _, begun, rest = text.partition(f"{DATA_OPEN}\n")
    data, ended, _ = rest.partition(f"\n{DATA_CLOSE}")
    if not begun or not ended:
        raise Refuted("页内没有告知单的数据，或数据不完整。请向发出单位索取原件。")
    try:
        statement = statement_of(data)
        return statement, make(statement)
    except Damaged as damage:
        raise Refuted(f"页内的数据被改动或损坏（{damage}）。请向发出单位索取原件。") from damage
    except WenyouError as error:
        raise Refuted(f"按页内的数据不能重算：{error}") from error
    except Exception as error:
        raise Refuted(f"按页内的数据不能重算（{type(error).__name__}）。") from error


def _page(made: Made) -> str:
    from wenyou_desk.statements.render import page  # noqa: PLC0415 -- slow import

    try:
        return page(made)
    except Exception as error:
        raise Refuted(f"按页内的数据不能重新写出页面（{type(error).__name__}）。") from error


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refuted(f"第{line}行不是 UTF-8 文字，文件被改动或损坏。") from error


def _first_difference(expected: str, found: str, data: bytes) -> str:
    """Where page and recomputation part: what stands there, expected and found."""
    if expected == found:
        raise AssertionError(data[:1])
    at = next(
        (at for at, (one, other) in enumerate(zip(expected, found, strict=False)) if one != other),
        min(len(expected), len(found)),
    )
    line = found.count("\n", 0, at) + 1
    return (
        f"第{line}行与重算不同：应为“{_around(expected, at)}”，页上是“{_around(found, at)}”。"
        "请以发出单位的原件为准。"
    )


def _around(text: str, at: int) -> str:
    start = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    end = text.find("\n", at)
    end = min(len(text) if end < 0 else end, at + _AROUND)
    return text[start:end]


# -- against the run --------------------------------------------------------------------------


def _gatherer(path: Path) -> Gatherer:
    from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.resultfile import read_result  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.gather import Gatherer  # noqa: PLC0415 -- slow import

    record = read_result(path / RESULT_FILE if path.is_dir() else path)
    if not record.whole:
        text = "这份 result.json 没有保存全部事实，不能用来核对告知单。请用保存了全部事实的测算。"
        raise InputRefused("run_not_whole", text)
    return Gatherer(program_of_record(record), record)


def _own(gatherer: Gatherer, statement: Statement) -> Statement:
    try:
        return gatherer.statement(statement.cut.subject).statement
    except WenyouError as error:
        raise Refuted(str(error)) from error


def _other_run(own: Statement, statement: Statement) -> str:
    """What of the data is not that of the run."""
    from wenyou_desk.statements.data import sections_of  # noqa: PLC0415 -- slow import

    words = {
        "adoption": "采用文件",
        "facts": "事实",
        "given": "取自测算的数",
        "missing": "缺失的资料",
        "openings": "期初余额",
        "own": "本人事实的范围",
        "persons": "人员属性",
        "plan": "方案文本",
        "posts": "任职",
        "rosters": "他人的不具名数字",
        "run": "测算的期间、时点或指纹",
        "units": "机构",
    }
    mine, theirs = sections_of(own), sections_of(statement)
    unlike = [words.get(name, name) for name in mine if mine[name] != theirs.get(name)]
    return f"页内的数据与这次测算的不同：{'、'.join(unlike)}。请核对是不是同一次测算。"


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and all pages in the folders named."""
    for path in paths:
        found = sorted(path.rglob("*.html")) if path.is_dir() else [path]
        if not found:
            raise InputRefused("no_statement", f"文件夹「{path.name}」里没有告知单（.html）。")
        for one in found:
            if not one.is_file():
                raise InputRefused("no_statement", f"找不到告知单「{one.name}」。请核对路径。")
            if one.stat().st_size > _MOST_BYTES:
                text = f"「{one.name}」超过 {_MOST_BYTES // 1_000_000} MB，不像告知单。"
                raise InputRefused("statement_too_large", text)
            yield one
