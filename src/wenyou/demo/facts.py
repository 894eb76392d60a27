"""The plan taken up and two years of the demo bank's ledgers, saved in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time
from fractions import Fraction

from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.demo.house import BATCH, House
from wenyou.register import models as rows
from wenyou.register.book import cells_json
from wenyou.schemes import services
from wenyou.schemes.models import Adoption
from wenyou.schemes.writing import Said
from wenyou_core.assess.facts import Cell, Fact, Opening
from wenyou_core.assess.known import instant
from wenyou_core.scheme.load import load_adoption
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.demo.model import DemoBank
from wenyou_desk.facts.orgsheets import OPENINGS

DOCUMENTS = ("示范文优〔演示〕1号",)


def take_up_plan(house: House, bank: DemoBank, by: User) -> Adoption:
    """The adoption of the generator, as somebody would have typed it."""
    adoption = load_adoption(bank.adoption, "采用.yaml")
    record = adoption.record
    said = Said(
        units=adoption.units,
        from_on=adoption.in_force_from,
        until_on=adoption.in_force_to,
        params={
            name: _typed(values[-1].value)
            for name, values in adoption.values.items()
            if values and values[-1].value is not None
        },
        tables=adoption.tables,
        roles=adoption.roles,
        consulted_on=record.consulted_on,
        published_on=record.published_on,
        acknowledged_on=record.acknowledged_on,
        documents=DOCUMENTS,
    )
    draft = services.draft(plan=bank.plan, unit=house.root, title="", said=said, by=by)
    return services.put_in_force(adoption=draft, by=by)


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        return show_number(value)
    return value.isoformat() if isinstance(value, date) else str(value)


class Ledgers:
    """Writes the facts of the bank under an adoption."""

    def __init__(self, house: House, adoption: Adoption, by: User, checked_by: User) -> None:
        self._house, self._adoption = house, adoption
        self._by, self._checked_by = by, checked_by
        self._now = timezone.now()

    def write(self, bank: DemoBank) -> int:
        """Save all facts, declarations and opening balances; how many facts."""
        found = [*self._facts(bank), *self._openings(bank)]
        # In the order in which an office would have typed them: the newest is on top of lists.
        found.sort(key=lambda one: (one.recorded_at, one.kind, one.key, one.revision))
        rows.Fact.objects.bulk_create(found, batch_size=BATCH)
        rows.Coverage.objects.bulk_create(
            (
                rows.Coverage(
                    adoption=self._adoption,
                    kind=one.kind,
                    unit=self._house.units.get(one.unit, self._house.root),
                    from_on=one.since,
                    until_on=one.till,
                    declared_by=self._by,
                    declared_at=self._moment(datetime.combine(one.till, time(18))),
                )
                for one in bank.coverage
            ),
            batch_size=BATCH,
        )
        return len(found)

    def _facts(self, bank: DemoBank) -> Iterator[rows.Fact]:
        for kind, facts in bank.facts.items():
            versions: dict[str, list[Fact]] = defaultdict(list)
            for fact in facts:
                versions[fact.id].append(fact)
            for key, found in versions.items():
                found.sort(key=lambda one: instant(one.recorded))
                for revision, fact in enumerate(found, 1):
                    yield self._fact(kind, key, fact, revision, latest=revision == len(found))

    def _fact(self, kind: str, key: str, fact: Fact, revision: int, *, latest: bool) -> rows.Fact:
        decided = fact.state.value != rows.Fact.State.PROPOSED
        recorded = self._moment(fact.recorded)
        return rows.Fact(
            adoption=self._adoption,
            kind=kind,
            key=key,
            revision=revision,
            latest=latest,
            unit=self._house.units.get(fact.unit),
            employee=self._house.people.get(fact.person),
            happened_on=fact.happened,
            happened_at=None if fact.at is None else time(*divmod(fact.at, 60)),
            known_at=self._moment(fact.known),
            recorded_at=recorded,
            state=fact.state.value,
            data=cells_json(fact.values),
            evidence="、".join(fact.evidence),
            proposed_by=self._by,
            decided_by=self._checked_by if decided else None,
            decided_at=recorded if decided else None,
        )

    def _openings(self, bank: DemoBank) -> Iterator[rows.Fact]:
        for number, opening in enumerate(bank.openings, 1):
            yield self._opening(number, opening)

    def _opening(self, number: int, opening: Opening) -> rows.Fact:
        person = opening.subject.kind is SubjectKind.PERSON
        at = self._moment(datetime.combine(opening.on, time(17)))
        values: dict[str, Cell] = {
            "ledger": opening.ledger,
            "number": opening.number,
            "note": opening.note,
        }
        return rows.Fact(
            adoption=self._adoption,
            kind=OPENINGS,
            key=f"QC{number:04d}",
            unit=None if person else self._house.units.get(opening.subject.id),
            employee=self._house.people.get(opening.subject.id) if person else None,
            happened_on=opening.on,
            known_at=at,
            recorded_at=at,
            state=rows.Fact.State.CONFIRMED,
            data=cells_json(values),
            proposed_by=self._by,
            decided_by=self._checked_by,
            decided_at=at,
        )

    def _moment(self, moment: datetime) -> datetime:
        """By the clock of Beijing; what the generator tells of later today is known now."""
        here = timezone.make_aware(instant(moment))
        return min(here, self._now)
