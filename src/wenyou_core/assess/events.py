"""Step 3: event rules, so much per happening, with their repeat counts."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wenyou_core.assess.alike import alike
from wenyou_core.assess.amounts import Amounts, Came
from wenyou_core.assess.evaluate import condition
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.inperiod import InPeriod
from wenyou_core.assess.lines import Hit, Line
from wenyou_core.assess.notes import judgment_text, range_text, too_little_evidence
from wenyou_core.assess.prepare import Happening, Prepared, Root, World
from wenyou_core.assess.readings import amount_at, window_at
from wenyou_core.assess.result import Entry, EntryKind, Uncounted, Waiting
from wenyou_core.assess.whom import Spot, subjects_hit
from wenyou_core.assess.windows import window_start
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.depends import expr_of_amount, reads_period
from wenyou_core.scheme.rules import Again, EventRule
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period

ONE = Fraction(1)
AFTER_ALL = date.max


@dataclass(frozen=True, slots=True)
class Slot:
    """A period that a rule is computed for, with its code and whether it is reported."""

    period: Period
    code: str
    reported: bool


@dataclass(slots=True)
class Match:
    """A happening that a rule matches in a period: the n-th of its key in the window.

    ``earlier`` is the id of the one just before in the window. Without ``again`` the count is 0.
    """

    one: Happening
    slot: Slot
    count: int = 0
    earlier: str = ""


class EventStage:
    """Computes the event rules of a program, one after the other."""

    def __init__(self, world: World, prepared: Prepared, amounts: Amounts) -> None:
        """Hold what the rules need."""
        self.world, self.prepared, self.amounts = world, prepared, amounts
        self.program = world.program

    def run(self, rule: EventRule) -> tuple[list[Line], list[Hit]]:
        """The EVENT entries of one rule in all its periods, and whom it hit."""
        lines: list[Line] = []
        hits: list[Hit] = []
        worth = None if rule.amount is None else self.amounts.worth(rule.amount)
        dated = reads_period(expr_of_amount(rule.amount))
        for match in self._matches(rule):
            subjects = self._subjects(rule, match)
            hits += [Hit(rule, subject, match.slot.period, match.one) for subject in subjects]
            if isinstance(rule.amount, FromRange):
                lines += self._chosen(rule, rule.amount, match, subjects)
                continue
            here = InPeriod(match.one, match.slot.period) if dated else match.one
            came = None if worth is None else worth(here)
            if came is not None and came.unset:
                self._note_unset(rule, came, match)
            elif came is not None:
                lines += [self._line(rule, match, subject, came) for subject in subjects]
        return lines, hits

    # -- which facts ---------------------------------------------------------------------

    def _matches(self, rule: EventRule) -> Iterator[Match]:
        """The happenings that get entries: in a computed period, in force, often enough."""
        slots = self._slots(rule)
        if not slots:
            return
        matching = self._matching(rule, slots)
        repeats = self._repeats(rule, rule.again, matching, slots) if rule.again else {}
        for one in matching:
            slot = slot_with(slots, one.day)
            if slot is None or not _in_force(rule, one.day):
                continue
            count, earlier = repeats.get(id(one), (0, ""))
            if rule.again is None or count >= rule.again.from_count:
                yield Match(one, slot, count, earlier)

    def counted_before(self, rule: EventRule) -> dict[Root, tuple[Root, ...]]:
        """Per fact that a rule with repeats matches, the facts counted before it in its window."""
        slots = self._slots(rule)
        if rule.again is None or not slots:
            return {}
        matching = self._matching(rule, slots)
        return {
            one.root: tuple(before.root for before in earlier[start:])
            for one, earlier, start in self._windows(rule, rule.again, matching, slots)
        }

    def _slots(self, rule: EventRule) -> list[Slot]:
        reported = self.program.reported
        periods = sorted(self.program.cells.get(rule.name, ()))
        return [Slot(one, one.code, one.code in reported) for one in periods]

    def _matching(self, rule: EventRule, slots: list[Slot]) -> list[Happening]:
        """All happenings that pass ``where``, have evidence, and are judged 成立 if they must be.

        In the order (deciding day, order of events); those before the first period too when the
        rule counts repeats.
        """
        passes = _passing(rule, slots)
        happenings = self.prepared.of(rule.on, rule.date, rule.name)
        start = 0
        if rule.again is None:
            start = bisect_left(happenings, slots[0].period.start, key=_day)
        found = []
        for one in happenings[start:]:
            if one.day > slots[-1].period.end:
                break
            if passes(one) and self._settled(rule, one, slots):
                found.append(one)
        return found

    def _settled(self, rule: EventRule, one: Happening, slots: list[Slot]) -> bool:
        """Enough evidence, and a judgment where one is needed; else it is noted why not."""
        fact = one.fact
        if len(fact.evidence) < rule.evidence:
            if self._told(rule, one.day, slots) is not None:
                reason = too_little_evidence(rule.evidence, len(fact.evidence))
                row = Uncounted(fact_kind=fact.kind, fact=fact.id, reason=reason, by_rule=rule.name)
                self.world.notes.uncount(row, one.day)
            return False
        if not rule.decide:
            return True
        decision = self.prepared.decisions.on_fact(rule.name, fact.id)
        slot = self._told(rule, one.day, slots)
        if decision is None and slot is not None:
            match = Match(one, slot)
            text = judgment_text(rule.title, f"{fact.happened.isoformat()}的事实{fact.id}")
            self._wait(rule, match, "judgement", self._subjects(rule, match), text)
        return decision is not None and decision.holds is True

    def _told(self, rule: EventRule, day: date, slots: list[Slot]) -> Slot | None:
        """The reported period in which the rule would hit a fact of that day, if there is one."""
        slot = slot_with(slots, day)
        return slot if slot is not None and slot.reported and _in_force(rule, day) else None

    def _repeats(
        self, rule: EventRule, again: Again, matching: list[Happening], slots: list[Slot]
    ) -> dict[int, tuple[int, str]]:
        """Per happening its count in the window and the id of the one just before."""
        found: dict[int, tuple[int, str]] = {}
        for one, earlier, start in self._windows(rule, again, matching, slots):
            count = len(earlier) - start + 1
            found[id(one)] = (count, earlier[-1].fact.id if count > 1 else "")
        return found

    def _windows(
        self, rule: EventRule, again: Again, matching: list[Happening], slots: list[Slot]
    ) -> Iterator[tuple[Happening, list[Happening], int]]:
        """Per happening those of its key before it, and where among them its window begins.

        Happenings of one key stand in the order of their deciding days, so the window is a
        stretch that ends with the happening itself; its beginning is found by bisection. The
        list grows while the caller goes on.
        """
        kind = self.world.program.plan.facts[rule.on]
        same = again.same or tuple(subject.value for subject in kind.subjects)
        by_key: dict[Hashable, list[Happening]] = defaultdict(list)
        for one in matching:
            earlier = by_key[alike(one, same)]
            if one.day >= slots[0].period.start:
                start = self._window_start(rule, again, one, slots)
                yield one, earlier, bisect_left(earlier, start, key=_day)
            earlier.append(one)

    def _window_start(
        self, rule: EventRule, again: Again, one: Happening, slots: list[Slot]
    ) -> date:
        """Where the window begins; without the attribute of a personal cycle nothing is in it."""
        plan = self.program.plan
        window = window_at(self.program, again.window, one.day)
        kind = rule.period or plan.periods[0]
        start = None
        if window is not None:
            run = self.program.run
            start = window_start(window, one.day, run=run, kind=kind, anchor=one.named)
        if start is None and window is not None and self._told(rule, one.day, slots):
            subject = Subject(SubjectKind.PERSON, one.fact.person or one.unit)
            self.world.notes.miss_attribute(window.param, subject, one.day, rule.name)
        return AFTER_ALL if start is None else start

    # -- whom, and how much ---------------------------------------------------------------

    def _subjects(self, rule: EventRule, match: Match) -> tuple[Subject, ...]:
        one = match.one
        fact = one.fact
        spot = Spot(
            unit=one.unit, person=fact.person, day=one.day, kind=fact.kind, values=fact.values
        )
        notes = self.world.notes if match.slot.reported else None
        return subjects_hit(rule.whom, spot, org=self.world.org, notes=notes, rule=rule.name)

    def _chosen(
        self, rule: EventRule, amount: FromRange, match: Match, subjects: tuple[Subject, ...]
    ) -> Iterator[Line]:
        """Amounts that a person chose inside the range; the others wait."""
        low, high = sorted(end.number for end in amount.range)
        open_for = []
        for subject in subjects:
            decision = self.prepared.decisions.value_on_fact(
                rule.name, match.one.fact.id, subject.id
            )
            came = self.amounts.chosen(amount, decision)
            if decision is None or came is None:
                open_for.append(subject)
            else:
                yield self._line(rule, match, subject, came, decision.id)
        if open_for:
            what = f"{match.one.fact.happened.isoformat()}的事实{match.one.fact.id}"
            text = range_text(rule.title, what, show_number(low), show_number(high))
            self._wait(rule, match, "range", tuple(open_for), text)

    def _line(
        self, rule: EventRule, match: Match, subject: Subject, came: Came, decision: str = ""
    ) -> Line:
        """One EVENT entry: base times factor, bounded by the ceiling of the repeat."""
        one, fact = match.one, match.one.fact
        factor = _factor(rule.again, match.count)
        base = amount = self.amounts.whole(came.number, came.ledger, rule.name)
        bound = False
        if rule.again is not None:
            number, bound = self._below_ceiling(came.number * factor, rule.again, one.day)
            amount = self.amounts.whole(number, came.ledger, rule.name)
        if rule.decide:
            settled_by = self.prepared.decisions.on_fact(rule.name, fact.id)
            decision = decision or (settled_by.id if settled_by else "")
        entry = Entry(
            rule=rule.name,
            article=rule.article,
            kind=EntryKind.EVENT,
            subject=subject,
            ledger=came.ledger,
            amount=amount,
            period=match.slot.code,
            day=one.day,
            fact_kind=fact.kind,
            fact=fact.id,
            base=base,
            factor=factor,
            bound=bound,
            count=match.count,
            earlier=match.earlier,
            quantity=came.quantity,
            decision=decision,
        )
        return Line(entry, match.slot.period, one.unit, one)

    def _below_ceiling(self, number: Fraction, again: Again, day: date) -> tuple[Fraction, bool]:
        """The amount, its size bounded by the ceiling as it is on a day; and whether that bound."""
        held = None if again.ceiling is None else amount_at(self.program, again.ceiling, day)
        if held is None or abs(number) <= abs(held.number):
            return number, False
        return (abs(held.number) if number > 0 else -abs(held.number)), True

    # -- notes ---------------------------------------------------------------------------

    def _note_unset(self, rule: EventRule, came: Came, match: Match) -> None:
        if match.slot.reported:
            one = match.one
            self.world.notes.miss_value(came.unset, one.unit, one.day, rule.name)

    def _wait(
        self, rule: EventRule, match: Match, what: str, subjects: tuple[Subject, ...], text: str
    ) -> None:
        if not match.slot.reported:
            return
        row = Waiting(
            what=what,
            rule=rule.name,
            article=rule.article,
            period=match.slot.code,
            subjects=subjects,
            fact_kind=match.one.fact.kind,
            fact=match.one.fact.id,
            text=text,
        )
        self.world.notes.wait(row)


def _passing(rule: EventRule, slots: list[Slot]) -> Callable[[Happening], bool]:
    """The rule's condition on a happening, in the period that it counts in."""
    passes = condition(rule.where)
    if not reads_period(rule.where):
        return passes

    def within(one: Happening) -> bool:
        slot = slot_with(slots, one.day)
        return passes(InPeriod(one, None if slot is None else slot.period))

    return within


def slot_with(slots: list[Slot], day: date) -> Slot | None:
    """The period of a sorted list that holds the day; None where there is none."""
    at = bisect_left(slots, day, key=_end)
    return slots[at] if at < len(slots) and slots[at].period.start <= day else None


def _day(one: Happening) -> date:
    return one.day


def _end(slot: Slot) -> date:
    return slot.period.end


def _in_force(rule: EventRule, day: date) -> bool:
    after = rule.since is None or rule.since <= day
    return after and (rule.till is None or day <= rule.till)


def _factor(again: Again | None, count: int) -> Fraction:
    """The factor of the n-th time: from the list, its last one staying; or a power."""
    if again is None:
        return ONE
    if again.factors:
        return again.factors[min(count, len(again.factors)) - 1]
    return ONE if again.factor is None else again.factor ** (count - 1)
