"""Facts as they stand in a slice: masked to what the rules read."""

from __future__ import annotations

from dataclasses import replace

from wenyou_core.assess.facts import DECISION, Cell, Fact, Subject
from wenyou_core.assess.prepare import Root
from wenyou_core.assess.slices.mask import Masks, Scrubber
from wenyou_core.assess.slices.reads import Reads
from wenyou_core.assess.slices.select import Needed
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.errors import Place
from wenyou_core.scheme.words import ValueType

_OF_DECISIONS = ("rule", "target", "choice", "value")


class FactPages:
    """Masks facts; what all slices share is found out once."""

    def __init__(self, trace: Trace, reads: Reads, scrubber: Scrubber) -> None:
        """Hold what all slices share."""
        self.trace, self.reads, self.scrubber = trace, reads, scrubber
        self._units = {span.id for span in trace.book.units}

    def fact(self, root: Root, subject: Subject, needed: Needed, masks: Masks) -> Fact:
        """One fact for a subject's slice.

        Of its own facts it keeps evidence and all fields but free texts that no rule reads; of
        those of others the number of pieces of evidence, and only what a rule reads. When it was
        written down, and where, is left out.
        """
        fact, own = self.trace.facts[root], root in needed.own
        if fact.kind == DECISION:
            values = self._decision(fact, subject, needed, masks)
        else:
            values = self._values(fact, own=own, masks=masks)
        told = tuple(self.scrubber.clean(one, masks) for one in fact.evidence)
        return replace(
            fact,
            recorded=fact.known,
            unit=masks.unit(fact.unit),
            person=masks.person(fact.person),
            evidence=told if own else ("",) * len(told),
            values=values,
            place=Place(),
        )

    def _values(self, fact: Fact, *, own: bool, masks: Masks) -> dict[str, Cell]:
        declared = self.trace.program.plan.facts[fact.kind].fields
        read = self.reads.fields.get(fact.kind, set())
        return {
            name: self.scrubber.cell(fact.values[name], declared[name], masks)
            for name in sorted(fact.values)
            if name in declared
            and (name in read or (own and declared[name].type is not ValueType.TEXT))
        }

    def _decision(
        self, fact: Fact, subject: Subject, needed: Needed, masks: Masks
    ) -> dict[str, Cell]:
        """What was decided; the grounds only where they speak of the subject. Who, stays out."""
        values: dict[str, Cell] = {
            name: fact.values[name] for name in _OF_DECISIONS if name in fact.values
        }
        whose, target = str(fact.values.get("subject", "")), str(fact.values.get("target", ""))
        if whose:
            mask = masks.unit if whose in self._units else masks.person
            values["subject"] = whose if whose == subject.id else mask(whose)
        concerned = whose == subject.id or target in {root[1] for root in needed.own}
        grounds = fact.values.get("grounds")
        if concerned and isinstance(grounds, str):
            values["grounds"] = self.scrubber.clean(grounds, masks)
        return values
