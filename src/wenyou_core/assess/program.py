"""The typed intermediate form: a plan, adopted, bound to the period of one run.

Both back ends read this and nothing else of a plan. ``bind`` (in ``bind.py``) makes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.model import Adoption, Plan
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Deem, EventRule, Exempt, Limit, PeriodRule
from wenyou_core.scheme.words import PeriodKind
from wenyou_core.worktime.periods import Period

Node = MeasureDef | PeriodRule | Limit | Grade | Award | Target | Obligation


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureType:
    """What a measure is: whose, of which period kind, and how exact.

    ``digits`` counts decimals of an exact value; None means an unrounded ratio.
    """

    population: str
    period: PeriodKind
    digits: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A plan bound to one run.

    ``plan`` has the adoption's values, tables and roles put in. ``digits`` are the decimals of
    each ledger. ``order`` names the nodes of the period level (measures, period rules, limits,
    grades, awards, targets, obligations) so that each stands after what it reads; ``cells`` says
    for which periods each rule and node is computed (earlier ones only because something looks
    back), and ``reported`` which periods belong to the run. ``sequential`` names the nodes that
    the SQL compiler leaves to the reference on the reduced rows, with the reason in Chinese.
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
