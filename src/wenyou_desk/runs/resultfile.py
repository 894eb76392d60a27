"""``result.json``: a run as one file of canonical bytes.

UTF-8, keys sorted, one row a line, exact numbers as text, no blanks: equal runs are equal bytes,
and two files can be compared line by line. ``docs/dev/result-json.md`` describes it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from wenyou_core.errors import InputRefused
from wenyou_desk.runs.codec import Damaged, Json, json_text
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.sections import SCHEMA, Lines, record_of, sections_of
from wenyou_desk.tables.newfile import new_file

_FAMILY = SCHEMA.rpartition("/")[0] + "/"
LARGE = (
    "这是大批量测算的结果，分录在旁边的明细表里，不能整份读入。查一个对象请用 explain，"
    "比较合计请用 diff，写指定对象的告知单请用 statements。"
)
_NAME = "result.json"
_OTHERS = frozenset({".xlsx", ".xls", ".csv", ".parquet", ".html", ".yaml", ".yml", ".md"})
"""What lies beside a result and may be taken for it."""
AT_ONCE = 100
"""Rows that are written as one piece."""
_HALF = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")  # we never write such an escape


def write_result(record: RunRecord, path: Path, *, overwrite: bool = False) -> None:
    """Write ``result.json``, whole or not at all.

    Raises InputRefused when the file exists and may not be replaced.
    """
    with new_file(path, overwrite=overwrite) as temporary, temporary.open("wb") as file:
        file.writelines(_encoded(record))


def read_result(path: Path, *, large: bool = False) -> RunRecord:
    """The run in a file; ``result_bytes`` of it gives the bytes of the file again.

    Raises InputRefused, with the reason, for a file that is no result of ours, and for a large
    run, whose entries stand in tables of their own, unless ``large`` says that is known.
    """
    if not path.is_file():
        raise InputRefused("no_result", f"找不到结果文件「{path.name}」{_nearby(path)}")
    if path.suffix.lower() in _OTHERS:
        text = f"「{path.name}」不是测算结果的数据文件。请指明同一次测算的 {_NAME}。"
        raise InputRefused("no_result", text)
    try:
        record = result_of(path.read_bytes())
    except Damaged as damage:
        text = f"「{path.name}」不是完好的测算结果（{damage}）。请重新测算，不要手工改动。"
        raise InputRefused("damaged_result", text) from damage
    if record.tables and not large:
        raise InputRefused("large_result", LARGE)
    return record


def _nearby(path: Path) -> str:
    """The end of the sentence: where the file may be instead."""
    if path.name != _NAME or not path.parent.is_dir():
        return "。请核对路径。"
    within = [one for one in sorted(path.parent.iterdir()) if (one / _NAME).is_file()]
    guess = f"是否指其中的「{within[0].name}」？" if within else ""
    folder = path.parent.name
    return f"：「{folder}」里没有。{guess}请指明测算时 --out 写到的文件夹。"


def result_bytes(record: RunRecord) -> bytes:
    """The bytes of a run."""
    return b"".join(_encoded(record))


def _encoded(record: RunRecord) -> Iterator[bytes]:
    sections = dict(sorted(sections_of(record).items()))
    return (piece.encode() for piece in chain(_pieces(sections), "\n"))


def result_of(data: bytes) -> RunRecord:
    """The run of ``result_bytes``. Raises Damaged, which says what is wrong."""
    if _HALF.search(data):
        raise Damaged("文本里有半个字符")
    try:
        sections = json.loads(data)
        if not isinstance(sections, dict):
            raise Damaged("不是 JSON 对象")
        _check_schema(sections.get("schema"))
        return record_of(sections)
    except RecursionError as error:
        raise Damaged("层数太多") from error
    except UnicodeDecodeError as error:
        raise Damaged("不是 UTF-8 文字") from error
    except json.JSONDecodeError as error:
        at = f"第{error.lineno}行第{error.colno}个字"
        raise Damaged(f"{at}起读不下去，文件被截断或改动过") from error
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise Damaged(f"{type(error).__name__}：{error}") from error


def _pieces(section: Json) -> Iterator[str]:
    """The text of a section in pieces: as a whole it would be copied over and over, and each
    copy would take memory that was not touched before, which is dear."""
    if isinstance(section, dict) and section:
        between = "{\n"
        for name, part in section.items():
            yield f"{between}{json_text(name)}:"
            yield from _pieces(part)
            between = ",\n"
        yield "\n}"
    elif isinstance(section, Lines) and section:
        between = "[\n"
        for at in range(0, len(section), AT_ONCE):
            yield between
            yield ",\n".join(section[at : at + AT_ONCE])
            between = ",\n"
        yield "\n]"
    else:
        yield json_text(section)


def _check_schema(schema: Json) -> None:
    if schema == SCHEMA:
        return
    if isinstance(schema, str) and schema.startswith(_FAMILY):
        raise Damaged(f"格式 {schema} 是别的版本的程序写的，这里读 {SCHEMA}")
    raise Damaged("没有写明是测算结果")
