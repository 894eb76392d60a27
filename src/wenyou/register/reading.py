"""A workbook of facts as it was handed in: read by the desk, judged against the house, compared.

Nothing is saved here. The organization's sheets of the same workbook are passed over: units and
people are kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils import timezone

from wenyou.accounts.scope import scope
from wenyou.register.book import (
    cells_json,
    facts_of,
    people_by_number,
    units_by_code,
)
from wenyou.register.entries import Entry
from wenyou.register.kinds import plan_of, titles_of
from wenyou.register.models import Fact as Row
from wenyou.register.orgbook import OrgBook
from wenyou.register.queries import DECIDERS, units_to_write
from wenyou_core.assess.facts import DECISION, Coverage, Fact, FactBook
from wenyou_core.assess.known import instant
from wenyou_core.errors import Fault, InputRefused, Place
from wenyou_desk.facts.book import book_of
from wenyou_desk.facts.judge import judge
from wenyou_desk.facts.load import OPTIONS
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.tables.loaded import TableFaults
from wenyou_desk.tables.read import read_tables

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.schemes.models import Adoption

NEW, CHANGED, SAME = "新增", "更正", "没有变化"
MOST_FAULTS = 1000
OUT_OF_REACH = "不在您可以登记的范围内。请核对机构号，或交给负责这个机构的人导入。"


@dataclass(frozen=True, slots=True)
class Change:
    """What a row of the workbook would do."""

    what: str
    fact: Fact
    entry: Entry
    before: Row | None
    differs: tuple[str, ...] = ()


@dataclass(slots=True)
class Read:
    """What was read: faults refuse everything; otherwise what would change."""

    faults: list[Fault] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    coverage: tuple[Coverage, ...] = ()

    def count(self, what: str) -> int:
        """How many rows do this."""
        return sum(1 for one in self.changes if one.what == what)


class Reader:
    """Reads workbooks for one adoption and one person."""

    def __init__(self, adoption: Adoption, user: User) -> None:
        self.adoption, self.plan = adoption, plan_of(adoption)
        self._user = user
        self.units = units_by_code(adoption.unit)
        self._people = people_by_number(adoption.unit)
        self._titles = titles_of(adoption)

    def read(self, path: Path, name: str) -> Read:
        """Everything about a file; ``name`` is what the person called it."""
        found = Read()
        try:
            loaded = read_tables(path, sheets_of(self.plan), options=OPTIONS)
        except TableFaults as error:
            rows = self._judged(book_of(error.sound, self.plan))
            # What names a row that cannot be read is not wrong for that.
            more = [one for one in rows if one.code != "unknown_fact"]
            found.faults = [_named(one, name) for one in sorted({*error.faults, *more})]
            return found
        except InputRefused as refused:
            found.faults = [Fault(Place(file=name), refused.code, str(refused))]
            return found
        book = book_of(loaded, self.plan)
        found.remarks = [_named(one, name) for one in loaded.remarks]
        found.faults = [_named(one, name) for one in self._judged(book)]
        if not any(book.facts.values()) and not book.coverage and not found.faults:
            text = "没有读到任何事项。请用这里下载的模板填写，工作表名不要改。"
            found.faults.append(Fault(Place(file=name), "empty", text))
        if not found.faults:
            found.changes = list(self._changes(book))
            found.coverage = book.coverage
        return found

    # -- judging ---------------------------------------------------------------------------------

    def _judged(self, book: FactBook) -> Iterator[Fault]:
        """The faults of the workbook's own rows, judged with the units and people of the house."""
        org = OrgBook(self.adoption.unit, self.plan)
        whole = FactBook(
            facts=book.facts,
            units=tuple(org.units()),
            persons=tuple(org.persons()),
            coverage=book.coverage,
        )
        known = set(facts_of(self.adoption).filter(latest=True).values_list("key", flat=True))
        for fault in judge(whole, self.plan, elsewhere=known, registered=True).faults:
            if fault.place.file:
                yield fault
        yield from self._out_of_reach(book)

    def _out_of_reach(self, book: FactBook) -> Iterator[Fault]:
        mine = set(units_to_write(self._user, self.adoption).values_list("code", flat=True))
        top = self.adoption.unit.code
        for facts in book.facts.values():
            for fact in facts:
                unit = fact.unit or top
                if unit in self.units and unit not in mine:
                    place = replace(fact.place, column="机构号")
                    yield Fault(place, "out_of_reach", f"机构「{unit}」{OUT_OF_REACH}")
        for fact in book.facts.get(DECISION, ()):
            if not scope(self._user).covers(self.adoption.unit.path, DECIDERS):
                text = "考核小组的决定由采用单位的服务办公室登记。请删去这一行再导入。"
                yield Fault(fact.place, "not_yours", text)
        for row in book.coverage:
            unit = row.unit or top
            if unit not in mine:
                yield Fault(row.place, "out_of_reach", f"机构「{unit}」{OUT_OF_REACH}")

    # -- comparing -------------------------------------------------------------------------------

    def _changes(self, book: FactBook) -> Iterator[Change]:
        latest = {
            (row.kind, row.key): row
            for row in Row.objects.filter(adoption=self.adoption, latest=True)
        }
        for kind, facts in book.facts.items():
            for fact in sorted(facts, key=lambda one: instant(one.recorded)):
                before = latest.get((kind, fact.id))
                entry = self._entry(fact)
                differs = () if before is None else tuple(self._differs(before, fact, entry))
                what = NEW if before is None else CHANGED if differs else SAME
                yield Change(what, fact, entry, before, differs)

    def _entry(self, fact: Fact) -> Entry:
        return Entry(
            happened_on=fact.happened,
            happened_at=None if fact.at is None else time(*divmod(fact.at, 60)),
            known_at=timezone.make_aware(instant(fact.known)),
            values=fact.values,
            evidence="、".join(fact.evidence),
        )

    def unit_id(self, fact: Fact) -> int | None:
        """The unit of a fact."""
        return self.units.get(fact.unit)

    def employee_id(self, fact: Fact) -> int | None:
        """The person of a fact."""
        return self._people.get(fact.person)

    def _differs(self, row: Row, fact: Fact, entry: Entry) -> Iterator[str]:
        """The columns in which a row differs from what is registered."""
        pairs = {
            "机构号": (row.unit_id, self.unit_id(fact)),
            "员工号": (row.employee_id, self.employee_id(fact)),
            "发生日期": (row.happened_on, entry.happened_on),
            "发生时间": (row.happened_at, entry.happened_at),
            "登记时间": (row.known_at, entry.known_at),
            "佐证": (row.evidence, entry.evidence),
        }
        yield from (title for title, (old, new) in pairs.items() if old != new)
        told = cells_json(fact.values)
        declared = self.plan.facts.get(fact.kind)
        for name in sorted({*row.data, *told}):
            if row.data.get(name) != told.get(name):
                known = declared.fields.get(name) if declared else None
                yield known.title if known else name
        if fact.state.value == Row.State.WITHDRAWN and row.state != Row.State.WITHDRAWN:
            yield "状态"

    def title(self, kind: str) -> str:
        """The title of a kind."""
        return self._titles.get(kind, kind)


def _named(fault: Fault, name: str) -> Fault:
    return replace(fault, place=replace(fault.place, file=name))


def fault_row(fault: Fault) -> dict[str, object]:
    """A fault as the upload keeps it."""
    place = fault.place
    return {"sheet": place.sheet, "row": place.row, "column": place.column, "text": fault.text}


def change_row(change: Change, title: str) -> dict[str, object]:
    """A change as the upload keeps it."""
    place = change.fact.place
    return {
        "sheet": place.sheet or title,
        "row": place.row,
        "key": change.fact.id,
        "what": change.what,
        "differs": list(change.differs),
    }
