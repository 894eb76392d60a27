"""Who must keep out of a ruling or a 核查 because the outcome touches them.

Only moves guarded by ``no_interest`` ask. An outlet head's handling is not among them: his
presence is a duty. Whoever handled or decided a case before is not fit to review it, though.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Tie(StrEnum):
    """How a person is tied to a case."""

    SUBJECT = "subject"
    HEAD = "head"
    KIN = "kin"
    BENEFIT = "benefit"
    OTHER = "other"
    HANDLED = "handled"
    DECIDED = "decided"


TIE_TITLES = {
    Tie.SUBJECT: "当事人",
    Tie.HEAD: "当事单位负责人",
    Tie.KIN: "当事人近亲属",
    Tie.BENEFIT: "奖扣与结果相关",
    Tie.OTHER: "其他利害关系",
    Tie.HANDLED: "本案经办人",
    Tie.DECIDED: "原结论作出人",
}

# The handler reports to the meeting but does not vote; a decided case is reviewed by others.
RULING_TIES = frozenset(TIE_TITLES) - {Tie.DECIDED}
REVIEW_TIES = frozenset(TIE_TITLES)


@dataclass(frozen=True, slots=True)
class Interest:
    """One tie of a person (``person`` is the 员工号, ``name`` is shown) to a case."""

    person: str
    name: str
    tie: Tie
    note: str = ""

    @property
    def title(self) -> str:
        """The tie in Chinese, with its note: 当事人近亲属（配偶）."""
        told = TIE_TITLES[self.tie]
        return f"{told}（{self.note}）" if self.note else told


@dataclass(frozen=True, slots=True)
class Bench:
    """The members of a meeting for one case: who rules, who keeps out and why."""

    sitting: tuple[str, ...]
    recused: tuple[Interest, ...]

    def minutes(self) -> str:
        """The sentence for the minutes; "" when nobody has to keep out."""
        if not self.recused:
            return ""
        return f"本案回避：{'；'.join(f'{one.name}，{one.title}' for one in self.recused)}。"


def no_interest(
    person: str, interests: Iterable[Interest], ties: frozenset[Tie] = RULING_TIES
) -> str:
    """The answer of the guard for a 员工号: "" or why this person must keep out."""
    found = [one for one in interests if one.person == person and one.tie in ties]
    if not found:
        return ""
    told = "、".join(dict.fromkeys(one.title for one in found))
    return f"{found[0].name}与本案有利害关系（{told}），应当回避，请换一人办理。"


def bench(
    members: Sequence[str],
    interests: Iterable[Interest],
    ties: frozenset[Tie] = RULING_TIES,
) -> Bench:
    """Who of ``members`` (员工号) may rule on the case, in the order given."""
    barring = [one for one in interests if one.tie in ties]
    tied = {one.person for one in barring}
    first = {one.person: one for one in reversed(barring)}
    recused = tuple(first[person] for person in members if person in tied)
    return Bench(tuple(person for person in members if person not in tied), recused)


def enough_sitting(case: Bench, quorum: int) -> str:
    """The answer to whether enough members are left: "" or the sentence that says how many."""
    if len(case.sitting) >= quorum:
        return ""
    return (
        f"本案回避后只有{len(case.sitting)}人可以表决，少于规定的{quorum}人，请增加成员或改期审议。"
    )
