"""What stands in one line of a standings sheet, from a result in memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import MeasureValue, Result
from wenyou_core.scheme.words import SubjectKind

Key = tuple[str, str]
Paid = tuple[tuple[bool, str, str, str], int]
"""Whether a person, whose id, rule and ledger; and the amount."""
MET = {True: "达成", False: "未达成", None: "不适用"}
_WON = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Line:
    """One subject: measures by name and period, sums by ledger and rule ("" is the ledger's own
    sum), and the words of grades, targets and awards by name and period."""

    subject: Subject
    measures: Mapping[Key, MeasureValue] = field(default_factory=dict)
    sums: Mapping[Key, int] = field(default_factory=dict)
    words: Mapping[Key, str] = field(default_factory=dict)


class Lines(Protocol):
    """Where the lines of populations come from: first which columns there are, then the rows."""

    def measured(self, population: str) -> frozenset[Key]:
        """The measures and periods of which any member has a row."""

    def summed(self, population: str) -> frozenset[Key]:
        """The ledgers and rules of which any member has an entry; "" stands for the whole ledger."""

    def worded(self, population: str) -> frozenset[Key]:
        """The grades, targets and awards, and their periods, that were found for any member."""

    def noted(self, population: str) -> bool:
        """Whether any measure of the population is without a value for a stated reason."""

    def of(self, population: str) -> Iterator[Line]:
        """A line for every member, in their order."""

    def paid(self, ledgers: Sequence[str]) -> Iterator[Paid]:
        """Per subject, rule and ledger the sum of these ledgers, in order."""


class ResultLines:
    """The lines of a result that is held in memory."""

    def __init__(self, program: Program, result: Result) -> None:
        """Sort the rows of a result by subject."""
        self._program = program
        self._result = result
        self._measures: dict[str, dict[str, dict[Key, MeasureValue]]] = {}
        for row in result.measures:
            population = program.types[row.measure].population
            held = self._measures.setdefault(population, defaultdict(dict))
            held[row.subject.id][row.measure, row.period] = row
        self._sums: dict[tuple[bool, str], dict[Key, int]] = defaultdict(lambda: defaultdict(int))
        for entry in result.entries:
            sums = self._sums[_who(entry.subject)]
            sums[entry.ledger, entry.rule] += entry.amount
            sums[entry.ledger, ""] += entry.amount
        self._words = outcome_words(program, result)

    def measured(self, population: str) -> frozenset[Key]:
        """See ``Lines``."""
        return frozenset(key for row in self._measures.get(population, {}).values() for key in row)

    def summed(self, population: str) -> frozenset[Key]:
        """See ``Lines``."""
        members = self._result.subjects.get(population, ())
        return frozenset(key for one in members for key in self._sums.get(_who(one), ()))

    def worded(self, population: str) -> frozenset[Key]:
        """See ``Lines``."""
        return frozenset(key for row in self._words.get(population, {}).values() for key in row)

    def noted(self, population: str) -> bool:
        """See ``Lines``."""
        rows = self._measures.get(population, {}).values()
        return any(one.absent for row in rows for one in row.values())

    def paid(self, ledgers: Sequence[str]) -> Iterator[Paid]:
        """See ``Lines``."""
        wanted = set(ledgers)
        found = (
            ((*who, rule, ledger), amount)
            for who, sums in self._sums.items()
            for (ledger, rule), amount in sums.items()
            if rule and ledger in wanted
        )
        yield from sorted(found)

    def of(self, population: str) -> Iterator[Line]:
        """See ``Lines``."""
        measures = self._measures.get(population, {})
        words = self._words.get(population, {})
        for one in self._result.subjects.get(population, ()):
            sums = self._sums.get(_who(one), {})
            yield Line(one, measures.get(one.id, {}), sums, words.get(one.id, {}))


def outcome_words(program: Program, result: Result) -> dict[str, dict[str, dict[Key, str]]]:
    """Per population and subject the words of its grades, targets and awards."""
    told: dict[str, dict[str, dict[Key, str]]] = {}
    rows = [((row.grade, row.period), row.subject.id, row.step) for row in result.grades]
    rows += [((row.target, row.period), row.subject.id, MET[row.met]) for row in result.targets]
    rows += [((row.award, row.period), row.subject.id, _WON[row.won]) for row in result.awards]
    for key, subject, word in rows:
        population = getattr(program.nodes.get(key[0]), "each", "")
        told.setdefault(population, defaultdict(dict))[subject][key] = word
    return told


def won_word(*, won: bool) -> str:
    """How a sheet says whether an award was won."""
    return _WON[won]


def _who(subject: Subject) -> tuple[bool, str]:
    return subject.kind is SubjectKind.PERSON, subject.id
