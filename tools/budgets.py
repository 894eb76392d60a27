"""The size budgets: lines of a file and of a function, arguments, docstrings of the core.

Lines of a function are counted without its docstring, so that nobody saves on explaining.
An exception names the exact figure of today and a reason; the list may only shrink, so a
figure that has become smaller, or is no longer over the limit, is a finding too.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.tree import ROOT, Finding, python_files_of, report

FILE_LINES = 400
FUNCTION_LINES = 60
CORE_FUNCTION_LINES = 40
POSITIONAL_ARGUMENTS = 5
CORE = "src/wenyou_core/"
MADE_BY_DJANGO = "/migrations/"
REASONLESS = re.compile(r"#\s*noqa\b(?!:\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*\s+--\s+\S)")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Allowance:
    """A figure over the limit that is borne for now, and why."""

    figure: int
    reason: str


# Key: "path" for the lines of a file, "path::function" for the lines of a function.
EXCEPTIONS: Mapping[str, Allowance] = {}


@dataclass(frozen=True, slots=True)
class Measure:
    """A counted figure, where it was counted, and its limit."""

    key: str
    path: str
    line: int
    what: str
    figure: int
    limit: int


def measures_of(tree: ast.Module, path: str, lines: int) -> Iterator[Measure]:
    """Every figure of one module that a budget limits."""
    yield Measure(path, path, 1, "lines in the file", lines, FILE_LINES)
    limit = CORE_FUNCTION_LINES if path.startswith(CORE) else FUNCTION_LINES
    for name, function in functions_of(tree):
        key = f"{path}::{name}"
        what = f"lines in {name}()"
        yield Measure(key, path, function.lineno, what, code_lines(function), limit)


def functions_of(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    """All functions with their dotted names, inner ones and methods too."""
    for node in ast.iter_child_nodes(tree):
        name = prefix
        if isinstance(node, Function | ast.ClassDef):
            name = f"{prefix}.{node.name}" if prefix else node.name
            if not isinstance(node, ast.ClassDef):
                yield name, node
        yield from functions_of(node, name)


def code_lines(function: Function) -> int:
    """Lines from ``def`` to the end, less those of the docstring."""
    last = function.end_lineno or function.lineno
    lines = last - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def over_budget(measures: list[Measure], exceptions: Mapping[str, Allowance]) -> Iterator[Finding]:
    """Figures over their limit, and allowances that are larger than what they allow."""
    seen = set()
    for measure in measures:
        allowance = exceptions.get(measure.key)
        if allowance is None:
            if measure.figure > measure.limit:
                text = f"{measure.figure} {measure.what}, limit {measure.limit}"
                yield Finding(measure.path, measure.line, text)
            continue
        seen.add(measure.key)
        if measure.figure != allowance.figure or measure.figure <= measure.limit:
            text = f"{measure.figure} {measure.what}; the exception says {allowance.figure}"
            yield Finding(measure.path, measure.line, text)
    for key in exceptions.keys() - seen:
        yield Finding(key, 1, "an exception for something that is gone")


def argument_findings(tree: ast.Module, path: str) -> Iterator[Finding]:
    """Functions with so many arguments by position that a call cannot be read."""
    for name, function in functions_of(tree):
        given = [argument.arg for argument in function.args.posonlyargs + function.args.args]
        count = len(given) - (given[:1] in (["self"], ["cls"]))
        if count > POSITIONAL_ARGUMENTS:
            text = f"{name}() takes {count} arguments by position, limit {POSITIONAL_ARGUMENTS}"
            yield Finding(path, function.lineno, text)


def docstring_findings(tree: ast.Module, path: str) -> Iterator[Finding]:
    """Public functions and methods of the core, and its modules, that explain nothing."""
    if not path.startswith(CORE):
        return
    if ast.get_docstring(tree) is None:
        yield Finding(path, 1, "module of the core without docstring")
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        if isinstance(node, ast.ClassDef) and node.name.startswith("_"):
            continue
        for member in members:
            if isinstance(member, Function) and needs_docstring(member):
                text = f"public function {member.name}() of the core without docstring"
                yield Finding(path, member.lineno, text)


def needs_docstring(function: Function) -> bool:
    """Public, not an overload, and silent."""
    if function.name.startswith("_") or ast.get_docstring(function) is not None:
        return False
    names = {ast.unparse(decorator) for decorator in function.decorator_list}
    return not names & {"overload", "typing.overload", "override", "property"}


def reasonless_findings(source: str, path: str) -> Iterator[Finding]:
    """Suppressions that name no code or give no reason."""
    for number, line in enumerate(source.splitlines(), start=1):
        if REASONLESS.search(line):
            yield Finding(path, number, "a noqa without code or reason (CODE -- reason)")


def findings_under(root: Path, exceptions: Mapping[str, Allowance]) -> list[Finding]:
    """All that breaks a budget in the tree at ``root``."""
    found: list[Finding] = []
    measures: list[Measure] = []
    for file in python_files_of(root):
        path = file.relative_to(root).as_posix()
        if MADE_BY_DJANGO in path:
            continue
        source = file.read_text(encoding="utf-8")
        tree = ast.parse(source, filename=path)
        measures += measures_of(tree, path, len(source.splitlines()))
        found += argument_findings(tree, path)
        found += docstring_findings(tree, path)
        found += reasonless_findings(source, path)
    return [*found, *over_budget(measures, exceptions)]


if __name__ == "__main__":
    sys.exit(report(findings_under(ROOT, EXCEPTIONS), "篇幅"))
