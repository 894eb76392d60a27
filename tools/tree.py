"""Which files belong to the repository: tracked ones and new ones that git does not ignore."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED = {".git", ".venv", "var", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
PASSING = ".mypy_worker."
"""How the files begin that mypy's processes make while they work."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that breaks a rule of the house, with the place to go to."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def files_of(root: Path) -> list[Path]:
    """All files of the tree at ``root``; an unpacked archive without git is walked."""
    command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
    if (root / ".git").exists():
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
        paths = [root / name for name in listed.split("\0") if name]
        return sorted(path for path in paths if path.is_file())
    return sorted(_walk(root))


def python_files_of(root: Path) -> list[Path]:
    """The Python files of the tree, the launcher among them."""
    launcher = root / "wenyou"
    return [path for path in files_of(root) if path.suffix == ".py" or path == launcher]


def report(findings: list[Finding], what: str) -> int:
    """Print the findings and one closing line; the exit code is 1 when there are any."""
    for finding in sorted(findings):
        print(finding)
    if findings:
        print(f"{what}：{len(findings)} 处不合规定。")
    return 1 if findings else 0


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in SKIPPED:
                yield from _walk(path)
        elif path.is_file() and not path.name.startswith(PASSING):
            yield path
