"""What sums of a ledger are worth in another, where the plan declares a rate.

Shown beside, never added: ledgers stay apart, and a conversion is no entry.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Who, who
from wenyou_core.assess.result import Result
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.texts import parse_number


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """The sum of a subject in ``ledger`` is worth ``number`` in ``into``, in its unit, exactly."""

    subject: Subject
    ledger: str
    total: Fraction
    into: str
    number: Fraction


def conversions(plan: Plan, result: Result) -> tuple[Conversion, ...]:
    """The sums of all entries of each subject in ledgers with a rate, by subject and ledger."""
    totals: dict[tuple[Who, str], Fraction] = defaultdict(Fraction)
    subjects: dict[Who, Subject] = {}
    for entry in result.entries:
        subjects.setdefault(who(entry.subject), entry.subject)
        worth = Fraction(entry.amount, 10 ** result.digits[entry.ledger])
        totals[who(entry.subject), entry.ledger] += worth
    return tuple(
        Conversion(subject=subjects[key], ledger=ledger, total=total, into=into, number=worth)
        for (key, ledger), total in sorted(totals.items())
        for into, worth in worth_beside(plan, ledger, total)
    )


def worth_beside(plan: Plan, ledger: str, number: Fraction) -> tuple[tuple[str, Fraction], ...]:
    """What a number of a ledger is worth in each ledger that it has a rate to."""
    rates = plan.ledgers[ledger].rate
    return tuple((into, number * parse_number(rate)[0]) for into, rate in rates.items())
