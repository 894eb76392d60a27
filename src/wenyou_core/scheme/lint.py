"""The lint: faults of the plan itself, which a plan that loads can still have.

``check`` asks whether a plan means something; the lint asks whether it can be meant. It is
sound: *错误* is said only of what certainly cannot be so. What it cannot decide it leaves alone,
but for two rules on one event, which somebody must have chosen between.
"""

from __future__ import annotations

from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.lint_alike import check_alike
from wenyou_core.scheme.lint_amounts import check_amounts
from wenyou_core.scheme.lint_conditions import check_conditions, check_double_hits
from wenyou_core.scheme.lint_desk import Desk, Finding, Severity, numbers_of_params
from wenyou_core.scheme.lint_law import Law, check_law, load_law
from wenyou_core.scheme.lint_outcomes import check_outcomes
from wenyou_core.scheme.lint_rounded import check_rounded
from wenyou_core.scheme.lint_spans import find_spans
from wenyou_core.scheme.lint_targets import check_targets
from wenyou_core.scheme.lint_values import check_values
from wenyou_core.scheme.lint_weights import check_weights
from wenyou_core.scheme.model import Adoption
from wenyou_core.scheme.scope import read_names
from wenyou_core.scheme.sentence_names import Names

__all__ = ["Finding", "Law", "Severity", "lint", "load_law"]


def lint(
    checked: Checked, adoption: Adoption | None = None, law: Law | None = None
) -> tuple[Finding, ...]:
    """The findings on a plan, in the order of its lines, errors before hints on one line.

    With an ``adoption`` its values are put in first. Without a ``law`` (see ``load_law``) nothing
    is said of lawfulness. Raises SchemeError where the adoption does not fit the plan.
    """
    plan = adopt(checked, adoption)
    desk = Desk(
        plan=plan,
        scope=read_names(plan),
        types=checked.types,
        names=Names(plan),
        params=numbers_of_params(plan),
    )
    find_spans(desk)
    check_conditions(desk)
    check_double_hits(desk)
    check_alike(desk)
    check_amounts(desk)
    check_outcomes(desk)
    check_targets(desk)
    check_weights(desk)
    check_rounded(desk)
    check_values(desk, adoption)
    if law is not None:
        check_law(desk, adoption, law)
    unique = dict.fromkeys(desk.found)
    return tuple(sorted(unique, key=_order))


def _order(finding: Finding) -> tuple[str, int, bool, str, str]:
    place = finding.place
    hint = finding.severity is Severity.HINT
    return place.file, place.line, hint, finding.code, finding.text
