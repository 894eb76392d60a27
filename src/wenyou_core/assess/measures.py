"""Steps 6, 7 and 11: measures of a subject in a period, made from what is already there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction

from wenyou_core.assess.amounts import ledger_of
from wenyou_core.assess.evaluate import condition, number
from wenyou_core.assess.lines import who
from wenyou_core.assess.nodes import Run, Standing, Values, grouped
from wenyou_core.assess.notes import NO_EARLIER, NO_PART, NO_VALUE
from wenyou_core.assess.org import Member
from wenyou_core.assess.picks import places, ranked
from wenyou_core.assess.quantities import Quantity, absent, plain, ratio, statistic
from wenyou_core.assess.rounding import rounded
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    MeasureDef,
    Members,
    RankOf,
    Ratio,
    Roll,
    ShareOf,
    StepOf,
    Streak,
)
from wenyou_core.scheme.outcomes import Grade
from wenyou_core.scheme.words import Against, Empty, Stat, SubjectKind
from wenyou_core.worktime.periods import Period, previous, same_of_last_year


def measure(run: Run, node: MeasureDef, period: Period) -> Values:
    """The value of every member of the measure's population in the period, by id."""
    given = run.provider.values(node.name, period)
    if given is not None:
        return given
    match node:
        case FactMeasure():
            return {}
        case EntryMeasure():
            return _entries(run, node, period)
        case Ratio():
            return _ratio(run, node, period)
        case Formula():
            return _formula(run, node, period)
        case Across():
            return _across(run, node, period)
        case ShareOf():
            return _share(run, node, period)
        case RankOf():
            return _rank(run, node, period)
        case Change():
            return _change(run, node, period)
        case Streak():
            return _streak(run, node, period)
        case Roll():
            return _roll(run, node, period)
        case Members():
            return _members(run, node, period)
        case StepOf():
            return _step(run, node, period)


def _everybody(run: Run, name: str, period: Period) -> tuple[Member, ...]:
    return run.org.members(run.program.types[name].population, period)


def _each(
    run: Run, name: str, period: Period, value: Callable[[Member], Quantity]
) -> dict[str, Quantity]:
    return {member.subject.id: value(member) for member in _everybody(run, name, period)}


def _is_ratio(run: Run, name: str) -> bool:
    return run.program.types[name].digits is None


# -- of one subject ------------------------------------------------------------------------


def _entries(run: Run, node: EntryMeasure, period: Period) -> Values:
    totals = run.totals(node.entries or None, period)
    by_subject: dict[object, Fraction] = defaultdict(Fraction)
    for (subject, ledger), amount in totals.items():
        if not node.ledger or ledger == node.ledger:
            by_subject[subject] += Fraction(amount, 10 ** run.program.digits[ledger])

    def value(member: Member) -> Quantity:
        opening = _opening(run, node, member, period) if node.opening else Fraction(0)
        return plain(node.base + opening + by_subject.get(who(member.subject), Fraction(0)))

    return _each(run, node.name, period, value)


def _opening(run: Run, node: EntryMeasure, member: Member, period: Period) -> Fraction:
    """The newest opening balance dated up to the period's first day; none is missing."""
    ledger = node.ledger or ledger_of(run.program, node.entries)
    found = [
        opening
        for opening in run.provider.openings
        if opening.ledger == ledger
        and who(opening.subject) == who(member.subject)
        and opening.on <= period.start
    ]
    if found:
        return max(found, key=lambda opening: opening.on).number
    if run.reported(period):
        days = (period.start, period.start)
        title = run.program.plan.ledgers[ledger].title
        text = f"{member.subject.id}没有“{title}”的期初余额,暂按零计,请补录。"
        run.notes.miss("opening", ledger, member.subject.id, days, rule=node.name, text=text)
    return Fraction(0)


def _ratio(run: Run, node: Ratio, period: Period) -> Values:
    first, second = node.ratio

    def value(member: Member) -> Quantity:
        num, den = run.exact(first, member, period), run.exact(second, member, period)
        return ratio(num, den, node.empty, node.round)

    return _each(run, node.name, period, value)


def _formula(run: Run, node: Formula, period: Period) -> Values:
    evaluate = number(node.value)

    def value(member: Member) -> Quantity:
        found = evaluate(Standing(run, member, period))
        return absent(NO_PART) if found is None else plain(rounded(found, node.round))

    return _each(run, node.name, period, value)


def _change(run: Run, node: Change, period: Period) -> Values:
    back = previous if node.against is Against.PREVIOUS else same_of_last_year
    earlier = back(period)

    def value(member: Member) -> Quantity:
        now = run.exact(node.change, member, period)
        then = run.exact(node.change, member, earlier)
        if now is None or then is None:
            return absent(NO_EARLIER if now is not None else NO_PART)
        if node.how == "relative":
            return ratio(now - then, then, node.empty)
        return plain(now - then)

    return _each(run, node.name, period, value)


def _streak(run: Run, node: Streak, period: Period) -> Values:
    passes = condition(node.streak)
    backwards = [period]
    while len(backwards) < node.most:
        backwards.append(previous(backwards[-1]))

    then = [{m.subject.id: m for m in _everybody(run, node.name, one)} for one in backwards]

    def value(member: Member) -> Quantity:
        length = 0
        for one, members in zip(backwards, then, strict=True):
            as_of = members.get(member.subject.id)
            if as_of is None or not passes(Standing(run, as_of, one)):
                break
            length += 1
        return plain(length)

    return _each(run, node.name, period, value)


def _roll(run: Run, node: Roll, period: Period) -> Values:
    parts = [part for part in run.periods(node.roll) if period.covers(part)]

    def value(member: Member) -> Quantity:
        values = [run.quantity(node.roll, member, part) for part in parts]
        found = [one for one in values if one is not None]
        return statistic(node.how, found, node.round, of_ratios=_is_ratio(run, node.roll))

    return _each(run, node.name, period, value)


# -- of a group ----------------------------------------------------------------------------


def _across(run: Run, node: Across, period: Period) -> Values:
    passes = condition(node.where)
    of_ratios = _is_ratio(run, node.across)
    found: dict[str, Quantity] = {}
    for group in grouped(_everybody(run, node.name, period), whole=node.whole):
        counted = [member for member in group if passes(Standing(run, member, period))]
        values = [run.quantity(node.across, member, period) for member in counted]
        there = [value for value in values if value is not None]
        common = statistic(node.how, there, node.round, of_ratios=of_ratios)
        found.update(_shared(group, common, whole=node.whole))
    return found


def _share(run: Run, node: ShareOf, period: Period) -> Values:
    passes, counts = condition(node.share), condition(node.base)
    found: dict[str, Quantity] = {}
    for group in grouped(_everybody(run, node.name, period), whole=node.whole):
        standings = [Standing(run, member, period) for member in group]
        base = [standing for standing in standings if counts(standing)]
        reached = Fraction(sum(passes(standing) for standing in base))
        common = ratio(reached, Fraction(len(base)), node.empty)
        found.update(_shared(group, common, whole=node.whole))
    return found


def _shared(group: list[Member], common: Quantity, *, whole: bool) -> dict[str, Quantity]:
    """The same value for each of the group; of a whole one the adopting unit can read it too."""
    found = {member.subject.id: common for member in group}
    return {group[0].adopter: common, **found} if whole else found


def _rank(run: Run, node: RankOf, period: Period) -> Values:
    found: dict[str, Quantity] = {}
    for group in grouped(_everybody(run, node.name, period), whole=node.whole):
        order = ranked(group, lambda one: run.exacts((node.rank,), one, period), node.start)
        place = places(order)
        for member in group:
            own = place.get(member.subject.id)
            found[member.subject.id] = absent(NO_VALUE) if own is None else plain(own)
    return found


def _members(run: Run, node: Members, period: Period) -> Values:
    """From people, or units beneath, to the unit they belong to on the period's last day."""
    passes = condition(node.where)
    every: dict[str, list[Quantity]] = defaultdict(list)
    passing: dict[str, list[Quantity]] = defaultdict(list)
    for member in _everybody(run, node.members, period):
        own = run.quantity(node.members, member, period)
        if own is None or own.exact is None:
            continue
        passed = passes(Standing(run, member, period))
        for unit in _units_of(run, node, member, period):
            every[unit].append(own)
            if passed:
                passing[unit].append(own)
    of_ratios = _is_ratio(run, node.members)

    def value(member: Member) -> Quantity:
        counted = passing.get(member.subject.id, [])
        if node.how is Stat.SHARE:
            base = len(every.get(member.subject.id, []))
            return ratio(Fraction(len(counted)), Fraction(base), node.empty or Empty.APART)
        return statistic(node.how, counted, node.round, of_ratios=of_ratios)

    return _each(run, node.name, period, value)


def _units_of(run: Run, node: Members, member: Member, period: Period) -> tuple[str, ...]:
    """The subjects that a member counts for."""
    person = member.subject.kind is SubjectKind.PERSON
    if run.program.plan.populations[node.each].of is SubjectKind.ADOPTER:
        return (member.adopter,)
    if node.link:
        of = "person" if person else "unit"
        linked = run.org.attribute(of, node.link, member.subject.id, period.end)
        return (linked,) if isinstance(linked, str) else ()
    chain = run.org.chain(member.unit, period.end)
    above = chain if person else chain[1:]
    return above if node.beneath else above[:1]


def _step(run: Run, node: StepOf, period: Period) -> Values:
    """The number of the step that a grade gave, counted from the bottom."""
    grade = run.program.nodes[node.step]
    assert isinstance(grade, Grade)  # noqa: S101 -- the plan was checked
    names = [grade.otherwise, *(step.name for step in reversed(grade.steps))]
    steps = {
        row.subject.id: row.step
        for row in run.grades
        if (row.grade, row.period) == (node.step, period.code)
    }

    def value(member: Member) -> Quantity:
        step = steps.get(member.subject.id)
        return absent(NO_VALUE) if step is None else plain(names.index(step))

    return _each(run, node.name, period, value)
