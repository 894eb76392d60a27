"""New results in the places of the old ones: all of them or none, through a kill, too.

What lies in the places is first set aside in the stage as a second name of the same file, so that
each file is whole, old or new, at any moment. The marker names the stage from the first step to
the last; where it still does, the exchange was broken off, and what was set aside is put back.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from wenyou_core.errors import InputRefused
from wenyou_desk.machine import MACHINE, NO_PLACE
from wenyou_desk.outmarker import (
    MARKER,
    Begun,
    Files,
    Marker,
    digest_of,
    read_marker,
    save_marker,
)

ASIDE = f"{MARKER}.aside"
STAGES = ".wenyou-*.tmp"
_LISTED = 5


def shown(out: Path) -> str:
    """The folder's name, never the path of a machine."""
    return out.name or "当前文件夹"


def listed(names: Iterable[str]) -> str:
    """The first names, and that there are more."""
    known = sorted(set(names))
    return "、".join(f"「{name}」" for name in known[:_LISTED]) + "等" * (len(known) > _LISTED)


@dataclass(frozen=True, slots=True)
class Change:
    """New files, files that go, and what is ours meanwhile (old and new) and at the end."""

    new: list[str]
    gone: list[str]
    both: Files
    final: Files


def exchange(stage: Path, out: Path, change: Change) -> None:
    """Put the new files where they belong and take away what is gone; all of it or nothing.

    Until the last step the marker allows both old and new. Raises InputRefused where a file
    cannot be exchanged, after all was put back, or with the place where the old files are if that
    failed, too; OSError before anything was touched.
    """
    begun = _set_aside(stage, out, (*change.gone, *change.new))
    last = save_marker(stage / f"{MARKER}.last", Marker(change.final))
    first = save_marker(stage / f"{MARKER}.first", Marker(change.both, begun))
    first.replace(out / MARKER)
    name = MARKER
    try:
        for name in change.gone:
            (out / name).unlink(missing_ok=True)
        for name in change.new:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).replace(out / name)
        name = MARKER
        last.replace(out / MARKER)
    except OSError as error:
        left = _undo(stage, out, begun, change.both)
        raise InputRefused("out_in_use", _failed(stage, out, name, left, error)) from error


def clear(out: Path) -> None:
    """Put back what a killed run had begun to exchange, and remove what such runs left.

    Raises InputRefused where something cannot be put back, and says where it is.
    """
    for stage in sorted(out.glob(STAGES)):
        if not stage.is_dir():
            stage.unlink(missing_ok=True)
            continue
        try:
            marker = read_marker(out)
        except ValueError:  # told by those who ask what is ours
            marker = Marker({})
        if marker.begun and marker.begun.stage == stage.name:
            left = _undo(stage, out, marker.begun, marker.files)
            if left:
                text = (
                    f"文件夹「{shown(out)}」里上次没有换完的{listed(left)}没能恢复原样，没有写入；"
                    f"{_kept(stage, out)}"
                )
                raise InputRefused("out_in_use", text)
        discard(stage, out)


def discard(stage: Path, out: Path) -> None:
    """Remove a stage, but not where what it set aside is needed or may be."""
    if (stage / ASIDE).is_dir():
        try:
            begun = read_marker(out).begun
        except (OSError, ValueError):
            return
        if begun and begun.stage == stage.name:
            return
    shutil.rmtree(stage, ignore_errors=True)


def _set_aside(stage: Path, out: Path, names: Iterable[str]) -> Begun:
    """Keep what lies in the places, and the marker, under a second name; what was not there."""
    files: list[str] = []
    folders: set[str] = set()
    (stage / ASIDE).mkdir()
    for name in (MARKER, *names):
        place, aside = out / name, stage / ASIDE / name
        aside.parent.mkdir(parents=True, exist_ok=True)
        above = PurePath(name).parents
        folders.update(one.as_posix() for one in above if not (out / one).is_dir())
        if not os.path.lexists(place):
            files.append(name)
            continue
        try:
            os.link(place, aside, follow_symlinks=False)
        except (OSError, NotImplementedError):  # a file system without second names
            shutil.copy2(place, aside, follow_symlinks=False)
    return Begun(stage.name, tuple(files), tuple(folders))


def _undo(stage: Path, out: Path, begun: Begun, files: Files) -> list[str]:
    """Put back what an exchange had begun; the names where that failed. What others changed stays.

    It may be broken off and done again: the marker comes last.
    """
    left: list[str] = []
    for name in begun.files:
        if name != MARKER:
            with _noting(name, left):
                place = out / name
                if place.is_file() and not _changed(place, name, files):
                    place.unlink()
    for folder in sorted(begun.folders, key=len, reverse=True):
        with suppress(OSError):  # it holds something, or was not made
            (out / folder).rmdir()
    for aside in _within(stage / ASIDE):
        name = aside.relative_to(stage / ASIDE).as_posix()
        if name != MARKER:
            with _noting(name, left):
                if not _changed(out / name, name, files):
                    (out / name).parent.mkdir(parents=True, exist_ok=True)
                    aside.replace(out / name)
    if not left:
        with _noting(MARKER, left):
            if MARKER in begun.files:
                (out / MARKER).unlink(missing_ok=True)
            else:
                (stage / ASIDE / MARKER).replace(out / MARKER)
    return left


@contextmanager
def _noting(name: str, left: list[str]) -> Iterator[None]:
    """Go on past a name that fails, and note it."""
    try:
        yield
    except OSError:
        left.append(name)


def _changed(place: Path, name: str, files: Files) -> bool:
    """Whether a file is neither the old nor the new one: somebody wrote it since."""
    known = files[name].digests if name in files else ()
    return place.is_file() and digest_of(place) not in known


def _within(aside: Path) -> list[Path]:
    """What was set aside; a link is a file here, wherever it leads."""
    return sorted(path for path in aside.rglob("*") if path.is_symlink() or not path.is_dir())


def _kept(stage: Path, out: Path) -> str:
    return (
        f"原来的文件保存在「{shown(out)}/{stage.name}/{ASIDE}」里。"
        "请关掉打开这些文件的程序再运行一次，也可以自己从那里取回。"
    )


def _failed(stage: Path, out: Path, name: str, left: list[str], error: OSError) -> str:
    why = MACHINE.get(error.errno or 0, NO_PLACE)
    text = f"「{shown(out)}/{name}」不能替换（{why}，或正被别的程序打开），"
    if left:
        return f"{text}{listed(left)}没能恢复原样，{_kept(stage, out)}"
    return f"{text}原来的结果没有动。请关掉打开它的程序再运行一次，或另指一个文件夹。"
