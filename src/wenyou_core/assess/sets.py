"""Step 4: exclusion sets. Of several rules that hit one event, some entries are taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence

from wenyou_core.assess.lines import Line, adjusting, who
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import choose_at
from wenyou_core.assess.result import EntryKind
from wenyou_core.scheme.model import ExclusionSet
from wenyou_core.scheme.words import Choose


def excluded(program: Program, one_of: ExclusionSet, rules: Sequence[Iterable[Line]]) -> list[Line]:
    """The EXCLUDED lines of a set; ``rules`` are the event lines of its rules in plan order.

    Lines compete within one subject, ledger, period and event; what they bring is the amount
    after the bounds of the single entry (``net``). Those that lose are marked ``lost``, and one
    EXCLUDED entry takes back what each brought; what brought nothing needs none. A reading that
    says how to choose is read on the period's last day.
    """
    contests: dict[Hashable, list[tuple[int, Line]]] = defaultdict(list)
    for place, lines in enumerate(rules):
        for line in lines:
            contests[_contest(one_of, line)].append((place, line))
    found = []
    for rivals in contests.values():
        winner = _winner(choose_at(program, one_of.choose, rivals[0][1].period.end), rivals)
        for _, line in rivals:
            if winner is not None and line is not winner:
                line.lost = True
                if line.net:
                    found.append(adjusting(line, EntryKind.EXCLUDED, -line.net))
    return found


def _contest(one_of: ExclusionSet, line: Line) -> Hashable:
    entry, one = line.entry, line.one
    event: Hashable = None
    if one is not None:
        event = tuple(one.named(name) for name in one_of.per) if one_of.per else one.root
    return (who(entry.subject), entry.ledger, entry.period, event)


def _winner(choose: Choose, rivals: list[tuple[int, Line]]) -> Line | None:
    """The line that stays; None when all of them do.

    Equal amounts go to the rule that stands first, then to the first fact in order of events.
    """
    if choose is Choose.ALL:
        return None
    sign = {Choose.HIGHEST: -1, Choose.LOWEST: 1, Choose.FIRST: 0}[choose]

    def order(rival: tuple[int, Line]) -> tuple[int, int, tuple[object, ...]]:
        place, line = rival
        return (sign * abs(line.net), place, line.one.order if line.one else ())

    return min(rivals, key=order)[1]
