"""What is kept of a run (测算): the result, and everything it was computed from.

With it a result can be explained, compared, and computed again years later without any other
file: the texts of plan and adoption, the values in force, the facts as known, and names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wenyou_core.assess.facts import FactBook
from wenyou_core.assess.leftout import LeftOut
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import value_at
from wenyou_core.assess.result import Result
from wenyou_core.errors import Fault
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import Period
from wenyou_desk.tables.loaded import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A parameter and its value on the last day of the run's period; None where unset."""

    name: str
    title: str
    article: str
    type: ValueType
    value: Value | None
    unit: str = ""
    digits: int = 0
    question: str = ""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table of a large run that stands in a file of its own beside result.json."""

    name: str  # entries, measures, awards, uncounted
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Total:
    """How many entries a rule has in a ledger and period, and their sum."""

    rule: str
    ledger: str
    period: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run with its inputs.

    ``book`` holds the facts as known at the run's moment. ``whole`` is False where a run was too
    large to keep them all: then only the facts that the result names are in it. Of a large run
    ``tables`` hold what the result does not, and ``totals`` what the entries come to.
    ``leftout`` is what the plan computes for other periods than the run holds.
    """

    result: Result
    period: Period
    plan_file: str
    plan_text: str
    adoption_file: str = ""
    adoption_text: str = ""
    values: tuple[InForce, ...] = ()
    unit_names: Mapping[str, str] = field(default_factory=dict)
    person_names: Mapping[str, str] = field(default_factory=dict)
    book: FactBook = field(default_factory=FactBook)
    whole: bool = True
    files: tuple[SourceFile, ...] = ()
    remarks: tuple[Fault, ...] = ()
    tables: tuple[TableFile, ...] = ()
    totals: tuple[Total, ...] = ()
    leftout: tuple[LeftOut, ...] = ()


def values_in_force(program: Program) -> tuple[InForce, ...]:
    """Every parameter of a program on the last day of its run, in the order of the plan."""
    return tuple(
        InForce(
            name=param.name,
            title=param.title,
            article=param.article,
            type=param.type,
            value=value_at(param, program.run.end),
            unit=param.unit,
            digits=param.digits,
            question=param.question,
        )
        for article in program.plan.articles
        for param in article.params.values()
    )
