"""``./wenyou test [--long] [pytest words]``: the gates, then the whole suite on two processes.

With words for pytest only the tests they choose are run, without the gates.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from tools.check import check
from tools.tree import ROOT


def main(words: Sequence[str]) -> int:
    """Exit code 0 when gates and tests passed, else that of pytest, or 1 for a gate."""
    whole = all(word == "--long" for word in words)
    gates_passed = check() if whole else True
    command = [sys.executable, "-m", "pytest", *(["-n", "2", "-q"] if whole else []), *words]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if not gates_passed:
        print("检查（check）未通过，见最上面的说明。", file=sys.stderr)
    return code or (0 if gates_passed else 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
