"""A folder of results: written whole or not at all, and over nothing that is not ours.

A small marker names every file we wrote with its digest and the command that wrote it. What the
marker does not name, or what was changed since, belongs to somebody else and is left alone unless
``force`` says otherwise; a command removes and replaces only what it wrote itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path, PurePath

from wenyou_core.errors import InputRefused
from wenyou_desk.interrupts import ended_tidily, undisturbed
from wenyou_desk.machine import MACHINE, NO_PLACE, placing

MARKER = ".wenyou-output.json"
_SCHEMA = "wenyou-output/2"
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Written:
    """A file of ours: the digests it may have, and the command that wrote it, if it is known."""

    digests: tuple[str, ...]
    by: str = ""

    def is_of(self, by: str) -> bool:
        """Whether a command may replace and remove it."""
        return self.by in ("", by)


Files = dict[str, Written]
"""What the marker names, by file name (with /)."""


@contextmanager
def writing(out: Path, *, force: bool = False, keep: bool = False, by: str = "") -> Iterator[Path]:
    """A new empty folder to fill; on success its files take their places in ``out``.

    Files that an earlier run of the same command (``by``) left and this one does not write again
    are removed, unless ``keep`` says that it only adds to them. What another command of ours
    wrote stays: where nothing else of ours lies there (the demo its books, say), or where a file
    of it is in the way, the run is refused. Raises InputRefused, too, when ``out`` holds files of
    others or changed ones, another run is writing there, or nothing can be made there, before
    anything is made. After a failure, an interruption or a signal ``out`` is as it was; what a killed
    run left is taken away by the next.
    """
    stage = out / f".wenyou-{os.getpid()}.tmp"
    with ended_tidily():
        with placing(out):
            earlier = _check(out, by, force=force, keep=keep)
            made = _made(out)
        try:
            with _alone(out):
                with placing(out):
                    stage.mkdir()
                yield stage
                with placing(out), undisturbed():
                    _move(stage, out, by, earlier, force=force, keep=keep)
        finally:
            with undisturbed():
                shutil.rmtree(stage, ignore_errors=True)
                _unmake(made)


def _made(out: Path) -> list[Path]:
    """Make the folder with those above it; which ones were made, the innermost first."""
    missing = list(takewhile(lambda one: not one.exists(), (out, *out.parents)))
    out.mkdir(parents=True, exist_ok=True)
    return missing


def _unmake(made: Iterable[Path]) -> None:
    for folder in made:
        if not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the folder against other runs; stages that lie there then are left of killed ones.

    Where the system knows no such lock, two runs at once are only told apart by their stages.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415 -- not on every system
    except ImportError:
        yield
        return
    with placing(out):
        held = os.open(out, os.O_RDONLY)
    try:
        try:
            flock(held, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            text = (
                f"文件夹「{_shown(out)}」正由另一个命令写入，没有写入。"
                "请等它结束再运行一次，或另指一个文件夹。"
            )
            raise InputRefused("out_busy", text) from None
        except OSError:
            pass  # a file system without locks
        else:
            for left in out.glob(".wenyou-*.tmp"):
                if left.is_dir():
                    shutil.rmtree(left, ignore_errors=True)
                else:
                    left.unlink(missing_ok=True)
        yield
    finally:
        os.close(held)


def left_of_others(out: Path, by: str) -> str:
    """The files in a folder that other commands of ours wrote, with these; empty without any."""
    found = _present(out, _read_marker(out, force=True))
    return _said_by({name: one for name, one in found.items() if not one.is_of(by)})


def _shown(out: Path) -> str:
    """The folder's name, never the path of a machine."""
    return out.name or "当前文件夹"


def _listed(names: Iterable[str]) -> str:
    """The first names, and that there are more."""
    known = sorted(set(names))
    return "、".join(f"「{name}」" for name in known[:_LISTED]) + "等" * (len(known) > _LISTED)


def _said_by(files: Files) -> str:
    """``demo 命令写出的「台账」``, of every command."""
    tops: dict[str, set[str]] = {}
    for name, one in files.items():
        tops.setdefault(one.by, set()).add(PurePath(name).parts[0])
    return "，".join(f"{by} 命令写出的{_listed(names)}" for by, names in sorted(tops.items()))


def _present(out: Path, files: Files) -> Files:
    """Those that are still there."""
    there = _files(out)
    return {name: one for name, one in files.items() if name in there}


def _check(out: Path, by: str, *, force: bool, keep: bool) -> Files:
    """What earlier runs of ours left there; InputRefused where others' files are in the way."""
    if not out.exists():
        return {}
    if not out.is_dir():
        text = f"「{out.name}」是文件，不是文件夹。请给 --out 另指一个文件夹。"
        raise InputRefused("out_is_file", text)
    earlier = _present(out, _read_marker(out, force=force))
    if force:
        return earlier
    others = _files(out) if not earlier else ()
    if others:
        text = (
            f"文件夹「{_shown(out)}」里有别的文件（{_listed(others)}），"
            "没有写入。请另指一个空文件夹，或确认后加 --force。"
        )
        raise InputRefused("out_not_ours", text)
    own = {name: one for name, one in earlier.items() if one.is_of(by)}
    if earlier and not own and not keep:
        text = (
            f"文件夹「{_shown(out)}」里是 {_said_by(earlier)}，没有写入。"
            "请另指一个空文件夹，或确认后加 --force。"
        )
        raise InputRefused("out_not_ours", text)
    changed = [name for name, one in own.items() if _digest(out / name) not in one.digests]
    if changed:
        text = (
            f"文件夹「{_shown(out)}」里的{_listed(changed)}在上次测算之后被改动过，没有覆盖。"
            "请先另存改动过的文件，或换一个文件夹，或加 --force。"
        )
        raise InputRefused("out_changed", text)
    return earlier


def _move(stage: Path, out: Path, by: str, earlier: Files, *, force: bool, keep: bool) -> None:
    """Put the new files in place. Until the last step the marker allows both old and new."""
    new = {name: Written((_digest(stage / name),), by) for name in sorted(_files(stage))}
    others = {name: one for name, one in earlier.items() if not one.is_of(by)}
    alike = {name for name in others.keys() & new if _digest(out / name) in new[name].digests}
    new = {name: one for name, one in new.items() if name not in alike}
    if not force:
        _refuse_taken(out, new, earlier, others)
    left = earlier if keep else others
    both = dict(earlier)
    for name, one in new.items():
        before = earlier[name].digests if name in earlier else ()
        both[name] = Written((*before, *one.digests), by)
    gone = earlier.keys() - left.keys() - new.keys()
    marker = out / MARKER
    said = marker.read_bytes() if marker.exists() else None
    _write_marker(out, both)
    try:
        _exchange(stage, out, new, gone)
    except InputRefused:
        marker.unlink() if said is None else marker.write_bytes(said)
        raise
    for name in gone:
        _remove_empty((out / name).parent, out)
    _write_marker(out, {**left, **new})


def _exchange(stage: Path, out: Path, new: Iterable[str], gone: Iterable[str]) -> None:
    """Put the new files where they belong and take away what is gone; all of it or nothing."""
    aside = stage / f"{MARKER}.aside"
    done: list[str] = []
    try:
        for name in (*gone, *new):
            done.append(name)
            _replace(stage / name, out / name, aside / name)
    except OSError as error:
        for name in reversed(done):
            if (aside / name).exists():
                (aside / name).replace(out / name)
            elif name != done[-1]:
                (out / name).unlink(missing_ok=True)
        why = MACHINE.get(error.errno or 0, NO_PLACE)
        text = (
            f"「{_shown(out)}/{done[-1]}」不能替换（{why}，或正被别的程序打开），原来的结果没有动。"
            "请关掉打开它的程序再运行一次，或另指一个文件夹。"
        )
        raise InputRefused("out_in_use", text) from error


def _replace(new: Path, place: Path, aside: Path) -> None:
    """Put a file, if there is one, into its place, and what lay there aside."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.is_symlink() or place.is_file():
        aside.parent.mkdir(parents=True, exist_ok=True)
        place.replace(aside)
    if new.exists():
        new.replace(place)


def _refuse_taken(out: Path, new: Files, earlier: Files, others: Files) -> None:
    """InputRefused where a new file would lie over one of somebody else, or of another command."""
    over = {name: others[name] for name in new if name in others}
    strangers = [name for name in new if name not in earlier and (out / name).exists()]
    if not over and not strangers:
        return
    whose = f"别人的{_listed(strangers)}" if strangers else f" {_said_by(over)}"
    text = f"文件夹「{_shown(out)}」里已有{whose}，没有覆盖。请换一个文件夹，或加 --force。"
    raise InputRefused("out_not_ours", text)


def _files(folder: Path) -> set[str]:
    """Files beneath a folder, but for our marker and unfinished stages."""
    names = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        unfinished = name.startswith(".wenyou-") and ".tmp" in name.split("/")[0]
        if name != MARKER and not unfinished and not path.is_dir():
            names.add(name)
    return names


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_marker(out: Path, *, force: bool) -> Files:
    try:
        found = json.loads((out / MARKER).read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        found = None
    files = _named_in(found)
    if files is not None:
        return files
    if force:
        return {}
    text = f"「{_shown(out)}/{MARKER}」不是完好的标记。请换一个文件夹，或加 --force。"
    raise InputRefused("out_marker", text)


def _named_in(found: object) -> Files | None:
    """What a marker names; None where it is not sound. The first kind had one command for all."""
    match found:
        case {"schema": "wenyou-output/2", "files": dict(files), "by": dict(by)}:
            pass
        case {"schema": "wenyou-output/1", "files": dict(files), **rest}:
            by = dict.fromkeys(files, rest.get("by", ""))
        case _:
            return None
    if not all(isinstance(one, list) for one in files.values()) or not all(map(_inside, files)):
        return None
    return {name: Written(tuple(one), str(by.get(name, ""))) for name, one in files.items()}


def _inside(name: str) -> bool:
    """Whether a name stays within the folder: what a marker names may be removed."""
    path = PurePath(name)
    return not path.is_absolute() and not path.drive and ".." not in path.parts


def _write_marker(out: Path, now: Files) -> None:
    said = {
        "by": {name: one.by for name, one in now.items() if one.by},
        "files": {name: one.digests for name, one in now.items()},
        "schema": _SCHEMA,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    temporary = out / f"{MARKER}.{os.getpid()}.tmp"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(out / MARKER)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
