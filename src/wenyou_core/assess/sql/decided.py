"""Human decisions as tables. They are few, and read by the same ``Decisions`` as elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.decisions import Decision, Decisions
from wenyou_core.assess.sql.engine import Column, Engine, Row
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import scaled
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.rules import EventRule

_JUDGED = (
    Column("rule", "TEXT"),
    Column("fact", "INTEGER"),
    Column("holds", "SMALLINT"),
    Column("decision", "INTEGER"),
)
_VALUED = (
    Column("rule", "TEXT"),
    Column("fact", "INTEGER"),
    Column("subject", "INTEGER"),
    Column("value", "BIGINT"),
    Column("decision", "INTEGER"),
)


_JUDGED_SUBJECT = (
    Column("rule", "TEXT"),
    Column("p", "SMALLINT"),
    Column("subject", "INTEGER"),
    Column("holds", "SMALLINT"),
    Column("decision", "INTEGER"),
)


def load_decisions(engine: Engine, script: Script, decisions: Decisions, keys: Keys) -> None:
    """``judged``: what was judged of a fact; ``valued``: which number was chosen for a fact and
    subject (NULL: for all of them); the value is NULL where it does not fit its range;
    ``judged_subject``: what was judged of a subject in a period."""
    needs, program = script.needs, script.program
    if needs.judged:
        rows = [
            row
            for name in sorted(needs.judged)
            for row in _judged_of(name, script, decisions, keys)
        ]
        engine.load("judged_subject", _JUDGED_SUBJECT, rows)
    if "judged" in needs.tables:
        rows = [row for rule in program.events for row in _judged(rule, decisions, keys)]
        engine.load("judged", _JUDGED, rows)
    if "valued" in needs.tables:
        amounts = Amounts(program)
        rows = [row for rule in program.events for row in _valued(rule, decisions, keys, amounts)]
        engine.load("valued", _VALUED, rows)


def _judged_of(name: str, script: Script, decisions: Decisions, keys: Keys) -> Iterator[Row]:
    for subject in sorted({one.subject for one in decisions.of(name)} - {""}):
        for period in script.cells_of(name):
            found = decisions.on_subject(name, subject, period)
            if found is None:
                continue
            row = (int(found.holds is True), keys.fact[found.id])
            for table in (keys.unit, keys.person):
                if subject in table:
                    yield (name, script.number[period], table[subject], *row)


def _judged(rule: EventRule, decisions: Decisions, keys: Keys) -> Iterator[Row]:
    if not rule.decide:
        return
    for target in sorted({one.target for one in decisions.of(rule.name)}):
        found = decisions.on_fact(rule.name, target)
        if found is not None and target in keys.fact:
            yield (rule.name, keys.fact[target], int(found.holds is True), keys.fact[found.id])


def _valued(rule: EventRule, decisions: Decisions, keys: Keys, amounts: Amounts) -> Iterator[Row]:
    if not isinstance(rule.amount, FromRange):
        return
    named = sorted({(one.target, one.subject) for one in decisions.of(rule.name)})
    for target, subject in named:
        found = decisions.value_on_fact(rule.name, target, subject)
        if found is None or found.subject != subject or target not in keys.fact:
            continue
        value = _value(rule.amount, found, amounts)
        fact, decision = keys.fact[target], keys.fact[found.id]
        if not subject:
            yield (rule.name, fact, None, value, decision)
        for table in (keys.unit, keys.person):
            if subject in table:
                yield (rule.name, fact, table[subject], value, decision)


def _value(amount: FromRange, decision: Decision, amounts: Amounts) -> int | None:
    came = amounts.chosen(amount, decision)
    return None if came is None else scaled(came.number, amounts.digits[came.ledger])
