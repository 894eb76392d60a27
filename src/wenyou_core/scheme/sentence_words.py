"""The words of the sentences, and how a title is kept from being mistaken for one of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import PeriodKind, Rounding

_PLAIN = re.compile(r"[^\W\d](?:\w*[^\W\d])?\Z")
ASCII_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_BRACKETS = re.compile("[「」（）]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

OPERATOR_WORDS = (
    "等于",
    "大于",
    "小于",
    "低于",
    "高于",
    "早于",
    "晚于",
    "属于",
    "介于",
    "处于",
    "为",
    "且",
    "或",
    "并非",
    "成立",
    "最高",
    "最低",
)
"""Words that stand between or after operands; a title with one of them is quoted."""

CALL_WORDS = (
    "相隔天数",
    "相隔工作日",
    "相隔分钟",
    "月份",
    "年份",
    "较小者",
    "较大者",
    "绝对值",
    "整份数",
    "进一份数",
    "首个有值者",
)
BUILT_IN_TITLES = {
    "id": "编号",
    "happened": "发生日期",
    "at": "发生时间",
    "known": "登记日期",
    "unit": "机构",
    "person": "人员",
    "evidence_count": "佐证件数",
}
WHOM_WORDS = ("机构", "人员", "该对象", "全体人员", "在场人员", "所记对象", "下级")
PERIOD_WORDS = {
    PeriodKind.MONTH: "月",
    PeriodKind.QUARTER: "季度",
    PeriodKind.HALF: "半年",
    PeriodKind.YEAR: "年度",
    PeriodKind.CAMPAIGN: "活动期",
    PeriodKind.CYCLE: "个人周期",
}
ROUNDING_WORDS = {
    Rounding.HALF_UP: "四舍五入",
    Rounding.HALF_EVEN: "四舍六入五成双",
    Rounding.UP: "进一",
    Rounding.DOWN: "舍去",
    Rounding.FLOOR: "向下",
    Rounding.CEIL: "向上",
}


def plain(text: str, tokens: Iterable[str] = ()) -> bool:
    """Whether a text can stand in a sentence without quotation marks."""
    # "甲不" before "为" would read as "甲" before "不为"
    sound = _PLAIN.match(text) and not text.endswith("不")
    return bool(sound) and not any(token in text for token in tokens)


def quoted(text: str) -> str:
    """A text in “”; one that has such marks itself in 『』; closing marks within are doubled."""
    if "”" in text and "』" not in text:
        return f"『{text}』"
    return "“" + text.replace("”", "””") + "”"


def free_text(text: str) -> str:
    """Words of the plan's author where nothing else can stand: bare where plain, else quoted."""
    return text if plain(text, OPERATOR_WORDS) and text not in ("是", "否") else quoted(text)


def listed_text(text: str) -> str:
    """A word after 为 or in （ ）, where only the joiners can be mistaken."""
    return text if plain(text, ("且", "或")) and text not in ("是", "否") else quoted(text)


def day_text(day: date) -> str:
    """``2025年3月1日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def since_text(day: date) -> str:
    """``2025年3月1日起``; from the beginning of time on ``起初``."""
    return "起初" if day == date.min else f"{day_text(day)}起"


def percent_text(number: Fraction) -> str:
    """``12.5%``."""
    return show_number(number * 100) + "%"


def round_text(rounding: Round) -> str:
    """``四舍五入保留2位小数``; in whole numbers ``四舍五入取整``."""
    mode = ROUNDING_WORDS[rounding.mode]
    return f"{mode}保留{rounding.digits}位小数" if rounding.digits else f"{mode}取整"


@dataclass(frozen=True, slots=True)
class Titles:
    """The display of each name of one space; no two names share one.

    ``tokens`` are words that the sentence puts next to these titles, ``reserved`` displays that
    the language has itself.
    """

    titles: Mapping[str, str]
    reserved: frozenset[str] = frozenset()
    tokens: tuple[str, ...] = ()
    count: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "count", Counter(self.titles.values()))

    def of(self, name: str) -> str:
        """The display of a name: its title, 「its title」, 「its title（name）」 or 「name」."""
        title = self.titles.get(name, "")
        if not title or _UNSEEN.search(title):
            return f"「{name}」"
        taken = self.count[title] > 1 or title in self.reserved or bool(ASCII_NAME.match(title))
        if not taken and plain(title, self.tokens):
            return title
        if _BRACKETS.search(title):
            whole = re.fullmatch(r"[^「」（）]+（[^「」（）]+）", title)
            return (
                f"「{title}」"
                if whole and not taken and not _ends_in_name(title)
                else f"「{name}」"
            )
        return f"「{title}（{name}）」" if taken else f"「{title}」"


def _ends_in_name(title: str) -> bool:
    return bool(ASCII_NAME.match(title[title.rindex("（") + 1 : -1]))
