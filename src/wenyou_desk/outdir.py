"""A folder of results: written whole or not at all, and over nothing that is not ours.

A small marker names every file we wrote with its digest and the command that wrote it. What the
marker does not name, or what was changed since, belongs to somebody else and is left alone unless
``force`` says otherwise; a command removes and replaces only what it wrote itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path, PurePath
from secrets import token_hex

from wenyou_core.errors import InputRefused
from wenyou_desk.exchange import Change, clear, discard, exchange, listed, shown
from wenyou_desk.interrupts import ended_tidily, undisturbed
from wenyou_desk.machine import placing
from wenyou_desk.outmarker import MARKER, Files, Written, digest_of, read_marker

__all__ = ["MARKER", "left_of_others", "writing"]


@contextmanager
def writing(out: Path, *, force: bool = False, keep: bool = False, by: str = "") -> Iterator[Path]:
    """A new empty folder to fill; on success its files take their places in ``out``.

    Files that an earlier run of the same command (``by``) left and this one does not write again
    are removed, unless ``keep`` says that it only adds to them. What another command of ours
    wrote stays: where nothing else of ours lies there (the demo its books, say), or where a file
    of it is in the way, the run is refused. Raises InputRefused, too, when ``out`` holds files of
    others or changed ones, another run is writing there, or nothing can be made there, before
    anything is made. After a failure, an interruption or a signal ``out`` is as it was; what a
    killed run left is put right by the next.

    A signal that comes while the files take their places is forgotten, so this must be the last
    work of a command that takes long.
    """
    stage = out / f".wenyou-{os.getpid()}-{token_hex(4)}.tmp"
    with ended_tidily(), _alone(out):
        try:
            with placing(out):
                earlier = _check(out, by, force=force, keep=keep)
                stage.mkdir()
            yield stage
            with placing(out), undisturbed():
                _move(stage, out, by, earlier, force=force, keep=keep)
        finally:
            with undisturbed():
                discard(stage, out)


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Make the folder and hold it against other runs; what killed ones left there is put right.

    Where the system knows no such lock nothing is put right: the other run may be alive. Folders
    that were made are taken away again if nothing came into them, but never those of another run.
    """
    with placing(out):
        made = _made(out)
        held = os.open(out, os.O_RDONLY) if os.name == "posix" else None
    try:
        if held is not None and _locked(held, out):
            with placing(out):
                clear(out)
        yield
    except _Busy:
        made = []
        text = (
            f"文件夹「{shown(out)}」正由另一个命令写入，没有写入。"
            "请等它结束再运行一次，或另指一个文件夹。"
        )
        raise InputRefused("out_busy", text) from None
    finally:
        with undisturbed():
            _unmake(made)
            if held is not None:
                os.close(held)


class _Busy(Exception):
    """Another run holds the folder."""


def _locked(held: int, out: Path) -> bool:
    """Whether the folder is ours alone now; False on a file system without locks."""
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415 -- not on every system

    try:
        flock(held, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        raise _Busy from None
    except OSError:
        return False
    with placing(out):
        if not os.path.samestat(os.fstat(held), out.stat()):
            raise _Busy  # taken away and made again meanwhile
    return True


def _made(out: Path) -> list[Path]:
    """Make the folder with those above it; which ones were made, the innermost first."""
    if out.exists() and not out.is_dir():
        text = f"「{out.name}」是文件，不是文件夹。请给 --out 另指一个文件夹。"
        raise InputRefused("out_is_file", text)
    missing = list(takewhile(lambda one: not one.exists(), (out, *out.parents)))
    out.mkdir(parents=True, exist_ok=True)
    return missing


def _unmake(made: Iterable[Path]) -> None:
    for folder in made:
        if not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def left_of_others(out: Path, by: str) -> str:
    """The files in a folder that other commands of ours wrote, with these; empty without any."""
    found = _present(out, _ours(out, force=True))
    return _said_by({name: one for name, one in found.items() if not one.is_of(by)})


def _said_by(files: Files) -> str:
    """``demo 命令写出的「台账」``, of every command."""
    tops: dict[str, set[str]] = {}
    for name, one in files.items():
        tops.setdefault(one.by, set()).add(PurePath(name).parts[0])
    return "，".join(f"{by} 命令写出的{listed(names)}" for by, names in sorted(tops.items()))


def _present(out: Path, files: Files) -> Files:
    """Those that are still there."""
    there = _files(out)
    return {name: one for name, one in files.items() if name in there}


def _check(out: Path, by: str, *, force: bool, keep: bool) -> Files:
    """What earlier runs of ours left there; InputRefused where others' files are in the way."""
    earlier = _present(out, _ours(out, force=force))
    if force:
        return earlier
    others = _files(out) if not earlier else ()
    if others:
        text = (
            f"文件夹「{shown(out)}」里有别的文件（{listed(others)}），"
            "没有写入。请另指一个空文件夹，或确认后加 --force。"
        )
        raise InputRefused("out_not_ours", text)
    own = {name: one for name, one in earlier.items() if one.is_of(by)}
    if earlier and not own and not keep:
        text = (
            f"文件夹「{shown(out)}」里是 {_said_by(earlier)}，没有写入。"
            "请另指一个空文件夹，或确认后加 --force。"
        )
        raise InputRefused("out_not_ours", text)
    changed = [name for name, one in own.items() if digest_of(out / name) not in one.digests]
    if changed:
        text = (
            f"文件夹「{shown(out)}」里的{listed(changed)}在上次测算之后被改动过，没有覆盖。"
            "请先另存改动过的文件，或换一个文件夹，或加 --force。"
        )
        raise InputRefused("out_changed", text)
    return earlier


def _move(stage: Path, out: Path, by: str, earlier: Files, *, force: bool, keep: bool) -> None:
    """Put the new files in place. Until the last step the marker allows both old and new."""
    new = {name: Written((digest_of(stage / name),), by) for name in sorted(_files(stage))}
    others = {name: one for name, one in earlier.items() if not one.is_of(by)}
    alike = {name for name in others.keys() & new if digest_of(out / name) in new[name].digests}
    new = {name: one for name, one in new.items() if name not in alike}
    if not force:
        _refuse_taken(out, new, earlier, others)
    left = earlier if keep else others
    both = dict(earlier)
    for name, one in new.items():
        before = earlier[name].digests if name in earlier else ()
        both[name] = Written((*before, *one.digests), by)
    gone = earlier.keys() - left.keys() - new.keys()
    _refuse_shapes(out, new, gone)
    exchange(stage, out, Change(list(new), sorted(gone), both, {**left, **new}))
    for name in gone:
        with suppress(OSError):
            _remove_empty((out / name).parent, out)


def _refuse_shapes(out: Path, new: Iterable[str], gone: Iterable[str]) -> None:
    """InputRefused where a folder stands in the place of a file, or a file in that of a folder."""
    for name in new:
        place = out / name
        if place.is_dir() and not place.is_symlink():
            raise _misshapen(out, name, "文件夹", "文件")
        for above in PurePath(name).parents:
            held = out / above
            if held.exists() and not held.is_dir() and above.as_posix() not in gone:
                raise _misshapen(out, above.as_posix(), "文件", "文件夹")


def _misshapen(out: Path, name: str, found: str, wanted: str) -> InputRefused:
    text = (
        f"「{shown(out)}/{name}」是{found}，不是{wanted}，没有写入。"
        "请把它移走或改名，或另指一个文件夹。"
    )
    return InputRefused("out_not_ours", text)


def _refuse_taken(out: Path, new: Files, earlier: Files, others: Files) -> None:
    """InputRefused where a new file would lie over one of somebody else, or of another command."""
    over = {name: others[name] for name in new if name in others}
    strangers = [name for name in new if name not in earlier and os.path.lexists(out / name)]
    if not over and not strangers:
        return
    whose = f"别人的{listed(strangers)}" if strangers else f" {_said_by(over)}"
    text = f"文件夹「{shown(out)}」里已有{whose}，没有覆盖。请换一个文件夹，或加 --force。"
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


def _ours(out: Path, *, force: bool) -> Files:
    """What the marker names; InputRefused where it is broken, and nothing if that does not matter."""
    try:
        return read_marker(out).files
    except ValueError:
        if force:
            return {}
    text = f"「{shown(out)}/{MARKER}」不是完好的标记。请换一个文件夹，或加 --force。"
    raise InputRefused("out_marker", text)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
