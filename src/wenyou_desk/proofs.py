"""Reading which requirements the tests and the cases of plans say they prove.

Test files are read with ``ast`` and cases as YAML nodes: nothing is imported or constructed, so a
broken test or an unheard tag cannot stop the reading of the rest.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import Fault, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import yaml

TESTS = Path("tests")
SCHEMES = Path("src/wenyou_schemes")


@dataclass(frozen=True, slots=True, order=True)
class Proof:
    """A test or a case that says it proves a requirement."""

    requirement: str
    test: str
    place: Place


def proofs_of_tests(root: Path, faults: list[Fault]) -> Iterator[Proof]:
    """Proofs named by pytest markers in the test files below ``root``."""
    for file, text in _texts(root, root.joinpath(TESTS).rglob("test_*.py"), faults):
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            place = Place(file, line=error.lineno or 0)
            faults.append(Fault(place, "syntax", "测试文件有语法错误，读不出标记，请先改正。"))
            continue
        for call, names in _markers(tree):
            place = Place(file, line=call.lineno)
            if not _collected(names):
                text_of = f"标记写在「{'.'.join(names)}」上，pytest 不会运行它，请移到测试函数上。"
                faults.append(Fault(place, "not-a-test", text_of))
                continue
            ids = [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
            test = "::".join((file, *names))
            yield from _proofs(ids if not call.keywords else [], test, place, faults)


def _markers(tree: ast.Module) -> Iterator[tuple[ast.Call, tuple[str, ...]]]:
    """Every ``pytest.mark.proves(...)`` with the names of what it stands on, outermost first."""
    waiting: list[tuple[ast.AST, tuple[str, ...]]] = [(tree, ())]
    while waiting:
        node, names = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = (*names, node.name)
        elif isinstance(node, ast.Call) and _is_marker(node.func):
            yield node, names
        waiting.extend((child, names) for child in ast.iter_child_nodes(node))


def _is_marker(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Attribute) and node.attr == "proves"):
        return False
    mark = node.value
    return getattr(mark, "attr", getattr(mark, "id", "")) == "mark"


def _collected(names: tuple[str, ...]) -> bool:
    """Whether pytest collects what carries these names; no names means the whole file."""
    return not names or (
        all(name.startswith("Test") for name in names[:-1])
        and names[-1].startswith(("test", "Test"))
    )


def proofs_of_cases(root: Path, faults: list[Fault]) -> Iterator[Proof]:
    """Proofs named by the cases of the plans below ``root``."""
    import yaml  # noqa: PLC0415 -- slow import

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for file, text in _texts(root, root.joinpath(SCHEMES).glob("*/cases/*.yaml"), faults):
        try:
            documents = list(yaml.compose_all(text, Loader=loader))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = Place(file, line=mark.line + 1 if mark else 0)
            faults.append(Fault(place, "yaml", "用例文件不是合格的 YAML，请先改正。"))
            continue
        for node in _mappings(documents):
            yield from _case_proofs(file, node, faults)


def _mappings(documents: Iterable[yaml.Node | None]) -> Iterator[yaml.MappingNode]:
    """Every mapping of the composed documents; tags are left alone, so none is refused."""
    import yaml  # noqa: PLC0415 -- slow import

    waiting: list[yaml.Node] = [node for node in documents if node is not None]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            waiting.extend(value for _, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(node.value)


def _case_proofs(file: str, node: yaml.MappingNode, faults: list[Fault]) -> Iterator[Proof]:
    import yaml  # noqa: PLC0415 -- slow import

    fields = {key.value: value for key, value in node.value if isinstance(key, yaml.ScalarNode)}
    listed = fields.get("proves")
    if listed is None:
        return
    place = Place(file, line=listed.start_mark.line + 1)
    name = fields.get("name")
    if not isinstance(name, yaml.ScalarNode) or not name.value.strip():
        faults.append(Fault(place, "no-name", "写了 proves 的用例没有 name，请给它一句话的名称。"))
        return
    items = listed.value if isinstance(listed, yaml.SequenceNode) else []
    ids = [item.value if isinstance(item, yaml.ScalarNode) else None for item in items]
    yield from _proofs(ids, f"{file}::{name.value}", place, faults)


def _proofs(ids: Sequence[object], test: str, place: Place, faults: list[Fault]) -> Iterator[Proof]:
    if not ids or not all(isinstance(each, str) for each in ids):
        text = "proves 要列出至少一个编号，并且直接写出，例如 S000-18，请改正。"
        faults.append(Fault(place, "no-id", text))
        return
    for each in ids:
        yield Proof(str(each), test, place)


def _texts(root: Path, files: Iterable[Path], faults: list[Fault]) -> Iterator[tuple[str, str]]:
    """The files that speak of proofs at all, with their names below ``root``, in order."""
    for file in sorted(files):
        name = file.relative_to(root).as_posix()
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            faults.append(Fault(Place(name), "encoding", "文件不是 UTF-8 编码，请另存为 UTF-8。"))
            continue
        if "proves" in text:
            yield name, text
