"""Measures made from others as SQL: ratios, formulas, changes, and what a peer group gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wenyou_core.assess.notes import NO_EARLIER, NO_PART, NO_VALUE, NOT_MEANT
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import compile_expr, condition, rounded
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.standing import (
    Measured,
    Measures,
    SubjectScope,
    ratio_columns,
    sort_keys,
    why,
)
from wenyou_core.assess.sql.statistics import statistic
from wenyou_core.assess.sql.terms import Sort, Term
from wenyou_core.scheme.measures import Across, Change, Formula, RankOf, Ratio, ShareOf
from wenyou_core.scheme.words import Against, From
from wenyou_core.worktime.periods import Period, previous, same_of_last_year

Figure = Ratio | Formula | Change | Across | ShareOf | RankOf


def compile_figure(measures: Measures, node: Figure) -> Measured:
    """The table of a measure made from others."""
    match node:
        case Ratio():
            return _ratio(measures, node)
        case Formula():
            return _formula(measures, node)
        case Change():
            return _change(measures, node)
        case Across():
            return _across(measures, node)
        case ShareOf():
            return _share(measures, node)
        case RankOf():
            return _rank(measures, node)


def _scope(measures: Measures, name: str) -> tuple[Relation, SubjectScope, list[Period]]:
    population = measures.population(name)
    periods = sorted(measures.script.cells_of(name))
    relation = measures.members(population, periods)
    return relation, SubjectScope(measures, relation, population, periods), periods


def _write(
    measures: Measures,
    measured: Measured,
    relation: Relation,
    columns: dict[str, Sql],
    periods: Sequence[Period],
) -> Measured:
    what = [relation.col("p"), relation.col("subject"), *b.named(columns)]
    return measures.make(measured, relation.select(what, [measures.within(periods)]))


# -- of one subject ------------------------------------------------------------------------


def _ratio(measures: Measures, node: Ratio) -> Measured:
    relation, scope, periods = _scope(measures, node.name)
    num, den = (scope.measure(name) for name in node.ratio)
    columns, digits = ratio_columns(num, den, node.empty, node.round)
    measured = Measured(node.name, digits[0], node.round is None, digits[1])
    return _write(measures, measured, relation, columns, periods)


def _formula(measures: Measures, node: Formula) -> Measured:
    relation, scope, periods = _scope(measures, node.name)
    scope.roomy = True  # the steps of a formula may need more room than its value
    term = compile_expr(node.value, scope)
    if node.round is not None:
        term = rounded(term, node.round.digits, node.round.mode)
    reason = b.when([(b.is_null(term.sql), why(NO_PART))], b.num(0))
    if node.when is not None:
        holds = compile_expr(node.when, scope).test
        reason = b.when([(b.no(holds), why(NOT_MEANT))], reason)
        den = None if term.den is None else b.when([(holds, term.den)])
        term = replace(term, sql=b.when([(holds, term.sql)]), den=den, const=None)
    if term.sort is Sort.RATIO and term.den is not None:
        num, den = b.narrow(term.sql), b.narrow(term.den)
        columns = {"num": num, "den": den, "raw_num": num, "raw_den": den}
        measured = Measured(node.name, term.digits, True, term.den_digits, plain=True)
    else:
        columns = {"value": b.narrow(term.sql)}
        measured = Measured(node.name, term.digits)
    return _write(measures, measured, relation, {**columns, "why": reason}, periods)


def _change(measures: Measures, node: Change) -> Measured:
    relation, scope, periods = _scope(measures, node.name)
    back = previous if node.against is Against.PREVIOUS else same_of_last_year
    number = measures.script.number
    now = scope.measure(node.change)
    source = measures.found[node.change]
    earlier = b.when(
        (b.eq(relation.col("p"), b.num(number[one])), b.num(number[back(one)]))
        for one in periods
        if back(one) in number
    )
    whose = "adopter" if measures.is_upward(node.change) else "subject"
    on = [
        b.eq(b.col("p", "was"), earlier),
        b.eq(b.col("subject", "was"), relation.col(whose)),
    ]
    then = source.term(relation.join("was", source.table, b.all_of(on)))
    moved = Term(b.sub(now.sql, then.sql), digits=now.digits)
    lacking = b.when(
        [(b.is_null(now.sql), why(NO_PART)), (b.is_null(then.sql), why(NO_EARLIER))], b.num(0)
    )
    if node.how != "relative":
        columns = {"value": b.narrow(moved.sql), "why": lacking}
        return _write(measures, Measured(node.name, now.digits), relation, columns, periods)
    columns, digits = ratio_columns(moved, then, node.empty, None)
    columns["why"] = b.when([(b.ne(lacking, b.num(0)), lacking)], columns["why"])
    measured = Measured(node.name, digits[0], True, digits[1])
    return _write(measures, measured, relation, columns, periods)


# -- of a group ----------------------------------------------------------------------------


def _group(relation: Relation, *, whole: bool) -> Sql:
    """What the members of a group have in common, beside the period."""
    return relation.col("adopter" if whole else "grp")


def _shared(
    measures: Measures,
    measured: Measured,
    common: Sql,
    *,
    whole: bool,
    nothing: dict[str, Sql],
) -> Measured:
    """The same value for each member of a group; ``nothing`` where the group gave no row.

    The adopting unit can read a value of the whole, so that it has a row as well.
    """
    relation, _, periods = _scope(measures, measured.name)
    on = [
        b.eq(b.col("p", "g"), relation.col("p")),
        b.eq(b.col("grp", "g"), _group(relation, whole=whole)),
    ]
    relation.join("g", common, b.all_of(on))
    bare = b.is_null(b.col("grp", "g"))
    columns = {
        name: b.when([(bare, nothing[name])], b.col(name, "g"))
        if name in nothing
        else b.col(name, "g")
        for name in measured.columns
    }
    if not whole:
        return _write(measures, measured, relation, columns, periods)
    within = [measures.within(periods)]
    rows = [
        relation.select(
            [relation.col("p"), b.as_(relation.col(whose), "subject"), *b.named(columns)],
            within,
            distinct=True,
        )
        for whose in ("subject", "adopter")
    ]
    names = ("p", "subject", *measured.columns)
    return measures.make(
        measured, b.select(b.columns("w", *names), b.stacked(rows), "w", distinct=True)
    )


def _across(measures: Measures, node: Across) -> Measured:
    relation, scope, periods = _scope(measures, node.name)
    source = measures.found[node.across]
    scope.measure(node.across)
    alias = f"x_{node.across}"
    grp = b.as_(_group(relation, whole=node.whole), "grp")
    tests = [measures.within(periods), *condition(node.where, scope)]
    rows = relation.select(
        [
            relation.col("p"),
            grp,
            b.as_(b.num(0), "part"),
            *(b.col(name, alias) for name in source.columns if name != "why"),
        ],
        tests,
    )
    common, measured = statistic(node.name, node.how, source, rows, ("p", "grp"), round_=node.round)
    nothing = _nothing(measured, node.how.value)
    return _shared(measures, measured, common, whole=node.whole, nothing=nothing)


def _nothing(measured: Measured, how: str) -> dict[str, Sql]:
    """COUNT and SUM of nothing are 0, the others absent."""
    if how in ("count", "sum"):
        return {"value": b.num(0), "why": b.num(0)}
    return {"why": why(NO_VALUE)}


def _share(measures: Measures, node: ShareOf) -> Measured:
    relation, scope, periods = _scope(measures, node.name)
    counts = condition(node.base, scope)
    passes = [*counts, *condition(node.share, scope)]
    grp = _group(relation, whole=node.whole)
    counted = relation.select(
        [
            relation.col("p"),
            b.as_(grp, "grp"),
            b.as_(b.total(b.flag(b.all_of(passes))), "passing"),
            b.as_(b.total(b.flag(b.all_of(counts))), "counted"),
        ],
        [measures.within(periods)],
        group=[relation.col("p"), grp],
    )
    columns, _ = ratio_columns(
        Term(b.col("passing", "c")), Term(b.col("counted", "c")), node.empty, None
    )
    common = b.select([*b.columns("c", "p", "grp"), *b.named(columns)], counted, "c")
    measured = Measured(node.name, ratio=True)
    return _shared(measures, measured, common, whole=node.whole, nothing={})


def _rank(measures: Measures, node: RankOf) -> Measured:
    relation, scope, periods = _scope(measures, node.name)
    term = scope.measure(node.rank)
    absent = b.is_null(term.sql)
    order = b.falling if node.start is From.HIGHEST else b.rising
    by = [relation.col("p"), _group(relation, whole=node.whole), b.flag(absent)]
    place = b.over(b.rank(), by=by, order=[order(key) for key in sort_keys(term)])
    columns = {
        "value": b.when([(absent, b.null("BIGINT"))], place),
        "why": b.when([(absent, why(NO_VALUE))], b.num(0)),
    }
    return _write(measures, Measured(node.name), relation, columns, periods)
