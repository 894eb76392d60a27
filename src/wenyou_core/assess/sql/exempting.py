"""Step 1 as SQL: a fact that another fact exempts does not count.

Per rule each fact is matched with the first exempting fact in the order of events; of several
rules the one that stands first holds. A fact that exempts another is never exempted itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.exprs import condition
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.terms import Term, compared
from wenyou_core.scheme.expr import Op
from wenyou_core.scheme.rules import Exempt

PAIR = ("fact", "by_fact", "rule")


def exempt_facts(counted: Counted) -> None:
    """Compile all exemptions of the program."""
    exempts = counted.script.program.exempts
    for at, exempt in enumerate(exempts):
        _match(counted, at, exempt)
    kinds = dict.fromkeys(exempt.exempt for exempt in exempts)
    for kind in kinds:
        rules = [at for at, exempt in enumerate(exempts) if exempt.exempt == kind]
        _first_rule(counted, kind, rules)
    for kind in kinds:
        _take_out(counted, kind, list(kinds))


def _match(counted: Counted, at: int, exempt: Exempt) -> None:
    by, by_scope, _ = counted.early(exempt.by)
    keys = [by_scope.named(name) for name in exempt.same.values()]
    ends = {name: by_scope.named(text) for name, text in _ends(exempt).items()}
    exempting = by.select(
        [
            *counted.head(by, exempt.by, "fact", "happened", "known"),
            b.as_(counted.at(by, exempt.by), "minute"),
            *(b.as_(key.sql, f"k{n}") for n, key in enumerate(keys)),
            *(b.as_(end.sql, name) for name, end in ends.items()),
        ],
        [*counted.confirmed(exempt.by), *condition(exempt.where, by_scope)],
    )
    one, scope, day = counted.early(exempt.exempt)
    on = [
        compared(Op.EQ, scope.named(name), _beneath(key, b.col(f"k{n}", "x")))
        for n, (name, key) in enumerate(zip(exempt.same, keys, strict=True))
    ]
    one.join("x", exempting, b.all_of([*on, *_reaches(list(ends), day)]), kind="INNER")
    order = [b.rising(b.col(name, "x")) for name in ("happened", "minute", "known", "fact")]
    pairs = one.select(
        [
            one.col("fact"),
            b.as_(b.col("fact", "x"), "by_fact"),
            b.as_(b.num(at), "rule"),
            b.as_(b.over(b.row_number(), by=[one.col("fact")], order=order), "place"),
        ],
        counted.confirmed(exempt.exempt),
    )
    counted.script.make(f"match_{at}", _first(pairs))


def _ends(exempt: Exempt) -> dict[str, str]:
    return {name: text for name, text in (("since", exempt.since), ("till", exempt.till)) if text}


def _beneath(term: Term, column: Sql) -> Term:
    """A term that a query beneath has computed, as the column it became."""
    return Term(column, term.sort, term.digits, words=term.words)


def _reaches(ends: Sequence[str], day: Sql) -> list[Sql]:
    """The days of the exempting fact hold the deciding day; absent ends are open."""
    if not ends:
        return []
    fits = [b.not_null(day)]
    for name in ends:
        end = b.col(name, "x")
        before, after = (end, day) if name == "since" else (day, end)
        fits.append(b.any_of([b.is_null(end), b.le(before, after)]))
    endless = b.all_of([b.is_null(b.col(name, "x")) for name in ends])
    return [b.any_of([endless, b.all_of(fits)])]


def _first(pairs: Sql) -> Sql:
    only = [b.eq(b.col("place", "m"), b.num(1))]
    return b.select(b.columns("m", *PAIR), pairs, "m", where=only)


def _first_rule(counted: Counted, kind: str, rules: Sequence[int]) -> None:
    every = b.stacked([b.select([b.star()], f"match_{at}") for at in rules])
    order = [b.rising(b.col("rule", "r"))]
    place = b.over(b.row_number(), by=[b.col("fact", "r")], order=order)
    pairs = b.select([*b.columns("r", *PAIR), b.as_(place, "place")], every, "r")
    counted.script.make(f"exempt_{kind}", _first(pairs))


def _take_out(counted: Counted, kind: str, kinds: Sequence[str]) -> None:
    free = [one for other in kinds if (one := _exempts_itself(counted, kind, other)) is not None]
    out = b.select(
        b.columns("e", *PAIR),
        f"exempt_{kind}",
        "e",
        where=[b.no(b.any_of(free))] if free else [],
    )
    counted.script.make(f"out_{kind}", out)
    _note(counted, kind)
    relation, tests = counted.relation(kind), counted.confirmed(kind)
    gone = b.select(
        [b.num(1)], f"out_{kind}", "o", where=[b.eq(b.col("fact", "o"), relation.col("fact"))]
    )
    kept = [*tests, b.no(b.exists(gone))]
    counted.step(
        kind,
        f"left_{kind}",
        lambda: relation.select([relation.col(name) for name in counted.columns(kind)], kept),
    )


def _exempts_itself(counted: Counted, kind: str, other: str) -> Sql | None:
    """The fact exempts one of the other kind; None when no rule has it do so."""
    exempts = counted.script.program.exempts
    rules = [b.num(at) for at, one in enumerate(exempts) if one.exempt == other and one.by == kind]
    if not rules:
        return None
    tests = [
        b.eq(b.col("by_fact", "o"), b.col("fact", "e")),
        b.one_of(b.col("rule", "o"), rules),
    ]
    return b.exists(b.select([b.num(1)], f"exempt_{other}", "o", where=tests))


def _note(counted: Counted, kind: str) -> None:
    noted: Relation = counted.relation(kind)
    noted.join("o", f"out_{kind}", b.eq(b.col("fact", "o"), noted.col("fact")), "INNER")
    query = noted.select(
        [noted.col("fact"), b.col("by_fact", "o"), b.col("rule", "o")],
        [*counted.confirmed(kind), counted.until_run(counted.plan_day(noted, kind))],
    )
    counted.script.output("exempted", kind, query)
