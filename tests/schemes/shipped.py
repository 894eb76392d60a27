"""The shipped plans with their cases, as they stand in the tree."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.cases import run_case
from wenyou_core.scheme.cases import Case, Defaults, load_case_file, load_cases
from wenyou_core.scheme.check import Checked, check
from wenyou_core.scheme.load import load_plan

SCHEMES = Path(__file__).resolve().parents[2] / "src" / "wenyou_schemes"


def plan_names() -> list[str]:
    return sorted(path.parent.name for path in SCHEMES.glob("*/scheme.yaml"))


def case_files(plan: str) -> list[Path]:
    return sorted((SCHEMES / plan / "cases").glob("*.yaml"))


@cache
def checked(plan: str) -> Checked:
    """The plan, loaded and judged. Raises SchemeError with every fault."""
    path = SCHEMES / plan / "scheme.yaml"
    return check(load_plan(path.read_text("utf-8"), f"{plan}/{path.name}"))


@cache
def defaults(plan: str) -> Defaults:
    """What the cases of all files of a plan share."""
    values: dict[str, object] = {}
    tables: dict[str, object] = {}
    for path in case_files(plan):
        shared = load_case_file(path.read_text("utf-8"), _name(path)).defaults
        if not load_case_file(path.read_text("utf-8"), _name(path)).cases:
            values.update(shared.values)
            tables.update(shared.tables)
    return Defaults(values=values, tables=tables)  # type: ignore[arg-type]


def cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file, completed by the defaults of the plan."""
    plan = path.parent.parent.name
    return load_cases(path.read_text("utf-8"), _name(path), defaults(plan))


def disagreements(plan: str, case: Case) -> list[str]:
    return run_case(checked(plan), case, calendar=shipped_calendar())


def _name(path: Path) -> str:
    return path.relative_to(SCHEMES).as_posix()
