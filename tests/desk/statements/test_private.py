"""Nobody else's name or number stands in a statement: over a whole bank, and over random runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tests.desk.demo.assessed import plan_of
from tests.desk.statements.demo_pages import demo, pages
from tests.desk.statements.random_pages import random_statements
from wenyou_core.assess.facts import FactBook, Subject
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.statements.data import statement_json, statement_of
from wenyou_desk.statements.gather import Gatherer
from wenyou_desk.statements.made import make
from wenyou_desk.statements.render import DATA_CLOSE, DATA_OPEN, page

SEEDS, SEEDS_LONG = 8, 120


def names_of(book: FactBook) -> dict[str, set[str]]:
    """What each person was ever called, by number."""
    names: dict[str, set[str]] = {}
    for span in book.persons:
        names.setdefault(span.id, set()).add(span.name)
    return names


def numbers_in(text: str) -> set[str]:
    """Everything in a page that could be a number of a person, a unit or a matter."""
    return set(re.findall(r"[0-9A-Za-z]+(?:-[0-9]+)?", text))


def names_in(text: str, names: set[str]) -> Iterator[str]:
    """Which of many names stand in a text; all are of two or three characters."""
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    for length in {len(name) for name in names}:
        for run in runs:
            for at in range(len(run) - length + 1):
                if run[at : at + length] in names:
                    yield run[at : at + length]


def test_no_statement_of_a_bank_bears_name_or_number_of_anybody_else() -> None:
    bank = demo()[0]
    names = names_of(bank.book)
    common = plan_of(bank.plan).text  # a name of two characters may be a word of the plan
    everybody = {name for found in names.values() for name in found if name not in common}
    assert len(pages()) > 250

    for subject, (_, text) in pages().items():
        person = subject.kind is SubjectKind.PERSON
        own = names[subject.id] if person else set()
        assert numbers_in(text) & names.keys() <= {subject.id}, subject.id
        assert set(names_in(text, everybody)) <= own, subject.id


def test_unit_reads_of_no_other_unit_but_those_above_and_beneath_it() -> None:
    bank = demo()[0]
    units = {span.id: span for span in bank.units}
    adopting = set(re.findall(r"\b[0-9]{5}\b|\b[0-9]{8}\b", bank.adoption))
    for subject, (_, text) in pages().items():
        if subject.kind is SubjectKind.PERSON:
            continue
        related = {subject.id} | adopting
        related |= {code for code, span in units.items() if span.parent == subject.id}
        above = units[subject.id].parent
        while above:
            related.add(above)
            above = units[above].parent
        assert numbers_in(text) & units.keys() <= related, subject.id


def test_facts_of_others_are_only_counted_pieces_without_free_words() -> None:
    bank = demo()[0]
    facts = {fact.id: fact for rows in bank.facts.values() for fact in rows}
    seen = 0
    for made, _ in pages().values():
        statement = made.statement
        for rows in statement.cut.book.facts.values():
            for fact in rows:
                if (fact.kind, fact.id) not in statement.cut.own:
                    seen += 1
                    assert set(fact.evidence) <= {""}
                    assert len(fact.evidence) == len(facts[fact.id].evidence)
                assert "demand" not in fact.values
    assert seen > 0


def test_peers_of_a_statement_are_numbers_in_their_own_order() -> None:
    for made, _ in pages().values():
        for roster in made.statement.cut.rosters:
            for peer in roster.peers:
                assert not peer.name
                assert not peer.unit
            rows = [
                sorted((name, one.exact) for name, one in peer.values.items())
                for peer in roster.peers
            ]
            groups = [(peer.adopter, str(peer.group)) for peer in roster.peers]
            assert list(zip(groups, rows, strict=True)) == sorted(zip(groups, rows, strict=True))


def test_random_pages_come_back_from_their_data_byte_for_byte(long: bool) -> None:
    count = 0
    for seed in range(SEEDS_LONG if long else SEEDS):
        for _, _, made in random_statements(seed):
            text = page(made)
            data = text.partition(f"{DATA_OPEN}\n")[2].partition(f"\n{DATA_CLOSE}")[0]
            assert statement_json(statement_of(data)) == data, seed
            assert page(make(statement_of(data), made.ground)) == text, seed
            assert "匿名" not in text.partition(DATA_OPEN)[0], seed
            count += 1
    assert count > 100


def test_statement_of_the_same_facts_in_another_order_has_the_same_bytes() -> None:
    bank, gatherer = demo()
    book = gatherer.record.book
    turned = {kind: rows[::-1] for kind, rows in book.facts.items()}
    record = replace(gatherer.record, book=replace(book, facts=turned))
    other = Gatherer(gatherer.program, record)
    subject = Subject(SubjectKind.UNIT, next(iter(bank.stories[0].units.values())))

    assert page(other.statement(subject)) == page(gatherer.statement(subject))
