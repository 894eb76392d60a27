"""Steps 6 to 8 and 11: everything above the event level, in the order of dependency.

``run_nodes`` works on what a *provider* hands in: the values of measures that were computed
below (those of facts at least), sums of the event entries, bars, caps. The reference provides
them from its own event level, the SQL back end from reduced rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Protocol

from wenyou_core.assess.amounts import Amounts, Worth
from wenyou_core.assess.decisions import Decisions
from wenyou_core.assess.effects import Effects
from wenyou_core.assess.facts import Cell, Opening
from wenyou_core.assess.lines import CapHit, Journal, Totals, Who, who
from wenyou_core.assess.org import Member
from wenyou_core.assess.pairs import made_parts, parts_beyond
from wenyou_core.assess.prepare import World
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.readings import number_at, param_at
from wenyou_core.assess.result import AwardRow, BarRow, GradeRow, ObligationRow, TargetRow
from wenyou_core.assess.rounding import LARGEST, too_large
from wenyou_core.scheme.amounts import Amount
from wenyou_core.scheme.readings import field_of
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period

Values = Mapping[str, Quantity]
"""The values of a measure in a period, by the id of the subject."""


class Provider(Protocol):
    """What stands below the nodes."""

    @property
    def decisions(self) -> Decisions:
        """The confirmed decisions."""
        ...

    @property
    def openings(self) -> Sequence[Opening]:
        """The opening balances."""
        ...

    @property
    def bars(self) -> Sequence[BarRow]:
        """The bars of event rules."""
        ...

    @property
    def caps(self) -> Sequence[CapHit]:
        """The caps of event rules."""
        ...

    def values(self, name: str, period: Period) -> Values | None:
        """The values of a measure (or the counts of an obligation) that was computed below.

        None: it is computed here. Measures of facts and obligations are never computed here.
        """
        ...

    def totals(self, names: Sequence[str] | None, period: Period) -> Totals:
        """Per subject and ledger the sum of the event level's entries whose day lies in the
        period; of the rules and ``rule+joint`` named, or of all of them."""
        ...


class Run:
    """The state of a run above the event level: what was computed so far."""

    def __init__(self, world: World, provider: Provider, amounts: Amounts) -> None:
        """Begin with what the provider has."""
        self.world, self.provider, self.amounts = world, provider, amounts
        self.program, self.org, self.notes = world.program, world.org, world.notes
        self.journal, self.effects = Journal(), Effects()
        self.measured: dict[tuple[str, str], Values] = {}
        self.grades: list[GradeRow] = []
        self.awards: list[AwardRow] = []
        self.targets: list[TargetRow] = []
        self.obligations: list[ObligationRow] = []
        self._worths: dict[str, Worth] = {}
        self._of_adopters = {
            name
            for name, kind in world.program.types.items()
            if world.program.plan.populations[kind.population].of is SubjectKind.ADOPTER
        }

    @cached_property
    def openings(self) -> Mapping[tuple[Who, str], Sequence[Opening]]:
        """The opening balances by subject and ledger: there may be one of everybody."""
        found: dict[tuple[Who, str], list[Opening]] = defaultdict(list)
        for opening in self.provider.openings:
            found[who(opening.subject), opening.ledger].append(opening)
        return found

    def worth(self, name: str, amount: Amount) -> Worth:
        """The amount of a rule as a function, made once."""
        if name not in self._worths:
            self._worths[name] = self.amounts.worth(amount)
        return self._worths[name]

    def periods(self, name: str) -> list[Period]:
        """The periods for which a node is computed, in order."""
        return sorted(self.program.cells.get(name, ()))

    def reported(self, period: Period) -> bool:
        """Whether a period is part of the result."""
        return period.code in self.program.reported

    def everybody(self, name: str, period: Period) -> tuple[Member, ...]:
        """The members of the population of a measure."""
        return self.org.members(self.program.types[name].population, period)

    def each(self, name: str, period: Period, value: Callable[[Member], Quantity]) -> Values:
        """A measure's value of each member of its population, by id."""
        return {member.subject.id: value(member) for member in self.everybody(name, period)}

    def held(self, name: str, values: Values) -> Values:
        """The values of a measure, none beyond what every engine holds; raises WenyouError."""
        most = LARGEST // 10 ** (self.program.types[name].digits or 0)
        for one in values.values():
            exact = one.exact
            # the numerator alone nearly always tells, and is had at a tenth of the cost
            if exact is not None and abs(exact.numerator) > most and self._beyond(name, exact):
                raise too_large(measure=name)
        parts = made_parts(self.program, name)
        if parts is not None and any(parts_beyond(one, parts) for one in values.values()):
            raise too_large(measure=name)
        return values

    def _beyond(self, name: str, exact: Fraction) -> bool:
        digits = self.program.types[name].digits  # of a ratio both parts are measures themselves
        return digits is not None and abs(exact) * 10**digits > LARGEST

    def is_ratio(self, name: str) -> bool:
        """Whether a measure is an unrounded ratio."""
        return self.program.types[name].digits is None

    def quantity(self, name: str, member: Member, period: Period) -> Quantity | None:
        """The value of a measure for a member; one of the adopting unit is read upward."""
        values = self.measured.get((name, period.code))
        if values is None:
            return None
        return values.get(member.adopter if name in self._of_adopters else member.subject.id)

    def exact(self, name: str, member: Member, period: Period) -> Fraction | None:
        """The number of a measure for a member; None when it is absent."""
        found = self.quantity(name, member, period)
        return None if found is None else found.exact

    def exacts(
        self, names: Sequence[str], member: Member, period: Period
    ) -> tuple[Fraction, ...] | None:
        """The numbers to rank a member by; None when one is absent."""
        numbers = [self.exact(name, member, period) for name in names]
        found = tuple(number for number in numbers if number is not None)
        return found if len(found) == len(numbers) else None

    def totals(self, names: Sequence[str] | None, period: Period) -> Totals:
        """Sums of entries of the event level and of what was written here."""
        found = dict(self.provider.totals(names, period))
        for key, amount in self.journal.totals(names, period).items():
            found[key] = found.get(key, 0) + amount
        return found


class Standing:
    """A member in a period: the context in which expressions over measures are read."""

    __slots__ = ("day", "member", "period", "run")

    def __init__(self, run: Run, member: Member, period: Period) -> None:
        """Bind the member; attributes and parameters are those of the period's last day."""
        self.run, self.member, self.period, self.day = run, member, period, period.end

    def field(self, of: str, name: str) -> Cell | None:
        """An attribute of the ``unit`` or ``person``, a day of the ``period``, a ``table``'s number."""
        if of == "period":
            return self.period.start if name == "start" else self.period.end
        if of == "table":
            program = self.run.program
            by = map(field_of, program.tables[name].by)
            return number_at(program, name, [self.field(one.of, one.name) for one in by])
        subject = self.member.subject
        if of == "person":
            person = subject.id if subject.kind is SubjectKind.PERSON else ""
            return self.run.org.attribute(of, name, person, self.day)
        return (
            self.run.org.attribute(of, name, self.member.unit, self.day) if of == "unit" else None
        )

    def param(self, name: str) -> Cell | None:
        """A parameter on the period's last day."""
        return param_at(self.run.program, name, self.day)

    def measure(self, name: str) -> Fraction | None:
        """A measure of the member, or of its adopting unit, in this period."""
        return self.run.exact(name, self.member, self.period)

    def workdays(self, first: date, last: date) -> Fraction | None:
        """Working days d with first < d <= last."""
        return self.run.world.workdays(first, last)


def grouped(members: Sequence[Member], *, whole: bool = False) -> list[list[Member]]:
    """The members by peer group, or by adopting unit when ``whole``."""
    found: dict[object, list[Member]] = {}
    for member in members:
        found.setdefault(member.adopter if whole else member.group, []).append(member)
    return list(found.values())
