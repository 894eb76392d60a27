"""A folder of results: written whole or not at all, and over nothing that is not ours.

A small marker names every file we wrote with its digest. What the marker does not name, or what
was changed since, belongs to somebody else and is left alone unless ``force`` says otherwise.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from wenyou_core.errors import InputRefused
from wenyou_desk.machine import placing

MARKER = ".wenyou-output.json"
_SCHEMA = "wenyou-output/1"
_LISTED = 5

Digests = dict[str, list[str]]  # file name (with /) → digests it may have


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run of ours left in a folder, and which command that was, if it is known."""

    files: Digests = field(default_factory=dict)
    by: str = ""

    def of_another(self, by: str) -> bool:
        """Whether another of our commands wrote it."""
        return bool(self.files and self.by and self.by != by)


@contextmanager
def writing(out: Path, *, force: bool = False, keep: bool = False, by: str = "") -> Iterator[Path]:
    """A new empty folder to fill; on success its files take their places in ``out``.

    Files of an earlier run of ours that this one does not write again are removed, unless
    ``keep`` says that this one only adds to them. ``by`` names who writes: what another of ours
    wrote (the demo its books, say) is refused like files of others, for it would be removed, and
    stays when forced. Raises InputRefused when ``out`` holds files of others or changed ones, or
    nothing can be made there, before anything is made.
    After a failure ``out`` is as it was.
    """
    stage = out / f".wenyou-{os.getpid()}.tmp"
    with placing(out):
        earlier = _check(out, force=force)
        mixed = earlier.of_another(by) and not keep
        if mixed:
            _refuse_another(out, earlier, force=force)
        made = not out.exists()
        out.mkdir(parents=True, exist_ok=True)
    try:
        with placing(out):
            stage.mkdir()
        yield stage
        with placing(out):
            before = Earlier(earlier.files, earlier.by or by)
            _move(stage, out, before, force=force, keep=keep or mixed)
            if mixed:  # what was forced in belongs to nobody: the other command must not remove it
                _write_marker(out, earlier)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
        if made and out.is_dir() and not any(out.iterdir()):
            out.rmdir()


def _shown(out: Path) -> str:
    """The folder's name, never the path of a machine."""
    return out.name or "当前文件夹"


def _refuse_another(out: Path, earlier: Earlier, *, force: bool) -> None:
    """What another of our commands wrote would be removed: InputRefused, unless forced."""
    if force:
        return
    named = sorted({PurePath(name).parts[0] for name in earlier.files})
    listed = "、".join(f"「{name}」" for name in named[:_LISTED])
    more = "等" if len(named) > _LISTED else ""
    text = (
        f"文件夹「{_shown(out)}」里是 {earlier.by} 命令写出的{listed}{more}，没有写入。"
        "请另指一个空文件夹，或确认后加 --force。"
    )
    raise InputRefused("out_not_ours", text)


def _check(out: Path, *, force: bool) -> Earlier:
    """What an earlier run of ours left there; InputRefused where others' files are in the way."""
    if not out.exists():
        return Earlier()
    if not out.is_dir():
        text = f"「{out.name}」是文件，不是文件夹。请给 --out 另指一个文件夹。"
        raise InputRefused("out_is_file", text)
    earlier = _read_marker(out, force=force)
    ours, present = earlier.files, _files(out)
    if force or not present:
        return earlier
    if not ours:
        listed = "、".join(f"「{name}」" for name in sorted(present)[:_LISTED])
        text = (
            f"文件夹「{_shown(out)}」里有别的文件（{listed}{'等' if len(present) > _LISTED else ''}），"
            "没有写入。请另指一个空文件夹，或确认后加 --force。"
        )
        raise InputRefused("out_not_ours", text)
    changed = [name for name in sorted(ours) if name in present and not _intact(out, name, ours)]
    if changed:
        listed = "、".join(f"「{name}」" for name in changed[:_LISTED])
        text = (
            f"文件夹「{_shown(out)}」里的{listed}在上次测算之后被改动过，没有覆盖。"
            "请先另存改动过的文件，或换一个文件夹，或加 --force。"
        )
        raise InputRefused("out_changed", text)
    return earlier


def _move(stage: Path, out: Path, earlier: Earlier, *, force: bool, keep: bool) -> None:
    """Put the new files in place. Until the last step the marker allows both old and new."""
    ours, by = earlier.files, earlier.by
    new = {name: [_digest(stage / name)] for name in sorted(_files(stage))}
    strangers = [name for name in new if (out / name).exists() and name not in ours]
    if strangers and not force:
        listed = "、".join(f"「{name}」" for name in strangers[:_LISTED])
        text = (
            f"文件夹「{_shown(out)}」里已有别人的{listed}，没有覆盖。请换一个文件夹，或加 --force。"
        )
        raise InputRefused("out_not_ours", text)
    both = {name: [*ours.get(name, []), *new.get(name, [])] for name in {*ours, *new}}
    _write_marker(out, Earlier(both, by))
    for name in new:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (stage / name).replace(out / name)
    if keep:
        _write_marker(out, Earlier({**ours, **new}, by))
        return
    for name in ours.keys() - new.keys():
        (out / name).unlink(missing_ok=True)
        _remove_empty((out / name).parent, out)
    _write_marker(out, Earlier(new, by))


def _files(folder: Path) -> set[str]:
    """Files beneath a folder, but for our marker and unfinished stages."""
    names = set()
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        unfinished = name.startswith(".wenyou-") and ".tmp" in name.split("/")[0]
        if name != MARKER and not unfinished and not path.is_dir():
            names.add(name)
    return names


def _intact(out: Path, name: str, ours: Mapping[str, list[str]]) -> bool:
    return _digest(out / name) in ours[name]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_marker(out: Path, *, force: bool) -> Earlier:
    try:
        found = json.loads((out / MARKER).read_bytes())
    except FileNotFoundError:
        return Earlier()
    except ValueError:
        found = None
    files = found.get("files") if isinstance(found, dict) else None
    if (
        not isinstance(files, dict)
        or found.get("schema") != _SCHEMA
        or not all(map(_inside, files))
    ):
        if force:
            return Earlier()
        text = f"「{_shown(out)}/{MARKER}」不是完好的标记。请换一个文件夹，或加 --force。"
        raise InputRefused("out_marker", text)
    return Earlier(files, str(found.get("by", "")))


def _inside(name: str) -> bool:
    """Whether a name stays within the folder: what a marker names may be removed."""
    path = PurePath(name)
    return not path.is_absolute() and not path.drive and ".." not in path.parts


def _write_marker(out: Path, now: Earlier) -> None:
    said = {"by": now.by, "files": now.files, "schema": _SCHEMA}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    temporary = out / f"{MARKER}.{os.getpid()}.tmp"
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(out / MARKER)


def _remove_empty(folder: Path, top: Path) -> None:
    while folder != top and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
