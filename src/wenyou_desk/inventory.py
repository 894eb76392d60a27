"""Which requirements are proved by which test, and which are open.

The 310 requirements stand in ``docs/dev/requirements.csv``. A test says what it proves with
``@pytest.mark.proves("S000-18")``; a case of a plan says it with ``proves: [S000-18]``. Both are
read from their text: nothing is imported, so the list can be had without running a test.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import Fault, FaultsError, InputRefused, Place
from wenyou_desk.parser import path_said
from wenyou_desk.proofs import Proof, proofs_of_cases, proofs_of_tests

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
CSV = Path("docs/dev/requirements.csv")
COLUMNS = ("id", "plan", "article", "kind", "rule_kinds", "line")
KINDS = ("rule", "workflow", "registry", "schedule", "analytics", "report", "content")
ID = re.compile(r"S\d{3}-\d{2,3}[a-h]?")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row of the list: where it comes from and one line that says it."""

    id: str
    plan: str
    article: str
    kind: str
    rule_kinds: tuple[str, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """All requirements in their order, and the proofs of each."""

    requirements: Mapping[str, Requirement]
    proofs: Mapping[str, tuple[Proof, ...]]

    def of_plan(self, plan: str) -> list[Requirement]:
        """The requirements of a plan; of all plans when ``plan`` is empty."""
        return [each for each in self.requirements.values() if plan in ("", each.plan)]


def load_requirements(root: Path) -> dict[str, Requirement]:
    """The list of requirements below ``root``; raises FaultsError with every bad row."""
    name = CSV.as_posix()
    with (root / CSV).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    if not rows or tuple(rows[0]) != COLUMNS:
        text = f"表头不对，应为 {','.join(COLUMNS)}，请改正。"
        raise FaultsError("inventory", [Fault(Place(name, line=1), "header", text)])
    found: dict[str, Requirement] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], start=2):
        problem = _row_problem(row, found)
        if problem:
            faults.append(Fault(Place(name, line=number), "row", problem))
            continue
        key, plan, article, kind, rule_kinds, line = row
        found[key] = Requirement(key, plan, article, kind, tuple(rule_kinds.split()), line)
    if faults:
        raise FaultsError("inventory", faults)
    return found


def _row_problem(row: Sequence[str], found: Mapping[str, Requirement]) -> str:
    if len(row) != len(COLUMNS):
        return f"这一行有 {len(row)} 列，应为 {len(COLUMNS)} 列，请检查逗号和引号。"
    key, plan, article, kind, _, line = row
    if not ID.fullmatch(key):
        return f"编号「{key}」不合格式，应如 S000-18。"
    if key in found:
        return f"编号 {key} 重复，请删去一行。"
    if kind not in KINDS:
        return f"类别「{kind}」不认识，可用 {'、'.join(KINDS)}。"
    if not (plan and article and line):
        return f"编号 {key} 缺少方案、条款或说明，请补上。"
    return ""


def take_inventory(root: Path) -> Inventory:
    """The requirements below ``root`` with their proofs; raises FaultsError with every fault."""
    requirements = load_requirements(root)
    faults: list[Fault] = []
    proofs: defaultdict[str, set[Proof]] = defaultdict(set)
    for proof in (*proofs_of_tests(root, faults), *proofs_of_cases(root, faults)):
        if proof.requirement in requirements:
            proofs[proof.requirement].add(proof)
        else:
            text = f"编号「{proof.requirement}」不在 {CSV.as_posix()} 中，请核对编号。"
            faults.append(Fault(proof.place, "unknown-id", text))
    if faults:
        raise FaultsError("inventory", faults)
    return Inventory(requirements, {key: tuple(sorted(each)) for key, each in proofs.items()})


def render(inventory: Inventory, plan: str = "", *, only_open: bool = False) -> str:
    """The list as text: by plan, each requirement with its tests, the count last."""
    shown = inventory.of_plan(plan)
    lines: list[str] = []
    heading = ""
    for each in shown:
        tests = [proof.test for proof in inventory.proofs.get(each.id, ())]
        if only_open and tests:
            continue
        if each.plan != heading:
            heading = each.plan
            lines.append(heading)
        state = "已证明" if tests else "未证明"
        lines.append(f"  {each.id}  {state}  {each.kind}  {each.article}  {each.line}")
        lines.extend(f"    {test}" for test in dict.fromkeys(tests))
    proved = sum(1 for each in shown if each.id in inventory.proofs)
    lines.append(f"已证明 {proved} 条，未证明 {len(shown) - proved} 条，共 {len(shown)} 条")
    return "\n".join(lines) + "\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou inventory``."""
    parser.add_argument("--open", action="store_true", help="只列尚未证明的需求")
    parser.add_argument(
        "--plan", default="", metavar="方案", help="只列一个方案，如 jsb_sub_branch"
    )
    parser.add_argument(
        "--root", type=path_said, default=ROOT, metavar="目录", help="仓库的根目录，默认为本仓库"
    )


def run(args: argparse.Namespace) -> int:
    """Print the list; refuses when a test or a case names what does not exist."""
    root: Path = args.root
    if not (root / CSV).is_file():
        text = f"找不到 {CSV.as_posix()}：本命令要在完整的源码目录里运行。"
        raise InputRefused("no-list", text)
    inventory = take_inventory(root)
    plans = dict.fromkeys(each.plan for each in inventory.requirements.values())
    if args.plan and args.plan not in plans:
        text = f"没有方案「{args.plan}」，可选 {'、'.join(plans)}。"
        raise InputRefused("no-plan", text)
    sys.stdout.write(render(inventory, args.plan, only_open=args.open))
    return 0
