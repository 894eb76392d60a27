"""What a tree of explanations is made of, and what all its parts look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from wenyou_core.assess.entrysums import days_of, opening_of
from wenyou_core.assess.evaluate import compiled, names_read
from wenyou_core.assess.facts import Opening
from wenyou_core.assess.lines import JOINT, who
from wenyou_core.assess.nodes import Standing
from wenyou_core.assess.org import Member
from wenyou_core.assess.program import Program
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.result import Entry, EntryKind, Result
from wenyou_core.assess.rounding import rounded
from wenyou_core.assess.slices.columns import population_of
from wenyou_core.assess.slices.model import Peer, Slice
from wenyou_core.assess.slices.recompute import Seats, SliceRun
from wenyou_core.assess.telling import Teller
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.expr import Binary, Expr, Field, Measure, Op, Param
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.scheme.model import Article
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import Rounding
from wenyou_core.worktime.periods import Period

_SHOWN = Round(digits=6, mode=Rounding.HALF_UP)
_LONG = 8
YES, NO = "是", "否"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One figure and what it rests on.

    ``value`` as it is shown, ``article`` and ``heading`` number and title of the article,
    ``text`` how it is got. ``key`` finds it again: an entry's key, or a name.
    """

    title: str
    value: str = ""
    article: str = ""
    heading: str = ""
    text: str = ""
    key: str = ""
    children: tuple[Node, ...] = ()


@dataclass
class View:
    """One subject's part of a run, as it is explained.

    ``result`` holds the subject's rows alone; ``keys`` are those of the entries that they follow,
    as the slice has them, where it hides whose they are; ``seen`` the measures that a tree has
    already told.
    """

    program: Program
    cut: Slice
    run: SliceRun
    result: Result
    teller: Teller
    keys: Mapping[str, str] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.articles: dict[str, Article] = {one.no: one for one in self.program.plan.articles}
        self.speaker = Speaker(self.teller.names)

    # -- finding -----------------------------------------------------------------------------

    def heading(self, article: str) -> str:
        """The title of an article."""
        found = self.articles.get(article)
        return found.title if found is not None else ""

    def period(self, name: str, code: str) -> Period | None:
        """The period of a node by its code."""
        return next((one for one in self.run.periods(name) if one.code == code), None)

    def member(self, name: str, period: Period) -> Member | None:
        """The subject (or its adopting unit) as a member of a node's population."""
        population = population_of(self.program, name)
        found = self.run.org.members(population, period) if population else ()
        return found[0] if found else None

    def quantity(self, name: str, period: Period) -> Quantity | None:
        """The value of a measure for the subject, or for its adopting unit."""
        member = self.member(name, period)
        return None if member is None else self.run.quantity(name, member, period)

    def opening(self, node: EntryMeasure, period: Period) -> Opening | None:
        """The balance that a sum of entries begins with, if there is one."""
        member = self.member(node.name, period)
        return None if member is None else opening_of(self.run, node, member, period)

    def summed(self, node: EntryMeasure, period: Period) -> list[Entry]:
        """The entries that a sum takes, in order: also those of its window before the run, which
        the result does not hold."""
        member = self.member(node.name, period)
        days = None if member is None else days_of(self.run, node, member, period)
        if member is None or days is None:
            return []

        def taken(entry: Entry) -> bool:
            name = entry.rule + JOINT if entry.kind is EntryKind.JOINT else entry.rule
            named = not node.entries or name in node.entries
            return named and node.ledger in ("", entry.ledger) and days[0] <= entry.day <= days[1]

        written = (line.entry for line in self.run.written())
        mine, reported = who(member.subject), self.program.reported
        before = (one for one in written if who(one.subject) == mine and one.period not in reported)
        earlier = sorted(filter(taken, before), key=lambda one: (one.day, one.key))
        return [*earlier, *filter(taken, self.result.entries)]

    def peers(self, node: str, period: Period) -> tuple[Peer, ...]:
        """The others that a node looks at in a period."""
        found = (
            one.peers for one in self.cut.rosters if (one.node, one.period) == (node, period.code)
        )
        return next(found, ())

    def counted(self, node: str, where: Expr | None, period: Period) -> tuple[Peer, ...]:
        """Those of the others who meet a condition, as the node itself judged them."""
        if where is None:
            return self.peers(node, period)
        at = (node, period.code)
        seats = [Seats(self.run, one) for one in self.cut.rosters if (one.node, one.period) == at]
        self.run.seat(seats)
        holds = compiled(where)
        found = tuple(
            one.peers[member.subject.id]
            for one in seats
            for member in one.members
            if holds(Standing(self.run, member, period)) is True
        )
        self.run.leave(node, seats)
        return found

    def given(self, name: str, period: Period) -> bool:
        """Whether the number was taken from the run as it stands."""
        return any((one.measure, one.period) == (name, period.code) for one in self.cut.given)

    # -- conditions ----------------------------------------------------------------------------

    def condition(self, expr: Expr, name: str, period: Period) -> Node:
        """A condition with what it came to; its parts where it is joined by and."""
        member = self.member(name, period)
        holds = member is not None and compiled(expr)(Standing(self.run, member, period)) is True
        parts: tuple[Node, ...] = ()
        if isinstance(expr, Binary) and expr.op is Op.AND:
            parts = tuple(self.condition(one, name, period) for one in (expr.left, expr.right))
        elif member is not None:
            parts = tuple(self._operands(expr, member, period))
        return Node(title=self.speaker.condition(expr), value=YES if holds else NO, children=parts)

    def _operands(self, expr: Expr, member: Member, period: Period) -> Iterator[Node]:
        """The attributes and measures a condition read, with their values."""
        standing = Standing(self.run, member, period)
        for one in dict.fromkeys(names_read(expr)):
            if isinstance(one, Param):
                continue
            value = compiled(one)(standing)
            if isinstance(one, Measure):
                quantity = self.run.quantity(one.name, member, period)
                shown = self.number(quantity)
                title = self.teller.title(one.name)
            else:
                shown = "没有" if value is None else self.teller.value(value)
                of = one.of if isinstance(one, Field) else ""
                title = self.teller.names.attribute(of, getattr(one, "name", ""))
            yield Node(title=title, value=shown, key=getattr(one, "name", ""))

    # -- numbers -------------------------------------------------------------------------------

    def number(self, quantity: Quantity | None) -> str:
        """``97.83``, ``2/1000（0.002）``, or why there is none."""
        if quantity is None or quantity.exact is None:
            return (quantity.absent if quantity is not None else "") or "不适用"
        if quantity.pair is None:
            return self.exact(quantity.exact)
        first, second = (self.teller.number(part) for part in quantity.pair)
        return f"{first}/{second}（{self.approximate(quantity.exact)}）"

    def exact(self, number: Fraction) -> str:
        """A decimal where one says it shortly, else the fraction with a decimal beside it."""
        text = show_number(number)
        if "/" not in text and len(text) <= _LONG + number.denominator.bit_length():
            return self.teller.number(number)
        return f"{self.teller.number(number)}（{self.approximate(number)}）"

    def approximate(self, number: Fraction) -> str:
        """At most six decimals, for the eye."""
        near = rounded(number, _SHOWN)
        return f"{'' if near == number else '约'}{self.teller.number(near)}"
