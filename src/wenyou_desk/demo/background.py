"""What happens in a bank when nothing is told of it: most days nothing, now and then a matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from wenyou_core.scheme.words import State
from wenyou_core.worktime.periods import Period
from wenyou_desk.demo import words
from wenyou_desk.demo.chance import Weighted, happens
from wenyou_desk.demo.days import moment
from wenyou_desk.demo.ledger import Draft, Given, Ledger
from wenyou_desk.demo.outlets import Outlet
from wenyou_desk.demo.people import Staff

_OPENING = 8 * 60 + 30  # minutes since midnight
# How many of a kind in a month at an outlet, with the weight of each number.
_FINDINGS = Weighted([(0, 38), (1, 34), (2, 20), (3, 8)])
_COMPLAINTS = Weighted([(0, 840), (1, 132), (2, 24), (3, 4)])
_COMPLAINTS_OF_MAIN = Weighted([(0, 640), (1, 250), (2, 80), (3, 30)])
_POINTS = Weighted([(Fraction(1, 2), 30), (Fraction(1), 40), (Fraction(2), 22), (Fraction(3), 8)])
_PROBLEMS = Weighted([((name, notes), weight) for name, weight, notes in words.PROBLEMS])
_CHANNELS = Weighted(words.CHANNELS)
_RULINGS = Weighted([("无责", 78), ("有责", 22)])
_SOURCES = Weighted(words.PRAISE_SOURCES)
_DEFECT_STATES = Weighted(words.DEFECT_STATES)
_LEVELS = Weighted([("支行级", 85), ("分行级", 14), ("总行级", 1)])
_LATENESS = Weighted([(0, 60), (1, 25), (2, 8), (3, 4), (9, 3)])  # days until it is known

# So often in a thousand outlets and months.
_PRAISE, _CRITICISM, _ABSENCE, _BUCK, _LOSS, _DEFECT, _ASKED = 110, 8, 12, 4, 14, 45, 6
_COUNTED, _NAMED, _EXCLUDED, _APPEALED, _UPHELD, _MINUTES = 900, 750, 90, 40, 350, 970
_MERIT, _EXCUSED, _IMPORTANT, _BY_FAULT, _SIGNED, _PROPOSED = 880, 600, 400, 150, 985, 300
_OPEN_DAYS = 12  # younger matters still wait for a ruling


def fill(ledger: Ledger, staff: Staff, random: Random) -> None:
    """Two years of background; every outlet month by month, then the sub-branches."""
    background = _Background(ledger, staff, random)
    for outlet in staff.network.outlets.values():
        for month in ledger.days.months:
            background.outlet_month(outlet, month)
    background.sub_branches()
    background.asked_first()
    background.heads_away()


class _Background:
    def __init__(self, ledger: Ledger, staff: Staff, random: Random) -> None:
        self._ledger, self._staff, self._random = ledger, staff, random
        self._days = ledger.days

    def outlet_month(self, outlet: Outlet, month: Period) -> None:
        """A month of one outlet; an outlet that is not open yet has none."""
        if month.end < outlet.opened or month.start < outlet.opened:
            return
        random = self._random
        self._inspect(outlet.id, self._days.workday_in(month, random))
        counts = _COMPLAINTS_OF_MAIN if outlet.main else _COMPLAINTS
        for _ in range(counts.draw(random)):
            self._complain(outlet.id, self._days.complaint_day_in(month, random))
        for per_mille, happen in (
            (_PRAISE, self._praise),
            (_CRITICISM, self._criticize),
            (_ABSENCE, self._miss),
            (_BUCK, self._pass_on),
            (_LOSS, self._lose),
            (_DEFECT, self._break),
        ):
            if happens(random, per_mille):
                happen(outlet.id, self._days.workday_in(month, random))

    # -- inspections -----------------------------------------------------------------------------

    def _inspect(self, unit: str, day: date) -> None:
        random = self._random
        mode = random.choice(words.INSPECTION_MODES)
        self._add("inspection", unit, day, hour=17, values={"mode": mode})
        for _ in range(_FINDINGS.draw(random)):
            self._find(unit, day)

    def _find(self, unit: str, day: date) -> None:
        random = self._random
        problem, notes = _PROBLEMS.draw(random)
        draft = self._add(
            "finding",
            unit,
            day,
            hour=17,
            person=self._somebody(unit, day) if happens(random, 400) else "",
            evidence=("检查照片",),
            values={
                "type": problem,
                "points": _POINTS.draw(random),
                "counted": happens(random, _COUNTED),
                "note": random.choice(notes),
            },
        )
        if draft is not None and happens(random, _APPEALED):
            self._appeal(draft)

    def _appeal(self, target: Draft) -> None:
        day = self._days.workday_from(target.known.date() + timedelta(days=5))
        result = "支持" if happens(self._random, _UPHELD) else "不支持"
        values: dict[str, Given] = {"target": target, "result": result}
        evidence = ("申诉材料", "监控截图")
        self._add("appeal", target.unit, day, hour=16, evidence=evidence, values=values)

    # -- complaints ------------------------------------------------------------------------------

    def _complain(self, unit: str, day: date) -> None:
        random = self._random
        known = day + timedelta(days=_LATENESS.draw(random))
        open_still = known > self._days.as_of - timedelta(days=_OPEN_DAYS)
        ruling = "待认定" if open_still else _RULINGS.draw(random)
        values: dict[str, Given] = {
            "channel": _CHANNELS.draw(random),
            "ruling": ruling,
            "excluded": ruling == "无责" and happens(random, _EXCLUDED),
            "media": False,
            "neglected": False,
            "perfunctory": False,
            "demand": random.choice(words.DEMANDS),
        }
        if not open_still:
            values["ruled_on"] = self._days.workday_from(
                known + timedelta(days=random.randint(1, 5))
            )
            values["closed_on"] = known + timedelta(days=random.choice((0, 0, 0, 1, 2)))
        self._add(
            "complaint",
            unit,
            day,
            known=known,
            hour=random.randint(9, 17),
            at=random.randrange(_OPENING, 17 * 60 + 30),
            person=self._somebody(unit, day) if happens(random, _NAMED) else "",
            evidence=("通话录音",)
            if values["channel"] in ("客服热线", "政务热线")
            else ("情况说明",),
            values=values,
            state=State.PROPOSED if open_still and happens(random, _PROPOSED) else State.CONFIRMED,
        )

    # -- what is rarer ---------------------------------------------------------------------------

    def _praise(self, unit: str, day: date) -> None:
        random = self._random
        self._add(
            "praise",
            unit,
            day,
            known=day + timedelta(days=_LATENESS.draw(random)),
            hour=15,
            person=self._somebody(unit, day),
            evidence=(random.choice(words.PRAISE_EVIDENCE),),
            values={
                "source": _SOURCES.draw(random),
                "concrete": True,
                "merit": happens(random, _MERIT),
            },
        )

    def _criticize(self, unit: str, day: date) -> None:
        values: dict[str, Given] = {"level": _LEVELS.draw(self._random)}
        self._add("criticism", unit, day, hour=10, evidence=("通报文件",), values=values)

    def _miss(self, unit: str, day: date) -> None:
        random = self._random
        values: dict[str, Given] = {
            "occasion": random.choice(words.OCCASIONS),
            "excused": happens(random, _EXCUSED),
        }
        self._add("absence", unit, day, hour=18, values=values)

    def _pass_on(self, unit: str, day: date) -> None:
        person = self._somebody(unit, day)
        form = self._random.choice(words.BUCK_FORMS)
        self._add("buck_passing", unit, day, hour=16, person=person, values={"form": form})

    def _lose(self, unit: str, day: date) -> None:
        random = self._random
        important = happens(random, _IMPORTANT)
        values: dict[str, Given] = {
            "important": important,
            "by_fault": important and happens(random, _BY_FAULT),
        }
        person = next(iter(self._staff.holders(unit, day, words.CLIENTS)), "")
        self._add("customer_loss", unit, day, hour=11, person=person, values=values)

    def _break(self, unit: str, day: date) -> None:
        values: dict[str, Given] = {
            "what": self._random.choice(words.DEFECTS),
            "status": _DEFECT_STATES.draw(self._random),
        }
        self._add("defect", unit, day, hour=9, evidence=("整改前照片",), values=values)

    # -- sub-branches ----------------------------------------------------------------------------

    def sub_branches(self) -> None:
        """Monthly meetings, and the letters of responsibility that heads sign in January."""
        random, network = self._random, self._staff.network
        for sub in network.subs:
            for number, month in enumerate(self._days.months, 1):
                if happens(random, _MINUTES):
                    day = self._days.workday_in(month, random)
                    values: dict[str, Given] = {"minutes": f"服务例会纪要第{number}号"}
                    self._add("meeting", sub, day, hour=17, evidence=("会议纪要",), values=values)
            for month in self._days.months:
                if month.start.month == 1:
                    self._sign((*network.sections[sub], *network.by_sub[sub]), month)

    def _sign(self, units: Sequence[str], month: Period) -> None:
        for unit in units:
            day = self._days.workday_in(month, self._random)
            outlet = self._staff.network.outlets.get(unit)
            closed = day not in self._days or (outlet is not None and day < outlet.opened)
            if closed or not happens(self._random, _SIGNED):
                continue
            values: dict[str, Given] = {"which": "服务内控责任书", "signed_on": day}
            head = self._staff.head(unit, day)
            self._add(
                "letter", unit, day, hour=11, person=head, evidence=("签字页",), values=values
            )

    # -- the telephone, and who stands in --------------------------------------------------------

    def asked_first(self) -> None:
        """Now and then somebody who is asked first does not see to it."""
        random = self._random
        for outlet in self._staff.network.outlets.values():
            for month in self._days.months:
                if month.start < outlet.opened or not happens(random, _ASKED):
                    continue
                day = self._days.workday_in(month, random)
                values: dict[str, Given] = {"form": random.choice(words.ASKED_FORMS)}
                person = self._somebody(outlet.id, day)
                self._add("asked_fault", outlet.id, day, hour=16, person=person, values=values)

    def heads_away(self) -> None:
        """Heads who are away have named who is in charge."""
        for leave in self._staff.leaves:
            if leave.stand_in:
                back = self._days.workday_from(leave.till + timedelta(days=1))
                values: dict[str, Given] = {"back_on": back, "supervisor": leave.stand_in}
                self._add("head_away", leave.unit, leave.since, hour=9, values=values)

    # -- writing down ----------------------------------------------------------------------------

    def _somebody(self, unit: str, day: date) -> str:
        """Somebody who serves customers there that day."""
        found = self._staff.holders(unit, day, words.TELLER, words.LOBBY, words.CLIENTS)
        return self._random.choice(found) if found else ""

    def _add(
        self,
        kind: str,
        unit: str,
        day: date,
        *,
        hour: int,
        values: Mapping[str, Given],
        known: date | None = None,
        person: str = "",
        at: int | None = None,
        evidence: tuple[str, ...] = (),
        state: State = State.CONFIRMED,
    ) -> Draft | None:
        written = moment(known or day, hour, self._random.randrange(60))
        if at is not None and written < moment(day, at // 60, at % 60):
            # what is written down has happened: a few minutes before
            at = max(written.hour * 60 + written.minute - 5 - at % 25, _OPENING)
        draft = Draft(
            kind=kind,
            happened=day,
            known=written,
            unit=unit,
            person=person,
            at=at,
            evidence=evidence,
            state=state,
            values=values,
        )
        return self._ledger.add_background(draft)
