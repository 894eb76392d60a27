"""Step 7: rules at the end of a period, over the subjects of a population; limits over rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import replace

from wenyou_core.assess.amounts import Came, Worth
from wenyou_core.assess.evaluate import condition
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.joint import JointStage
from wenyou_core.assess.level import bounded_in_total, singly_bounded
from wenyou_core.assess.limits import Clamp, bound_totals, limit_lines
from wenyou_core.assess.lines import Hit, Line, Who
from wenyou_core.assess.nodes import Run, Standing, grouped
from wenyou_core.assess.notes import crowded_text, judgment_text, range_text, tie_text
from wenyou_core.assess.org import Member
from wenyou_core.assess.picks import Selection, number_to_take, ranked, select
from wenyou_core.assess.readings import places_at, tie_at
from wenyou_core.assess.result import Entry, EntryKind, Waiting
from wenyou_core.assess.whom import Spot, subjects_hit
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.outcomes import Award, Grade
from wenyou_core.scheme.rules import Limit, PeriodRule, Pick, Whom
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind, Tie
from wenyou_core.worktime.periods import Period

Deciding = PeriodRule | Grade | Award
THE_SUBJECT = (Whom(who="subject"),)


def period_rule(run: Run, rule: PeriodRule) -> None:
    """Write the entries and effects of a period rule in all its periods."""
    lines: list[Line] = []
    for period in run.periods(rule.name):
        for member, decision in _hit(run, rule, period):
            subjects = _subjects(run, rule, member, period)
            run.effects.add([Hit(rule, one, period, of=member.subject) for one in subjects])
            lines += _charged(run, rule, member, subjects, decision, period=period)
    lines += singly_bounded(rule, list(lines), run.amounts)
    lines += bounded_in_total(rule, lines, run.amounts)
    run.journal.add(lines)
    joints = JointStage(run.org, run.amounts, run.notes, run.program.reported)
    run.journal.add(joints.run(rule, lines))


def limit(run: Run, rule: Limit) -> None:
    """Write the entries of a floor or ceiling over several rules, after those are final."""
    clamp = Clamp(rule, run.amounts, rule.name)
    names = rules_under(run, rule)
    totals: dict[Period, dict[Who, int]] = defaultdict(dict)
    for period in run.periods(rule.name):
        for (subject, ledger), amount in run.totals(names, period).items():
            if ledger == clamp.ledger:
                totals[period][subject] = amount
    held = bound_totals(totals, clamp, rule.per)
    subjects = {key: _subject(key) for _, key, _ in held}
    run.journal.add(limit_lines(rule, held, clamp.ledger, subjects))


def rules_under(run: Run, rule: Limit) -> list[str]:
    """The limit's rules, its inner limits, and all that stands under those."""
    found: list[str] = []
    for name in rule.limit:
        node = run.program.nodes.get(name)
        found += [name, *rules_under(run, node)] if isinstance(node, Limit) else [name]
    return list(dict.fromkeys(found))


def picked(
    run: Run,
    owner: Deciding,
    pick: Pick,
    eligible: list[Member],
    everybody: list[Member],
    *,
    period: Period,
) -> Selection:
    """Who of a group is taken, and the places of those ranked; a tie that waits is noted."""
    order = ranked(eligible, lambda one: run.exacts(pick.by, one, period), pick.start)
    places = places_at(run.program, pick.take, period.end)
    number = number_to_take(pick, places, sum(len(equals) for equals in order), len(everybody))
    return taken(run, owner, pick.tie, order, number, period=period)


def taken(
    run: Run,
    owner: Deciding,
    tie: Tie | str,
    order: list[list[Member]],
    number: int,
    *,
    period: Period,
) -> Selection:
    """The first ``number`` of a ranking by the owner's word for ties; one that waits, or has more
    选中 than places, is noted."""

    def ruling(member: Member) -> bool | None:
        found = run.provider.decisions.on_subject(owner.name, member.subject.id, period)
        return None if found is None else found.holds

    selection = select(order, number, tie_at(run.program, tie, period.end), ruling)
    if run.reported(period):
        _note_edge(run, owner, selection, period)
    return selection


def _note_edge(run: Run, owner: Deciding, selection: Selection, period: Period) -> None:
    """Note the equals that wait for a decision, or of whom too many were 选中."""
    members = selection.waiting or (selection.chosen if selection.crowded else ())
    if not members:
        return
    names = [member.subject.id for member in members]
    text = tie_text(owner.title, period.label, names)
    if not selection.waiting:
        text = crowded_text(owner.title, period.label, selection.places, names)
    subjects = tuple(member.subject for member in members)
    wait(run, owner, "tie", subjects, text=text, period=period)


def settled_by(
    run: Run, owner: Deciding, member: Member, chosen: Container[Member], period: Period
) -> str:
    """The id of the decision by which a member was judged, or 选中 among equals, if any."""
    if member not in chosen and not (isinstance(owner, PeriodRule | Award) and owner.decide):
        return ""
    found = run.provider.decisions.on_subject(owner.name, member.subject.id, period)
    return "" if found is None else found.id


def judged(run: Run, owner: Deciding, member: Member, period: Period) -> bool:
    """Whether a person said 成立 of a member; without a decision it waits."""
    found = run.provider.decisions.on_subject(owner.name, member.subject.id, period)
    if found is None and run.reported(period):
        what = f"{period.label}的{member.subject.id}"
        text = judgment_text(owner.title, what)
        wait(run, owner, "judgement", (member.subject,), text=text, period=period)
    return found is not None and found.holds is True


def wait(
    run: Run,
    owner: Deciding,
    what: str,
    subjects: tuple[Subject, ...],
    *,
    text: str,
    period: Period,
) -> None:
    """Note that a decision about subjects in a period is needed."""
    row = Waiting(
        what=what,
        rule=owner.name,
        article=owner.article,
        period=period.code,
        subjects=subjects,
        text=text,
    )
    run.notes.wait(row)


# -- period rules --------------------------------------------------------------------------


def _hit(run: Run, rule: PeriodRule, period: Period) -> Iterator[tuple[Member, str]]:
    """The members that the rule hits: pass, are picked in their group, are judged; each with
    the id of the decision that settled it."""
    passes = condition(rule.when)
    for group in grouped(run.org.members(rule.each, period)):
        found = [member for member in group if passes(Standing(run, member, period))]
        chosen: tuple[Member, ...] = ()
        if rule.pick is not None:
            selection = picked(run, rule, rule.pick, found, group, period=period)
            found, chosen = list(selection.taken), selection.chosen
        for member in found:
            if not rule.decide or judged(run, rule, member, period):
                yield member, settled_by(run, rule, member, chosen, period)


def _subjects(run: Run, rule: PeriodRule, member: Member, period: Period) -> tuple[Subject, ...]:
    subject = member.subject
    person = subject.id if subject.kind is SubjectKind.PERSON else ""
    spot = Spot(unit=member.unit, person=person, day=period.end, subject=subject)
    notes = run.notes if run.reported(period) else None
    whom = rule.whom or THE_SUBJECT
    return subjects_hit(whom, spot, org=run.org, notes=notes, rule=rule.name)


def _charged(
    run: Run,
    rule: PeriodRule,
    member: Member,
    subjects: tuple[Subject, ...],
    decision: str,
    *,
    period: Period,
) -> Iterator[Line]:
    """The PERIOD lines for one member; what a person is to choose waits until then.

    ``decision`` settled that the member is hit; one that chose the number goes before it.
    """
    if rule.amount is None:
        return
    if isinstance(rule.amount, FromRange):
        chosen = run.provider.decisions.value_on_subject(rule.name, member.subject.id, period)
        came = run.amounts.chosen(rule.amount, chosen)
        decision = chosen.id if chosen is not None else decision
        if came is None:
            _wait_for_number(run, rule, rule.amount, member, period)
    else:
        worth: Worth = run.worth(rule.name, rule.amount)
        came = worth(Standing(run, member, period))
    if came is not None and came.unset:
        _note_unset(run, rule, came, member, period)
    elif came is not None:
        for subject in subjects:
            entry = _entry(run, rule, came, subject, period)
            other = subject != member.subject
            of = member.subject.id if other else ""
            yield Line(replace(entry, fact=of, decision=decision), period, member.unit)


def _entry(run: Run, rule: PeriodRule, came: Came, subject: Subject, period: Period) -> Entry:
    amount = run.amounts.whole(came.number, came.ledger, rule.name)
    return Entry(
        rule=rule.name,
        article=rule.article,
        kind=EntryKind.PERIOD,
        subject=subject,
        ledger=came.ledger,
        amount=amount,
        base=amount,
        period=period.code,
        day=period.end,
        quantity=came.quantity,
    )


def _wait_for_number(
    run: Run, rule: PeriodRule, amount: FromRange, member: Member, period: Period
) -> None:
    if run.reported(period):
        low, high = sorted(end.number for end in amount.range)
        what = f"{period.label}的{member.subject.id}"
        text = range_text(rule.title, what, show_number(low), show_number(high))
        wait(run, rule, "range", (member.subject,), text=text, period=period)


def _note_unset(run: Run, rule: PeriodRule, came: Came, member: Member, period: Period) -> None:
    if run.reported(period):
        run.notes.miss_value(came.unset, member.unit, period.end, rule.name)


def _subject(key: Who) -> Subject:
    person, name = key
    return Subject(SubjectKind.PERSON if person else SubjectKind.UNIT, name)
