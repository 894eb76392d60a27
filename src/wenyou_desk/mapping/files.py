"""Which files a mapping means: one is named on the command line, the others lie beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from wenyou_core.errors import InputRefused


def find_files(given: Path, files: Mapping[str, str], main: str) -> dict[str, Path]:
    """The path of each file of the mapping.

    A file given is ``main``, whatever its name; the others lie in its folder, under the name that
    their pattern gives for the same ``*`` (dev_inspections → dev_violations), or as the only file
    that fits. Raises InputRefused.
    """
    if not given.exists():
        raise InputRefused("no_such_file", f"找不到文件或文件夹「{given.name}」。请核对路径。")
    folder = given if given.is_dir() else given.parent
    found = {main: only(folder, files[main]) if given.is_dir() else given}
    stars = _stars(files[main], found[main].name)
    for name, pattern in files.items():
        if name != main:
            alike = folder / _filled(pattern, stars) if stars is not None else folder
            found[name] = alike if alike.is_file() else only(folder, pattern)
    return found


def only(folder: Path, pattern: str) -> Path:
    """The one file of a folder that fits a pattern. Raises InputRefused naming what there is."""
    fitting = sorted(path for path in folder.glob(pattern) if path.is_file())
    if len(fitting) == 1:
        return fitting[0]
    names = "、".join(path.name for path in fitting)
    said = f"有几个文件符合「{pattern}」：{names}" if fitting else f"没有文件符合「{pattern}」"
    raise InputRefused("map_file", f"「{folder.name}」里{said}。请用 --facts 指明其中一个文件。")


def _stars(pattern: str, name: str) -> list[str] | None:
    parts = "(.*)".join(re.escape(part) for part in pattern.split("*"))
    match = re.fullmatch(parts, name)
    return list(match.groups()) if match else None


def _filled(pattern: str, stars: list[str]) -> str:
    fill = iter(stars)
    return re.sub(r"\*", lambda _: next(fill, ""), pattern)
