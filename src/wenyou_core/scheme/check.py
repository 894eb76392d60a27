"""Whether a plan means something: names, types, digits, order. All faults are told at once.

``load.py`` has read the form; here the plan is judged as a whole. What the checks found out
about it stands in ``Checked``, so that ``bind`` need not ask again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from wenyou_core.errors import SchemeError
from wenyou_core.scheme.canon import digest
from wenyou_core.scheme.declared import check_deciding, check_declared
from wenyou_core.scheme.deeming import check_deem, check_exempt
from wenyou_core.scheme.depends import Read, check_circles, graph
from wenyou_core.scheme.grouping import Groups
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.measuring import MeasureType
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.outcoming import check_articles, check_outcomes
from wenyou_core.scheme.resolving import measures_of
from wenyou_core.scheme.rules import Deem, Exempt
from wenyou_core.scheme.ruling import Rulings
from wenyou_core.scheme.scope import DOUBLE_NAME, Scope, read_names


@dataclass(frozen=True, kw_only=True)  # without slots: the digest is worked out when asked for
class Checked:
    """A plan without faults, with what the checks learned of it.

    ``types`` of its measures; ``reads``: what every node and event rule looks at; ``order``:
    all of them, each after what it reads; ``scope`` finds things by name.
    """

    plan: Plan
    types: Mapping[str, MeasureType] = field(default_factory=dict)
    reads: Mapping[str, tuple[Read, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    scope: Scope

    @cached_property
    def digest(self) -> str:
        """The digest of the plan as it is written."""
        return digest(self.plan)


def check(plan: Plan) -> Checked:
    """Judge a plan as a whole.

    Unset parameters and table cells are no fault here: ``bind`` asks for those that a run needs.
    Raises SchemeError with every fault: file, line, article, what to do.
    """
    scope = read_names(plan)
    check_declared(scope)
    check_deciding(scope, _decided_by_plan(scope))
    measures = measures_of(scope)
    for name in scope.measures:
        measures.resolve(name)
    for rule in scope.rules.values():
        if isinstance(rule, Deem):
            check_deem(scope, rule)
        elif isinstance(rule, Exempt):
            check_exempt(scope, rule)
    rulings = Rulings(scope, measures)
    rulings.check()
    groups = Groups(scope, rulings)
    groups.limits()
    groups.sets()
    check_outcomes(scope, measures)
    check_articles(scope)
    reads = graph(scope)
    doubled = any(fault.code == DOUBLE_NAME for fault in scope.faults.found)
    order = () if doubled else check_circles(scope, reads)
    if scope.faults.found:
        raise SchemeError(scope.faults.found)
    types = {name: one for name, one in measures.types.items() if one is not None}
    return Checked(plan=plan, types=types, reads=reads, order=order, scope=scope)


def _decided_by_plan(scope: Scope) -> Mapping[str, str]:
    """Fact kinds whose period the plan's deciding date decides, with the first that says so."""
    found: dict[str, str] = {}
    for rule in scope.events():
        if not rule.date:
            found.setdefault(rule.on, rule.name)
    for one in scope.measures.values():
        if isinstance(one, FactMeasure) and not one.date:
            found.setdefault(one.facts, one.name)
    return found
