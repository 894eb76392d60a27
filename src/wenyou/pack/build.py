"""Gather the program, its wheels and their checksums into one folder.

The launcher sees ``wheels/`` beside itself and installs from there alone. The hashes of the
requirement files are checked at both ends.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from wenyou.environment import ROOT
from wenyou_core.errors import InputRefused

GROUPS = ("base", "assets", "notify")
WHEELS, SUMS = "wheels", "SHA256SUMS"
# What the program needs to run; tests and the workshop stay at home.
PROGRAM = (
    "wenyou", "src", "requirements", "docs", "examples", "README.md", "README.en.md",
    "CHANGELOG.md", "LICENSE", "NOTICE", "pyproject.toml",
)  # fmt: skip
LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc")
CHUNK = 1 << 20
Say = Callable[[str], None]
Download = Callable[[Sequence[str]], int]


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine, by the tags of the wheels that run on it; none: this one."""

    name: str
    title: str
    tags: tuple[str, ...]


def manylinux(architecture: str) -> tuple[str, ...]:
    """Tags from the oldest system to the newest that is common."""
    versions = ("2014", "_2_17", "_2_24", "_2_26", "_2_27", "_2_28", "_2_31", "_2_34")
    return tuple(f"manylinux{version}_{architecture}" for version in versions)


MACHINES = {
    "linux-x64": Machine("linux-x64", "Linux x86_64", manylinux("x86_64")),
    "linux-arm64": Machine("linux-arm64", "Linux ARM64", manylinux("aarch64")),
    "windows-x64": Machine("windows-x64", "Windows x64", ("win_amd64",)),
}


def pack(target: Path, machines: Sequence[Machine], python: str, say: Say, load: Download) -> int:
    """Write the folder; the number of wheels. Raises InputRefused; nothing half-made stays."""
    if target.exists() and any(target.iterdir()):
        raise InputRefused("pack-occupied", f"文件夹“{target}”不是空的，没有写入。请换一个。")
    part = target.with_name(target.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        copy_program(part)
        for machine in machines or (Machine("", "本机", ()),):
            say(f"正在收集 {machine.title} 的安装包……")
            if load(download_words(part / WHEELS, machine, python)) != 0:
                raise InputRefused(
                    "pack-download",
                    f"{machine.title} 的安装包没有收齐，没有写入任何文件。"
                    "请看上面的英文提示，检查网络或软件源设置后再运行一次。",
                )
        wheels = len(list((part / WHEELS).iterdir()))
        write_sums(part)
        if target.exists():
            target.rmdir()
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return wheels


def copy_program(part: Path) -> None:
    """The program's files as they are now."""
    part.mkdir(parents=True)
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, part / name, ignore=LEFT_OUT)
        elif source.exists():
            shutil.copy2(source, part / name)


def download_words(wheels: Path, machine: Machine, python: str) -> list[str]:
    """The words for pip: exactly the pinned files, wheels only."""
    words = ["download", "--quiet", "--no-input", "--require-hashes", "--no-deps"]
    words += ["--only-binary", ":all:", "--dest", str(wheels)]
    if machine.tags:
        words += ["--python-version", python, "--implementation", "cp"]
        for tag in (*machine.tags, "any"):
            words += ["--platform", tag]
    for group in GROUPS:
        words += ["-r", str(ROOT / "requirements" / f"{group}.txt")]
    return words


def pip(words: Sequence[str]) -> int:
    """Run pip, which is put into the environment when it is not there."""
    here = [sys.executable, "-m"]
    probe = subprocess.run([*here, "pip", "--version"], capture_output=True, check=False)
    if probe.returncode != 0:
        subprocess.run([*here, "ensurepip"], capture_output=True, check=False)
    return subprocess.run([*here, "pip", *words], stdout=sys.stderr, check=False).returncode


def write_sums(folder: Path) -> None:
    """Checksums of every file, in the form that ``sha256sum -c`` reads."""
    (folder / SUMS).write_text("".join(sums_of(folder)), encoding="utf-8")


def sums_of(folder: Path) -> Iterator[str]:
    """One line for each file but the list itself, in order of names."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != SUMS:
            digest = hashlib.sha256()
            with path.open("rb") as file:
                while block := file.read(CHUNK):
                    digest.update(block)
            yield f"{digest.hexdigest()}  {path.relative_to(folder).as_posix()}\n"
