"""Members of a population in their periods, and what expressions over them may name.

A measure that SQL computes stands in ``v_<name>``: ``p``, ``subject``, and ``value``, or of an unrounded
ratio ``num`` and ``den`` (as shown) with ``raw_num`` and ``raw_den`` (as they came, for pooling);
``why`` says why there is none, as a place in WHYS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wenyou_core.assess.notes import (
    NO_CYCLE,
    NO_DENOMINATOR,
    NO_EARLIER,
    NO_PART,
    NO_VALUE,
    NOT_MEANT,
)
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import rounded
from wenyou_core.assess.sql.lookups import number_of
from wenyou_core.assess.sql.relation import Relation, workdays
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import Sort, Term, constant, day_number
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Empty, SubjectKind
from wenyou_core.worktime.periods import Period

WHYS = ("", NO_PART, NO_DENOMINATOR, NO_VALUE, NO_EARLIER, NO_CYCLE, NOT_MEANT)
"""Why there is no number."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What the table of a measure holds. A ratio has ``digits`` for its numerator.

    ``plain``: a ratio that the result shows as one number; ``lowest``: in lowest terms.
    """

    name: str
    digits: int = 0
    ratio: bool = False
    den_digits: int = 0
    plain: bool = False
    lowest: bool = False

    @property
    def table(self) -> str:
        """The table of the values."""
        return f"v_{self.name}"

    def term(self, alias: str) -> Term:
        """The measure as a term, from its table under an alias."""
        if not self.ratio:
            return Term(b.col("value", alias), digits=self.digits)
        return Term(
            b.col("num", alias),
            Sort.RATIO,
            self.digits,
            den=b.col("den", alias),
            den_digits=self.den_digits,
        )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns beside period and subject."""
        if self.ratio:
            return ("num", "den", "raw_num", "raw_den", "why")
        return ("value", "why")


@dataclass(slots=True)
class Measures:
    """The measures that SQL has computed so far."""

    script: Script
    found: dict[str, Measured] = field(default_factory=dict)

    def population(self, name: str) -> str:
        """Whose a measure is."""
        return self.script.program.types[name].population

    def is_upward(self, name: str) -> bool:
        """Whether it is a measure of adopting units, which others read upward."""
        plan = self.script.program.plan
        return plan.populations[self.population(name)].of is SubjectKind.ADOPTER

    def members(self, population: str, periods: Sequence[Period]) -> Relation:
        """The members of a population in some periods, as ``m``."""
        self.script.needs.members.setdefault(population, set()).update(periods)
        return Relation(self.script, f"people_{population}", "m")

    def within(self, periods: Sequence[Period]) -> Sql:
        """The member's period is one of these."""
        return b.one_of(b.col("p", "m"), [b.num(self.script.number[one]) for one in periods])

    def make(self, measured: Measured, query: Sql) -> Measured:
        """Write a measure down."""
        self.found[measured.name] = measured
        self.script.make(measured.table, query)
        return measured


class SubjectScope:
    """What names mean for a member on the last day of its period."""

    def __init__(
        self, measures: Measures, relation: Relation, population: str, periods: Sequence[Period]
    ) -> None:
        """The relation's source has the columns of ``people_<population>``."""
        self.measures, self.relation, self.periods = measures, relation, periods
        self.script = measures.script
        self.of = self.script.program.plan.populations[population].of
        self.roomy = False  # whether measures are taken in 38 digits

    @property
    def day(self) -> Sql:
        """The period's last day."""
        return self.relation.col("day")

    def field(self, of: str, name: str) -> Term:
        """An attribute of the unit or person, a day of the period, a table's number."""
        if of == "period":
            return Term(self.day if name == "end" else self._start(), Sort.DATE)
        if of == "table":
            terms = [self.named(one) for one in self.script.tables[name].by]
            return number_of(name, terms, self.relation, self.script)
        if of == "unit":
            return self.relation.attribute(of, name, self.relation.col("unit"), self.day)
        person = self.relation.col("subject")
        if self.of is not SubjectKind.PERSON:
            person = b.null("INTEGER")
        return self.relation.attribute(of, name, person, self.day)

    def named(self, name: str) -> Term:
        """An attribute as ``unit.x`` or ``person.x``."""
        of, _, own = name.rpartition(".")
        return self.field(of or "fact", own)

    def _start(self) -> Sql:
        return by_period(
            self.relation.col("p"),
            {self.script.number[one]: b.num(day_number(one.start)) for one in self.periods},
        )

    def param(self, name: str) -> Term:
        """A parameter on the period's last day."""
        values = {self.script.param_at(name, one.end) for one in self.periods}
        if len(values) == 1:
            value = values.pop()
            return Term(b.null("BIGINT")) if value is None else constant(value)
        return self.script.param(name, self.day)

    def measure(self, name: str) -> Term:
        """A measure of the member, or of its adopting unit, in this period."""
        measured = self.measures.found[name]
        whose = "adopter" if self.measures.is_upward(name) else "subject"
        alias = self.relation.join(
            f"x_{name}",
            measured.table,
            b.all_of(
                [
                    b.eq(b.col("p", f"x_{name}"), self.relation.col("p")),
                    b.eq(b.col("subject", f"x_{name}"), self.relation.col(whose)),
                ]
            ),
        )
        term = measured.term(alias)
        if not self.roomy:
            return term
        den = None if term.den is None else b.wide(term.den)
        return replace(term, sql=b.wide(term.sql), den=den)

    def workdays(self, first: Sql, last: Sql) -> Sql:
        """Working days after ``first`` up to ``last``."""
        return workdays(self.relation, first, last)


def by_period(p: Sql, values: Mapping[int, Sql]) -> Sql:
    """What differs by period; one tree where all are alike."""
    if len({tree.sql() for tree in values.values()}) == 1:
        return next(iter(values.values()))
    return b.when((b.eq(p, b.num(at)), tree) for at, tree in values.items())


# -- ratios ----------------------------------------------------------------------------------


def why(name: str) -> Sql:
    """The place of a reason."""
    return b.num(WHYS.index(name))


def ratio_columns(
    num: Term, den: Term, empty: Empty, round_: Round | None
) -> tuple[dict[str, Sql], tuple[int, int]]:
    """num / den as columns: rounded to ``value``, else the pair; and the digits of both.

    An absent part makes it absent; a zero denominator what ``empty`` says.
    """
    absent = b.any_of([b.is_null(num.sql), b.is_null(den.sql)])
    zero = b.eq(den.sql, b.num(0))
    shown = b.num(int(empty is Empty.FULL))
    reason = b.when(
        [(absent, why(NO_PART)), *([(zero, why(NO_DENOMINATOR))] if empty is Empty.APART else [])],
        b.num(0),
    )
    # a whole ratio of 0 or 1 is shown over 1, in the digits of the parts
    full = b.num(10**num.digits) if empty is Empty.FULL else shown
    one = b.num(10**den.digits)
    instead = (b.null(), b.null()) if empty is Empty.APART else (full, one)
    top = b.when([(absent, b.null()), (zero, instead[0])], num.sql)
    bottom = b.when([(absent, b.null()), (zero, instead[1])], den.sql)
    if round_ is None:
        columns = {
            "num": b.narrow(top),
            "den": b.narrow(bottom),
            "raw_num": b.narrow(b.when([(absent, b.null())], num.sql)),
            "raw_den": b.narrow(b.when([(absent, b.null())], den.sql)),
            "why": reason,
        }
        return columns, (num.digits, den.digits)
    pair = Term(top, Sort.RATIO, num.digits, den=bottom, den_digits=den.digits)
    value = rounded(pair, round_.digits, round_.mode)
    return {"value": b.narrow(value.sql), "why": reason}, (round_.digits, 0)


def sort_keys(term: Term) -> list[Sql]:
    """Whole numbers that sort, one after the other, as the term does.

    Of a ratio n ÷ d: the first 63 binary places of its quotient, then the next 63. Denominators
    have 63 at most, so that two different ratios lie more than 2⁻¹²⁶ apart and their keys differ;
    equal ones have the same. No step needs more than 127.
    """
    if term.sort is not Sort.RATIO or term.den is None:
        return [term.sql]
    lift = b.num(1 << 63)
    size = b.absolute(b.wide(term.den))
    top = b.mul(b.mul(b.wide(term.sql), b.sign_of(term.den)), lift)
    left = b.floor_rest(top, size)
    return [b.quotient(b.sub(top, left), size), b.quotient(b.mul(left, lift), size)]
