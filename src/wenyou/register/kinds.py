"""The kinds of facts of an adopted plan: their titles, sheets and fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wenyou.errors import NotFound
from wenyou.schemes import queries
from wenyou_core.assess.facts import DECISION
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.facts.orgsheets import OPENINGS
from wenyou_desk.facts.sheets import DECISION_TITLE, decision_sheet, fact_sheet

if TYPE_CHECKING:
    from wenyou.schemes.models import Adoption
    from wenyou_core.scheme.model import Plan
    from wenyou_desk.tables.spec import ColumnSpec, SheetSpec

OPENING_TITLE = "期初余额"
# What every fact has by itself; everything else is the kind's own.
BUILT_IN = frozenset(
    {"id", "unit", "person", "happened", "at", "known", "recorded", "state", "evidence"}
)


@dataclass(frozen=True, slots=True)
class FactKindOf:
    """A kind of facts under an adoption."""

    name: str
    title: str
    sheet: SheetSpec
    subjects: tuple[SubjectKind, ...]
    person_required: bool = False

    @property
    def fields(self) -> tuple[ColumnSpec, ...]:
        """The columns that the plan declares for the kind."""
        return tuple(one for one in self.sheet.columns if one.name not in BUILT_IN)

    @property
    def unit_required(self) -> bool:
        """Whether a fact must name a unit."""
        return bool(self.subjects) and self.subjects[0] is SubjectKind.UNIT


def plan_of(adoption: Adoption) -> Plan:
    """The plan of an adoption, as its author wrote it."""
    return queries.plan_of(adoption).plan


def kinds_of(adoption: Adoption) -> dict[str, FactKindOf]:
    """Every kind that may be registered, decisions last."""
    plan = plan_of(adoption)
    found = {
        name: FactKindOf(
            name, kind.title, fact_sheet(name, kind, plan), kind.subjects, kind.person_required
        )
        for name, kind in plan.facts.items()
    }
    found[DECISION] = FactKindOf(DECISION, DECISION_TITLE, decision_sheet(plan), ())
    return found


def kind_of(adoption: Adoption, name: str) -> FactKindOf:
    """One kind. Raises NotFound."""
    found = kinds_of(adoption).get(name)
    if found is None:
        raise NotFound("这类事项")
    return found


def titles_of(adoption: Adoption) -> dict[str, str]:
    """Titles of all kinds that the register holds."""
    return {
        **{name: kind.title for name, kind in plan_of(adoption).facts.items()},
        DECISION: DECISION_TITLE,
        OPENINGS: OPENING_TITLE,
    }
