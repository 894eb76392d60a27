"""From the rows of the statements to what the nodes and the result are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wenyou_core.assess.amounts import ledger_of_bounds
from wenyou_core.assess.decisions import Decisions
from wenyou_core.assess.effects import Effects
from wenyou_core.assess.facts import Opening
from wenyou_core.assess.lines import CapHit, PayingRule, Totals, Who
from wenyou_core.assess.nodes import Values
from wenyou_core.assess.notes import NO_CYCLE, Notes
from wenyou_core.assess.program import Program
from wenyou_core.assess.quantities import Quantity, absent, lowest_terms, plain
from wenyou_core.assess.result import AwardRow, BarRow, Entry, EntryKind, TaskRow
from wenyou_core.assess.sql.engine import Row
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.factors import factor_at
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.sharing import KINDS
from wenyou_core.assess.sql.standing import WHYS, Measured
from wenyou_core.assess.sql.terms import day_of
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Award, Obligation
from wenyou_core.scheme.rules import Limit, PeriodRule
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
    awards: list[AwardRow] = field(default_factory=list)
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
            kind=_main(hits),
            subject=self.keys.subject(row["subject"] or 0),
            ledger=hits.ledger,
            amount=int(row["amount"] or 0),
            period=self._code(row["p"]),
            day=day_of(row["day"] or 0),
            fact_kind=hits.kind,
            fact=self._fact(hits, row["fact"]),
            base=int(row["base"] or 0),
            factor=_ONE if isinstance(rule, PeriodRule) else factor_at(rule.again, count),
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
        self, hits: Hits, kind: str, of: tuple[int, int, int, int | None], change: int, cause: str
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
            fact_kind=hits.kind,
            fact=self._fact(hits, fact),
            cause=cause,
        )

    def take_totals(self, hits: Hits, rows: Iterable[Row]) -> None:
        """LIMIT entries over a period or year: p, subject, change."""
        for p, subject, change in rows:
            self.entries.append(self._total(hits.rule, hits.ledger, (p, subject), change))

    def _total(
        self, rule: PayingRule | Limit, ledger: str, of: tuple[int, int], change: int
    ) -> Entry:
        period = self.script.periods[of[0]]
        return Entry(
            rule=rule.name,
            article=rule.article,
            kind=EntryKind.LIMIT,
            subject=self.keys.subject(of[1]),
            ledger=ledger,
            amount=int(change),
            base=int(change),
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
                    fact_kind="" if fact is None else hits.kind,
                    fact=self._fact(hits, fact),
                    base=int(base),
                    factor=_ONE if joint.percent is None else joint.percent,
                    cause=cause.key,
                    part=part,
                )
            )

    def _cause(self, hits: Hits, kind: str, p: int, subject: int, fact: int | None) -> Entry:
        """An entry with the key of the one that another takes back, bounds or follows."""
        if kind == "total":
            return self._total(hits.rule, hits.ledger, (p, subject), 0)
        event = Entry(
            rule=hits.rule.name,
            article=hits.rule.article,
            kind=_main(hits),
            subject=self.keys.subject(subject),
            ledger=hits.ledger,
            amount=0,
            period=self._code(p),
            day=self.program.run.end,
            fact_kind=hits.kind,
            fact=self._fact(hits, fact),
        )
        if kind in ("event", "period"):
            return event
        return self._adjusted(hits, kind, (p, subject, 0, fact), 0, event.key)

    def _fact(self, hits: Hits, key: int | None) -> str:
        """The fact behind an entry; of a period rule the member it was judged on."""
        if hits.members:
            return "" if key is None else self.keys.subject_id(key)
        return self.keys.fact_id(key)

    def take_sums(self, about: tuple[str, str], rows: Iterable[Row]) -> None:
        """Sums of entries by period and subject: they count on the period's last day."""
        ends = ((self.script.periods[p].end, subject, amount) for p, subject, amount in rows)
        self._add_sums(about, ends)

    def take_sums_by_day(self, about: tuple[str, str], rows: Iterable[Row]) -> None:
        """Sums of entries by day and subject."""
        self._add_sums(about, ((day_of(day), subject, amount) for day, subject, amount in rows))

    def _add_sums(self, about: tuple[str, str], rows: Iterable[tuple[date, int, int]]) -> None:
        name, ledger = about
        self.sums[name] += [
            (self._who(subject), ledger, day, int(amount)) for day, subject, amount in rows
        ]

    def take_limits(self, name: str, rows: Iterable[Row]) -> None:
        """LIMIT entries of a limit over several rules: p, subject, change."""
        rule = self.program.nodes[name]
        assert isinstance(rule, Limit)  # noqa: S101 -- only limits have such rows
        ledger = ledger_of_bounds(self.program, rule)
        for p, subject, change in rows:
            self.entries.append(self._total(rule, ledger, (p, subject), change))

    def take_effects(self, hits: Hits, rows: Iterable[Row]) -> None:
        """Bars, caps and tasks of everybody the rule hit."""
        rule = hits.rule
        for p, subject_key, day_number, fact_key in rows:
            period, day = self.script.periods[p], day_of(day_number)
            subject = self.keys.subject(subject_key)
            fact = "" if hits.members else self.keys.fact_id(fact_key)
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

    def take_awards(self, node: Award, rows: Iterable[Row]) -> None:
        """Who won, and who did not and why."""
        titles = [one.title for one in node.conditions]
        for p, subject, won, passes, place, *flags in rows:
            holds, barred = flags[: len(titles)], flags[len(titles) :]
            failed = (title for title, one in zip(titles, holds, strict=True) if not one)
            bars = (what for what, one in zip(node.bars, barred, strict=True) if one)
            row = AwardRow(
                award=node.name,
                article=node.article,
                subject=self.keys.subject(subject),
                period=self._code(p),
                won=bool(won),
                eligible=bool(passes),
                rank=place or 0,
                failed=tuple(failed),
                bars=tuple(sorted(set(bars))),
            )
            self.awards.append(row)

    def take_paid(self, about: tuple[Award, str], rows: Iterable[Row]) -> None:
        """AWARD entries: p, subject, base, amount, among how many it was split, decision."""
        node, ledger = about
        for p, subject, base, amount, among, decision in rows:
            period = self.script.periods[p]
            entry = Entry(
                rule=node.name,
                article=node.article,
                kind=EntryKind.AWARD,
                subject=self.keys.subject(subject),
                ledger=ledger,
                amount=int(amount),
                base=int(base),
                factor=Fraction(1, among),
                period=period.code,
                day=period.end,
                decision=self.keys.fact_id(decision),
            )
            self.entries.append(entry)

    def take_measure(self, measured: Measured, rows: Iterable[Row]) -> None:
        """The values of a measure, by period and subject id."""
        for period in self.script.cells_of(measured.name):
            self.measured[measured.name, period.code] = {}
        for p, subject, *values, why in rows:
            code, id_ = self._code(p), self.keys.subject_id(subject)
            self.measured[measured.name, code][id_] = _quantity(measured, values, WHYS[why])
            if WHYS[why] == NO_CYCLE:
                self._note_no_cycle(measured.name, p, subject)

    def _note_no_cycle(self, name: str, p: int, subject: int) -> None:
        period, node = self.script.periods[p], self.program.nodes[name]
        if period.code in self.program.reported and isinstance(node, COUNTED) and node.window:
            whose = self.keys.subject(subject)
            self.notes.miss_attribute(node.window.param, whose, period.end, name)

    def _code(self, p: int | None) -> str:
        return self.script.periods[p or 0].code

    def _who(self, key: int) -> Who:
        return (bool(key % 2), self.keys.subject_id(key))


def _main(hits: Hits) -> EntryKind:
    """The kind of a rule's own entries."""
    return EntryKind.PERIOD if hits.members else EntryKind.EVENT


def _quantity(measured: Measured, values: Sequence[int | None], why: str) -> Quantity:
    """A row of a measure as a measured number."""
    if not measured.ratio:
        number = values[0]
        return absent(why) if number is None else plain(Fraction(number, 10**measured.digits))
    num, den = (_parts(measured, *values[at : at + 2]) for at in (0, 2))
    raw = None if den[0] is None or den[1] is None else (den[0], den[1])
    if num[0] is None or num[1] is None:
        return Quantity(raw=raw, absent=why)
    exact = num[0] / num[1]
    if measured.plain:
        return plain(exact)
    return lowest_terms(exact) if measured.lowest else Quantity(exact, (num[0], num[1]), raw)


def _parts(
    measured: Measured, num: int | None, den: int | None
) -> tuple[Fraction | None, Fraction | None]:
    return (
        None if num is None else Fraction(num, 10**measured.digits),
        None if den is None else Fraction(den, 10**measured.den_digits),
    )
