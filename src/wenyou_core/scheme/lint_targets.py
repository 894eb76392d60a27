"""Targets that cannot hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product

from wenyou_core.scheme.expr import Binary, Const, Expr, Measure, Op, Param
from wenyou_core.scheme.lint_desk import Desk, Severity
from wenyou_core.scheme.lint_logic import TooManyError, cases_of, fold, only_span
from wenyou_core.scheme.lint_sets import Span
from wenyou_core.scheme.measures import ShareOf
from wenyou_core.scheme.outcomes import Target
from wenyou_core.scheme.sentence_words import percent_text
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.uses import Uses
from wenyou_core.scheme.words import ValueType

MOST_READINGS = 32


@dataclass(frozen=True, slots=True)
class Wanted:
    """A target that asks one share of people or units to lie in a span."""

    target: Target
    one: ShareOf
    span: Span

    @property
    def least(self) -> Fraction:
        """What it must reach."""
        return self.span.low or Fraction(0)


def check_targets(desk: Desk) -> None:
    """Pairs of targets, shares that add up to too much, parts and wholes."""
    _pairs(desk)
    wanted = list(_wanted(desk))
    _exclusive(desk, wanted)
    for whole in wanted:
        for first, second in combinations([one for one in wanted if one is not whole], 2):
            _parts_and_whole(desk, whole, first, second)


def _title(target: Target) -> str:
    return target.title or target.name


def _pairs(desk: Desk) -> None:
    reason = desk.over_subjects()
    targets = list(desk.scope.targets.values())
    for first, second in combinations(targets, 2):
        same = first.each == second.each and first.period is second.period
        if not same or reason.never(first.when) or reason.never(second.when):
            continue
        if reason.never(first.when, second.when):
            text = f"目标“{_title(first)}”和“{_title(second)}”不能同时达到；请核对两个目标的界限。"
            desk.error(second, "targets-conflict", text)


def _wanted(desk: Desk) -> Iterator[Wanted]:
    for target in desk.scope.targets.values():
        try:
            cases = cases_of(fold(target.when, desk.params))
        except TooManyError:
            continue
        if len(cases) != 1 or len(cases[0]) != 1:
            continue
        ((key, values),) = cases[0].items()
        one = desk.scope.measures.get(key.name) if isinstance(key, Measure) else None
        span = only_span(values)
        if isinstance(one, ShareOf) and span is not None:
            yield Wanted(target, one, span)


# -- shares of one group ----------------------------------------------------------------


def _exclusive(desk: Desk, wanted: list[Wanted]) -> None:
    """Shares of one group whose members can be in one of them only must not pass 100 %."""
    groups: dict[tuple[object, ...], list[Wanted]] = {}
    for one in wanted:
        measure = one.one
        key = (measure.each, measure.base, measure.whole, measure.period, one.target.each)
        groups.setdefault(key, []).append(one)
    for group in groups.values():
        total = sum((one.least for one in group), Fraction(0))
        if len(group) < 2 or total <= 1:
            continue
        for reading, severity in _readings(desk, [one.one.share for one in group]):
            if _apart(desk, group, reading):
                _tell_exclusive(desk, group, total, (reading, severity))
                break


def _tell_exclusive(
    desk: Desk,
    group: list[Wanted],
    total: Fraction,
    found: tuple[Mapping[str, str], Severity],
) -> None:
    reading, severity = found
    names = "、".join(f"“{_title(one.target)}”" for one in group)
    shown = "＋".join(percent_text(one.least) for one in group)
    when = "、".join(f"{desk.names.param_title(name)}取“{word}”" for name, word in reading.items())
    head = f"口径为{when}时，" if when else ""
    desk.add(
        severity,
        group[-1].target,
        "shares-over-one",
        f"{head}{names}的对象互不重复，比例合计{shown}＝{percent_text(total)}，超过100%，不能同时达到；"
        "请改按“不低于该级”理解，或改比例。",
    )


def _readings(desk: Desk, exprs: list[Expr]) -> Iterator[tuple[dict[str, str], Severity]]:
    """The reading in force, then the others that could be chosen."""
    uses = Uses()
    for expr in exprs:
        uses.add(expr, "")
    params = [desk.scope.params[name] for name in uses.params if name in desk.scope.params]
    choices = [one for one in params if one.type is ValueType.CHOICE]
    now = {one.name: one.values[-1].value for one in choices if one.values}
    if not choices:
        yield {}, Severity.ERROR
        return
    words = [one.choices for one in choices]
    count = 1
    for some in words:
        count *= len(some)
    if count > MOST_READINGS:
        return
    found = [
        dict(zip([one.name for one in choices], some, strict=True)) for some in product(*words)
    ]
    for reading in sorted(found, key=lambda one: one != now):
        yield reading, Severity.ERROR if reading == now else Severity.HINT


def _apart(desk: Desk, group: list[Wanted], reading: Mapping[str, str]) -> bool:
    """Whether nobody can be in two of the shares under a reading."""
    reason = desk.over_subjects()
    chosen = [Binary(Op.EQ, Param(name), Const(word)) for name, word in reading.items()]
    return all(
        reason.never(one.one.share, two.one.share, *chosen) for one, two in combinations(group, 2)
    )


# -- a whole and its two parts ----------------------------------------------------------


def _parts_and_whole(desk: Desk, whole: Wanted, first: Wanted, second: Wanted) -> None:
    """Two parts that make up the whole: which weight makes their targets fit the whole's."""
    if not _halves(desk, whole.one, first.one, second.one):
        return
    if first.least < second.least:
        first, second = second, first
    top, bottom, goal = first.least, second.least, whole.least
    names = f"“{_title(first.target)}”{percent_text(top)}、“{_title(second.target)}”{percent_text(bottom)}"
    head = f"{names}与“{_title(whole.target)}”{percent_text(goal)}"
    if goal > top:
        text = f"{head}不相配：两部分都达到目标，合计也到不了总目标；请核对三个比例。"
        desk.error(whole.target, "targets-apart", text)
    elif bottom < goal < top or (bottom < goal == top):
        weight = (goal - bottom) / (top - bottom)
        desk.hint(
            whole.target,
            "targets-weight",
            f"{head}只有在前一部分占到全部的{_weight(weight)}以上时才相配，低于它时两部分都达到目标、"
            "总目标仍可能达不到；请核对两部分的数量，或改比例。",
        )
    elif goal < bottom:
        text = f"{head}：两部分都达到目标时总目标必然达到，总目标没有作用；请核对三个比例。"
        desk.hint(whole.target, "idle-target", text)


def _halves(desk: Desk, whole: ShareOf, first: ShareOf, second: ShareOf) -> bool:
    """Whether three shares count the same in a whole and in two parts that do not overlap."""
    alike = {(one.each, one.share, one.whole, one.period) for one in (whole, first, second)}
    if len(alike) != 1 or whole.base is not None or first.base is None or second.base is None:
        return False
    reason = desk.over_subjects()
    return reason.never(first.base, second.base)


def _weight(weight: Fraction) -> str:
    exact = show_number(weight)
    return exact if "/" in exact else percent_text(weight)
