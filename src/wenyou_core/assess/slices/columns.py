"""What a node looks at in the members of a population, its subject's rivals among them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wenyou_core.assess.program import Node, Program
from wenyou_core.scheme.amounts import Amount, FromTable
from wenyou_core.scheme.depends import measures_in
from wenyou_core.scheme.expr import Expr, Field
from wenyou_core.scheme.measures import Across, Members, RankOf, ShareOf
from wenyou_core.scheme.outcomes import Award, Grade
from wenyou_core.scheme.parts import everything
from wenyou_core.scheme.readings import field_of
from wenyou_core.scheme.rules import PeriodRule
from wenyou_core.scheme.words import Stat, SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What a node reads of every member of ``population``, to compare them.

    ``measures`` by name, ``pooled`` the one whose numerator and denominator are summed;
    ``attributes`` as ``unit.class``; ``bars`` what excludes from an award; ``ruling``: a person
    may decide between equals. ``whole``: the group is the adopting unit, not the peer group.
    ``others``: every member of the group matters; else only those named.
    """

    population: str
    measures: tuple[str, ...] = ()
    pooled: str = ""
    attributes: tuple[str, ...] = ()
    bars: tuple[str, ...] = ()
    ruling: bool = False
    whole: bool = False
    others: bool = True


def columns_of(program: Program, name: str) -> Columns | None:
    """What a node compares; None for one that looks at each subject by itself.

    An adopting unit is never compared with another one.
    """
    found = _compared(program, name)
    if found is None or program.plan.populations[found.population].of is not SubjectKind.ADOPTER:
        return found
    return replace(found, others=False)


def _compared(program: Program, name: str) -> Columns | None:
    node = program.nodes[name]
    match node:
        case Across():
            where: tuple[Expr | None, ...] = (node.where,)
            pooled = node.across if node.how is Stat.POOLED else ""
            found = _columns(program, name, where, (node.across,))
            return replace(found, pooled=pooled, whole=node.whole)
        case ShareOf():
            return replace(_columns(program, name, (node.share, node.base)), whole=node.whole)
        case RankOf():
            return replace(_columns(program, name, (), (node.rank,)), whole=node.whole)
        case Members():
            return _members(program, node)
        case PeriodRule():
            return _rule(program, node)
        case Award() if node.pick is not None or node.split:
            exprs = tuple(one.when for one in node.conditions)
            by = node.pick.by if node.pick is not None else ()
            found = _columns(program, name, exprs, by)
            return replace(found, bars=node.bars, ruling=True)
        case Grade() if any(step.share is not None for step in node.steps):
            return _grade(program, node)
    return None


def _rule(program: Program, rule: PeriodRule) -> Columns:
    exprs = (rule.when, *_paid(program, rule.amount))
    by = rule.pick.by if rule.pick is not None else ()
    return replace(
        _columns(program, rule.name, exprs, by), ruling=True, others=rule.pick is not None
    )


def _members(program: Program, node: Members) -> Columns:
    population = program.types[node.members].population
    of = program.plan.populations[population].of
    linked: tuple[Expr, ...] = ()
    if node.link:
        linked = (Field("person" if of is SubjectKind.PERSON else "unit", node.link),)
    found = _among(program, population, (node.where, *linked), (node.members,))
    return replace(found, pooled=node.members if node.how is Stat.POOLED else "")


def _paid(program: Program, amount: Amount | None) -> tuple[Expr, ...]:
    """What an amount is taken from: expressions, and the attributes a table is looked up by."""
    found = tuple(part for part in everything(amount) if isinstance(part, Expr))
    if isinstance(amount, FromTable):
        by = (name.partition(".") for name in program.tables[amount.table].by)
        found += tuple(Field(of, field) for of, _, field in by)
    return found


def _grade(program: Program, node: Grade) -> Columns:
    exprs = tuple(step.when for step in node.steps)
    kept: tuple[Expr, ...] = ()
    if node.kept:
        person = program.plan.populations[node.each].of is SubjectKind.PERSON
        kept = (Field("person" if person else "unit", node.kept),)
    return replace(_columns(program, node.name, (*exprs, *kept), node.by), ruling=True)


def _columns(
    program: Program, name: str, exprs: tuple[Expr | None, ...], by: tuple[str, ...] = ()
) -> Columns:
    return _among(program, population_of(program, name), exprs, by)


def _among(
    program: Program, population: str, exprs: tuple[Expr | None, ...], by: tuple[str, ...]
) -> Columns:
    """The measures and attributes that expressions read, but for those read upward."""
    of = program.plan.populations[population].of
    names = dict.fromkeys((*by, *measures_in(*exprs)))
    attributes = {
        f"{one.of}.{one.name}": None
        for expr in exprs
        for part in everything(expr)
        for one in _looked_up(program, part)
        if one.of in ("unit", "person")
    }
    return Columns(
        population=population,
        measures=tuple(one for one in names if kind_of(program, one) is of),
        attributes=tuple(attributes),
    )


def _looked_up(program: Program, part: object) -> tuple[Field, ...]:
    """The field itself; of a table's number, the fields it is looked up by."""
    if not isinstance(part, Field):
        return ()
    if part.of == "table":
        return tuple(field_of(name) for name in program.tables[part.name].by)
    return (part,)


def kind_of(program: Program, measure: str) -> SubjectKind:
    """Whether a measure is of units, persons or the adopting unit."""
    return program.plan.populations[program.types[measure].population].of


def population_of(program: Program, name: str) -> str:
    """The population that a node is computed for; empty for a limit."""
    if name in program.types:
        return program.types[name].population
    node: Node = program.nodes[name]
    return str(getattr(node, "each", ""))
