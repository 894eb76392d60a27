"""Run a worked example of a plan, and say in Chinese where the outcome disagrees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from fractions import Fraction

from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of, fact_book, units_of_plan
from wenyou_core.assess.converted import conversions
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import BarRow, Entry, MeasureValue, Result, TaskRow
from wenyou_core.errors import Fault, SchemeError
from wenyou_core.scheme.cases import Case, Expect, ExpectedBar, ExpectedEntry, ExpectedTask
from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.lex import ExprError, number_of
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.rules import Deem
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import parse_sum
from wenyou_core.worktime.calendar import Calendar


def result_of(checked: Checked, case: Case, *, calendar: Calendar | None = None) -> Result:
    """The reference's result of a case.

    Raises SchemeError or FactsError where the plan, the values or the rows do not fit.
    """
    program = bind(checked, adoption_of(case, checked.plan), case.period)
    return assess(program, fact_book(case, checked.plan), moment_of(case), calendar=calendar)


def moment_of(case: Case) -> datetime | None:
    """The moment that a case is replayed at. Raises SchemeError for what is none."""
    try:
        return datetime.fromisoformat(case.known_at) if case.known_at else None
    except ValueError:
        text = f"known_at“{case.known_at}”不是时刻，请写成“2025-10-08T12:00”的样子。"
        raise SchemeError([Fault(case.place, "bad-moment", text)]) from None


def run_case(checked: Checked, case: Case, *, calendar: Calendar | None = None) -> list[str]:
    """Where the reference disagrees with the case, in Chinese; empty when it passes.

    Raises SchemeError or FactsError as ``result_of`` does, unless the case expects to be refused.
    """
    if case.expect.refused is not None:
        return _refusal(checked, case, calendar)
    return disagreements(checked.plan, case, result_of(checked, case, calendar=calendar))


def _refusal(checked: Checked, case: Case, calendar: Calendar | None) -> list[str]:
    codes: set[str] = set()
    try:
        result_of(checked, case, calendar=calendar)
    except SchemeError as error:
        codes = {fault.code for fault in error.faults}
    found = _same("不能启用的原因", case.expect.refused, codes)
    return [f"案例“{case.name}”：{text}" for text in found]


def disagreements(plan: Plan, case: Case, result: Result) -> list[str]:
    """Where a result, of either engine, disagrees with what the case expects.

    A part that the case leaves out is not compared; an empty one says "none at all". Expected
    entries are all entries of the rules they name; bars and tasks likewise.
    """
    expect = case.expect
    unread = list(_unread(plan, expect))
    if unread:
        return [f"案例“{case.name}”：{text}" for text in unread]
    found = [
        *_silent(plan, case, result),
        *_entries(plan, expect, result),
        *_measures(expect, result),
        *_bars(expect, result),
        *_tasks(expect, result),
        *_outcomes(expect, result),
        *_converted(plan, expect, result),
        *_same("未计入的事实", expect.uncounted, {one.fact for one in result.uncounted}),
        *_same("等待决定的规则", expect.waiting, {one.rule for one in result.waiting}),
        *_same("缺少的数据", expect.missing, {one.kind for one in result.missing}),
    ]
    return [f"案例“{case.name}”：{text}" for text in found]


def _unread(plan: Plan, expect: Expect) -> Iterator[str]:
    """Amounts and factors that nobody can read."""
    units = units_of_plan(plan)
    for wanted in expect.entries or ():
        try:
            parse_sum(wanted.amount, units)
        except ExprError as error:
            yield f"预期分录“{wanted.rule}”的数额“{wanted.amount}”：{error}"
        if wanted.factor and _fraction(wanted.factor) is None:
            yield f"预期分录“{wanted.rule}”的系数“{wanted.factor}”不是数，请写成“1.5”的样子。"
    for texts in expect.converted.values():
        for text in texts:
            try:
                parse_sum(text, units)
            except ExprError as error:
                yield f"预期折算的数额“{text}”：{error}"


def _silent(plan: Plan, case: Case, result: Result) -> Iterator[str]:
    """What the case says it makes fire and of which nothing is to be seen."""
    known = {
        name: thing
        for article in plan.articles
        for things in (
            article.rules,
            article.measures,
            article.grades,
            article.awards,
            article.targets,
            article.obligations,
        )
        for name, thing in things.items()
    }
    seen = traces(result)
    for name in case.fires:
        if name not in known:
            yield f"fires 里的“{name}”在方案中没有。"
        elif name not in seen and not isinstance(known[name], Deem):  # a deemed fact has no name
            yield f"说是触发了“{name}”，结果里却没有它的任何记录。"
    for name in case.misses:
        if name not in known:
            yield f"misses 里的“{name}”在方案中没有。"


def traces(result: Result) -> frozenset[str]:
    """The names of rules, measures and outcomes of which the result shows something."""
    return frozenset(
        {one.rule for one in result.entries}
        | {one.rule for one in result.bars}
        | {one.rule for one in result.tasks}
        | {one.rule for one in result.waiting}
        | {one.by_rule for one in result.uncounted}
        | {one.capped_by for one in result.grades}
        | {one.measure for one in result.measures if not one.absent}
        | {one.grade for one in result.grades}
        | {one.award for one in result.awards if one.won}
        | {one.target for one in result.targets}
        | {one.obligation for one in result.obligations if one.done}
    )


# -- entries -------------------------------------------------------------------------------


def _entries(plan: Plan, expect: Expect, result: Result) -> Iterator[str]:
    if expect.entries is None:
        return
    named = {one.rule for one in expect.entries}
    left = [one for one in result.entries if one.rule in named or not expect.entries]
    # The most closely described first, so that a loose one does not take its entry.
    for wanted in sorted(expect.entries, key=_closeness, reverse=True):
        hit = next((one for one in left if _agrees(plan, wanted, one, result)), None)
        if hit is None:
            about = f"（事实{wanted.fact}）" if wanted.fact else ""
            yield f"应有“{wanted.rule}”记给{wanted.subject}{about}的{wanted.amount}，没有得到。"
        else:
            left.remove(hit)
    for entry in left:
        yield f"多出{show_entry(plan, entry, result)}。"


def _closeness(wanted: ExpectedEntry) -> int:
    said = (wanted.kind, wanted.fact, wanted.period, wanted.factor)
    return sum(map(bool, said)) + (wanted.count is not None) + (wanted.part is not None)


def _agrees(plan: Plan, wanted: ExpectedEntry, entry: Entry, result: Result) -> bool:
    amount = parse_sum(wanted.amount, units_of_plan(plan))
    said = (
        (wanted.kind, entry.kind.value),
        (wanted.fact, entry.fact),
        (wanted.period, entry.period),
    )
    return (
        (wanted.rule, wanted.subject) == (entry.rule, entry.subject.id)
        and amount.ledger == entry.ledger
        and amount.number == Fraction(entry.amount, 10 ** result.digits[entry.ledger])
        and all(not text or text == own for text, own in said)
        and (not wanted.factor or _fraction(wanted.factor) == entry.factor)
        and wanted.count in (None, entry.count)
        and wanted.part in (None, entry.part)
    )


def show_entry(plan: Plan, entry: Entry, result: Result) -> str:
    """An entry in short: rule, kind, fact, subject, amount."""
    digits = result.digits[entry.ledger]
    amount = show_number(Fraction(entry.amount, 10**digits))
    unit = plan.ledgers[entry.ledger].unit
    about = f"（事实{entry.fact}）" if entry.fact else ""
    return f"“{entry.rule}”[{entry.kind.value}]记给{entry.subject.id}{about}的{amount} {unit}"


# -- measures ------------------------------------------------------------------------------


def _measures(expect: Expect, result: Result) -> Iterator[str]:
    """A measure by name is that of the last reported period; ``name@2025-07`` says which."""
    latest: dict[tuple[str, str], MeasureValue] = {}
    for one in result.measures:  # sorted by period
        latest[one.measure, one.subject.id] = one
        latest[f"{one.measure}@{one.period}", one.subject.id] = one
    for subject, wanted in expect.measures.items():
        for name, text in wanted.items():
            found = latest.get((name, subject))
            if not _equal(text, found):
                yield f"{subject}的指标“{name}”应为{text or '不适用'}，得到{show_value(found)}。"


def _equal(text: str | None, found: MeasureValue | None) -> bool:
    number = _number(found)
    if text is None or number is None:
        return text is None and number is None
    return number == _fraction(text)


def _fraction(text: str) -> Fraction | None:
    """The number of ``-0.5``, ``20%`` or ``3/1000``, of any length; None for other texts."""
    above, slash, below = text.removeprefix("-").partition("/")
    top, bottom = number_of(above), number_of(below) if slash else (Fraction(1), 0)
    if top is None or bottom is None or not bottom[0]:
        return None
    return (-top[0] if text.startswith("-") else top[0]) / bottom[0]


def _number(found: MeasureValue | None) -> Fraction | None:
    if found is None or found.num is None or found.den is None:
        return None if found is None else found.value
    return found.num / found.den


def show_value(found: MeasureValue | None) -> str:
    """A measured number in short; a ratio as its two parts."""
    if found is None:
        return "没有这个数"
    if found.num is not None and found.den is not None:
        return f"{show_number(found.num)}/{show_number(found.den)}"
    return found.absent if found.value is None else show_number(found.value)


# -- bars, tasks, outcomes -----------------------------------------------------------------


def _bars(expect: Expect, result: Result) -> Iterator[str]:
    if expect.bars is None:
        return
    named = {one.what for one in expect.bars}
    found = [one for one in result.bars if one.what in named or not expect.bars]
    for wanted in expect.bars:
        if not any(_is_bar(wanted, one) for one in found):
            yield f"应取消{wanted.subject}的“{wanted.what}”资格，没有得到。"
    for one in found:
        if not any(_is_bar(wanted, one) for wanted in expect.bars):
            yield f"多出取消{one.subject.id}的“{one.what}”资格（规则“{one.rule}”）。"


def _is_bar(wanted: ExpectedBar, one: BarRow) -> bool:
    until = one.until.isoformat() if one.until else "forever"
    return (
        (wanted.what, wanted.subject) == (one.what, one.subject.id)
        and wanted.rule in ("", one.rule)
        and wanted.until in ("", until)
    )


def _tasks(expect: Expect, result: Result) -> Iterator[str]:
    if expect.tasks is None:
        return
    named = {one.task for one in expect.tasks}
    found = [one for one in result.tasks if one.task in named or not expect.tasks]
    for wanted in expect.tasks:
        if not any(_is_task(wanted, one) for one in found):
            yield f"应对{wanted.subject or '对象'}发起“{wanted.task}”，没有得到。"
    for one in found:
        if not any(_is_task(wanted, one) for wanted in expect.tasks):
            yield f"多出对{one.subject.id}的“{one.task}”（规则“{one.rule}”）。"


def _is_task(wanted: ExpectedTask, one: TaskRow) -> bool:
    return (
        wanted.task == one.task
        and wanted.subject in ("", one.subject.id)
        and wanted.rule in ("", one.rule)
    )


def _outcomes(expect: Expect, result: Result) -> Iterator[str]:
    steps = {(one.grade, one.subject.id): one.step for one in result.grades}
    for subject, grades in expect.grades.items():
        for name, step in grades.items():
            found = steps.get((name, subject), "")
            if found != (step or ""):
                yield f"{subject}的“{name}”应为{step or '无等级'}，得到{found or '无等级'}。"
    for name, winners in expect.awards.items():
        won = {one.subject.id for one in result.awards if one.award == name and one.won}
        yield from _same(f"“{name}”的得奖者", winners, won)
    for name, met in expect.targets.items():
        yield from _targets(name, met, result)
    done = {
        (one.obligation, one.subject.id): f"{one.done}/{one.owed}" for one in result.obligations
    }
    for subject, owed in expect.obligations.items():
        for name, text in owed.items():
            counted = done.get((name, subject), "没有这一行")
            if counted != text:
                yield f"{subject}的“{name}”应为{text}，得到{counted}。"


def _targets(
    name: str, wanted: bool | Mapping[str, bool | None] | None, result: Result
) -> Iterator[str]:
    """One word for all subjects of a target, or one for each named."""
    found = {one.subject.id: one.met for one in result.targets if one.target == name}
    expected = wanted if isinstance(wanted, Mapping) else dict.fromkeys(found, wanted)
    if not found:
        yield f"目标“{name}”没有对象。"
    words = {True: "达到", False: "未达到", None: "不适用"}
    for subject, met in expected.items():
        if found.get(subject) is not met:
            yield f"{subject}的目标“{name}”应为{words[met]}，得到{words[found.get(subject)]}。"


def _converted(plan: Plan, expect: Expect, result: Result) -> Iterator[str]:
    found: dict[str, set[str]] = {}
    for one in conversions(plan, result):
        text = f"{show_number(one.number)} {plan.ledgers[one.into].unit}"
        found.setdefault(one.subject.id, set()).add(text)
    for subject, wanted in expect.converted.items():
        yield from _same(f"{subject}的折算", wanted, found.get(subject, set()))


def _same(what: str, wanted: Iterable[str] | None, found: set[str]) -> Iterator[str]:
    if wanted is None:
        return
    lacking, extra = set(wanted) - found, found - set(wanted)
    if lacking:
        yield f"{what}缺少{'、'.join(sorted(lacking))}。"
    if extra:
        yield f"{what}多出{'、'.join(sorted(extra))}。"
