"""Every case of every shipped plan is a test, named by its sentence.

They are collected with ``test_shipped_cases.py``: ``pytest tests/schemes -k 并列`` runs those
that speak of ties.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.schemes.shipped import SCHEMES, case_files, cases, disagreements, plan_names
from wenyou_core.errors import FaultsError
from wenyou_core.scheme.cases import Case


class Disagrees(AssertionError):
    """The outcome of a case is not what it says."""


class CaseItem(pytest.Item):
    """One case of a plan."""

    def __init__(self, *, plan: str, case: Case, **given: Any) -> None:
        super().__init__(**given)
        self.plan, self.case = plan, case
        self.add_marker(pytest.mark.proves(*case.proves))

    def runtest(self) -> None:
        found = disagreements(self.plan, self.case)
        if found:
            raise Disagrees("\n".join(found))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The sentences alone: a stack of frames helps nobody who wrote a plan."""
        if isinstance(excinfo.value, Disagrees | FaultsError):
            return f"{self.case.place}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return SCHEMES / self.plan, self.case.place.line - 1, f"{self.plan}: {self.case.name}"


class BrokenFile(pytest.Item):
    """A file of cases that does not load."""

    def __init__(self, *, error: FaultsError, **given: Any) -> None:
        super().__init__(**given)
        self.error = error

    def runtest(self) -> None:
        raise self.error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value)


class ShippedCases(pytest.Collector):
    """The cases of one plan."""

    def __init__(self, *, plan: str, **given: Any) -> None:
        super().__init__(**given)
        self.plan = plan

    def collect(self) -> Iterator[pytest.Item]:
        for path in case_files(self.plan):
            try:
                found = cases(path)
            except FaultsError as error:
                yield BrokenFile.from_parent(self, name=path.name, error=error)
                continue
            for case in found:
                yield CaseItem.from_parent(self, name=case.name, plan=self.plan, case=case)


class ShippedPlans(pytest.File):
    """All shipped plans."""

    def collect(self) -> Iterator[pytest.Collector]:
        for plan in plan_names():
            yield ShippedCases.from_parent(self, name=plan, plan=plan)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name != "test_shipped_cases.py":
        return None
    return ShippedPlans.from_parent(parent, path=file_path)
