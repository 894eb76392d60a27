"""The closed vocabularies of the scheme language: every enumeration a plan may write."""

from __future__ import annotations

from enum import Enum


class ArticleKind(Enum):
    """What an article is. An article may be several; a computing article is a ``rule``."""

    RULE = "rule"  # 计算规则
    TIME_LIMIT = "time_limit"  # 时限
    FREQUENCY = "frequency"  # 频次
    DUTY = "duty"  # 职责、流程
    REGISTER = "register"  # 台账、名册
    CHECKLIST = "checklist"  # 检查标准
    PRINCIPLE = "principle"  # 原则、宣示


class ValueType(Enum):
    """Types of fields, attributes and parameters."""

    TEXT = "text"
    CHOICE = "choice"  # one word of a list
    INT = "int"
    DECIMAL = "decimal"  # exact, with declared digits
    MONEY = "money"  # yuan in workbooks, integer fen inside (a decimal with 2 digits)
    BOOL = "bool"
    DATE = "date"
    TIME = "time"  # minutes since midnight
    UNIT = "unit"  # 机构号
    PERSON = "person"  # 员工号
    PERSONS = "persons"  # several 员工号, separated by 、 in a workbook: everybody present
    FACT = "fact"  # the number of another fact
    WINDOW = "window"  # parameter only: a look-back window
    AMOUNT = "amount"  # parameter only: number with a ledger's unit


class PeriodKind(Enum):
    """Kinds of periods, shortest first. CAMPAIGN and CYCLE have dates of their own."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CAMPAIGN = "campaign"
    CYCLE = "cycle"


MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
}
"""Months in each kind of calendar period."""


class SubjectKind(Enum):
    """Who a rule may look at. ADOPTER is the adopting unit as a whole (targets)."""

    UNIT = "unit"
    PERSON = "person"
    ADOPTER = "adopter"


class Rounding(Enum):
    """Named rounding modes; ``docs/dev/algorithms/rounding.md`` has a worked table of each."""

    HALF_UP = "half_up"  # 四舍五入: half away from zero
    HALF_EVEN = "half_even"  # 四舍六入五成双
    UP = "up"  # 进一: away from zero
    DOWN = "down"  # 舍去: towards zero
    FLOOR = "floor"
    CEIL = "ceil"


class Choose(Enum):
    """How an exclusion set chooses among entries for one event and one subject."""

    ALL = "all"  # 累加
    HIGHEST = "highest"  # 就高: greatest absolute amount; ties: the rule that stands first
    LOWEST = "lowest"
    FIRST = "first"  # 按条款先后: the rule that stands first in the plan


class Tie(Enum):
    """What to do when equal values stand at the edge of a selection."""

    DECIDE = "decide"  # wait for a decision by a person
    ALL = "all"  # every one of the equals is taken (the number may be exceeded)
    NONE = "none"  # none of the equals is taken


class From(Enum):
    """From which end a ranking counts."""

    HIGHEST = "highest"
    LOWEST = "lowest"


class Stat(Enum):
    """Statistics over the subjects of a group, or over the parts of a period.

    MEAN of sums is the exact ratio Σx/n; of ratios it is the mean of the rates, which must be
    rounded; POOLED of ratios is Σa/Σb. Absent values do not take part in any of them.
    """

    SUM = "sum"
    MEAN = "mean"
    POOLED = "pooled"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    COUNT = "count"
    LAST = "last"  # roll only: the last part
    SHARE = "share"  # members only: those that pass ``where``, of all members


class Empty(Enum):
    """Value of a ratio whose denominator is zero or absent: it must be said per measure."""

    APART = "apart"  # not applicable: listed apart, neither zero nor full
    ZERO = "zero"
    FULL = "full"  # counts as 1 (100 %)


class Against(Enum):
    """The earlier period a change is measured against."""

    PREVIOUS = "previous"  # 环比
    LAST_YEAR = "last_year"  # 同比


class State(Enum):
    """State of a fact."""

    PROPOSED = "proposed"  # 待确认
    CONFIRMED = "confirmed"  # 已确认
    WITHDRAWN = "withdrawn"  # 已撤销


class Until(Enum):
    """How long a bar lasts, counted from the deciding day."""

    PERIOD_END = "period_end"
    YEAR_END = "year_end"
    FOREVER = "forever"


class LimitPer(Enum):
    """Over what a floor or ceiling is taken."""

    EVENT = "event"  # each entry by itself
    PERIOD = "period"  # subject and period of the rule
    YEAR = "year"  # subject and calendar year up to the period's end
