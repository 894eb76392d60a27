"""Tables of a plan as SQL: by the words of one or two fields to an amount or a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.engine import Column
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import Term, scaled
from wenyou_core.scheme.lookups import digits_of, numbers_of

FEW_CELLS = 6
"""A table with more cells is joined; a CASE of hundreds of branches is slow in every engine."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A table's cells: per words a whole number, or the label of what is not set yet."""

    name: str
    values: Mapping[tuple[str, ...], int | None]
    labels: tuple[str, ...] = ()


def looked_up(
    cells: Cells, terms: Sequence[Term], relation: Relation, script: Script
) -> tuple[Sql, Sql | None]:
    """The cell's number (NULL: no row, or unset), and the place of its label in ``labels``."""
    coded = [
        (tuple(_code(term, word) for term, word in zip(terms, words, strict=True)), value, words)
        for words, value in cells.values.items()
    ]
    rows: list[tuple[tuple[int, ...], int | None, int | None]] = []
    unset = 0
    for codes, value, _ in coded:
        rows.append((codes, value, unset if value is None else None))
        unset += value is None
    if len(rows) > FEW_CELLS:
        return _joined(cells, terms, rows, relation, script)
    tests = [
        b.all_of([b.eq(term.sql, b.num(code)) for term, code in zip(terms, codes, strict=True)])
        for codes, _, _ in rows
    ]
    there = [(t, b.num(one[1])) for t, one in zip(tests, rows, strict=True) if one[1] is not None]
    open_ = [(t, b.num(one[2])) for t, one in zip(tests, rows, strict=True) if one[2] is not None]
    number = b.when(there) if there else b.null("BIGINT")
    return number, b.when(open_) if open_ else None


def _code(term: Term, word: str) -> int:
    return term.words.index(word) + 1 if word in term.words else -1


def _joined(
    cells: Cells,
    terms: Sequence[Term],
    rows: Sequence[tuple[tuple[int, ...], int | None, int | None]],
    relation: Relation,
    script: Script,
) -> tuple[Sql, Sql | None]:
    keys = [f"c{at}" for at in range(len(terms))]
    columns = [*(Column(key, "SMALLINT") for key in keys)]
    columns += [Column("amount", "BIGINT"), Column("unset", "SMALLINT")]
    script.constants[cells.name] = (columns, [(*codes, *rest) for codes, *rest in rows])
    alias = cells.name
    on = [b.eq(b.col(key, alias), term.sql) for key, term in zip(keys, terms, strict=True)]
    relation.join(alias, alias, b.all_of(on))
    return b.col("amount", alias), b.col("unset", alias) if cells.labels else None


def number_of(name: str, terms: Sequence[Term], relation: Relation, script: Script) -> Term:
    """The number of a table that holds numbers; absent where no row is, or it is unset."""
    table = script.tables[name]
    digits = digits_of(table)
    values: dict[tuple[str, ...], int | None] = {}
    for words, (number, _) in numbers_of(table).items():
        values[tuple(words.split("/")) if len(terms) > 1 else (words,)] = scaled(number, digits)
    tree, _ = looked_up(Cells(f"n_{name}", values), terms, relation, script)
    return Term(tree, digits=digits)
