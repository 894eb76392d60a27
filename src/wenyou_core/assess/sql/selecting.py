"""Selection in a ranking as SQL: who of a group is taken, who waits, and everybody's place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wenyou_core.assess.readings import places_at, tie_at
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.standing import SubjectScope, by_period, sort_keys
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.rules import PeriodRule, Pick
from wenyou_core.scheme.words import From, Tie
from wenyou_core.worktime.periods import Period

Deciding = PeriodRule | Award
MEMBER = ("p", "subject", "unit", "adopter", "grp", "day")


@dataclass(frozen=True, slots=True)
class Passing:
    """A table of members with ``passes`` (1: they take part), ``holds`` (what a person decided
    of them, NULL: nothing) with its ``decision``, and the ``keys`` to rank by."""

    table: str
    owner: Deciding
    periods: Sequence[Period]
    keys: Sequence[str] = ()


def judged_subjects(relation: Relation, owner: Deciding) -> str:
    """Join what was decided of a member in its period; gives the alias."""
    relation.script.needs.judged.add(owner.name)
    alias = "judged_subject"
    on = [
        b.eq(b.col("rule", alias), b.text(owner.name)),
        b.eq(b.col("p", alias), relation.col("p")),
        b.eq(b.col("subject", alias), relation.col("subject")),
    ]
    return relation.join(alias, alias, b.all_of(on))


def keys_of(pick: Pick, scope: SubjectScope) -> dict[str, Sql]:
    """The sort keys of a selection as columns, the first to decide first."""
    keys = [key for name in pick.by for key in sort_keys(scope.measure(name))]
    return {f"key_{at}": key for at, key in enumerate(keys)}


def select_members(script: Script, passing: Passing, pick: Pick) -> Sql:
    """The members with ``rank_of`` (NULL: not ranked), ``taken``, ``waits`` and ``by_choice`` (taken
    at the edge because a person has 选中 them), each 1 or 0; ``crowded``: the places left where
    more were 选中 than that.

    Those before the edge are taken. At the edge, where more are equal than places are left, the
    word for ties says: all, none, or those a person has 选中, and the others if they still fit.
    """
    keys = b.columns("m", *passing.keys)
    ranked = b.all_of([b.eq(b.col("passes", "m"), b.num(1)), *(b.not_null(key) for key in keys)])
    takes_part = b.flag(ranked)
    group = b.columns("m", "p", "grp")
    part = [*group, takes_part]
    order = b.falling if pick.start is From.HIGHEST else b.rising
    what = [
        *b.columns("m", *MEMBER, "passes", "holds", "decision"),
        b.as_(takes_part, "ranked"),
        b.as_(b.over(b.rank(), by=part, order=[order(key) for key in keys]), "place"),
        b.as_(b.over(b.count(), by=[*part, *keys]), "equals"),
        b.as_(_over(b.eq(b.col("holds", "m"), b.num(1)), [*part, *keys]), "chosen"),
        b.as_(_over(b.is_null(b.col("holds", "m")), [*part, *keys]), "open"),
        b.as_(b.over(b.total(takes_part), by=group), "eligible"),
        b.as_(b.over(b.count(), by=group), "everybody"),
    ]
    return _taken(script, passing, pick, b.select(what, passing.table, "m"))


def _over(test: Sql, by: Sequence[Sql]) -> Sql:
    """How many of the equals pass a test."""
    return b.over(b.total(b.flag(test)), by=by)


def _taken(script: Script, passing: Passing, pick: Pick, rows: Sql) -> Sql:
    place, equals = b.col("place", "r"), b.col("equals", "r")
    left = b.sub(_number(script, passing, pick), b.sub(place, b.num(1)))
    ties = {
        script.number[one]: tie_at(script.program, pick.tie, one.end) for one in passing.periods
    }
    tie = by_period(b.col("p", "r"), {p: b.num(list(Tie).index(one)) for p, one in ties.items()})
    everyone = b.any_of([b.le(equals, left), b.eq(tie, b.num(list(Tie).index(Tie.ALL)))])
    decides = b.eq(tie, b.num(list(Tie).index(Tie.DECIDE)))
    said_yes = b.eq(b.col("holds", "r"), b.num(1))
    places = b.sub(left, b.col("chosen", "r"))
    undecided = b.is_null(b.col("holds", "r"))
    fits = b.le(b.col("open", "r"), places)
    ranked = b.eq(b.col("ranked", "r"), b.num(1))
    there = [ranked, b.gt(left, b.num(0))]
    chosen = b.any_of([said_yes, b.all_of([undecided, fits])])
    taken = b.all_of([*there, b.any_of([everyone, b.all_of([decides, chosen])])])
    waits = b.all_of(
        [*there, b.no(everyone), decides, undecided, b.no(fits), b.gt(places, b.num(0))]
    )
    by_choice = b.all_of([*there, b.no(everyone), decides, said_yes])
    what = [
        *b.columns("r", *MEMBER, "holds", "decision"),
        b.as_(b.when([(ranked, place)]), "rank_of"),
        b.as_(b.flag(taken), "taken"),
        b.as_(b.flag(waits), "waits"),
        b.as_(b.flag(by_choice), "by_choice"),
        b.as_(b.when([(b.all_of([by_choice, b.lt(places, b.num(0))]), left)]), "crowded"),
    ]
    return b.select(what, rows, "r")


def _number(script: Script, passing: Passing, pick: Pick) -> Sql:
    """How many are taken: the number, or the share of those ranked or of the whole group."""
    if pick.share is None:
        places = {
            script.number[one]: b.num(places_at(script.program, pick.take, one.end))
            for one in passing.periods
        }
        return by_period(b.col("p", "r"), places)
    count = b.col("everybody" if pick.base == "all" else "eligible", "r")
    top = b.mul(count, b.num(pick.share.numerator))
    return b.divided(top, b.num(pick.share.denominator), pick.part)
