"""The ladders and working hours of many units on a day, asked for together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from wenyou.accounts.scope import among
from wenyou.matters.limits import LADDER, nearest_limits, unit_line
from wenyou.matters.models import LimitSetting
from wenyou.org.models import OpeningHours, Unit
from wenyou.org.timetable import standard_hours, work_hours
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.ladder import Rung


class Ladders:
    """What ``limits_for`` and ``hours_for`` tell of each unit, by three queries for all."""

    def __init__(self, units: Iterable[int], day: date) -> None:
        wanted = Unit.objects.filter(among("id", list(units)))
        above = sorted({pk for one in wanted.only("path") for pk in unit_line(one)})
        self.rungs: dict[int, list[LimitSetting]] = defaultdict(list)
        for row in LimitSetting.objects.filter(name=LADDER, from_on__lte=day):
            self.rungs[row.unit_id].append(row)
        self.entered: dict[int, OpeningHours] = {}
        hours = OpeningHours.objects.filter(among("unit_id", above), from_on__lte=day)
        for entry in hours.select_related("unit").order_by("from_on"):
            self.entered[entry.unit_id] = entry
        self.standard = standard_hours()
        self.read: dict[int, WorkHours] = {}

    def rungs_of(self, unit: Unit) -> Sequence[Rung]:
        """The rungs that hold for a unit."""
        rows = [row for pk in unit_line(unit) for row in self.rungs.get(pk, ())]
        return nearest_limits(unit, rows).rungs

    def hours_of(self, unit: Unit) -> WorkHours:
        """Its hours, or those of the nearest unit above that has some."""
        entry = next((self.entered[pk] for pk in unit_line(unit) if pk in self.entered), None)
        if entry is None:
            return self.standard
        if entry.pk not in self.read:
            self.read[entry.pk] = work_hours(entry)
        return self.read[entry.pk]
