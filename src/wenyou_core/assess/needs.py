"""Which facts a run looks at: kinds and days, with the rules that look.

What of these the coverage does not declare complete is missing. Deemed kinds need the kinds they
come from, and a kind that can be exempted needs the exempting kind, for the same days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import param_at
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.readings import window_of
from wenyou_core.scheme.rules import Window
from wenyou_core.worktime.months import ONE_DAY, months_back
from wenyou_core.worktime.periods import Period, day_range

DECISION = "decision"


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """Facts of a kind from ``since`` to ``till`` (both included), and what looks at them."""

    kind: str
    since: date
    till: date
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looks:
    """Which uncounted facts a run tells of: those of days that something may look at.

    ``first`` is the first such day of a kind (the run's own where nothing looks at the kind),
    ``dates`` the words for deciding dates of a kind that rules and measures have of their own.
    """

    run: Period
    first: Mapping[str, date]
    dates: Mapping[str, tuple[str, ...]]

    def since(self, kind: str) -> date:
        """The first day."""
        return min(self.first.get(kind, self.run.start), self.run.start)

    def holds(self, kind: str, day: date) -> bool:
        """Whether a deciding day lies in the days looked at."""
        return self.since(kind) <= day <= self.run.end


def looks_of(program: Program) -> Looks:
    """The days a run looks at, by kind; a window over all days looks at every earlier one.

    Decisions are looked at as far back as anything else.
    """
    first: dict[str, date] = {}
    for need in required_facts(program):
        first[need.kind] = min(need.since, first.get(need.kind, need.since))
    asking: list[tuple[str, str, Window | None]] = [
        (rule.on, rule.date, rule.again.window if rule.again else None) for rule in program.events
    ]
    for node in program.nodes.values():
        if isinstance(node, FactMeasure | Obligation) and node.facts:
            own = node.date if isinstance(node, FactMeasure) else ""
            asking.append((node.facts, own, node.window))
    dates: dict[str, list[str]] = {}
    for kind, own, window in asking:
        if own:
            dates.setdefault(kind, []).append(own)
        windows = _windows(program, window, program.run)
        if any(one.kind == "all" for one in windows):
            first |= dict.fromkeys(_behind(program, kind), date.min)
    first[DECISION] = min(first.values(), default=program.run.start)
    return Looks(program.run, first, {kind: tuple(dict.fromkeys(of)) for kind, of in dates.items()})


Days = tuple[date, date]
_Looks = dict[tuple[str, str], list[Days]]


def required_facts(program: Program) -> tuple[Need, ...]:
    """Every kind of facts the run looks at, with days and rules; sorted, ranges merged.

    Days are deciding days. The look-back of a window and earlier periods are included; decisions
    are not. A window over all days begins where the plan's validity does, else where the adoption
    came into force, else with the period itself.
    """
    looks: _Looks = {}
    for rule in program.events:
        for period in program.cells.get(rule.name, ()):
            windows = _windows(program, rule.again.window if rule.again else None, period)
            start = min([period.start, *(_back(program, one, period) for one in windows)])
            _add(program, looks, rule.on, rule.name, (start, period.end))
    for name, node in program.nodes.items():
        if isinstance(node, FactMeasure | Obligation) and node.facts:
            for period in program.cells.get(name, ()):
                windows = _windows(program, node.window, period)
                days = [_measured(program, one, period) for one in windows]
                start = min([one[0] for one in days], default=period.start)
                _add(program, looks, node.facts, name, (start, period.end))
    return tuple(sorted(_grouped(looks)))


def _add(program: Program, looks: _Looks, kind: str, rule: str, days: Days) -> None:
    for one in _behind(program, kind):
        looks.setdefault((one, rule), []).append(days)


def _behind(program: Program, kind: str) -> set[str]:
    """A kind, the kinds deemed to be it, and what exempts either."""
    sources = {kind, *(deem.deem for deem in program.deems if deem.becomes == kind)}
    exempting = {one.by for one in program.exempts if one.exempt in sources}
    return (sources | exempting) - {DECISION}


def _windows(program: Program, window: Window | None, period: Period) -> list[Window]:
    """The windows in force on any day of a period."""
    if window is None:
        return []
    if window.kind != "param":
        return [window]
    dated = program.params[window.param].values
    days = [period.start, *(one.since for one in dated if one.since in period)]
    found = (window_of(param_at(program, window.param, day)) for day in days)
    return [one for one in found if one is not None]


def _back(program: Program, window: Window, period: Period) -> date:
    """The first day that "again" looks at from the days of a period."""
    if window.kind == "months":
        return months_back(period.start, window.number)
    if window.kind == "days":
        return period.start - timedelta(days=window.number - 1)
    if window.kind == "year":
        return date(period.start.year, 1, 1)
    if window.kind == "cycle":
        return months_back(period.start, 12) + ONE_DAY
    return _beginning(program, period) if window.kind == "all" else period.start


def _measured(program: Program, window: Window, period: Period) -> Days:
    """The days that a measure with a window looks at, seen from the period's last day."""
    if window.kind == "cycle":
        # The last cycle closed by then began less than two years before the last day.
        return (months_back(period.end, 24) + ONE_DAY, period.end)
    if window.kind == "period":
        return (period.start, period.end)
    if window.kind == "months":
        return (months_back(period.end + ONE_DAY, window.number), period.end)
    last = day_range(period.end, period.end)
    return (
        _back(program, window, last) if window.kind != "all" else _beginning(program, period),
        period.end,
    )


def _beginning(program: Program, period: Period) -> date:
    adoption = program.adoption
    first = program.plan.valid_from or (adoption.in_force_from if adoption else None)
    return min(first, period.start) if first else period.start


def _grouped(looks: Mapping[tuple[str, str], Iterable[Days]]) -> Iterable[Need]:
    rules: dict[tuple[str, date, date], list[str]] = {}
    for (kind, rule), days in looks.items():
        for since, till in merged(days):
            rules.setdefault((kind, since, till), []).append(rule)
    for (kind, since, till), names in rules.items():
        yield Need(kind, since, till, tuple(sorted(names)))


def merged(days: Iterable[Days]) -> list[Days]:
    """Ranges of days joined where they touch or overlap, in order."""
    found: list[Days] = []
    for since, till in sorted(days):
        if found and since <= found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], max(found[-1][1], till))
        else:
            found.append((since, till))
    return found
