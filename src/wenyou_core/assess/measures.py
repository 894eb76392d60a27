"""Steps 6, 7 and 11: measures of a subject in a period, made from what is already there."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.assess.belonging import gathered, steps
from wenyou_core.assess.entrysums import entry_sums
from wenyou_core.assess.evaluate import condition, number
from wenyou_core.assess.nodes import Run, Standing, Values, grouped
from wenyou_core.assess.notes import NO_EARLIER, NO_PART, NO_VALUE, NOT_MEANT
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
from wenyou_core.scheme.words import Against
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
            return entry_sums(run, node, period)
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
            return gathered(run, node, period)
        case StepOf():
            return steps(run, node, period)


# -- of one subject ------------------------------------------------------------------------


def _ratio(run: Run, node: Ratio, period: Period) -> Values:
    first, second = node.ratio

    def value(member: Member) -> Quantity:
        num, den = run.exact(first, member, period), run.exact(second, member, period)
        return ratio(num, den, node.empty, node.round)

    return run.each(node.name, period, value)


def _formula(run: Run, node: Formula, period: Period) -> Values:
    evaluate, applies = number(node.value), condition(node.when)

    def value(member: Member) -> Quantity:
        standing = Standing(run, member, period)
        if not applies(standing):
            return absent(NOT_MEANT)
        found = evaluate(standing)
        return absent(NO_PART) if found is None else plain(rounded(found, node.round))

    return run.each(node.name, period, value)


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

    return run.each(node.name, period, value)


def _streak(run: Run, node: Streak, period: Period) -> Values:
    passes = condition(node.streak)
    backwards = [period]
    while len(backwards) < node.most:
        backwards.append(previous(backwards[-1]))

    then = [{m.subject.id: m for m in run.everybody(node.name, one)} for one in backwards]

    def value(member: Member) -> Quantity:
        length = 0
        for one, members in zip(backwards, then, strict=True):
            as_of = members.get(member.subject.id)
            if as_of is None or not passes(Standing(run, as_of, one)):
                break
            length += 1
        return plain(length)

    return run.each(node.name, period, value)


def _roll(run: Run, node: Roll, period: Period) -> Values:
    parts = [part for part in run.periods(node.roll) if period.covers(part)]

    def value(member: Member) -> Quantity:
        values = [run.quantity(node.roll, member, part) for part in parts]
        found = [one for one in values if one is not None]
        return statistic(node.how, found, node.round, of_ratios=run.is_ratio(node.roll))

    return run.each(node.name, period, value)


# -- of a group ----------------------------------------------------------------------------


def _across(run: Run, node: Across, period: Period) -> Values:
    passes = condition(node.where)
    of_ratios = run.is_ratio(node.across)
    found: dict[str, Quantity] = {}
    for group in grouped(run.everybody(node.name, period), whole=node.whole):
        counted = [member for member in group if passes(Standing(run, member, period))]
        values = [run.quantity(node.across, member, period) for member in counted]
        there = [value for value in values if value is not None]
        common = statistic(node.how, there, node.round, of_ratios=of_ratios)
        found.update(_shared(group, common, whole=node.whole))
    return found


def _share(run: Run, node: ShareOf, period: Period) -> Values:
    passes, counts = condition(node.share), condition(node.base)
    found: dict[str, Quantity] = {}
    for group in grouped(run.everybody(node.name, period), whole=node.whole):
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
    for group in grouped(run.everybody(node.name, period), whole=node.whole):
        order = ranked(group, lambda one: run.exacts((node.rank,), one, period), node.start)
        place = places(order)
        for member in group:
            own = place.get(member.subject.id)
            found[member.subject.id] = absent(NO_VALUE) if own is None else plain(own)
    return found
