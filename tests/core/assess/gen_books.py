"""Random books of facts for the plans of ``gen_plans``: small, and full of ties and moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from tests.core.assess.gen_base import CLASSES, FACTS, LISTS, STARS
from tests.core.assess.gen_plans import Scheme
from wenyou_core.assess.facts import (
    DECISION,
    Cell,
    Coverage,
    Fact,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    Subject,
    UnitSpan,
)
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.model import FieldDef
from wenyou_core.scheme.words import State, SubjectKind, ValueType

F = Fraction
MIDNIGHT = time()
LONG_AGO = date(2000, 1, 1)
BRANCHES = ("B1", "B2")
OUTLETS = ("U1", "U2", "U3", "U4", "U5")
PEOPLE = ("P1", "P2", "P3", "P4", "P5", "P6")
NUMBERS = {"finding": (4, 10, 20), "complaint": (3, 9), "praise": (0, 3, 8), "filing": (0, 3, 6)}
TURNS = (
    date(2025, 7, 1),
    date(2025, 8, 10),
    date(2025, 3, 31),
    date(2024, 12, 31),
    date(2024, 8, 10),
)


@dataclass(slots=True)
class BookMaker:
    """One bank's book in the making; ``tag`` ends all its ids."""

    rng: Random
    scheme: Scheme
    tag: str = ""
    count: int = 0
    ids: list[str] = field(default_factory=list)

    def book(self) -> FactBook:
        """The whole book."""
        facts: dict[str, tuple[Fact, ...]] = {}
        for kind in FACTS:
            number = self.rng.choice(NUMBERS[kind])
            rows = [self._fact(kind) for _ in range(number)]
            facts[kind] = tuple(self._versions(rows))
        facts[DECISION] = tuple(self._decisions())
        return FactBook(
            facts=facts,
            units=tuple(self._units()),
            persons=tuple(self._persons()),
            posts=tuple(self._posts()),
            coverage=tuple(self._coverage()),
            openings=tuple(self._openings()),
        )

    def named(self, id_: str) -> str:
        """An id of this bank."""
        return id_ and id_ + self.tag

    # -- the organization -------------------------------------------------------------------

    def _units(self) -> list[UnitSpan]:
        rng = self.rng
        found = [self._unit("TOP", "", kind="支行")]
        found += [self._unit(one, "TOP", kind="支行") for one in BRANCHES]
        for one in OUTLETS:
            parent = rng.choice([*BRANCHES, "B1", "U1" if one != "U1" else "B1"])
            if one != "U1" and rng.random() < 0.3:
                turn = rng.choice(TURNS)
                found.append(replace(self._unit(one, parent), till=turn - timedelta(days=1)))
                found.append(replace(self._unit(one, rng.choice(BRANCHES)), since=turn))
            elif rng.random() < 0.1:
                found.append(replace(self._unit(one, parent), till=rng.choice(TURNS)))
            else:
                found.append(self._unit(one, parent))
        return found

    def _unit(self, id_: str, parent: str, kind: str = "") -> UnitSpan:
        rng = self.rng
        values: dict[str, Cell] = {
            "kind": kind or ("网点" if rng.random() < 0.85 else "支行"),
            "group": rng.choice(CLASSES),
            "star": rng.choice(STARS),
            "size": F(rng.randint(1, 4)),
            "area": F(rng.randint(0, 40), 10),
            "opened": rng.choice([date(2020, 2, 29), date(2019, 8, 15), date(2021, 6, 30)]),
            "busy": rng.random() < 0.5,
            "helped": self.named(rng.choice([*OUTLETS, "B1"])),
        }
        kept = {name: value for name, value in values.items() if rng.random() < 0.9}
        return UnitSpan(
            id=self.named(id_),
            name=f"{id_}网点",
            since=LONG_AGO,
            parent=self.named(parent),
            values=kept,
        )

    def _persons(self) -> list[PersonSpan]:
        rng, found = self.rng, []
        for one in PEOPLE:
            values: dict[str, Cell] = {
                "rank": rng.choice(CLASSES),
                "star": rng.choice(STARS),
                "joined": rng.choice([date(2020, 2, 29), date(2018, 7, 20), date(2022, 1, 1)]),
                "pay": F(rng.randint(100, 900000), 100),
                "helped": self.named(rng.choice(OUTLETS)),
            }
            kept = {name: value for name, value in values.items() if rng.random() < 0.85}
            span = PersonSpan(id=self.named(one), name=f"员工{one}", since=LONG_AGO, values=kept)
            if rng.random() < 0.2:
                turn = rng.choice(TURNS)
                found.append(replace(span, till=turn - timedelta(days=1)))
                span = replace(span, since=turn, values={**kept, "rank": rng.choice(CLASSES)})
            if rng.random() < 0.95:
                found.append(span)
        return found

    def _posts(self) -> list[PostSpan]:
        rng, found = self.rng, []
        for one in PEOPLE:
            unit = self.named(rng.choice([*OUTLETS, *OUTLETS, *BRANCHES]))
            post = rng.choice(["主任", "行长", "柜员", "柜员", "辅导员"])
            span = PostSpan(person=self.named(one), unit=unit, post=post, since=LONG_AGO)
            if rng.random() < 0.35:  # moved
                turn = rng.choice(TURNS)
                found.append(replace(span, till=turn - timedelta(days=rng.choice([1, 1, 5]))))
                span = replace(span, unit=self.named(rng.choice(OUTLETS)), since=turn)
            found.append(span)
            if rng.random() < 0.3:  # acting somewhere
                since = rng.choice(TURNS)
                till = rng.choice([None, since + timedelta(days=40)])
                where = self.named(rng.choice([*OUTLETS, *BRANCHES]))
                acting = PostSpan(
                    person=self.named(one),
                    unit=where,
                    post="主任",
                    since=since,
                    till=till,
                    acting=True,
                )
                found.append(acting)
        return found

    def _coverage(self) -> list[Coverage]:
        rng, found = self.rng, []
        for kind in FACTS:
            chance = rng.random()
            if chance < 0.85:
                found.append(Coverage(kind=kind, since=LONG_AGO, till=date(2030, 1, 1)))
            elif chance < 0.95:
                unit = self.named(rng.choice([*BRANCHES, *OUTLETS]))
                found.append(
                    Coverage(kind=kind, since=date(2025, 1, 1), till=date(2025, 8, 20), unit=unit)
                )
        return found

    def _openings(self) -> list[Opening]:
        rng, found = self.rng, []
        for _ in range(rng.choice([0, 0, 3])):
            kind, id_ = rng.choice([(SubjectKind.UNIT, "U1"), (SubjectKind.PERSON, "P1")])
            on = rng.choice([date(2024, 12, 31), date(2025, 7, 1), date(2026, 1, 1)])
            number = F(rng.randint(-50, 50))
            ledger = rng.choice(["points", "money"])
            whose = Subject(kind, self.named(id_))
            found.append(Opening(subject=whose, ledger=ledger, number=number, on=on))
        return found

    # -- facts ------------------------------------------------------------------------------

    def day(self) -> date:
        """A day: mostly in the run, often one that was there already."""
        rng, run = self.rng, self.scheme.program.run
        chance = rng.random()
        if chance < 0.15:
            return rng.choice([*TURNS, date(2025, 8, 15), date(2024, 2, 29)])
        if chance < 0.35:
            return rng.choice([run.start, run.end, run.start + timedelta(days=20)])
        if chance < 0.8:
            return run.start + timedelta(days=rng.randrange(run.days))
        return date(2024, 1, 1) + timedelta(days=rng.randrange(800))

    def moment(self, day: date) -> datetime:
        """A moment on or soon after a day."""
        hours = self.rng.choice([0, 9, 18, 18, 30, 300])
        return datetime.combine(day, MIDNIGHT) + timedelta(hours=hours)

    def _fact(self, kind: str) -> Fact:
        rng, happened = self.rng, self.day()
        self.count += 1
        id_ = self.named(f"f{self.count}")
        self.ids.append(id_)
        known = self.moment(happened)
        has_unit = kind not in ("praise",) and rng.random() < 0.85
        above = ["TOP", "TOP"] if kind == "filing" else []
        has_person = kind != "filing" and (not has_unit or rng.random() < 0.7)
        return Fact(
            kind=kind,
            id=id_,
            happened=happened,
            known=known,
            recorded=known + timedelta(hours=rng.choice([0, 0, 24])),
            state=rng.choice([*[State.CONFIRMED] * 14, State.PROPOSED, State.WITHDRAWN]),
            at=rng.choice([None, 540, 600, 600]),
            unit=self.named(rng.choice([*OUTLETS[:2] * 3, *OUTLETS, *BRANCHES, "X9", *above]))
            if has_unit
            else "",
            person=self.named(rng.choice([*PEOPLE, "P9"] if rng.random() < 0.3 else PEOPLE[:3]))
            if has_person
            else "",
            evidence=("甲", "乙", "丙")[: rng.choice([0, 1, 2, 2, 3])],
            values=self._values(kind),
        )

    def _values(self, kind: str) -> dict[str, Cell]:
        found: dict[str, Cell] = {}
        for name, one in FACTS[kind].fields.items():
            if self.rng.random() < 0.85:
                found[name] = self._value(one)
        return found

    def _value(self, one: FieldDef) -> Cell:
        rng = self.rng
        match one.type:
            case ValueType.CHOICE:
                return rng.choice(LISTS[one.choices])
            case ValueType.INT:
                return F(rng.choice([0, 1, 1, 2, 3, 7]))
            case ValueType.DECIMAL:
                return F(rng.choice([0, 5, 10, 15, 25, 100]), 10**one.digits)
            case ValueType.MONEY:
                return F(rng.choice([0, 99, 10000, 123456]), 100)
            case ValueType.BOOL:
                return rng.random() < 0.6
            case ValueType.DATE:
                return self.day()
            case ValueType.TIME:
                return F(rng.choice([480, 510, 1020]))
            case ValueType.UNIT:
                return self.named(rng.choice([*OUTLETS, "X9"]))
            case ValueType.PERSON:
                return self.named(rng.choice(PEOPLE))
            case ValueType.PERSONS:
                return tuple(map(self.named, rng.sample(PEOPLE, rng.choice([1, 2, 3]))))
            case ValueType.FACT:
                return rng.choice(self.ids)
        return rng.choice(["甲", "乙", self.named("f1"), self.named("U1"), "U2网点", "问U3网点"])

    def _versions(self, rows: Sequence[Fact]) -> list[Fact]:
        """Some facts were corrected, some withdrawn later."""
        rng, found = self.rng, list(rows)
        for fact in rows:
            if rng.random() < 0.12:
                later: dict[str, Any] = {
                    "recorded": fact.recorded + timedelta(days=rng.choice([0, 3, 60])),
                    "state": rng.choice([State.CONFIRMED, State.WITHDRAWN]),
                    "values": self._values(fact.kind),
                }
                if rng.random() < 0.3:
                    later["happened"] = self.day()
                found.append(replace(fact, **later))
        rng.shuffle(found)
        return found

    # -- decisions --------------------------------------------------------------------------

    def _decisions(self) -> list[Fact]:
        rng, program = self.rng, self.scheme.program
        deciding = [one.name for one in program.events if one.decide or _ranged(one)]
        deciding += list(program.nodes)
        found: list[Fact] = []
        for at in range(rng.choice([0, 4, 12]) if deciding else 0):
            happened = self.day()
            values: dict[str, Cell] = {
                "rule": rng.choice(deciding),
                "by": "考核小组",
                "grounds": "理由",
                "target": rng.choice([*self.ids, program.run.code, ""] if self.ids else [""]),
                "subject": self.named(rng.choice(["", *OUTLETS, *PEOPLE])),
                "choice": rng.choice(["成立", "不成立", "选中", "不选", "成立"]),
            }
            if rng.random() < 0.6:
                values["value"] = F(rng.choice([-100, 0, 100, 150, 5, 100000]), 100)
            if rng.random() < 0.2:
                del values["choice"]
            fact = Fact(
                kind=DECISION,
                id=self.named(f"d{at}"),
                happened=happened,
                known=self.moment(happened),
                recorded=self.moment(happened),
                state=rng.choice([State.CONFIRMED] * 9 + [State.PROPOSED]),
                values=values,
            )
            found.append(fact)
        return found


def _ranged(rule: Any) -> bool:
    return isinstance(rule.amount, FromRange)


def make_book(scheme: Scheme) -> FactBook:
    """The random book of a plan: four banks beside each other, each with facts of its own.

    What happens in one changes nothing in the others, so that a run tries four books at once.
    """
    rng = Random(f"book {scheme.seed}")
    return merged([BookMaker(rng, scheme, tag).book() for tag in scheme.banks])


def merged(books: Sequence[FactBook]) -> FactBook:
    """The rows of all books in one."""
    kinds = dict.fromkeys(kind for book in books for kind in book.facts)
    return FactBook(
        facts={
            kind: tuple(fact for book in books for fact in book.facts.get(kind, ()))
            for kind in kinds
        },
        units=tuple(span for book in books for span in book.units),
        persons=tuple(span for book in books for span in book.persons),
        posts=tuple(span for book in books for span in book.posts),
        coverage=tuple(span for book in books for span in book.coverage),
        openings=tuple(row for book in books for row in book.openings),
    )


def known_at(scheme: Scheme) -> datetime | None:
    """Every fourth run is replayed as of a moment inside it."""
    if scheme.seed % 4:
        return None
    return datetime.combine(scheme.program.run.end.replace(day=1), MIDNIGHT)
