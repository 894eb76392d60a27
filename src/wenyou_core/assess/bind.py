"""From a checked plan, an adoption and a period to the program that both back ends run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wenyou_core.assess.cells import cells_of, kinds_of, reported
from wenyou_core.assess.needs import Need, required_facts
from wenyou_core.assess.program import Node, Program
from wenyou_core.assess.readings import param_at, value_at
from wenyou_core.assess.sequential import left_to_reference
from wenyou_core.errors import Fault, SchemeError
from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.canon import digest
from wenyou_core.scheme.check import Checked, check
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.model import Adoption, Parameter, Plan, Table
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.rules import EventRule
from wenyou_core.scheme.scope import Scope, label_of, place_of
from wenyou_core.scheme.uses import Uses
from wenyou_core.worktime.periods import Period

__all__ = ["Need", "bind", "param_at", "required_facts"]


def bind(checked: Checked, adoption: Adoption | None, run: Period) -> Program:
    """The program of one run.

    Raises SchemeError when the adoption does not fit the plan, when the run is outside the days
    in force, or when a parameter, table cell or role that this run needs is unset.
    """
    plan = adopt(checked, adoption)
    _check_in_force(checked.plan, adoption, run)
    settled = checked if plan == checked.plan else check(plan)
    first = adoption.in_force_from if adoption else plan.valid_from
    cells = cells_of(settled, run, first)
    scope = settled.scope
    nodes = {name: node for name, node in _nodes(scope) if name in cells}
    events = tuple(scope.events())
    program = Program(
        plan=plan,
        adoption=adoption,
        run=run,
        plan_digest=checked.digest,
        adoption_digest=digest(adoption),
        digits={name: ledger.digits for name, ledger in plan.ledgers.items()},
        deems=tuple(scope.deems()),
        exempts=tuple(scope.exempts()),
        events=events,
        nodes=nodes,
        order=tuple(name for name in settled.order if name in nodes),
        types=settled.types,
        cells=cells,
        reported=reported(run, kinds_of(settled)),
        sequential=left_to_reference(nodes, settled.order, settled.reads, settled.types),
        params=scope.params,
        tables=scope.tables,
        sets=scope.sets,
    )
    _check_set(program, scope)
    return program


def _nodes(scope: Scope) -> Iterator[tuple[str, Node]]:
    yield from scope.measures.items()
    for rule in scope.period_rules():
        yield rule.name, rule
    for limit in scope.limits():
        yield limit.name, limit
    yield from scope.grades.items()
    yield from scope.awards.items()
    yield from scope.targets.items()
    yield from scope.obligations.items()


def _check_in_force(plan: Plan, adoption: Adoption | None, run: Period) -> None:
    spans = [("方案", plan.place, plan.valid_from, plan.valid_to)]
    if adoption is not None:
        spans.append(("采用", adoption.place, adoption.in_force_from, adoption.in_force_to))
    faults = []
    for what, place, start, end in spans:
        if (start and run.start < start) or (end and run.end > end):
            faults.append(
                Fault(
                    place,
                    "not-in-force",
                    f"考核期间{run.label}（{run.start}至{run.end}）不全在{what}的施行期内"
                    f"（{start or '未写起日'}至{end or '未写止日'}）；请改期间，或换用当时施行的版本。",
                )
            )
    if faults:
        raise SchemeError(faults)


# -- what must not be unset -------------------------------------------------------------


def _check_set(program: Program, scope: Scope) -> None:
    """Every parameter, table cell and role that this run uses has a value."""
    uses = _uses(program, scope)
    faults = [
        *(
            fault
            for name in uses.params
            for fault in _unset_param(program, name, uses.params[name])
        ),
        *(
            fault
            for name in uses.tables
            for fault in _unset_cells(program, name, uses.tables[name])
        ),
        *(fault for name in uses.whoms for fault in _unset_role(program, name, uses.whoms[name])),
    ]
    if faults:
        raise SchemeError(faults)


def _uses(program: Program, scope: Scope) -> Uses:
    """What the rules and nodes of this run use, with facts prepared for them."""
    uses = Uses()
    kinds: set[str] = set()
    populations: dict[str, str] = {}
    for rule in program.events:
        if program.cells.get(rule.name):
            uses.add(rule, rule.name)
            kinds.add(rule.on)
            _set_and_date(program, scope, rule, uses)
    for name, node in program.nodes.items():
        if not program.cells.get(name):
            continue
        uses.add(node, name)
        each = getattr(node, "each", "") or (
            program.types[name].population if name in program.types else ""
        )
        populations.setdefault(each, name)
        if isinstance(node, FactMeasure | Obligation) and node.facts:
            kinds.add(node.facts)
            if not getattr(node, "date", ""):
                uses.add(program.plan.deciding, name)
    for each, name in populations.items():
        uses.add(program.plan.populations.get(each), name)
    _prepared(program, kinds, uses)
    return uses


def _set_and_date(program: Program, scope: Scope, rule: EventRule, uses: Uses) -> None:
    if not rule.date:
        uses.add(program.plan.deciding, rule.name)
    for name in rule.together:
        uses.add(scope.sets[name].choose, rule.name)


def _prepared(program: Program, kinds: set[str], uses: Uses) -> None:
    """Deemed facts and exemptions that change a kind in use are in use themselves."""
    for deem in program.deems:
        if (deem.becomes or deem.deem) in kinds:
            uses.add(deem, deem.name)
    sources = kinds | {deem.deem for deem in program.deems if deem.becomes in kinds}
    for deem in program.deems:
        if deem.deem in sources and deem.becomes in ("", deem.deem):
            uses.add(deem, deem.name)
    for exempt in program.exempts:
        if exempt.exempt in sources:
            uses.add(exempt, exempt.name)


def _user(program: Program, name: str) -> str:
    """The title and name of what uses a value."""
    things: dict[str, object] = {one.name: one for one in program.events}
    things |= {one.name: one for one in program.deems}
    things |= {one.name: one for one in program.exempts}
    things |= program.nodes
    return label_of(things[name]) if name in things else f"“{name}”"


def _unset_param(program: Program, name: str, by: str) -> list[Fault]:
    param = program.params[name]
    day = _first_unset(param, program.run)
    if day is None:
        return []
    open_since = f"自{day}起" if day > program.run.start else ""
    question = f"考核口径：{param.question}" if param.question else f"须填：{param.title}。"
    return [
        Fault(
            place_of(param),
            "unset",
            f"方案不能启用：参数{label_of(param)}{open_since}没有取值，{_user(program, by)}要用到它。"
            f"{question}请在采用文件 values 中填写“{name}”。",
        )
    ]


def _first_unset(param: Parameter, run: Period) -> date | None:
    days = [run.start, *(one.since for one in param.values if one.since in run)]
    return next((day for day in days if value_at(param, day) is None), None)


def _unset_cells(program: Program, name: str, by: str) -> list[Fault]:
    table: Table = program.tables[name]
    unset = [words for words, text in table.values.items() if text is None]
    if not unset:
        return []
    return [
        Fault(
            place_of(table),
            "unset",
            f"方案不能启用：表{label_of(table)}的“{'、'.join(unset)}”没有数额，"
            f"{_user(program, by)}要用到它。"
            f"请在采用文件 tables 的“{name}”中填写。",
        )
    ]


def _unset_role(program: Program, name: str, by: str) -> list[Fault]:
    role = program.plan.roles.get(name)
    if role is None or role.posts:
        return []
    return [
        Fault(
            role.place,
            "unset",
            f"方案不能启用：角色“{role.title}”（{name}）没有写由哪些岗位担任，"
            f"{_user(program, by)}要用到它。"
            "请在采用文件 roles 中填写。",
        )
    ]
