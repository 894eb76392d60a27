"""What an assessment gives back: entries, measures, outcomes, and what is missing or waits.

Amounts are integers of 10**-digits of the ledger's unit. Everything is sorted by its key, so
that equal inputs give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from wenyou_core.assess.facts import Subject
from wenyou_core.rows import row


class EntryKind(Enum):
    """Where an entry comes from."""

    EVENT = "event"  # an event rule hit a fact (3)
    EXCLUDED = "excluded"  # takes back an entry that lost in its exclusion set (4)
    LIMIT = "limit"  # floor or ceiling over entries (5)
    PERIOD = "period"  # a rule at the period's end (7)
    AWARD = "award"  # an award's amount (8)
    JOINT = "joint"  # follows another entry (9)


@row(kw_only=True)
class Entry:
    """One line of a ledger. Entries always add up to the result.

    ``rule`` is the rule, limit or award; ``fact_kind``/``fact`` the fact that caused it (empty
    for period rules and limits). ``base`` × ``factor`` = ``amount`` for event entries
    (``ceiling`` of the repeat, if it bound, is in ``bound``). ``count`` is the n of the n-th
    time; ``earlier`` the id of the fact just before in the window. ``quantity`` is the number a
    per-unit, banded, linear or computed amount was taken from. ``cause`` is the key of the entry
    that this one takes back, bounds or follows; a LIMIT over a period has no cause: it stands for
    all entries of the limit's rules for its subject and period. ``part`` numbers the joints of a
    rule from 1, else 0. ``decision`` is the id of the decision fact used.
    """

    rule: str
    article: str
    kind: EntryKind
    subject: Subject
    ledger: str
    amount: int
    period: str
    day: date
    fact_kind: str = ""
    fact: str = ""
    base: int = 0
    factor: Fraction = Fraction(1)
    bound: bool = False
    count: int = 0
    earlier: str = ""
    quantity: Fraction | None = None
    cause: str = ""
    part: int = 0
    decision: str = ""

    @property
    def key(self) -> str:
        """Stable name: rule, kind, part, whose, subject, period, fact."""
        return "|".join(
            (
                self.rule,
                self.kind.value,
                str(self.part),
                "person" if self.subject.person else "unit",
                self.subject.id,
                self.period,
                self.fact_kind,
                self.fact,
                self.cause,
            )
        )


@row(kw_only=True)
class MeasureValue:
    """A measure of a subject in a period: ``value``, or ``num``/``den`` of an unrounded ratio.

    ``absent`` says in Chinese why there is none (``分母为零,单列``). ``parts`` names what it was
    made of (measure names and fact ids are found again by ``explain``).
    """

    measure: str
    subject: Subject
    period: str
    value: Fraction | None = None
    num: Fraction | None = None
    den: Fraction | None = None
    absent: str = ""


@row(kw_only=True)
class BarRow:
    """A subject may not win what is named, from ``since`` to ``until`` (None: for good)."""

    what: str
    subject: Subject
    since: date
    until: date | None
    rule: str
    article: str
    period: str
    fact: str = ""


@row(kw_only=True)
class TaskRow:
    """A task that a rule opens: notice, talk, rectification. Never has a number."""

    task: str
    subject: Subject
    rule: str
    article: str
    period: str
    day: date
    fact: str = ""


@row(kw_only=True)
class GradeRow:
    """The step a subject stands on; ``capped_by`` the rule that held it down, ``""`` if none."""

    grade: str
    article: str
    subject: Subject
    period: str
    step: str
    earned: str
    capped_by: str = ""
    why: str = ""


@row(kw_only=True)
class AwardRow:
    """Whether a subject won; ``failed`` the titles of conditions not met; ``bars`` that exclude."""

    award: str
    article: str
    subject: Subject
    period: str
    won: bool
    eligible: bool
    rank: int = 0
    failed: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()


@row(kw_only=True)
class TargetRow:
    """A target: ``met`` True, False, or None when it does not apply."""

    target: str
    article: str
    subject: Subject
    period: str
    met: bool | None


@row(kw_only=True)
class ObligationRow:
    """Done and owed of a counted frequency."""

    obligation: str
    article: str
    subject: Subject
    period: str
    done: int
    owed: int


@row(kw_only=True)
class Uncounted:
    """A fact that did not count, and why: exempted, not confirmed, too little evidence."""

    fact_kind: str
    fact: str
    reason: str
    by_rule: str = ""
    by_fact: str = ""


@row(kw_only=True)
class Missing:
    """What was not declared complete, or not there: the result is provisional."""

    what: str  # "facts", "post", "attribute", "opening"
    kind: str
    unit: str
    since: date
    till: date
    rules: tuple[str, ...]
    text: str


@row(kw_only=True)
class Waiting:
    """A human decision that is needed: a tie, a value in a range, a judgement."""

    what: str  # "tie", "range", "judgement"
    rule: str
    article: str
    period: str
    subjects: tuple[Subject, ...]
    fact_kind: str = ""
    fact: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run (测算): a proposal until a named person confirms it."""

    plan: str
    version: str
    plan_digest: str
    adoption: str
    adoption_digest: str
    engine: str
    period: str
    known_at: datetime | None
    facts_digest: str
    lawful: bool  # the adoption record is complete; otherwise money is 未经通过程序
    digits: Mapping[str, int] = field(default_factory=dict)
    subjects: Mapping[str, tuple[Subject, ...]] = field(
        default_factory=dict
    )  # population → members
    entries: tuple[Entry, ...] = ()
    measures: tuple[MeasureValue, ...] = ()
    bars: tuple[BarRow, ...] = ()
    tasks: tuple[TaskRow, ...] = ()
    grades: tuple[GradeRow, ...] = ()
    awards: tuple[AwardRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    obligations: tuple[ObligationRow, ...] = ()
    uncounted: tuple[Uncounted, ...] = ()
    missing: tuple[Missing, ...] = ()
    waiting: tuple[Waiting, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether anything is missing or waits."""
        return bool(self.missing or self.waiting)
