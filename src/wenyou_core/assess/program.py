"""The typed intermediate form: a plan, adopted, bound to the period of one run.

Both back ends read this and nothing else of a plan. ``bind`` (in ``bind.py``) makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.measuring import MeasureType
from wenyou_core.scheme.model import Adoption, ExclusionSet, Parameter, Plan, Table
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Deem, EventRule, Exempt, Limit, PeriodRule
from wenyou_core.worktime.periods import Period

__all__ = ["MeasureType", "Node", "Program"]

SAYS_WHOSE = ("unit", "person", "id")
"""Fields of a fact that say whose it is: what takes it out by one of them may stand anywhere."""

Node = MeasureDef | PeriodRule | Limit | Grade | Award | Target | Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A plan bound to one run.

    ``plan`` has the adoption's values, tables and roles put in. ``digits`` are the decimals of
    each ledger. ``order`` names the nodes of the period level (measures, period rules, limits,
    grades, awards, targets, obligations) so that each stands after what it reads; ``cells`` says
    for which periods each rule and node is computed (earlier ones only because something looks
    back), and ``reported`` which periods belong to the run. ``sequential`` names the nodes that
    the SQL compiler leaves to the reference on the reduced rows, with the reason in Chinese.
    ``params``, ``tables`` and ``sets`` are those of the plan by name.
    """

    plan: Plan
    adoption: Adoption | None
    run: Period
    plan_digest: str
    adoption_digest: str
    digits: Mapping[str, int]
    deems: tuple[Deem, ...] = ()
    exempts: tuple[Exempt, ...] = ()
    events: tuple[EventRule, ...] = ()
    nodes: Mapping[str, Node] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    types: Mapping[str, MeasureType] = field(default_factory=dict)
    cells: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    reported: frozenset[str] = frozenset()
    sequential: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Parameter] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
    sets: Mapping[str, ExclusionSet] = field(default_factory=dict)

    def stays_within(self, exempt: Exempt) -> bool:
        """Whether a fact under an adopting unit takes out only those under the same one.

        Not by a key that says whose fact it is, nor where the adoption names one unit only.
        """
        alone = self.adoption is not None and len(self.adoption.units) == 1
        return not alone and exempt.same.keys().isdisjoint(SAYS_WHOSE)
