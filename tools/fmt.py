"""``./wenyou fmt``: format the tree and mend what ruff can mend by itself."""

from __future__ import annotations

import subprocess
import sys

from tools.tree import ROOT


def main(words: list[str]) -> int:
    """Format and mend the named files, or the whole tree."""
    ruff = [sys.executable, "-m", "ruff"]
    paths = words or ["."]
    mended = subprocess.run([*ruff, "check", "--fix", "--quiet", *paths], cwd=ROOT, check=False)
    formatted = subprocess.run([*ruff, "format", "--quiet", *paths], cwd=ROOT, check=False)
    return mended.returncode or formatted.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
