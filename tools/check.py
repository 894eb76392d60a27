"""``./wenyou check``: every gate that needs no test run, each with one line of outcome."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.tree import ROOT

LINTER = "from importlinter.cli import lint_imports_command as command; command()"


@dataclass(frozen=True, slots=True)
class Gate:
    """A named command whose exit code says whether the tree may pass."""

    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a gate said, and how long it took."""

    gate: Gate
    passed: bool
    output: str
    seconds: float

    def __str__(self) -> str:
        head = f"{'通过' if self.passed else '未通过'}  {self.gate.name}（{self.seconds:.1f} 秒）"
        return head if self.passed else f"{head}\n{self.output.rstrip()}"


# The slowest first: they run two at a time, and mypy itself on two processes.
GATES = (
    Gate("mypy --strict", ("-m", "mypy", "--no-error-summary", "--num-workers=2")),
    Gate("ruff format --check", ("-m", "ruff", "format", "--check", "--quiet", ".")),
    Gate("ruff check", ("-m", "ruff", "check", "--quiet", ".")),
    Gate("import-linter", ("-c", LINTER)),
    Gate("tools/budgets.py", ("-m", "tools.budgets")),
    Gate("tools/purity.py", ("-m", "tools.purity")),
    Gate("tools/addresses.py", ("-m", "tools.addresses")),
    Gate("tools/migrations.py", ("-m", "tools.migrations")),
)


def outcome_of(gate: Gate) -> Outcome:
    """Run one gate in the root of the repository."""
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, *gate.words],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Outcome(gate, done.returncode == 0, done.stdout, time.monotonic() - started)


def check(gates: Sequence[Gate] = GATES) -> bool:
    """Run all gates and print what they said; True when all passed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = list(pool.map(outcome_of, gates))
    for outcome in outcomes:
        print(outcome, flush=True)
    return all(outcome.passed for outcome in outcomes)


if __name__ == "__main__":
    sys.exit(0 if check() else 1)
