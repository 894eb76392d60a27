"""Cut slices from a traced run."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from wenyou_core.assess.facts import DECISION, Fact, FactBook, Subject
from wenyou_core.assess.known import event_order
from wenyou_core.assess.lines import who
from wenyou_core.assess.slices.facts import FactPages
from wenyou_core.assess.slices.mask import Masks, Scrubber
from wenyou_core.assess.slices.model import Slice
from wenyou_core.assess.slices.reads import Reads
from wenyou_core.assess.slices.roster import Rosters
from wenyou_core.assess.slices.select import Needed, needed_for
from wenyou_core.assess.slices.spans import Asked, SpanPages
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.errors import Place


class Cutter:
    """Cuts one slice after the other from the same run."""

    def __init__(self, trace: Trace) -> None:
        """Find out what all slices share."""
        self.trace = trace
        reads = Reads(trace.program)
        scrubber = Scrubber(trace.book)
        self._facts = FactPages(trace, reads, scrubber)
        self._spans = SpanPages(trace, reads, scrubber)
        self._rosters = Rosters(trace, scrubber)

    def cut(self, subject: Subject) -> tuple[Slice, Masks]:
        """The slice of a unit or person, and how the ids of others were replaced in it."""
        needed = needed_for(self.trace, subject)
        masks = self._spans.masks_for(subject, needed)
        book = self._book(subject, needed, masks)
        rosters, given = self._rosters.of(subject, needed, masks)
        found = Slice(
            subject=subject,
            book=book,
            rosters=rosters,
            given=given,
            own=frozenset(needed.own),
        )
        return found, masks

    def _book(self, subject: Subject, needed: Needed, masks: Masks) -> FactBook:
        facts: dict[str, list[Fact]] = defaultdict(list)
        asked = Asked()
        for unit, day in sorted(needed.spots):
            asked.units[unit].add(day)
        for root in sorted(needed.facts, key=lambda one: (one[0], event_order(self._fact(one)))):
            facts[root[0]].append(self._facts.fact(root, subject, needed, masks))
            if root[0] != DECISION:
                for fact in (self._fact(root), *self.trace.deemed.get(root, ())):
                    asked.add(fact, self._spans.links.get(fact.kind, ()))
        for person, day in sorted(needed.homes):
            asked.homeless[person].add(day)
        self._spans.ask_for_payers(subject, needed, asked)
        for person, days in asked.homeless.items():
            for day in days:
                unit = self.trace.org.unit_of(person, day)
                if unit:
                    asked.units[unit].add(day)
        openings = (
            replace(one, note="", place=Place())
            for one in self.trace.book.openings
            if who(one.subject) == who(subject)
        )
        return FactBook(
            facts={kind: tuple(rows) for kind, rows in facts.items()},
            units=tuple(self._spans.unit_spans(subject, asked, masks)),
            persons=tuple(self._spans.person_spans(subject, asked, masks)),
            posts=tuple(self._spans.posts(subject, needed, asked, masks)),
            openings=tuple(openings),
        )

    def _fact(self, root: tuple[str, str]) -> Fact:
        return self.trace.facts[root]
