"""Measures: named numbers of a subject in a period (steps 6, 7 and 11)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.expr import Expr
from wenyou_core.scheme.rules import Window
from wenyou_core.scheme.words import Against, Empty, From, PeriodKind, Stat

NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class FactMeasure:
    """Number from facts: ``{each: outlets, facts: complaint, how: count, where: …}``.

    ``how``: count, sum, min, max, median (of an even number halfway between the middle two, so
    one decimal more), latest (by order of events), distinct of ``of``. ``link`` says which field of the fact names the subject (default by the population: unit or person);
    ``beneath``: facts of all units beneath count too (by the tree on the deciding day).
    No facts: count and sum are 0, the others absent.
    """

    name: str = ""
    title: str = ""
    each: str
    facts: str
    how: str = "count"
    of: Expr | None = None
    where: Expr | None = None
    link: str = ""
    beneath: bool = False
    date: str = ""
    window: Window | None = None
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMeasure:
    """Sum of final entries: ``{each: outlets, entries: [late, rude], base: 100}``.

    ``entries`` lists rules and limits (adjusting entries of the rules, and of the listed limits,
    included; joint entries are those of ``rule+joint``); or ``ledger`` takes all of a ledger.
    ``opening``: adds the opening balance. ``base`` is the number before the first entry.
    ``window`` sums the entries of a longer time that ends with the period: ``year`` is the year
    to date. With ``opening`` those since a balance that is dated in it, so that it is carried on;
    an older balance is taken for that of the window's first day.
    """

    name: str = ""
    title: str = ""
    each: str
    entries: tuple[str, ...] = ()
    ledger: str = ""
    base: Fraction = Fraction(0)
    opening: bool = False
    window: Window | None = None
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """``{ratio: [responsible, customers], empty: apart}``; rounded only when ``round`` says so.

    Unrounded it can be compared, ranked, averaged, and nothing else.
    """

    name: str = ""
    title: str = ""
    ratio: tuple[str, str]
    empty: Empty
    round: Round | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Exact arithmetic over measures and attributes: ``{each: outlets, value: a * 20% + b}``.

    Absent where any part is absent, and where ``when`` does not hold: ``first(a, b)`` of two such
    measures tells cases apart. ``round`` where the plan rounds.
    """

    name: str = ""
    title: str = ""
    each: str
    value: Expr
    when: Expr | None = None
    round: Round | None = None
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Statistic over the peer group: ``{across: complaint_rate, how: pooled}``.

    The same value for each subject of the group. ``where`` narrows the group. MEAN of unrounded
    ratios needs ``round``.
    """

    name: str = ""
    title: str = ""
    across: str
    how: Stat
    where: Expr | None = None
    round: Round | None = None
    whole: bool = False  # over the whole population of the adopting unit, not the peer group
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareOf:
    """Share of the peer group that passes: ``{share: score >= 95, each: outlets, empty: apart}``.

    An unrounded ratio. ``base`` narrows the denominator.
    """

    name: str = ""
    title: str = ""
    share: Expr
    each: str
    base: Expr | None = None
    empty: Empty
    whole: bool = False
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class RankOf:
    """Place in the peer group, 1 first, equal values sharing the better place (1, 2, 2, 4)."""

    name: str = ""
    title: str = ""
    rank: str
    start: From
    whole: bool = False
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Difference to an earlier period: ``{change: tickets, against: last_year, how: relative}``.

    ``relative`` is the unrounded ratio (now − then) / then, with ``empty`` for then = 0.
    """

    name: str = ""
    title: str = ""
    change: str
    against: Against
    how: str = "difference"
    empty: Empty = Empty.APART
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """How many periods in a row, ending with this one, pass: ``{streak: clean, each: tellers}``.

    ``most`` is the furthest it looks back.
    """

    name: str = ""
    title: str = ""
    streak: Expr
    each: str
    most: int
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Roll:
    """Roll-up of a shorter period's measure (11): ``{roll: month_score, how: mean, round: …}``.

    Over the parts of this period in which the measure is not absent; MEAN is an exact ratio and
    must be rounded to be used in arithmetic. ``to`` is the kind of the longer period.
    """

    name: str = ""
    title: str = ""
    roll: str
    to: PeriodKind
    how: Stat
    round: Round | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """From members to their unit: ``{members: person_score, each: outlets, how: mean, …}``.

    Members are those of the measure's population for whom it is not absent: persons whose unit
    on the period's last day is the subject, or units directly beneath it; with ``beneath`` also
    those further down. ``link`` names an attribute of the member (a UNIT) that says the subject
    instead. ``where`` narrows the members, over their own measures and attributes; ``share`` is
    the unrounded ratio of those that pass ``where`` to all of them, ``empty`` for none at all.
    """

    name: str = ""
    title: str = ""
    members: str
    each: str
    how: Stat
    where: Expr | None = None
    beneath: bool = False
    link: str = ""
    empty: Empty | None = None
    round: Round | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOf:
    """The step a subject stands on, as a number: ``{step: outlet_grade}``.

    Counted from the bottom after all caps: the lowest named step is 1, ``otherwise`` 0. Of a
    subject that was not graded it is absent.
    """

    name: str = ""
    title: str = ""
    step: str
    article: str = ""
    place: Place = NOWHERE


MeasureDef = (
    FactMeasure
    | EntryMeasure
    | Ratio
    | Formula
    | Across
    | ShareOf
    | RankOf
    | Change
    | Streak
    | Roll
    | Members
    | StepOf
)
