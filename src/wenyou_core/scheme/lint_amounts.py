"""Amounts: gaps and overlaps of bands and tables, signs, repeats, limits."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

from wenyou_core.scheme.amounts import Bands, FromRange, FromTable
from wenyou_core.scheme.charges import cells_of
from wenyou_core.scheme.expr import Expr, Interval, Value
from wenyou_core.scheme.hitting import members_of
from wenyou_core.scheme.lint_desk import Desk, sign_of
from wenyou_core.scheme.lint_logic import Reasoner
from wenyou_core.scheme.lint_sets import Span, Values
from wenyou_core.scheme.model import Table
from wenyou_core.scheme.readings import field_of
from wenyou_core.scheme.rules import Again, Bounds, EventRule, Limit, PeriodRule
from wenyou_core.scheme.scope import Owned
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import LimitPer, ValueType

Paying = EventRule | PeriodRule
_TAKES, _GIVES = ("扣", "罚"), ("奖",)


def check_amounts(desk: Desk) -> None:
    """The amounts of all rules, and the limits over them."""
    for rule in desk.paying():
        match rule.amount:
            case Bands() as bands:
                _bands(desk, rule, bands)
            case FromTable(table=name) if name in desk.scope.tables:
                _table(desk, rule, desk.scope.tables[name])
            case FromRange(range=(first, second)):
                if first.number * second.number < 0 or first.number == second.number:
                    desk.hint(
                        rule,
                        "odd-range",
                        f"规则“{_title(rule)}”的幅度一头扣一头加，或两头相同；请核对正负号和数额。",
                    )
        _against_title(desk, rule, f"规则“{_title(rule)}”", _title(rule), desk.sign(rule))
        if isinstance(rule, EventRule) and rule.again is not None:
            _again(desk, rule, rule.again)
        if rule.limit is not None:
            _bounds(desk, rule, rule.limit)
        _joints(desk, rule)
    for limit in desk.scope.limits():
        _limit(desk, limit)
    for param in desk.scope.params.values():
        if param.type is ValueType.AMOUNT:
            values = [one.value for one in param.values if isinstance(one.value, Fraction)]
            _against_title(desk, param, f"参数“{param.title}”", param.title, sign_of(values))
    for table in desk.scope.tables.values():
        cells = [one.number for one in cells_of(desk.plan, table).values()]
        _against_title(desk, table, f"表“{table.title}”", table.title, sign_of(cells))


def _title(rule: Paying | Limit) -> str:
    return rule.title or rule.name


def _reason(desk: Desk, rule: Paying) -> tuple[Reasoner, Expr | None, Speaker]:
    if isinstance(rule, EventRule):
        return desk.over_facts(rule.on), rule.where, Speaker(desk.names, rule.on)
    return desk.over_subjects(), rule.when, Speaker(desk.names)


# -- bands ------------------------------------------------------------------------------


def span_of(interval: Interval) -> Span:
    """The span of an interval of a plan."""
    low, high = (_line(end.value) if end else None for end in (interval.low, interval.high))
    return Span(low, interval.low_closed, high, interval.high_closed)


def _line(value: Value) -> Fraction:
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if isinstance(value, Fraction) else Fraction(0)


def _bands(desk: Desk, rule: Paying, bands: Bands) -> None:
    reason, where, speaker = _reason(desk, rule)
    held = reason.values(bands.bands, where)
    what = f"规则“{_title(rule)}”按〔{speaker.value(bands.bands)}〕分档"
    rows = [(span_of(row.interval), row.sum.number) for row in bands.rows]
    rows.sort(key=lambda row: (row[0].low is not None, row[0].low or 0))
    for (one, _), (two, _) in pairwise(rows):
        shared = Values(spans=(one.meet(two),)).meet(held)
        if not shared.empty and not shared.no_value:
            text = f"{what}有两档重叠（{told(one.meet(two))}）；请改写两档的端点，只让一档含它。"
            desk.error(rule, "band-overlap", text)
        hole = Span(one.high, not one.high_in, two.low, not two.low_in)
        if one.high is None or two.low is None or hole.empty:
            continue
        left = Values(spans=(hole,)).meet(held)
        if not left.no_value:
            desk.error(rule, "band-gap", f"{what}有一段没有规定（{told(hole)}）；请补上这一档。")
    _open_end(desk, rule, rows, held, what)
    sizes = [abs(number) for _, number in rows]
    if sizes not in (sorted(sizes), sorted(sizes, reverse=True)):
        desk.hint(rule, "band-order", f"{what}各档的数额忽大忽小；请核对各档的数额。")


def _open_end(
    desk: Desk, rule: Paying, rows: list[tuple[Span, Fraction]], held: Values, what: str
) -> None:
    """Nothing is said of what lies above the last band."""
    if not rows or any(span.high is None for span, _ in rows):
        return
    last = max((span for span, _ in rows), key=lambda span: span.high or Fraction(0))
    above = Span(last.high, not last.high_in, None, False)
    if not Values(spans=(above,)).meet(held).no_value:
        desk.hint(
            rule,
            "band-end",
            f"{what}，最后一档之外没有规定（{told(above)}）；请补上，或把最后一档写成不封顶。",
        )


def told(span: Span) -> str:
    """A span in words: ``大于3、小于5``."""
    if span.low is not None and span.low == span.high:
        return f"等于{show_number(span.low)}"
    parts = []
    if span.low is not None:
        parts.append(("不低于" if span.low_in else "大于") + show_number(span.low))
    if span.high is not None:
        parts.append(("不高于" if span.high_in else "小于") + show_number(span.high))
    return "、".join(parts) or "任何数"


# -- tables -----------------------------------------------------------------------------


def _table(desk: Desk, rule: Paying, table: Table) -> None:
    """Every word that the field can have under the rule's condition has a row."""
    reason, where, _ = _reason(desk, rule)
    lists = [_possible(reason, field_of(name), where) for name in table.by]
    if all(words is not None for words in lists):
        wanted = [""]
        for words in lists:
            wanted = [f"{head}/{word}" if head else word for head in wanted for word in words or ()]
        missing = [cell for cell in wanted if cell not in table.values]
        if missing:
            desk.hint(
                table,
                "table-gap",
                f"表“{table.title}”没有写{'、'.join(f'“{cell}”' for cell in missing)}，规则“{_title(rule)}”"
                "遇到时没有数额可记；请补上，没有数额的写 0。",
            )
    signs = {one.number > 0 for one in cells_of(desk.plan, table).values() if one.number}
    if len(signs) > 1:
        text = f"表“{table.title}”有的数额是扣、有的是加；请核对正负号，确属两种的请分成两张表。"
        desk.hint(table, "mixed-signs", text)


def _possible(reason: Reasoner, key: Expr, where: Expr | None) -> list[str] | None:
    """The words a field may have, in the order of its list; None where that is open."""
    listed = reason.domain(key)
    allowed = reason.values(key, where)
    if listed.other or listed.spans is not None or allowed.other:
        return None
    return sorted(allowed.words)


# -- signs ------------------------------------------------------------------------------


def _against_title(desk: Desk, at: Owned, what: str, title: str, sign: int) -> None:
    """A title that speaks of one direction and a number that goes the other way."""
    takes = any(word in title for word in _TAKES)
    gives = any(word in title for word in _GIVES)
    if takes is not gives and (sign > 0 if takes else sign < 0):
        done, shown = ("扣罚", "加") if takes else ("奖励", "扣")
        desk.error(at, "sign-title", f"{what}的标题说{done}，数额却是{shown}；请核对正负号。")


# -- repeats ----------------------------------------------------------------------------


def _again(desk: Desk, rule: EventRule, again: Again) -> None:
    what = f"规则“{_title(rule)}”的重复计数"
    if again.factor is not None and again.factor > 1 and not _stopped(desk, rule, again):
        desk.error(
            rule,
            "unbounded",
            f"{what}逐件乘以{show_number(again.factor)}而没有上限，数额会无止境地涨；"
            "请在 again 里写 ceiling，或给规则写 limit。",
        )
    if "id" in again.same:
        text = f"{what}要编号相同才算重复，而编号各不相同，永远没有第二件；请从 same 里删去 id。"
        desk.error(rule, "never-again", text)
    factors = again.factors
    if len(factors) > 1 and len(set(factors)) == 1:
        text = f"{what}各件的倍数都一样，写与不写无异；请核对 factors。"
        desk.hint(rule, "idle-factors", text)
    falling = any(two < one and two != 0 for one, two in pairwise(factors))
    if falling or (again.factor is not None and 0 < again.factor < 1):
        text = f"{what}越到后面越轻；请核对 factors 的先后。"
        desk.hint(rule, "falling-factors", text)
    numbers = desk.amounts(rule) or ()
    ceiling = min(map(abs, desk.ends(again.ceiling)), default=None)
    if ceiling is not None and any(abs(number) > ceiling for number in numbers):
        text = f"{what}的单件上限{show_number(ceiling)}低于第一件的数额；请核对 ceiling。"
        desk.error(rule, "low-ceiling", text)


def _stopped(desk: Desk, rule: EventRule, again: Again) -> bool:
    """Whether a ceiling, a bound of the rule or a limit over it stops the growth."""
    sign = desk.sign(rule)
    bounds = [rule.limit] if rule.limit else []
    bounds += [
        Bounds(floor=one.floor, ceiling=one.ceiling)
        for one in desk.scope.limits()
        if rule.name in members_of(desk.scope, one.name)
    ]
    lower = any(one.floor is not None for one in bounds)
    upper = any(one.ceiling is not None for one in bounds)
    return again.ceiling is not None or (lower and sign <= 0) or (upper and sign >= 0)


# -- limits -----------------------------------------------------------------------------


def _bounds(desk: Desk, rule: Paying, bounds: Bounds) -> None:
    _ends(desk, rule, bounds, desk.sign(rule), f"规则“{_title(rule)}”")
    numbers = desk.amounts(rule)
    if bounds.per is not LimitPer.EVENT or not numbers or getattr(rule, "again", None):
        return
    floors, ceilings = desk.ends(bounds.floor), desk.ends(bounds.ceiling)
    below = bool(floors) and max(floors) < min(numbers)
    above = bool(ceilings) and min(ceilings) > max(numbers)
    if below or above:
        text = f"规则“{_title(rule)}”每件的上下限碰不到它的数额，写与不写无异；请核对 limit。"
        desk.hint(rule, "idle-limit", text)


def _limit(desk: Desk, limit: Limit) -> None:
    rules = [desk.scope.rules[name] for name in members_of(desk.scope, limit.name)]
    signs = {desk.sign(rule) for rule in rules if isinstance(rule, EventRule | PeriodRule)}
    sign = signs.pop() if len(signs) == 1 else 0
    bounds = Bounds(floor=limit.floor, ceiling=limit.ceiling)
    _ends(desk, limit, bounds, sign, f"上下限“{_title(limit)}”")


def _ends(desk: Desk, at: Paying | Limit, bounds: Bounds, sign: int, what: str) -> None:
    """A floor that deductions can never keep to, or an end that is never reached."""
    floors, ceilings = desk.ends(bounds.floor), desk.ends(bounds.ceiling)
    wrong = (sign < 0 and any(end > 0 for end in floors)) or (
        sign > 0 and any(end < 0 for end in ceilings)
    )
    if wrong:
        word = (
            "下限却大于零，每期都会被补成正数" if sign < 0 else "上限却小于零，每期都会被扣成负数"
        )
        desk.error(at, "limit-sign", f"{what}的数额方向一致，{word}；请核对正负号。")
    idle = [
        word
        for word, ends, way in (("下限", floors, 1), ("上限", ceilings, -1))
        if ends and sign == way and all(end * way <= 0 for end in ends)
    ]
    if idle:
        text = f"{what}的{idle[0]}永远碰不到，写与不写无异；请核对 floor 和 ceiling 是否写反。"
        desk.hint(at, "idle-limit", text)


def _joints(desk: Desk, rule: Paying) -> None:
    _share_of_cut(desk, rule)
    for joint in rule.joint:
        if joint.whom in rule.whom:
            text = (
                f"规则“{_title(rule)}”的连带对象就是被扣的对象本人，会记两次；请改 joint 或 whom。"
            )
            desk.error(rule, "joint-self", text)
        if joint.percent is not None and joint.percent > 1:
            text = f"规则“{_title(rule)}”的连带比例超过100%；请核对是否写错了小数点。"
            desk.hint(rule, "joint-over", text)


def _share_of_cut(desk: Desk, rule: Paying) -> None:
    """A bound at the period's end whose cut is shared by whoever holds a post on that day."""
    held = rule.limit
    if not isinstance(rule, EventRule) or held is None or held.singly:
        return
    changing = {*desk.plan.roles, "members"}
    if any(one.percent is not None and one.whom.who in changing for one in rule.joint):
        text = (
            f"规则“{_title(rule)}”的上下限到期末才算一次，调整部分的连带份额都记给期末最后一天在任的人；"
            "期中换人时要记给每件发生时在任的人，请在 limit 里写 running: true。"
        )
        desk.hint(rule, "share-of-cut", text)
