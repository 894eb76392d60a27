"""Step 9 as SQL: joint entries, which follow the entries of a rule after all its bounds.

``joint_<rule>`` has ``part``, ``p``, ``subject``, ``day``, ``fact``, ``base``, ``amount``, and of the
entry it follows ``of_kind`` (a place in KINDS) and ``of_subject``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.bounds import Adjusting, behind
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.hitting import NOT_IN_A_UNIT, Hitting, Source, fields_of, whose
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import day_number, scaled
from wenyou_core.scheme.rules import Joint

KINDS = ("event", "limit", "excluded", "period", "total")
"""What a joint entry follows; ``total`` is a LIMIT entry over a period."""

APART = ("ord", "root")
"""What tells two happenings with the same fact apart."""

_COLUMNS = ("part", "p", "subject", "day", "fact", "base", "amount", "of_kind", "of_subject")


@dataclass(slots=True)
class Sharing:
    """Compiles the joint entries of event rules."""

    script: Script
    counted: Counted
    adjusting: Adjusting

    def share(self, hits: Hits) -> str | None:
        """The table of a rule's joint entries; None when it has none."""
        rule = hits.rule
        if not rule.joint or not hits.pays:
            return None
        rows = [
            self._shared(hits, part, joint, kind)
            for part, joint in enumerate(rule.joint, 1)
            for kind in self._followed(hits, joint)
        ]
        return self.script.make(f"joint_{rule.name}", b.stacked(rows))

    def _followed(self, hits: Hits, joint: Joint) -> list[str]:
        if joint.percent is None:
            return ["event"]
        name, adjusting = hits.rule.name, self.adjusting
        return [
            "event",
            *(["limit"] if name in adjusting.singly else []),
            *(["excluded"] if name in adjusting.excluded else []),
            *(["total"] if name in adjusting.in_total else []),
        ]

    def _shared(self, hits: Hits, part: int, joint: Joint, kind: str) -> Sql:
        """The rows that follow one kind of entry; a table where something is noted of it."""
        rows = self._causes(hits, joint, kind)
        apart = [one for one in APART if kind == "total" or hits.members or one in hits.columns]
        carried = [*_COLUMNS, *(apart if joint.instead else [])]
        roles = self.script.program.plan.roles
        table: str | Sql = rows
        loose = kind == "total" or hits.members
        homeless = loose and joint.whom.who not in NOT_IN_A_UNIT
        if homeless or joint.whom.up or joint.whom.who in roles:
            table = self.script.make(f"j{part}_{kind}_{hits.rule.name}", rows)
        source = Source(table, hits.kind, self._reported, homeless)
        hitting = Hitting(self.script, hits.rule.name, self.counted)
        if isinstance(table, str):
            hitting.note(source, [joint.whom])
        followed = "period" if hits.members and kind == "event" else kind
        given = {"part": b.num(part), "of_kind": b.num(KINDS.index(followed))}

        def columns(relation: Relation) -> list[Sql]:
            names = [one for one in carried if one not in ("subject", *given)]
            return [*b.named(given), *(relation.col(one) for one in names)]

        found = hitting.hits(source, [joint.whom], columns)
        if joint.instead:
            name = f"i{part}_{kind}_{hits.rule.name}"
            return self._instead(found, apart, joint, (name, hits.ledger))
        return b.select(b.columns("s", *_COLUMNS), found, "s")

    def _instead(self, found: Sql, apart: list[str], joint: Joint, of: tuple[str, str]) -> Sql:
        """Even parts for those who bear it, and what relieves the subject of them, each net."""
        name, ledger = of
        cause = ["p", "of_subject", "fact", *apart]
        among = b.over(b.count(), by=b.columns("s", *cause), order=[])
        what = [*b.columns("s", *_COLUMNS, *apart), b.as_(among, "among")]
        counted = b.select(what, found, "s")
        digits = self.script.program.digits[ledger]
        part = share_of(b.col("base", "n"), joint, digits, b.col("among", "n"))
        own = [one for one in (*_COLUMNS, *apart) if one != "amount"]
        shared = b.select([*b.columns("n", *own), b.as_(part, "amount")], counted, "n")
        table = self.script.make(name, shared)
        rest = [one for one in own if one != "subject"]
        back = b.select(
            [
                *b.columns("b", *rest),
                b.as_(b.col("of_subject", "b"), "subject"),
                b.as_(b.neg(b.col("amount", "b")), "amount"),
            ],
            table,
            "b",
        )
        names = [*rest, "subject", "amount"]
        both = b.stacked([b.select(b.columns("g", *names), table, "g"), back])
        keys = b.columns("t", *rest, "subject")
        net = b.select(
            [*keys, b.as_(b.total(b.col("amount", "t")), "amount")], both, "t", group=keys
        )
        there = [b.ne(b.col("amount", "e"), b.num(0))]
        return b.select(b.columns("e", *_COLUMNS), net, "e", where=there)

    def _reported(self, relation: Relation) -> list[Sql]:
        numbers = [
            b.num(at)
            for one, at in self.script.number.items()
            if one.code in self.script.program.reported
        ]
        return [b.one_of(relation.col("p"), numbers)]

    # -- what is followed -------------------------------------------------------------------

    def _causes(self, hits: Hits, joint: Joint, kind: str) -> Sql:
        tables = {"event": hits.table, "limit": "one", "excluded": "out", "total": "cap"}
        name = hits.rule.name
        table = tables[kind] if kind == "event" else f"{tables[kind]}_{name}"
        relation = Relation(self.script, table, "c")
        amount = relation.col("amount" if kind == "event" else "change")
        base, number = self._worth(hits, joint, amount)
        what: dict[str, Sql] = {
            "p": relation.col("p"),
            "of_subject": relation.col("subject"),
            "base": base,
            "amount": number,
        }
        what |= self._spot(hits, relation, kind)
        tests = [b.not_null(amount)]
        if not joint.instead:
            tests.append(b.ne(number, b.num(0)))
        if joint.percent is None and name in self.adjusting.excluded:
            tests.append(b.no(self.adjusting.lost(hits, relation)))
        return relation.select(b.named(what), tests)

    def _spot(self, hits: Hits, relation: Relation, kind: str) -> dict[str, Sql]:
        """Day, fact, unit and person to look for holders; without a fact the subject's own."""
        if kind != "total" and not hits.members:
            names = ["day", "fact", *(one for one in behind(hits) if one in hits.columns)]
            return {name: relation.col(name) for name in names}
        p, subject = relation.col("p"), relation.col("subject")
        periods = self.script.cells_of(hits.rule.name)
        ends = [(self.script.number[one], day_number(one.end)) for one in periods]
        day = b.when((b.eq(p, b.num(at)), b.num(end)) for at, end in ends)
        is_person = b.eq(b.rest_of(subject, b.num(2)), b.num(1))
        self.script.needs.tables.add("home")
        home = relation.held("home", "home", {"person": subject}, day)
        absent = ("fact", "ord", "root", *map(whose, fields_of(hits.rule)))
        found = {name: b.null("INTEGER") for name in absent}
        if kind != "total":
            found["fact"] = relation.col("fact")
        return found | {
            "day": b.cast(day, "INTEGER"),
            "unit": b.when([(is_person, b.col("unit", home))], subject),
            "person": b.when([(is_person, subject)]),
            "subject": subject,
        }

    def _worth(self, hits: Hits, joint: Joint, amount: Sql) -> tuple[Sql, Sql]:
        """Base and amount of what follows an entry."""
        digits = self.script.program.digits
        if joint.instead:
            return amount, amount  # divided once it is known among how many
        if joint.percent is not None:
            return amount, share_of(amount, joint, digits[hits.ledger])
        assert joint.amount is not None  # noqa: S101 -- a joint has one or the other
        own = b.num(scaled(joint.amount.number, digits[joint.amount.ledger]))
        return own, own


def share_of(amount: Sql, joint: Joint, digits: int, among: Sql | None = None) -> Sql:
    """A percentage of an amount in units of 10**-digits, rounded only where the plan says.

    ``among``: divided by so many, which must be rounded.
    """
    percent = joint.percent or Fraction(0)
    if joint.round is None:
        whole = b.times(amount, percent.numerator)
        if percent.denominator == 1:
            return whole
        return b.narrow(
            b.quotient(b.mul(b.wide(amount), b.num(percent.numerator)), b.num(percent.denominator))
        )
    lift = Fraction(10**joint.round.digits, 10**digits) * percent
    top = b.mul(b.wide(amount), b.num(lift.numerator))
    bottom = b.num(lift.denominator)
    if among is not None:
        bottom = b.mul(b.wide(among), bottom)
    held = b.divided(top, bottom, joint.round.mode)
    return b.narrow(b.times(held, 10 ** (digits - joint.round.digits)))
