"""A whole demo bank from three arguments: the day it is looked at, a seed, a size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wenyou_core.assess.facts import Coverage, Opening, Subject
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.months import ONE_DAY
from wenyou_desk.demo import background, moves, stories_people, stories_rules, stories_time
from wenyou_desk.demo.adoption import PLAN, adoption_text
from wenyou_desk.demo.chance import stream
from wenyou_desk.demo.days import Days
from wenyou_desk.demo.ledger import Ledger
from wenyou_desk.demo.model import DemoBank, Size
from wenyou_desk.demo.outlets import Network, build_network
from wenyou_desk.demo.people import Staff
from wenyou_desk.demo.shipped import shipped_plan
from wenyou_desk.demo.stage import Stage, Tell
from wenyou_desk.demo.volumes import Volumes

FIRST_AS_OF = date.fromisoformat("2023-04-01")  # the plan's first quarter is over
LAST_AS_OF = date.fromisoformat("2099-12-31")
FULL = Size()

PREFIXES = {
    "finding": "JC",
    "complaint": "TS",
    "customer_loss": "LS",
    "buck_passing": "TW",
    "praise": "BY",
    "criticism": "TB",
    "absence": "QX",
    "head_away": "WC",
    "asked_fault": "SW",
    "volume": "YW",
    "appeal": "SS",
    "meeting": "LH",
    "inspection": "XJ",
    "letter": "ZR",
    "defect": "YJ",
}
"""What the numbers of each kind of fact begin with."""


@dataclass(frozen=True, slots=True)
class Part:
    """A story: its key, how many outlets it needs, who plays it, and what it wants undisturbed.

    ``clear`` are kinds that do not happen to its outlets in the background, ``always`` or else in
    the period only. What plays ``last`` sees everything that the background brought.
    """

    key: str
    outlets: int
    play: Callable[[Stage], Tell]
    clear: tuple[str, ...] = ()
    always: bool = False
    last: bool = False


PARTS = (
    Part("repeated", 1, stories_rules.repeated, clear=("finding", "asked_fault"), always=True),
    Part("tied", 2, stories_rules.tied, clear=("complaint", "customer_loss"), last=True),
    Part("moved", 2, stories_people.moved),
    Part("perfunctory", 1, stories_rules.perfunctory),
    Part("appealed", 1, stories_time.appealed),
    Part("barred", 1, stories_people.barred),
    Part("late", 1, stories_time.late),
    Part("lost_customer", 1, stories_rules.lost_customer),
    Part("media", 1, stories_rules.media),
    Part("withdrawn", 1, stories_time.withdrawn, clear=("finding", "asked_fault"), always=True),
    Part("acting", 1, stories_people.acting),
    Part("no_business", 1, stories_rules.no_business, clear=("complaint",)),
)


def generate(as_of: date, seed: int, size: Size = FULL) -> DemoBank:
    """The bank as it is known at the end of ``as_of``.

    The same arguments give the same bank on every machine. Raises InputRefused for a day on
    which no quarter of the plan is over yet.
    """
    check_as_of(as_of)
    days = Days(as_of)
    casting = [(part.key, part.outlets) for part in PARTS]
    network = build_network(days, size, stream(seed, "units"), casting)
    staff = Staff(network, days, size, stream(seed, "people"))
    moves.live(staff, size, stream(seed, "moves"))
    ledger, volumes = Ledger(days), Volumes(days)
    stage = Stage(
        days=days,
        network=network,
        staff=staff,
        ledger=ledger,
        volumes=volumes,
        random=stream(seed, "stories"),
    )
    _keep_clear(stage)
    tells = {part.key: part.play(stage) for part in PARTS if not part.last}
    background.fill(ledger, staff, stream(seed, "background"))
    tells |= {part.key: part.play(stage) for part in PARTS if part.last}
    volumes.write(ledger, staff)
    facts = ledger.close(PREFIXES)
    return DemoBank(
        plan=PLAN,
        as_of=as_of,
        seed=seed,
        period=days.period,
        adoption=adoption_text(network.subs, days.start),
        units=network.spans,
        persons=staff.person_spans(),
        posts=staff.post_spans(),
        facts=facts,
        coverage=tuple(Coverage(kind, days.start, days.last) for kind in shipped_plan(PLAN).facts),
        openings=_openings(network, days, seed),
        leaves=tuple(sorted(staff.leaves, key=lambda one: (one.since, one.person))),
        stories=tuple(tells[part.key]() for part in PARTS),
    )


def check_as_of(as_of: date) -> None:
    """Raise InputRefused for a day on which no demo can be looked at."""
    if not FIRST_AS_OF <= as_of <= LAST_AS_OF:
        text = (
            f"演示的截止日 {as_of} 不在 {FIRST_AS_OF} 至 {LAST_AS_OF} 之间："
            "方案自 2023 年起施行，截止日之前要有一个完整的季度。请改 --as-of。"
        )
        raise InputRefused("as_of", text)


def _keep_clear(stage: Stage) -> None:
    days = stage.days
    for part in PARTS:
        since = days.start if part.always else days.first
        till = days.as_of if part.always else days.last
        for unit in stage.outlets(part.key):
            for kind in part.clear:
                stage.ledger.keep_clear(kind, unit, since, till)


def _openings(network: Network, days: Days, seed: int) -> tuple[Opening, ...]:
    """What the old ledger of deductions came to before this one began."""
    random = stream(seed, "openings")
    return tuple(
        Opening(
            Subject(SubjectKind.UNIT, outlet.id),
            "points",
            Fraction(-random.randrange(20), 2),
            days.start - ONE_DAY,
            "旧台账结转",
        )
        for outlet in network.outlets.values()
        if outlet.opened <= days.start
    )
