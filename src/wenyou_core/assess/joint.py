"""Step 9: joint entries. Somebody shares what a rule brought another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Line, PayingRule, Who, who
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.assess.rounding import rounded
from wenyou_core.assess.whom import Spot, subjects_hit
from wenyou_core.scheme.rules import Joint
from wenyou_core.scheme.words import SubjectKind

FOLLOWED_BY_AMOUNT = frozenset({EntryKind.EVENT, EntryKind.PERIOD})


class JointStage:
    """Makes the joint entries of a rule once all its own entries and bounds are there."""

    def __init__(self, org: Org, amounts: Amounts, notes: Notes, reported: frozenset[str]) -> None:
        """Hold what joints need."""
        self.org, self.amounts, self.notes, self.reported = org, amounts, notes, reported

    def run(self, rule: PayingRule, lines: Iterable[Line]) -> list[Line]:
        """The JOINT lines that follow the EVENT, PERIOD, EXCLUDED and LIMIT lines of a rule.

        A percentage follows each of them; an amount of its own only EVENT and PERIOD entries
        that no exclusion set took back. A share of nothing is not written. Those who bear it
        ``instead`` of the subject share evenly, and the subject gets back what they bear.
        """
        own = list(lines)
        return [
            line
            for part, joint in enumerate(rule.joint, start=1)
            for cause in own
            for line in self._following(rule, part, joint, cause)
        ]

    def _following(self, rule: PayingRule, part: int, joint: Joint, cause: Line) -> Iterator[Line]:
        base, factor, number, ledger = self._worth(rule, joint, cause)
        if number == 0 and not joint.instead:
            return
        entry, spot = cause.entry, spot_of(cause, self.org)
        notes = self.notes if entry.period in self.reported else None
        whoms = (joint.whom,)
        hit = subjects_hit(whoms, spot, org=self.org, notes=notes, rule=rule.name)
        shares = [(subject, number) for subject in hit]
        if joint.instead:
            shares = self._instead(rule, joint, entry, hit)
        for subject, own in shares:
            shared = Entry(
                rule=rule.name,
                article=rule.article,
                kind=EntryKind.JOINT,
                subject=subject,
                ledger=ledger,
                amount=own,
                period=entry.period,
                day=entry.day,
                fact_kind=entry.fact_kind,
                fact=entry.fact,
                base=base,
                factor=factor,
                cause=entry.key,
                part=part,
            )
            yield Line(shared, cause.period, spot.unit, cause.one)

    def _instead(
        self, rule: PayingRule, joint: Joint, entry: Entry, hit: Sequence[Subject]
    ) -> list[tuple[Subject, int]]:
        """Even parts for those who bear it, and what relieves the subject of them, each net."""
        parts: dict[Who, tuple[Subject, int]] = {}
        scale = 10 ** self.amounts.digits[entry.ledger]
        percent = (joint.percent or Fraction(0)) / max(len(hit), 1)
        each = rounded(entry.amount * percent / scale, joint.round)
        number = self.amounts.whole(each, entry.ledger, rule.name)
        for subject, part in [*((one, number) for one in hit), (entry.subject, -number * len(hit))]:
            before = parts.get(who(subject), (subject, 0))[1]
            parts[who(subject)] = (subject, before + part)
        return [(subject, part) for subject, part in parts.values() if part]

    def _worth(self, rule: PayingRule, joint: Joint, cause: Line) -> tuple[int, Fraction, int, str]:
        """Base, factor, amount and ledger; the amount is 0 where nothing follows."""
        entry = cause.entry
        if joint.percent is not None:
            scale = 10 ** self.amounts.digits[entry.ledger]
            shared = rounded(entry.amount * joint.percent / scale, joint.round)
            number = self.amounts.whole(shared, entry.ledger, rule.name)
            return entry.amount, joint.percent, number, entry.ledger
        if joint.amount is None or entry.kind not in FOLLOWED_BY_AMOUNT or cause.lost:
            return 0, Fraction(1), 0, entry.ledger
        number = self.amounts.whole(joint.amount.number, joint.amount.ledger, rule.name)
        return number, Fraction(1), number, joint.amount.ledger


def spot_of(cause: Line, org: Org) -> Spot:
    """The fact's unit and person; of entries without a fact the subject's, on that day."""
    entry, one = cause.entry, cause.one
    if one is not None:
        fact, day = one.fact, entry.day
        return Spot(unit=one.unit, person=fact.person, day=day, kind=fact.kind, values=fact.values)
    subject = entry.subject
    if subject.kind is SubjectKind.PERSON:
        unit = org.unit_of(subject.id, entry.day)
        return Spot(unit=unit, person=subject.id, day=entry.day, subject=subject)
    return Spot(unit=subject.id, person="", day=entry.day, subject=subject)
