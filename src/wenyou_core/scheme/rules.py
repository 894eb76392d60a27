"""Rules of a plan: event rules, period rules, deemed facts, exemptions, limits.

The order of computing is fixed and never chosen by an author; the numbers in the docstrings are
its steps: 1 confirmed facts, exemptions; 2 deemed facts; 3 event rules with repeat counts;
4 exclusion sets; 5 floors and ceilings; 6 measures of a subject; 7 rules over subjects in
dependency order; 8 grades and awards; 9 joint entries; 10 bars and caps; 11 roll-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date as Day  # rules have a key named date
from fractions import Fraction

from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import Amount, End, Fixed, Round, Sum
from wenyou_core.scheme.expr import Expr
from wenyou_core.scheme.words import From, LimitPer, PeriodKind, Rounding, Tie, Until

NOWHERE = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Whom:
    """Who gets the entry. Written as a word:

    ``unit`` the fact's unit; ``person`` the fact's person; ``present`` everybody named in the
    PERSONS field ``field``; ``subject`` (period rules) the subject itself; a role name: its
    holders in the unit on the deciding day, or ``up`` levels above (``head up 1``); ``members``
    everybody holding a post in the unit that day; ``parent up n``: the unit n levels above;
    ``field name``: the unit or person that a UNIT or PERSON field of the fact names, if any.
    """

    who: str
    up: int = 0
    field: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How far back "again" looks, from a fact's deciding day d. ``kind`` is one of:

    ``months``: days ≥ d minus ``number`` months (clamped to the month's end); for a measure that
    many whole months, ending with the period;
    ``days``: days > d − ``number``; ``year``/``period``: the same calendar year / period of the
    rule; ``all``: every earlier fact;
    ``cycle``: the personal cycle of twelve months that starts on the day and month of the date
    attribute ``param`` of the subject, written with its owner: ``person.joined_on`` (for a
    measure: the last cycle closed by the period's end);
    ``param``: a WINDOW parameter, named by ``param`` (without ``param.``).
    Text: ``12 months``, ``365 days``, ``year``, ``period``, ``all``, ``cycle person.joined_on``,
    ``param.name``.
    """

    kind: str
    number: int = 0
    param: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Repeat counts (3). The n-th matching fact of one key in the window, itself included.

    Matching = facts that pass this rule's ``where`` after steps 1 and 2, in the order happened,
    at, known, id. ``same`` names the key's fields (``unit``, ``person``, fact fields); default is
    the fact's own subjects. ``factors`` multiply the base for n = 1, 2, …, the last one staying;
    or ``factor`` gives factor**(n−1). ``ceiling`` bounds the size of the multiplied amount of one
    entry; it may be an AMOUNT parameter (``ceiling: param.most``), read on the deciding day of the
    fact. ``from_count`` > 1 means no entry before the n-th.
    """

    window: Window
    same: tuple[str, ...] = ()
    factors: tuple[Fraction, ...] = ()
    factor: Fraction | None = None
    ceiling: Fixed | None = None
    from_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """``limit: {floor: -20 分, per: period}`` of one rule (5).

    An end may be an AMOUNT parameter (``floor: param.least``), or a number parameter in the unit of
    a ledger (``floor: -param.base 天``): read on the deciding day of the fact (``per: event``,
    ``running``), else on the last day of each period.

    ``running: true`` (event rules, ``per: period`` or ``year``): the total so far is held after
    each event, in the order of deciding days and of events within them. Of the total T of a key
    up to an event, held(T) less what was held before less the event's own entry (0 where a set
    took it back) is what is cut there: a LIMIT entry with that fact, day, subject and cause. The
    sum over the period is what a bound at its end would leave. ``same`` names the key's fields
    (``unit``, ``person``, fact fields); default is the entry's subject. Rules on the same facts
    that name the same key are so cut by the same number.
    """

    floor: End | None = None
    ceiling: End | None = None
    per: LimitPer = LimitPer.PERIOD
    running: bool = False
    same: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that are there."""
        return tuple(end for end in (self.floor, self.ceiling) if end is not None)

    @property
    def singly(self) -> bool:
        """Whether each adjusting entry follows a single entry, which it names as its cause."""
        return self.running or self.per is LimitPer.EVENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """Somebody shares the entry (9): a percentage of the final amount, or an own amount.

    Follows every entry of the rule, adjusting entries included, so it is taken after all limits.
    ``instead``: they bear the percentage in place of the subject, divided evenly among them, each
    part rounded; the subject is relieved of what they bear, so that the entries still add up to
    the whole amount and what rounding leaves stays with the subject.
    """

    whom: Whom
    percent: Fraction | None = None
    amount: Sum | None = None
    round: Round | None = None
    instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """``bar: annual_awards``: whoever the rule hits may not win awards that name this bar (10)."""

    what: str
    until: Until = Until.YEAR_END


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """``cap: {grade: outlet_grade, at_most: 合格}``: greatest grade while the rule hits (10)."""

    grade: str
    at_most: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a rule does besides an entry: bar, cap, or open a task (通报, 约谈, 整改 …)."""

    bar: Bar | None = None
    cap: Cap | None = None
    task: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Selection in a ranking (7). Only subjects that pass ``each`` and ``when`` take part.

    ``by`` are measures: the first ranks, the next break ties; what is then still equal at the
    edge goes by ``tie``. ``take`` is a number, or an INT parameter that is read on the period's
    last day (below zero: none), or ``share`` a fraction of the group rounded by ``part``. ``base`` counts the group for ``share``: ``eligible`` (those that pass) or ``all``.
    """

    by: tuple[str, ...]
    start: From
    take: int | str = 0
    share: Fraction | None = None
    part: Rounding = Rounding.CEIL
    base: str = "eligible"
    tie: Tie | str  # a word of Tie, or param.name with 由考核小组决定 / 并列者均计 / 并列者均不计


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRule:
    """So much per event (3). The commonest rule takes one line:

    ``responsible: {on: complaint, where: ruling = 有责, whom: unit, amount: -100 元}``

    ``when`` may be true only for part of the facts. ``evidence`` is the least number of pieces a
    fact needs to count. ``decide``: a ``decision`` fact (choice ``成立``/``不成立``) is needed.
    ``date`` overrides the plan's deciding date. ``together`` names the exclusion sets it stands
    in, in the order of the plan. ``also`` says that the rule stands on top of whatever else hits
    the event (in no exclusion set).
    """

    name: str = ""
    title: str = ""
    on: str
    where: Expr | None = None
    whom: tuple[Whom, ...] = ()
    amount: Amount | None = None
    again: Again | None = None
    together: tuple[str, ...] = ()
    also: bool = False
    limit: Bounds | None = None
    joint: tuple[Joint, ...] = ()
    effects: tuple[Effect, ...] = ()
    decide: bool = False
    evidence: int = 0
    date: str = ""
    period: PeriodKind | None = None
    since: Day | None = None
    till: Day | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRule:
    """At the end of a period, for each subject of a population (7).

    ``when`` looks at measures, parameters and attributes (``unit.x``). ``pick`` selects among
    those that pass. The entry goes to ``whom`` (default: the subject).
    """

    name: str = ""
    title: str = ""
    each: str
    when: Expr | None = None
    pick: Pick | None = None
    whom: tuple[Whom, ...] = ()
    amount: Amount | None = None
    together: tuple[str, ...] = ()
    limit: Bounds | None = None
    joint: tuple[Joint, ...] = ()
    effects: tuple[Effect, ...] = ()
    decide: bool = False
    period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Deem:
    """视同 (2): a fact also counts as another kind, or one of its fields is set.

    ``becomes`` = the kind itself or left out: sets ``with_fields`` on the fact where ``where``
    holds; another kind: a derived fact (same id, subjects, dates, root = this fact) is added.
    Values are constants, or the name of a field of this fact. Sets of later articles see those
    of earlier ones; a derived fact is not deemed again.
    """

    name: str = ""
    title: str = ""
    deem: str
    where: Expr | None = None
    becomes: str = ""
    with_fields: Mapping[str, Expr] = field(default_factory=dict)
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempt:
    """A fact does not count because another fact exists (1): filing (报备), appeal, 剔除.

    ``exempt: finding, by: filing, where: approved = 是, same: {unit: unit, type: type},
    within: {from: starts, to: ends}``: a confirmed ``by`` fact that passes ``where`` (its own
    fields), whose fields equal the fact's (``same``: field of the exempted → field of the other;
    ``id: target`` for appeals), and whose from–to (fields of the other; absent = open) holds the
    exempted fact's deciding day.

    ``outside: true`` turns this round: a fact whose deciding day lies in none of the days of the
    others that match it is refused (an act outside its announced window, which it names). What
    is refused exempts nothing.

    ``same_period: quarter``: only facts whose deciding day lies in the same calendar month,
    quarter, half or year as the other's first day (its ``from``; without one the day it
    happened): the exemption ends with its period.
    """

    name: str = ""
    title: str = ""
    exempt: str
    by: str
    where: Expr | None = None
    same: Mapping[str, str] = field(default_factory=dict)
    since: str = ""
    till: str = ""
    outside: bool = False
    same_period: PeriodKind | None = None
    article: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Floor and ceiling over several rules (5): ``limit: [late, rude], floor: -20 分``.

    ``limit`` lists rules and other limits; a limit that holds another is taken after it. The
    adjusting entry names the limit; it stands for all entries of those rules of that subject and
    period.
    """

    name: str = ""
    title: str = ""
    limit: tuple[str, ...]
    floor: End | None = None
    ceiling: End | None = None
    per: LimitPer = LimitPer.PERIOD
    article: str = ""
    place: Place = NOWHERE

    @property
    def ends(self) -> tuple[End, ...]:
        """The ends that are there."""
        return tuple(end for end in (self.floor, self.ceiling) if end is not None)


Rule = EventRule | PeriodRule | Deem | Exempt | Limit
