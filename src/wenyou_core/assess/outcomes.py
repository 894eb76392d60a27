"""Step 8: grades, awards, targets, and the counts of obligations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from wenyou_core.assess.evaluate import compiled, condition, names_read
from wenyou_core.assess.lines import CapHit, Line, Who, who
from wenyou_core.assess.nodes import Run, Standing, grouped
from wenyou_core.assess.org import Member
from wenyou_core.assess.periodrules import judged, picked, settled_by, taken
from wenyou_core.assess.picks import Selection, ranked
from wenyou_core.assess.readings import amount_at, param_at
from wenyou_core.assess.result import (
    AwardRow,
    Entry,
    EntryKind,
    GradeRow,
    ObligationRow,
    TargetRow,
)
from wenyou_core.assess.rounding import rounded, to_whole
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.words import Rounding, SubjectKind
from wenyou_core.worktime.periods import Period

FULL = "名额已满，顺次落到下一级。"
Steps = dict[str, int]
"""The index of a subject's step, best 0; beyond the last step nothing was reached."""


# -- grades --------------------------------------------------------------------------------


def grade(run: Run, node: Grade) -> None:
    """Put every member on its step: what it qualifies for, the climb, quotas, then caps."""
    fits, caps = _fits(run, node), _caps(run, node)
    for period in run.periods(node.name):
        for group in grouped(run.org.members(node.each, period)):
            best = {one.subject.id: _highest_allowed(run, node, one, period) for one in group}
            ladder = Ladder(best, {one.subject.id: fits(one, period) for one in group})
            earned = _placed(run, node, group, ladder, period=period)
            for member in group:
                why = _why(node, ladder, member.subject.id, earned[member.subject.id])
                own = [
                    cap for cap in caps.get(who(member.subject), ()) if cap.period.overlaps(period)
                ]
                row = _capped(node, member, earned[member.subject.id], own, period=period)
                run.grades.append(replace(row, why=why))


@dataclass(frozen=True, slots=True)
class Ladder:
    """Per subject the best step the climb allows, and the steps whose condition holds."""

    best: Steps
    fits: dict[str, tuple[int, ...]]


def _fits(run: Run, node: Grade) -> Callable[[Member, Period], tuple[int, ...]]:
    passes = [condition(step.when) for step in node.steps]

    def fits(member: Member, period: Period) -> tuple[int, ...]:
        standing = Standing(run, member, period)
        return tuple(at for at, holds in enumerate(passes) if holds(standing))

    return fits


def _caps(run: Run, node: Grade) -> dict[Who, list[CapHit]]:
    """The caps on this grade by subject, in the order of the plan."""
    found: dict[Who, list[CapHit]] = defaultdict(list)
    for cap in (*run.provider.caps, *run.effects.caps):
        if cap.cap.grade == node.name:
            found[who(cap.subject)].append(cap)
    return found


def _highest_allowed(run: Run, node: Grade, member: Member, period: Period) -> int:
    """The best step the climb allows; an absent or unknown present step stands below all."""
    if not node.kept:
        return 0
    of = "person" if member.subject.kind is SubjectKind.PERSON else "unit"
    present = Standing(run, member, period).field(of, node.kept)
    names = [step.name for step in node.steps]
    stands = names.index(str(present)) if present in names else len(names)
    return max(0, stands - node.climb)


def _placed(run: Run, node: Grade, group: list[Member], ladder: Ladder, *, period: Period) -> Steps:
    """Step by step from the best: who fits and may climb so high, as far as places reach."""
    earned: Steps = {}
    for at, step in enumerate(node.steps):
        candidates = [
            member
            for member in group
            if member.subject.id not in earned
            and ladder.best[member.subject.id] <= at
            and at in ladder.fits[member.subject.id]
        ]
        if step.share is not None:
            places = to_whole(step.share * len(group), Rounding.FLOOR) - len(earned)
            order = ranked(candidates, lambda one: run.exacts(node.by, one, period), node.start)
            candidates = list(taken(run, node, node.tie, order, places, period=period).taken)
        earned.update({member.subject.id: at for member in candidates})
    return {member.subject.id: earned.get(member.subject.id, len(node.steps)) for member in group}


def _why(node: Grade, ladder: Ladder, subject: str, earned: int) -> str:
    first = min(ladder.fits[subject], default=len(node.steps))
    if earned <= first:
        return ""
    best = ladder.best[subject]
    return f"每期最多升{node.climb}级。" if best > first and earned == best else FULL


def _capped(
    node: Grade, member: Member, earned: int, caps: list[CapHit], *, period: Period
) -> GradeRow:
    names = [*(step.name for step in node.steps), node.otherwise]
    held, rule = earned, ""
    for cap in caps:
        if names.index(cap.cap.at_most) > held:
            held, rule = names.index(cap.cap.at_most), cap.rule
    return GradeRow(
        grade=node.name,
        article=node.article,
        subject=member.subject,
        period=period.code,
        step=names[held],
        earned=names[earned],
        capped_by=rule,
    )


# -- awards --------------------------------------------------------------------------------


def award(run: Run, node: Award) -> None:
    """Eligible, not barred, picked in the peer group, judged; then paid."""
    conditions = [(one.title, condition(one.when)) for one in node.conditions]
    for period in run.periods(node.name):
        bars = bars_in_force(run, node, period)
        for group in grouped(run.org.members(node.each, period)):
            rows: dict[str, AwardRow] = {}
            for member in group:
                standing = Standing(run, member, period)
                failed = tuple(title for title, holds in conditions if not holds(standing))
                barred = tuple(sorted(bars.get(who(member.subject), ())))
                rows[member.subject.id] = _row(node, member, period, failed, barred)
            eligible = [one for one in group if rows[one.subject.id].eligible]
            selection = _winners(run, node, eligible, group, period)
            winners, ranks = selection.taken, selection.ranks
            won = {member.subject.id for member in winners}
            run.awards += [
                replace(row, won=name in won, rank=ranks.get(name, 0)) for name, row in rows.items()
            ]
            run.journal.add(_paid(run, node, selection, period))


def bars_in_force(run: Run, node: Award, period: Period) -> dict[Who, set[str]]:
    """The bars of the award that are in force on any day of the period, by subject."""
    found: dict[Who, set[str]] = defaultdict(set)
    for bar in (*run.provider.bars, *run.effects.bars):
        lasts = bar.until is None or period.start <= bar.until
        if bar.what in node.bars and bar.since <= period.end and lasts:
            found[who(bar.subject)].add(bar.what)
    return found


def _winners(
    run: Run, node: Award, eligible: list[Member], group: list[Member], period: Period
) -> Selection:
    found = Selection(tuple(eligible))
    if node.pick is not None:
        found = picked(run, node, node.pick, eligible, group, period=period)
    if node.decide:
        granted = tuple(one for one in found.taken if judged(run, node, one, period))
        found = replace(found, taken=granted)
    return found


def _row(
    node: Award, member: Member, period: Period, failed: tuple[str, ...], bars: tuple[str, ...]
) -> AwardRow:
    return AwardRow(
        award=node.name,
        article=node.article,
        subject=member.subject,
        period=period.code,
        won=False,
        eligible=not failed and not bars,
        failed=failed,
        bars=bars,
    )


def _paid(run: Run, node: Award, selection: Selection, period: Period) -> list[Line]:
    """The AWARD lines: the amount to each, or split among the winners of the group."""
    winners = selection.taken
    prize = None if node.amount is None else amount_at(run.program, node.amount, period.end)
    if prize is None or not winners:
        return []
    share = Fraction(1, len(winners)) if node.split else Fraction(1)
    each = rounded(prize.number * share, node.round if node.split else None)
    ledger = prize.ledger
    return [
        Line(
            Entry(
                rule=node.name,
                article=node.article,
                kind=EntryKind.AWARD,
                subject=member.subject,
                ledger=ledger,
                amount=run.amounts.whole(each, ledger, node.name),
                base=run.amounts.whole(prize.number, ledger, node.name),
                factor=share,
                period=period.code,
                day=period.end,
                decision=settled_by(run, node, member, selection.chosen, period),
            ),
            period,
            member.unit,
        )
        for member in winners
    ]


# -- targets and obligations -----------------------------------------------------------------


def target(run: Run, node: Target) -> None:
    """Met, missed, or not applicable where something the goal reads is absent."""
    reached = condition(node.when)
    reads = [compiled(name) for name in names_read(node.when)]
    for period in run.periods(node.name):
        for member in run.org.members(node.each, period):
            standing = Standing(run, member, period)
            applies = all(read(standing) is not None for read in reads)
            row = TargetRow(
                target=node.name,
                article=node.article,
                subject=member.subject,
                period=period.code,
                met=reached(standing) if applies else None,
            )
            run.targets.append(row)


def obligation(run: Run, node: Obligation) -> None:
    """Done and owed of a counted frequency."""
    for period in run.periods(node.name):
        counts = run.provider.values(node.name, period) or {}
        for member in run.org.members(node.each, period):
            done = counts.get(member.subject.id)
            row = ObligationRow(
                obligation=node.name,
                article=node.article,
                subject=member.subject,
                period=period.code,
                done=int(done.exact) if done is not None and done.exact is not None else 0,
                owed=_owed(run, node, period),
            )
            run.obligations.append(row)


def _owed(run: Run, node: Obligation, period: Period) -> int:
    if isinstance(node.times, int):
        return node.times
    times = param_at(run.program, param_of(node.times), period.end)
    return to_whole(times, Rounding.CEIL) if isinstance(times, Fraction) else 0
