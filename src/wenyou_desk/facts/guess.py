"""Which shipped plan a file was filled in for, by the names of its sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from wenyou_core.errors import InputRefused, SchemeError
from wenyou_desk.plans import open_plan, shipped
from wenyou_desk.tables.cells import key
from wenyou_desk.tables.loaded import FileRefused, Report
from wenyou_desk.tables.spec import ReadOptions


def plan_of_files(files: Sequence[Path]) -> str:
    """The one shipped plan whose kinds of facts are named most often.

    Raises InputRefused when a file is not there, none is named, or several are equally near.
    """
    for path in files:
        if not path.exists():
            text = f"找不到文件或文件夹「{path.name}」。请核对路径。"
            raise InputRefused("no_such_file", text)
    names = {key(name) for path in files for name in _names(path)}
    scores: dict[str, int] = {}
    for plan_name in shipped():
        try:
            kinds = open_plan(plan_name).plan.facts
        except SchemeError:  # a plan that does not load is nobody's
            continue
        words = {key(word) for name, kind in kinds.items() for word in (name, kind.title)}
        scores[plan_name] = sum(any(name.startswith(word) for word in words) for name in names)
    best = max(scores.values(), default=0)
    found = [name for name, score in scores.items() if score == best]
    if best == 0 or len(found) > 1:
        listed = "、".join(found)
        text = f"看不出这些文件是按哪个方案填的。请用 --scheme 指明，可选 {listed}。"
        raise InputRefused("which_plan", text)
    return found[0]


def _names(path: Path) -> Iterable[str]:
    """Names of the sheets of a file, or of the files of a folder."""
    if path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file():
                yield from _names(file)
        return
    yield path.stem
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xls") and path.is_file():
        yield from _sheets(path, ending)


def _sheets(path: Path, ending: str) -> Iterable[str]:
    from wenyou_desk.tables.xls import open_xls  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.xlsx import open_xlsx  # noqa: PLC0415 -- slow import

    options = ReadOptions()
    try:
        if ending == ".xlsx":
            return [name for name, _ in open_xlsx(path, path.name, options, Report(1))]
        return [name for name, _ in open_xls(path, path.name, options)]
    except FileRefused:  # the reading itself will say why
        return ()
