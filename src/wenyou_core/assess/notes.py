"""What a run notes beside its figures: uncounted facts, what is missing, what waits.

The Chinese sentences of both back ends stand here, so that they say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.needs import Looks, looks_of
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Missing, Uncounted, Waiting
from wenyou_core.scheme.words import State

NOT_CONFIRMED = {
    State.PROPOSED: "尚未确认，确认后才计入。",
    State.WITHDRAWN: "已撤销，不计入。",
}
NO_DAY = "没有填写决定归属期间的日期，请补填后再算。"
OUTSIDE = "当天所属机构不在采用本方案的单位之内，不计入。"
REFUSED = "不在所列事实的起止之内，不予受理。"
EXEMPTED = "按条款免予计算，依据见所列事实。"
NO_DENOMINATOR = "分母为零，单列。"
NO_PART = "所依据的数据缺少一项，不适用。"
NO_VALUE = "没有可用的数据，不适用。"
NO_EARLIER = "没有可比的往期数据，不适用。"
NO_CYCLE = "没有填写周期的起始日期，不适用。"
NOT_MEANT = "不属于这个算式所说的情形，不适用。"


def too_little_evidence(needed: int, found: int) -> str:
    """Why a fact does not count for a rule that asks for evidence."""
    return f"佐证材料要求至少{needed}件，现有{found}件，补齐后才计入。"


def tie_text(title: str, period: str, names: Iterable[str]) -> str:
    """The sentence of a tie at the edge of a selection."""
    who = "、".join(names)
    return f"{period}“{title}”的入选边缘并列：{who}。请由考核小组逐个登记“选中”或“不选”的决定。"


def crowded_text(title: str, period: str, places: int, names: Sequence[str]) -> str:
    """The sentence of an edge where more were chosen than places were left."""
    return (
        f"{period}“{title}”的入选边缘只余{places}个名额，却登记了{len(names)}个“选中”："
        f"{'、'.join(names)}。现全部计入，请更正决定，使“选中”不多于名额。"
    )


def judgment_text(title: str, what: str) -> str:
    """The sentence of a judgment that is still open."""
    return f"“{title}”须由人认定：{what}。请登记“成立”或“不成立”的决定，写明理由。"


def range_text(title: str, what: str, low: str, high: str) -> str:
    """The sentence of a value that is still to be chosen inside a range."""
    return f"“{title}”须在{low}至{high}之间确定：{what}。请登记决定的数值，写明理由。"


class Notes:
    """Collects without repeating; ``missing`` rows of one cause name all rules concerned."""

    def __init__(self, program: Program, looks: Looks | None = None) -> None:
        """Begin with nothing; only facts of days that the run looks at are of interest.

        ``looks`` are those of the program, where they are known already.
        """
        self.looks = looks_of(program) if looks is None else looks
        self._plan = program.plan
        self.uncounted: set[Uncounted] = set()
        self.waiting: list[Waiting] = []
        self._missing: dict[tuple[str, str, str, date, date, str], set[str]] = {}

    def uncount(self, row: Uncounted, day: date | None, *others: date | None) -> None:
        """Note a fact that does not count, unless nothing looks at any of its deciding days.

        ``day`` is the one by the plan (of a rule, by the rule): without it the fact is noted.
        """
        days = (one for one in (day, *others) if one is not None)
        if day is None or any(self.looks.holds(row.fact_kind, one) for one in days):
            self.uncounted.add(row)

    def wait(self, row: Waiting) -> None:
        """Note a human decision that is needed."""
        self.waiting.append(row)

    def miss(
        self, what: str, kind: str, unit: str, days: tuple[date, date], *, rule: str, text: str
    ) -> None:
        """Note something that is not there: the result is provisional."""
        rules = self._missing.setdefault((what, kind, unit, *days, text), set())
        if rule:
            rules.add(rule)

    def miss_post(self, role: str, title: str, unit: str, day: date, rule: str) -> None:
        """Note a role that nobody held in a unit on a day."""
        text = f"{day.isoformat()}机构{unit}没有人任“{title}”，请补录任职或代职。"
        self.miss("post", role, unit, (day, day), rule=rule, text=text)

    def miss_unit(self, unit: str, up: int, day: date, rule: str) -> None:
        """Note a unit above that is not there."""
        text = f"{day.isoformat()}机构{unit}之上没有第{up}级上级机构，请核对机构表。"
        self.miss("unit", f"up {up}", unit, (day, day), rule=rule, text=text)

    def miss_unit_of(self, person: str, day: date, rule: str) -> None:
        """Note a person who holds no post, so that no unit is known."""
        text = f"{day.isoformat()}员工{person}没有任职记录，不知属于哪个机构，请补录任职。"
        self.miss("post", "", person, (day, day), rule=rule, text=text)

    def miss_attribute(self, name: str, subject: Subject, day: date, rule: str) -> None:
        """Note an attribute that a rule cannot do without."""
        whose = "员工" if subject.person else "机构"
        of, _, field = name.partition(".")
        declared = self._plan.person_fields if of == "person" else self._plan.unit_fields
        title = declared[field].title if field in declared else name
        text = f"{day.isoformat()}{whose}{subject.id}没有填写“{title}”，请补填。"
        self.miss("attribute", name, subject.id, (day, day), rule=rule, text=text)

    def miss_value(self, name: str, unit: str, day: date, rule: str) -> None:
        """Note an amount that the adopting unit has not set yet."""
        text = f"“{name}”还没有设定金额，请由采用单位填写后再算。"
        self.miss("value", name, unit, (day, day), rule=rule, text=text)

    @property
    def missing(self) -> list[Missing]:
        """The rows so far."""
        return [
            Missing(
                what=what,
                kind=kind,
                unit=unit,
                since=since,
                till=till,
                rules=tuple(sorted(rules)),
                text=text,
            )
            for (what, kind, unit, since, till, text), rules in self._missing.items()
        ]
