"""Steps 7 and 8: from members to the unit they belong to, and the steps that grades gave."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from wenyou_core.assess.evaluate import condition
from wenyou_core.assess.nodes import Run, Standing, Values
from wenyou_core.assess.notes import NO_VALUE
from wenyou_core.assess.org import Member
from wenyou_core.assess.quantities import Quantity, absent, plain, ratio, statistic
from wenyou_core.scheme.measures import Members, StepOf
from wenyou_core.scheme.outcomes import Grade
from wenyou_core.scheme.words import Empty, Stat, SubjectKind
from wenyou_core.worktime.periods import Period


def gathered(run: Run, node: Members, period: Period) -> Values:
    """From people, or units beneath, to the unit they belong to on the period's last day."""
    passes = condition(node.where)
    every: dict[str, list[Quantity]] = defaultdict(list)
    passing: dict[str, list[Quantity]] = defaultdict(list)
    for member in run.everybody(node.members, period):
        own = run.quantity(node.members, member, period)
        if own is None or own.exact is None:
            continue
        passed = passes(Standing(run, member, period))
        for unit in units_of(run, node, member, period):
            every[unit].append(own)
            if passed:
                passing[unit].append(own)
    of_ratios = run.is_ratio(node.members)

    def value(member: Member) -> Quantity:
        counted = passing.get(member.subject.id, [])
        if node.how is Stat.SHARE:
            base = len(every.get(member.subject.id, []))
            return ratio(Fraction(len(counted)), Fraction(base), node.empty or Empty.APART)
        return statistic(node.how, counted, node.round, of_ratios=of_ratios)

    return run.each(node.name, period, value)


def units_of(run: Run, node: Members, member: Member, period: Period) -> tuple[str, ...]:
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


def steps(run: Run, node: StepOf, period: Period) -> Values:
    """The number of the step that a grade gave, counted from the bottom."""
    grade = run.program.nodes[node.step]
    assert isinstance(grade, Grade)  # noqa: S101 -- the plan was checked
    names = [grade.otherwise, *(step.name for step in reversed(grade.steps))]
    stands = {
        row.subject.id: row.step
        for row in run.grades
        if (row.grade, row.period) == (node.step, period.code)
    }

    def value(member: Member) -> Quantity:
        step = stands.get(member.subject.id)
        return absent(NO_VALUE) if step is None else plain(names.index(step))

    return run.each(node.name, period, value)
