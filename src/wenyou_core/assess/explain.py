"""The tree behind any figure of a subject: an entry, a score, a rank, a star, a bar, a target.

The tree stands on the subject's slice, so that it names nobody else: of those it is compared
with it shows the numbers alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wenyou_core.assess.explain_held import held_nodes
from wenyou_core.assess.explain_outcomes import OutcomeTrees
from wenyou_core.assess.explain_running import running_nodes
from wenyou_core.assess.explain_shares import share_nodes
from wenyou_core.assess.explain_sums import SummedTrees
from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.facts import DECISION, FactBook, Subject
from wenyou_core.assess.known import as_known
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import amount_at
from wenyou_core.assess.result import Entry, EntryKind, Result
from wenyou_core.assess.slices.cut import Cutter
from wenyou_core.assess.slices.recompute import recomputed
from wenyou_core.assess.slices.rows import as_cut, of_subject
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.assess.telling import KINDS, Teller, Told
from wenyou_core.scheme.depends import measures_in
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.worktime.calendar import Calendar

__all__ = ["Explainer", "Node", "explain", "view_of"]


def explain(
    program: Program,
    book: FactBook,
    result: Result,
    subject: Subject,
    what: str | None = None,
    *,
    calendar: Calendar | None = None,
) -> tuple[Node, ...]:
    """The trees of a subject's figures, from a result and the facts it was made of.

    ``what`` is the number of an entry (from 1), its key, or the name of a rule, measure, grade,
    award, target, duty or bar; without it everything is told, entries first. Nothing is found:
    an empty tuple.
    """
    known = as_known(book, result.known_at)
    told = Told.of(result, program.run, known)
    view = view_of(Trace(program, known, result.known_at, calendar=calendar), subject, told)
    found = Explainer(view)
    return found.everything() if what is None else found.one(what)


def view_of(trace: Trace, subject: Subject, told: Told) -> View:
    """What is explained of a subject, in the words of ``told``."""
    cut, masks = Cutter(trace).cut(subject)
    known_at: datetime | None = told.result.known_at
    _, run = recomputed(trace.program, cut, known_at, calendar=trace.calendar)
    rows = of_subject(told.result, subject, cut.own)
    causes = {key: line.entry for key, line in trace.by_key.items()}
    keys = {
        one.cause: as_cut(causes[one.cause], causes, masks).key
        for one in rows.entries
        if one.cause in causes
    }
    return View(trace.program, cut, run, rows, Teller(trace.program.plan, told), keys)


class Explainer:
    """Makes the trees of one subject."""

    def __init__(self, view: View) -> None:
        """Explain what is in view."""
        self.view = view
        self.measures = SummedTrees(view, self.short)
        self.outcomes = OutcomeTrees(view, self.measures)

    # -- what is asked for ---------------------------------------------------------------------

    def everything(self) -> tuple[Node, ...]:
        """Every entry, measure and outcome of the subject."""
        return tuple(node for _, node in self._all())

    def one(self, what: str) -> tuple[Node, ...]:
        """What has that number, key or name."""
        entries = self.view.result.entries
        if what.isdecimal() and 1 <= int(what) <= len(entries):
            return (self.entry(entries[int(what) - 1]),)
        return tuple(node for names, node in self._all() if what in names)

    def _all(self) -> Iterator[tuple[tuple[str, ...], Node]]:
        result, view = self.view.result, self.view
        for entry in result.entries:
            yield (entry.key, entry.rule, entry.fact), self.entry(entry)
        for row in result.measures:
            period = view.period(row.measure, row.period)
            if period is not None:
                view.seen.clear()
                yield (row.measure,), self.measures.tree(row.measure, period)
        for grade in result.grades:
            yield (grade.grade,), self.outcomes.grade(grade)
        for award in result.awards:
            yield (award.award,), self.outcomes.award(award)
        for target in result.targets:
            yield (target.target,), self.outcomes.target(target)
        for duty in result.obligations:
            yield (duty.obligation,), self.outcomes.obligation(duty)
        for bar in result.bars:
            yield (bar.what,), self.outcomes.bar(bar)

    # -- entries -------------------------------------------------------------------------------

    def short(self, entry: Entry, *, dated: bool = False) -> Node:
        """An entry in one line, told as a sentence; with its day where that is not the period's."""
        teller, day = self.view.teller, f"（{entry.day.isoformat()}）" if dated else ""
        return Node(
            title=f"{teller.title(entry.rule)}{day}",
            value=teller.money(entry.amount, entry.ledger),
            article=entry.article,
            heading=self.view.heading(entry.article),
            text=teller.sentence(entry),
            key=entry.key,
        )

    def entry(self, entry: Entry) -> Node:
        """An entry with its rule, facts, base and factor, predecessors, limit and cause."""
        told, teller = self.short(entry), self.view.teller
        thing = teller.things.get(entry.rule)
        children: list[Node] = []
        if thing is not None:
            children.append(Node(title="规则", text=sentence_of(teller.names, thing)))
        children += self._fact(entry)
        children += self._sum(entry)
        children += self._decided(entry)
        children += self._cause(entry)
        children += running_nodes(self.view, entry)
        if isinstance(thing, PeriodRule):
            children += self._period(entry, thing)
        children += held_nodes(self.view, entry, self.short)
        return Node(
            title=f"{told.title}（{KINDS[entry.kind]}）",
            value=told.value,
            article=told.article,
            heading=told.heading,
            text=told.text,
            key=told.key,
            children=tuple(children),
        )

    def _fact(self, entry: Entry) -> Iterator[Node]:
        """The fact, its evidence, and the one just before it."""
        teller = self.view.teller
        if not entry.fact_kind:
            return
        fact = teller.fact_of(entry.fact_kind, entry.fact)
        pieces = fact.evidence if fact is not None else ()
        yield Node(
            title=teller.fact(entry.fact_kind, entry.fact, entry.rule),
            key=entry.fact,
            children=tuple(Node(title=f"佐证：{one}") for one in pieces if one),
        )
        if entry.earlier:
            before = teller.fact(entry.fact_kind, entry.earlier)
            yield Node(title=f"第{entry.count}次，上一次：{before}", key=entry.earlier)

    def _sum(self, entry: Entry) -> Iterator[Node]:
        """Base × factor, what was divided by how many, and the ceiling that bound."""
        teller, shared = self.view.teller, share_nodes(self.view, entry)
        if shared is not None:
            yield from shared
        elif entry.kind in (EntryKind.EVENT, EntryKind.JOINT) and entry.factor != 1:
            base, factor = teller.money(entry.base, entry.ledger), self.view.exact(entry.factor)
            yield Node(title=f"{base}×{factor}", value=teller.money(entry.amount, entry.ledger))
        if entry.quantity is not None:
            yield Node(title="数量", value=self.view.exact(entry.quantity))
        rule = teller.things.get(entry.rule)
        if entry.bound and isinstance(rule, EventRule) and rule.again and rule.again.ceiling:
            most = amount_at(self.view.program, rule.again.ceiling, entry.day)
            if most is not None:
                yield Node(title="单次上限", value=teller.names.sum(most))

    def _decided(self, entry: Entry) -> Iterator[Node]:
        """Who decided, when, and on what grounds."""
        fact = self.view.teller.fact_of(DECISION, entry.decision) if entry.decision else None
        if fact is not None:
            grounds = str(fact.values.get("grounds", ""))
            yield Node(title=self.view.teller.fact(DECISION, fact.id), text=grounds, key=fact.id)

    def _cause(self, entry: Entry) -> Iterator[Node]:
        """The entry that this one takes back, bounds or follows."""
        cause = self.view.teller.entries.get(entry.cause) if entry.cause else None
        if cause is not None:
            yield self.short(cause)

    def _period(self, entry: Entry, rule: PeriodRule) -> Iterator[Node]:
        """Why a rule at the period's end hit: the measures, and the ranking among others."""
        view, period = self.view, self.view.period(rule.name, entry.period)
        other = bool(entry.fact) or entry.kind is EntryKind.JOINT
        if period is None or other:
            return
        view.seen.clear()
        if rule.when is not None:
            yield view.condition(rule.when, rule.name, period)
        by = rule.pick.by if rule.pick is not None else ()
        yield from self.outcomes.numbers(rule.name, by, period)
        yield from self.measures.trees(measures_in(rule.when), period)
