"""Where a run is refused: how to go on, where mending each fault by itself does not tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wenyou_core.errors import FactsError, Fault, InputRefused, Place, SchemeError
from wenyou_desk.machine import typed

_NOTHING = frozenset({"no_units", "no_known_sheet", "empty_folder"})
"""Faults of a folder that holds no books of ours."""
_TABLES = frozenset({".xlsx", ".xls", ".csv", ".parquet"})


@contextmanager
def leading_on(facts: Path, *, scheme: str, adopted: bool) -> Iterator[None]:
    """Add to the faults of a run the way out of them."""
    try:
        yield
    except SchemeError as error:
        unset = any(fault.code == "unset" for fault in error.faults)
        if adopted or not unset:
            raise
        text = (
            f"事实旁边没有采用文件。请用 ./wenyou scheme adopt {typed(scheme)} 写出一份空白的 采用.yaml，"
            "填好后与事实放在同一文件夹，或用 --adoption 指明。"
        )
        raise SchemeError([*error.faults, Fault(Place(), "no-adoption", text)]) from error
    except FactsError as error:
        text = _deeper(facts) if _NOTHING & {fault.code for fault in error.faults} else ""
        if not text:
            raise
        error.add(Fault(Place(), "within", text))
        raise
    except InputRefused as error:
        text = _deeper(facts) if error.code in _NOTHING else ""
        if not text:
            raise
        raise InputRefused(error.code, f"{error}\n{text}") from error


def _deeper(facts: Path) -> str:
    """That the tables may lie one folder deeper; empty where none do."""
    within = "、".join(f"「{name}」" for name in folders_with_tables(facts))
    if not within:
        return ""
    said = f"只读「{facts.name}」这一层的文件；"
    return f"{said}事实表若在其中的{within}里，请把 --facts 指到那里。"


def folders_with_tables(folder: Path) -> list[str]:
    """The folders right inside one that hold tables; those of results are none."""
    inside = {one.name: _inside(one) for one in sorted(_inside(folder))}
    return [
        name
        for name, files in inside.items()
        if any(file.suffix.lower() in _TABLES for file in files)
        and all(file.name != "result.json" for file in files)
    ]


def _inside(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it is none, or where it cannot be looked into."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []
