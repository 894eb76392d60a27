"""The core decides from what it is handed: no clock, no luck, no binary fractions.

Only what can be seen in the text of a module is found: a call of a clock, a draw from the
shared random generator, a ``float()`` or a literal with a point.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeGuard

from tools.tree import ROOT, Finding, python_files_of, report

CORE = "src/wenyou_core/"
CLOCKS = {"now", "today", "utcnow"}
TIME_CLOCKS = {"time", "time_ns", "localtime", "gmtime"}
# Modules that may use binary fractions, each with the reason; the list may only shrink.
FLOATS_ALLOWED: Mapping[str, str] = {}


def findings_in(tree: ast.Module, path: str) -> Iterator[Finding]:
    """What makes one module of the core impure."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from _call_findings(node, path)
        elif isinstance(node, ast.ImportFrom) and node.module == "random":
            names = {alias.name for alias in node.names} - {"Random"}
            if names:
                yield Finding(path, node.lineno, "draws from the shared random generator")
        elif _is_float(node) and path not in FLOATS_ALLOWED:
            yield Finding(path, node.lineno, "a binary fraction; use Decimal or integers")


def _is_float(node: ast.AST) -> TypeGuard[ast.Constant]:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _call_findings(node: ast.Call, path: str) -> Iterator[Finding]:
    function = node.func
    if isinstance(function, ast.Name) and function.id == "float" and path not in FLOATS_ALLOWED:
        yield Finding(path, node.lineno, "float(); use Decimal or integers")
    if not isinstance(function, ast.Attribute):
        return
    owner = function.value.id if isinstance(function.value, ast.Name) else ""
    if function.attr in CLOCKS or (owner == "time" and function.attr in TIME_CLOCKS):
        yield Finding(path, node.lineno, "reads the clock; take the moment as an argument")
    if owner == "random" and function.attr != "Random":
        yield Finding(path, node.lineno, "draws from the shared random generator")


def findings_under(root: Path) -> list[Finding]:
    """What makes the core of the tree at ``root`` impure."""
    found: list[Finding] = []
    for file in python_files_of(root):
        path = file.relative_to(root).as_posix()
        if path.startswith(CORE):
            found += findings_in(ast.parse(file.read_text(encoding="utf-8")), path)
    return found


if __name__ == "__main__":
    sys.exit(report(findings_under(ROOT), "纯净"))
