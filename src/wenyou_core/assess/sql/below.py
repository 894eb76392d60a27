"""From the rows of the statements to what the nodes and the result are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wenyou_core.assess.decisions import Decisions
from wenyou_core.assess.effects import Effects
from wenyou_core.assess.facts import Opening
from wenyou_core.assess.lines import CapHit, Totals, Who
from wenyou_core.assess.nodes import Values
from wenyou_core.assess.notes import NO_CYCLE, NO_VALUE, Notes
from wenyou_core.assess.program import Program
from wenyou_core.assess.quantities import Quantity, absent, plain
from wenyou_core.assess.result import BarRow, Entry, EntryKind, TaskRow
from wenyou_core.assess.sql.engine import Row
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.factors import factor_at
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.sharing import KINDS
from wenyou_core.assess.sql.terms import day_of
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.rules import EventRule
from wenyou_core.scheme.words import Until
from wenyou_core.worktime.periods import Period

_ONE = Fraction(1)
COUNTED = (FactMeasure, Obligation)
_ADJUSTING = {"limit": EntryKind.LIMIT, "excluded": EntryKind.EXCLUDED}


@dataclass(slots=True)
class Below:
    """The event level of a run as the nodes see it (``nodes.Provider``), and its entries."""

    script: Script
    keys: Keys
    notes: Notes
    decisions: Decisions
    openings: Sequence[Opening]
    entries: list[Entry] = field(default_factory=list)
    effects: Effects = field(default_factory=Effects)
    tasks: list[TaskRow] = field(default_factory=list)
    measured: dict[tuple[str, str], dict[str, Quantity]] = field(default_factory=dict)
    sums: dict[str, list[tuple[Who, str, date, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @property
    def program(self) -> Program:
        """The program of the run."""
        return self.script.program

    @property
    def bars(self) -> Sequence[BarRow]:
        """The bars of event rules."""
        return self.effects.bars

    @property
    def caps(self) -> Sequence[CapHit]:
        """The caps of event rules."""
        return self.effects.caps

    def values(self, name: str, period: Period) -> Values | None:
        """What was computed below: measures of facts and counts of obligations."""
        return self.measured.get((name, period.code))

    def totals(self, names: Sequence[str] | None, period: Period) -> Totals:
        """Per subject and ledger the sum of the entries whose day lies in the period."""
        found: dict[tuple[Who, str], int] = defaultdict(int)
        for name in self.sums if names is None else names:
            for subject, ledger, day, amount in self.sums.get(name, ()):
                if period.start <= day <= period.end:
                    found[subject, ledger] += amount
        return found

    # -- taking rows ------------------------------------------------------------------------

    def take_events(self, about: tuple[Hits, tuple[str, ...]], rows: Iterable[Row]) -> None:
        """EVENT entries."""
        hits, columns = about
        for row in rows:
            self.entries.append(self._event(hits, dict(zip(columns, row, strict=True))))

    def _event(self, hits: Hits, row: Mapping[str, int | None]) -> Entry:
        rule, count = hits.rule, row.get("n") or 0
        return Entry(
            rule=rule.name,
            article=rule.article,
            kind=EntryKind.EVENT,
            subject=self.keys.subject(row["subject"] or 0),
            ledger=hits.ledger,
            amount=int(row["amount"] or 0),
            period=self._code(row["p"]),
            day=day_of(row["day"] or 0),
            fact_kind=rule.on,
            fact=self.keys.fact_id(row["fact"]),
            base=int(row["base"] or 0),
            factor=factor_at(rule.again, count),
            bound=bool(row.get("bound")),
            count=count,
            earlier=self.keys.fact_id(row.get("earlier")),
            quantity=self._quantity(hits, row),
            decision=self.keys.fact_id(row.get("decision")),
        )

    def _quantity(self, hits: Hits, row: Mapping[str, int | None]) -> Fraction | None:
        value = row.get("quantity")
        if value is None or hits.quantity is None:
            return None
        digits, den_digits = hits.quantity
        below = row.get("quantity_den")
        over = Fraction(1) if below is None else Fraction(below, 10**den_digits)
        return Fraction(value, 10**digits) / over

    def take_adjusting(self, kind: str, hits: Hits, rows: Iterable[Row]) -> None:
        """LIMIT and EXCLUDED entries of single entries: p, subject, day, fact, change."""
        for p, subject, day, fact, change in rows:
            event = self._cause(hits, "event", p, subject, fact)
            self.entries.append(
                self._adjusted(hits, kind, (p, subject, day, fact), int(change), event.key)
            )

    def _adjusted(
        self, hits: Hits, kind: str, of: tuple[int, int, int, int], change: int, cause: str
    ) -> Entry:
        p, subject, day, fact = of
        return Entry(
            rule=hits.rule.name,
            article=hits.rule.article,
            kind=_ADJUSTING[kind],
            subject=self.keys.subject(subject),
            ledger=hits.ledger,
            amount=change,
            base=change,
            period=self._code(p),
            day=day_of(day),
            fact_kind=hits.rule.on,
            fact=self.keys.fact_id(fact),
            cause=cause,
        )

    def take_totals(self, hits: Hits, rows: Iterable[Row]) -> None:
        """LIMIT entries over a period or year: p, subject, change."""
        self.entries += [self._total(hits, p, subject, int(change)) for p, subject, change in rows]

    def _total(self, hits: Hits, p: int, subject: int, change: int) -> Entry:
        period = self.script.periods[p]
        return Entry(
            rule=hits.rule.name,
            article=hits.rule.article,
            kind=EntryKind.LIMIT,
            subject=self.keys.subject(subject),
            ledger=hits.ledger,
            amount=change,
            base=change,
            period=period.code,
            day=period.end,
        )

    def take_joints(self, hits: Hits, rows: Iterable[Row]) -> None:
        """JOINT entries, in the columns of ``compile.JOINT``."""
        for part, p, subject, day, fact, base, amount, of_kind, of_subject in rows:
            joint = hits.rule.joint[part - 1]
            cause = self._cause(hits, KINDS[of_kind], p, of_subject, fact)
            self.entries.append(
                Entry(
                    rule=hits.rule.name,
                    article=hits.rule.article,
                    kind=EntryKind.JOINT,
                    subject=self.keys.subject(subject),
                    ledger=joint.amount.ledger if joint.amount else hits.ledger,
                    amount=int(amount),
                    period=self._code(p),
                    day=day_of(day),
                    fact_kind="" if fact is None else hits.rule.on,
                    fact=self.keys.fact_id(fact),
                    base=int(base),
                    factor=_ONE if joint.percent is None else joint.percent,
                    cause=cause.key,
                    part=part,
                )
            )

    def _cause(self, hits: Hits, kind: str, p: int, subject: int, fact: int | None) -> Entry:
        """An entry with the key of the one that another takes back, bounds or follows."""
        if kind == "total":
            return self._total(hits, p, subject, 0)
        event = Entry(
            rule=hits.rule.name,
            article=hits.rule.article,
            kind=EntryKind.EVENT,
            subject=self.keys.subject(subject),
            ledger=hits.ledger,
            amount=0,
            period=self._code(p),
            day=self.program.run.end,
            fact_kind=hits.rule.on,
            fact=self.keys.fact_id(fact),
        )
        if kind == "event":
            return event
        return self._adjusted(hits, kind, (p, subject, 0, fact or 0), 0, event.key)

    def take_sums(self, about: tuple[str, str], rows: Iterable[Row]) -> None:
        """Sums of entries by period and subject: they count on the period's last day."""
        name, ledger = about
        self.sums[name] += [
            (self._who(subject), ledger, self.script.periods[p].end, int(change))
            for p, subject, change in rows
        ]

    def take_effects(self, rule: EventRule, rows: Iterable[Row]) -> None:
        """Bars, caps and tasks of everybody the rule hit."""
        for p, subject_key, day_number, fact_key in rows:
            period, day = self.script.periods[p], day_of(day_number)
            subject, fact = self.keys.subject(subject_key), self.keys.fact_id(fact_key)
            ends = {Until.PERIOD_END: period.end, Until.YEAR_END: date(day.year, 12, 31)}
            for effect in rule.effects:
                if effect.bar is not None:
                    row = BarRow(
                        what=effect.bar.what,
                        subject=subject,
                        since=day,
                        until=ends.get(effect.bar.until),
                        rule=rule.name,
                        article=rule.article,
                        period=period.code,
                        fact=fact,
                    )
                    self.effects.bars.append(row)
                if effect.cap is not None:
                    self.effects.caps.append(CapHit(effect.cap, rule.name, subject, period))
                if effect.task:
                    task = TaskRow(
                        task=effect.task,
                        subject=subject,
                        rule=rule.name,
                        article=rule.article,
                        period=period.code,
                        day=day,
                        fact=fact,
                    )
                    self.effects.tasks.append(task)

    def take_counts(self, about: tuple[str, int, bool], rows: Iterable[Row]) -> None:
        """Measures of facts, by period and subject id."""
        name, digits, cyclic = about
        for period in self.script.cells_of(name):
            self.measured[name, period.code] = {}
        for p, subject, value, *rest in rows:
            code, id_ = self._code(p), self.keys.subject_id(subject)
            if cyclic and rest[0]:
                self.measured[name, code][id_] = absent(NO_CYCLE)
                self._note_no_cycle(name, p, subject)
            elif value is None:
                self.measured[name, code][id_] = absent(NO_VALUE)
            else:
                self.measured[name, code][id_] = plain(Fraction(value, 10**digits))

    def _note_no_cycle(self, name: str, p: int, subject: int) -> None:
        period, node = self.script.periods[p], self.program.nodes[name]
        if period.code in self.program.reported and isinstance(node, COUNTED) and node.window:
            whose = self.keys.subject(subject)
            self.notes.miss_attribute(node.window.param, whose, period.end, name)

    def _code(self, p: int | None) -> str:
        return self.script.periods[p or 0].code

    def _who(self, key: int) -> Who:
        return (bool(key % 2), self.keys.subject_id(key))
