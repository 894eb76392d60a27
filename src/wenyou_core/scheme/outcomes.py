"""Grades, awards, targets (step 8); obligations and appeals (data for deadlines and duties)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import Fixed, Round
from wenyou_core.scheme.expr import Const, Expr
from wenyou_core.scheme.rules import Pick, Window
from wenyou_core.scheme.words import From, PeriodKind, Tie

NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a scale: its name, and the condition to stand on it."""

    name: str
    when: Expr
    share: Fraction | None = None  # greatest share of the peer group on this step or above
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """A scale, best step first; a subject stands on the first step whose ``when`` holds.

    Steps may have quotas: those that qualify are ranked ``by`` and what exceeds the share falls
    to the next step that fits. ``kept`` names the attribute with the present step: then a
    subject climbs at most ``climb`` steps a period. Caps of rules bind last.
    """

    name: str = ""
    title: str = ""
    each: str
    steps: tuple[Step, ...]
    otherwise: str = ""
    by: tuple[str, ...] = ()
    start: From = From.HIGHEST
    tie: Tie | str = Tie.DECIDE
    kept: str = ""
    climb: int = 0
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One entry condition of an award, with a name that a statement can show."""

    title: str
    when: Expr
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """Eligible, ranked, quota: in that order; unfilled stays unfilled (8).

    ``bars`` name the bars that exclude. ``amount`` (or ``param.prize``, read on the period's last
    day) is paid to each winner, or ``split`` among them, with ``round`` and the remainder shown.
    """

    name: str = ""
    title: str = ""
    each: str
    conditions: tuple[Condition, ...] = ()
    bars: tuple[str, ...] = ()
    pick: Pick | None = None
    amount: Fixed | None = None
    split: bool = False
    round: Round | None = None
    decide: bool = False
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A goal of a subject, met, missed, or not applicable (some part absent).

    ``pass_all: {each: whole, when: pass_share >= 90%}``. A goal of the adopting unit as a whole
    has a population of ADOPTER.
    """

    name: str = ""
    title: str = ""
    each: str
    when: Expr
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Who owes what, by when or how often: data for deadlines and duty lists (no entry itself).

    A frequency with ``facts`` is also counted: ``times`` per ``every`` for each subject of
    ``each`` (``where`` narrows the facts); results show done and owed. With ``window`` the facts
    of the window that ends with the period count (``every: two_months, window: 2 months``, looked
    at each month). A time limit names start,
    length, unit of time (``days``, ``working_days``, ``hours``, ``minutes``, ``same_day``,
    ``day_of_next_month``, ``date``), and may leave the number, or the date, to a parameter.
    """

    name: str = ""
    title: str
    who: str
    each: str = ""
    facts: str = ""
    where: Expr | None = None
    link: str = ""
    times: int | str = 1
    every: str = ""
    window: Window | None = None
    limit: Const | str | None = None
    unit: str = ""
    start: str = ""
    evidence: str = ""
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Who may contest what, until when, with whom: data that a statement tells (no entry itself).

    ``against`` are the kinds of facts that may be contested (none: the result as a whole); ``to``
    takes the appeal. The time is ``limit`` whole ``days`` or ``working_days`` from the day after
    ``start`` (``told``: the statement was handed over; ``published``; ``period_end``), or a window
    with both days included: ``opens`` and ``closes``, each a date or a DATE parameter, since
    windows are announced each time anew. Parameters are read on the period's last day; an unset
    one keeps no run from starting, the statement says so.
    """

    name: str = ""
    title: str
    to: str
    against: tuple[str, ...] = ()
    start: str = ""
    limit: int | str | None = None
    unit: str = ""
    opens: Const | str | None = None
    closes: Const | str | None = None
    evidence: str = ""
    article: str = ""
    place: Place = NOWHERE
