"""The marker in a folder of results: which files are ours, and an exchange that has begun.

It names every file we wrote with its digest and the command that wrote it. While new files take
their places it also names the stage they come from; so a run that was killed then is found out.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePath

MARKER = ".wenyou-output.json"
_SCHEMA = "wenyou-output/2"


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


@dataclass(frozen=True, slots=True)
class Begun:
    """An exchange that is not finished: its stage, and what was not there before it."""

    stage: str
    files: tuple[str, ...]
    folders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Marker:
    """What a marker says."""

    files: Files
    begun: Begun | None = None


def read_marker(out: Path) -> Marker:
    """What the marker of a folder says; nothing without one. Raises ValueError if it is broken."""
    try:
        found = json.loads((out / MARKER).read_bytes())
    except FileNotFoundError:
        return Marker({})
    files = _named_in(found)
    if files is None:
        raise ValueError(MARKER)
    return Marker(files, _begun_in(found.get("exchange")))


def save_marker(path: Path, marker: Marker) -> Path:
    """Write a marker to a file, past what the system holds back."""
    said: dict[str, object] = {
        "by": {name: one.by for name, one in marker.files.items() if one.by},
        "files": {name: one.digests for name, one in marker.files.items()},
        "schema": _SCHEMA,
    }
    if begun := marker.begun:
        said["exchange"] = {
            "files": begun.files,
            "folders": begun.folders,
            "stage": begun.stage,
        }
    with path.open("wb") as file:
        file.write(json.dumps(said, ensure_ascii=False, sort_keys=True).encode())
        file.flush()
        os.fsync(file.fileno())
    return path


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _begun_in(found: object) -> Begun | None:
    match found:
        case None:
            return None
        case {"stage": str(stage), "files": list(files), "folders": list(folders)}:
            if all(isinstance(name, str) and _inside(name) for name in (*files, *folders)):
                return Begun(stage, tuple(files), tuple(folders))
    raise ValueError(MARKER)


def _inside(name: str) -> bool:
    """Whether a name stays within the folder: what a marker names may be removed."""
    path = PurePath(name)
    return not path.is_absolute() and not path.drive and ".." not in path.parts
