"""Values: what is unset, never used, never in force; exemptions and deeming that say nothing."""

from __future__ import annotations

from wenyou_core.scheme.expr import Binary, Const, Expr, Field, Op
from wenyou_core.scheme.lint_desk import Desk, Severity
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.scheme.model import Adoption, Parameter
from wenyou_core.scheme.rules import Deem, Exempt
from wenyou_core.scheme.uses import Uses
from wenyou_core.scheme.words import ValueType


def check_values(desk: Desk, adoption: Adoption | None) -> None:
    """Parameters, tables, sets, lists, limits, exemptions, obligations."""
    uses = _uses(desk)
    _unset(desk, uses, Severity.ERROR if adoption else Severity.HINT)
    told = _told(desk, uses)
    _unused(desk, told)
    _out_of_force(desk)
    for rule in desk.scope.rules.values():
        if isinstance(rule, Exempt):
            _exempt(desk, rule)
        elif isinstance(rule, Deem):
            _deem(desk, rule)
    for duty in desk.scope.obligations.values():
        title = duty.title or duty.name
        by_field = duty.unit == "date" and duty.start  # the day stands in the fact itself
        if duty.unit and duty.unit != "same_day" and not by_field and duty.limit is None:
            text = f"要求“{title}”写了时限的单位，没有写多长；请补上 limit，或改用参数待填。"
            desk.hint(duty, "no-length", text)
        if duty.facts and duty.every and not duty.each:
            text = f"要求“{title}”写了频次，没有写对谁统计，不会计数；请写 each。"
            desk.hint(duty, "not-counted", text)


def _uses(desk: Desk) -> Uses:
    uses = Uses()
    uses.add(desk.plan.deciding, "")
    for thing in desk.scope.named():
        uses.add(thing, thing.name)
    for found in desk.scope.sets.values():
        uses.add(found.choose, found.name)
    for population in desk.plan.populations.values():
        uses.add(population.where, population.name)
    return uses


def _told(desk: Desk, uses: Uses) -> Uses:
    """What is used, with what only appeals tell; an unset value of those stops no run."""
    ways = Uses()
    for way in desk.scope.appeals.values():
        ways.add(way, way.title or way.name)
    for name in ways.params.keys() - uses.params.keys():
        param = desk.scope.params.get(name)
        if param is not None and _is_unset(param):
            text = f"参数“{param.title}”（{name}）还没有取值，告知单写不出“{ways.params[name]}”的期限；请在采用文件里填写。"
            desk.hint(param, "unset-appeal", text)
    return Uses(params={**ways.params, **uses.params}, tables=uses.tables, lookups=uses.lookups)


def _unset(desk: Desk, uses: Uses, severity: Severity) -> None:
    for name, param in desk.scope.params.items():
        if name in uses.params and _is_unset(param):
            done = f"参数“{param.title}”（{name}）还没有取值，用到它的规则不能测算"
            desk.add(severity, param, "unset-param", f"{done}；请在采用文件里填写。")
    for name, table in desk.scope.tables.items():
        empty = [word for word, text in table.values.items() if text is None]
        if empty and name in uses.tables:
            words = "、".join(f"“{word}”" for word in empty)
            done = f"表“{table.title}”（{name}）的{words}还没有数额"
            desk.add(severity, table, "unset-cell", f"{done}；请在采用文件里填写。")


def _is_unset(param: Parameter) -> bool:
    return not param.values or param.values[-1].value is None


def _unused(desk: Desk, uses: Uses) -> None:
    for name, param in desk.scope.params.items():
        if name not in uses.params:
            text = f"参数“{param.title}”（{name}）没有地方用到；请删去它，或核对是否漏写了引用。"
            desk.hint(param, "unused-param", text)
    for name, table in desk.scope.tables.items():
        if name not in uses.tables:
            text = f"表“{table.title}”（{name}）没有规则用到；请删去它，或核对是否漏写了引用。"
            desk.hint(table, "unused-table", text)
    for name, found in desk.scope.sets.items():
        members = [rule for rule in desk.scope.events() if name in rule.together]
        if len(members) < 2:
            text = f"择一组“{found.title}”（{name}）里只有{len(members)}条规则，无从取舍；请核对各规则的 together。"
            desk.hint(found.place, "lonely-set", text)
    _unused_heads(desk)


def _unused_heads(desk: Desk) -> None:
    fields = [one for kind in desk.plan.facts.values() for one in kind.fields.values()]
    fields += [*desk.plan.unit_fields.values(), *desk.plan.person_fields.values()]
    lists = {one.choices for one in fields}
    for name in desk.plan.lists:
        if name not in lists:
            text = f"词表“{name}”没有字段用到；请删去它，或核对字段的 choices。"
            desk.hint(desk.plan.place, "unused-list", text)
    written = {
        entry
        for one in desk.scope.measures.values()
        if isinstance(one, EntryMeasure)
        for entry in one.entries
    }
    for limit in desk.scope.limits():
        held = [one for one in desk.scope.measures.values() if isinstance(one, EntryMeasure)]
        for one in held:
            if set(limit.limit) <= set(one.entries) and limit.name not in written:
                text = (
                    f"指标“{one.title or one.name}”合计的规则有上下限“{limit.title or limit.name}”，"
                    "合计里却没有它，封顶不起作用；请把它写进 entries。"
                )
                desk.hint(one, "limit-left-out", text)


def _out_of_force(desk: Desk) -> None:
    last = desk.plan.valid_to
    for param in desk.scope.params.values():
        for dated in param.values:
            if last is not None and dated.since > last:
                text = f"参数“{param.title}”自{dated.since}起的取值在方案止日之后，永远用不上；请核对日期。"
                desk.hint(param, "late-value", text)


# -- exemptions and deeming -------------------------------------------------------------


def _exempt(desk: Desk, rule: Exempt) -> None:
    title = rule.title or rule.name
    if not rule.same:
        desk.error(
            rule,
            "exempt-all",
            f"免责“{title}”没有写 same，任何一件都会使所有事实不计；请写明哪些字段相同才免。",
        )
        return
    other = desk.plan.facts.get(rule.by)
    by_number = any(
        other is not None
        and (other.fields.get(its) is None or other.fields[its].type is ValueType.FACT)
        and own in ("id", "unit", "person")
        and own == "id"
        for own, its in rule.same.items()
    )
    if not by_number and not (rule.since or rule.till or rule.same_period):
        desk.hint(
            rule,
            "exempt-open",
            f"免责“{title}”没有起止日（within），一次就永远有效；请写明有效期，或写明免的是哪一件。",
        )


def _deem(desk: Desk, rule: Deem) -> None:
    """Setting a field to what the condition already asks for."""
    if rule.becomes and rule.becomes != rule.deem:
        return
    known = _settled(rule.where)
    idle = [name for name, value in rule.with_fields.items() if known.get(name) == value]
    if idle or not rule.with_fields:
        title = rule.title or rule.name
        text = f"视同“{title}”把字段改成条件里已有的值，不起作用；请核对 with。"
        desk.hint(rule, "idle-deem", text)


def _settled(expr: Expr | None) -> dict[str, Expr]:
    """The fields that a condition fixes to a value."""
    if not isinstance(expr, Binary):
        return {}
    if expr.op is Op.AND:
        return {**_settled(expr.left), **_settled(expr.right)}
    if expr.op is Op.EQ and isinstance(expr.left, Field) and isinstance(expr.right, Const):
        return {expr.left.name: expr.right}
    return {}
