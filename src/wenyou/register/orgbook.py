"""The organization as an assessment takes it: units, people and posts by date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from wenyou.org.models import Employee, Posting, UnitSpell
from wenyou.register.attributes import AWAY, Attributes
from wenyou_core.assess.facts import Cell, PersonSpan, PostSpan, UnitSpan

if TYPE_CHECKING:
    from wenyou.org.models import Unit
    from wenyou_core.scheme.model import Plan

ONE_DAY = timedelta(days=1)
_SPELL = (
    "unit__code", "name", "from_on", "until_on", "parent__code", "kind", "level", "area",
    "unit__closed_on",
)  # fmt: skip
_POSTING = (
    "employee__number", "unit__code", "post", "from_on", "until_on", "acting", "main", "head",
)  # fmt: skip
_Row = tuple[str, str, str, date, date | None, bool, bool, bool]


class OrgBook:
    """Everything at and beneath a unit, read in three queries."""

    def __init__(self, unit: Unit, plan: Plan) -> None:
        self._path = unit.path
        self._top = unit.code
        self._attributes = Attributes(plan)
        postings = Posting.objects.filter(unit__path__startswith=unit.path)
        self._postings: list[_Row] = list(postings.order_by("from_on", "pk").values_list(*_POSTING))

    def units(self) -> Iterator[UnitSpan]:
        """Each spell of each unit; what lies above the top is not told."""
        spells = UnitSpell.objects.filter(unit__path__startswith=self._path)
        for row in spells.order_by("unit__code", "from_on").values_list(*_SPELL).iterator():
            code, name, since, till, parent, kind, level, area, closed = row
            if closed is not None and (till is None or closed < till):
                till = closed
            yield UnitSpan(
                id=code,
                name=name,
                since=since,
                till=till,
                parent="" if code == self._top else parent or "",
                values=self._attributes.unit(kind, level, area),
            )

    def posts(self) -> Iterator[PostSpan]:
        """Who held which post."""
        for number, unit, post, since, till, acting, _, _ in self._postings:
            yield PostSpan(
                person=number, unit=unit, post=post, since=since, till=till, acting=acting
            )

    def persons(self) -> Iterator[PersonSpan]:
        """Everybody who ever held a post here, with what his posts make him from day to day."""
        mine: dict[str, list[_Row]] = defaultdict(list)
        for row in self._postings:
            mine[row[0]].append(row)
        people = Employee.objects.filter(postings__unit__path__startswith=self._path).distinct()
        known = people.order_by("number").values_list("number", "name", "joined_on", "left_on")
        for number, name, joined, left in known:
            rows = mine[number]
            since = min([row[3] for row in rows] + ([joined] if joined else []))
            for start, till, values in self._spells(rows, since, left):
                yield PersonSpan(id=number, name=name, since=start, till=till, values=values)

    def _spells(
        self, rows: list[_Row], since: date, left: date | None
    ) -> Iterator[tuple[date, date | None, Mapping[str, Cell]]]:
        """One stretch for each change of what somebody is."""
        steps: list[tuple[date, Mapping[str, Cell]]] = []
        for _, _, post, start, _, acting, main, head in rows:
            if not main or acting or post == AWAY:
                continue
            values = self._attributes.post(post, head)
            if steps and steps[-1][0] == start:
                steps[-1] = (start, values)
            elif not steps or steps[-1][1] != values:
                steps.append((start, values))
        if not steps:
            yield since, left, {}
            return
        steps[0] = (since, steps[0][1])
        for at, (start, values) in enumerate(steps):
            last = steps[at + 1][0] - ONE_DAY if at + 1 < len(steps) else left
            yield start, last, values
