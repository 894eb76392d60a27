"""The clauses of rules: repeats, limits, joint entries, effects, picks, windows (part 4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from wenyou_core.scheme.amounts import End, Scaled
from wenyou_core.scheme.rules import Again, Bounds, Effect, Joint, Pick, Window
from wenyou_core.scheme.sentence_amounts import Paid, times_text, whom_text
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    PERIOD_WORDS,
    ROUNDING_WORDS,
    free_text,
    percent_text,
    quoted,
    round_text,
)
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.words import Choose, From, LimitPer, PeriodKind, Rounding, Tie, Until

DATE_WORDS = {"happened": "发生日期", "known": "登记日期"}
CHOOSE_WORDS = {
    Choose.ALL: "累加",
    Choose.HIGHEST: "就高",
    Choose.LOWEST: "就低",
    Choose.FIRST: "按条款先后",
}
TIE_WORDS = {Tie.DECIDE: "由考核小组决定", Tie.ALL: "并列者均计", Tie.NONE: "并列者均不计"}
_PER_WORDS = {LimitPer.EVENT: "每件", LimitPer.PERIOD: "每期", LimitPer.YEAR: "每年"}
_UNTIL_WORDS = {
    Until.PERIOD_END: "至当期末",
    Until.YEAR_END: "至当年末",
    Until.FOREVER: "长期有效",
}

_SINGLE = frozenset({"unit", "person", "subject", "parent", "field"})


def sentence(clauses: Iterable[str], tails: Iterable[str] = ()) -> str:
    """Clauses joined by ，, tails by ；, and a full stop."""
    body = "，".join(one for one in clauses if one)
    return "；".join([body, *(one for one in tails if one)]) + "。"


def period_text(period: PeriodKind | None) -> str:
    """``按季度计``."""
    return f"按{PERIOD_WORDS[period]}计" if period else ""


def date_text(names: Names, kind: str, date: str) -> str:
    """``按认定日期归期``."""
    if not date:
        return ""
    param = param_of(date)
    shown = names.param(param) if param else names.field(kind, date)
    return f"按{shown}归期"


def window_text(names: Names, window: Window) -> str:
    """``12个月内``, where its ends need not be told; a part that the kind does not use is shown."""
    number, param = window.number, window.param
    if window.kind in ("months", "days") and not param:
        return f"{number}{'个月' if window.kind == 'months' else '天'}内"
    if window.kind == "param" and not number:
        return f"{names.param(param)}内"
    if window.kind == "cycle" and not number:
        return f"以{_anchor(names, param)}起算的个人周期内"
    fixed = {"year": "当年内", "period": "当期内", "all": "全部时间内"}.get(window.kind)
    if fixed and not number and not param:
        return fixed
    return quoted(f"{window.kind}/{number}/{param}")


def look_text(names: Names, window: Window, *, looks_back: bool = False) -> str:
    """The window and its ends: ``截至期末的12个整月``, of a repeat ``12个月内（首尾两日均计）``.

    ``looks_back``: from the day of a fact, where a window of months holds the same day of the first
    month as well; otherwise from the end of a period, in whole months.
    """
    text = window_text(names, window)
    if window.kind == "months" and not window.param:
        return f"{text}（首尾两日均计）" if looks_back else f"截至期末的{window.number}个整月"
    if window.kind == "days" and not window.param:
        return f"{text}（连当日计）"
    if window.kind == "cycle" and not window.number and not looks_back:
        return f"以{_anchor(names, window.param)}起算、截至期末最近满期的个人周期内"
    if window.kind == "param" and not window.number:
        return f"{text}（按月的{'首尾两日均计' if looks_back else '取整月'}）"
    return text


def _anchor(names: Names, param: str) -> str:
    """The attribute that a personal cycle begins on."""
    of, _, name = param.partition(".")
    return names.attribute(of, name)


def again_text(speaker: Speaker, again: Again | None) -> str:
    """``在12个月内（首尾两日均计），机构相同的，第1件按1倍、第2件起按1.5倍``."""
    if again is None:
        return ""
    names = speaker.names
    same = "、".join(names.field(speaker.kind, one) for one in again.same)
    counted = f"在{look_text(names, again.window, looks_back=True)}，{same or '同一对象'}相同的"
    steps = [counted]
    if again.factors:
        last = len(again.factors)
        steps.append(
            "、".join(
                f"第{n}件{'起' if n == last else ''}按{times_text(factor)}"
                for n, factor in enumerate(again.factors, start=1)
            )
        )
    if again.factor is not None:
        steps.append(f"每多1件再乘{show_number(again.factor)}")
    if again.ceiling is not None:
        steps.append(_held_text(names, again.ceiling, -1, ("每件至多扣", "每件至多")))
    if again.from_count != 1:
        steps.append(f"自第{again.from_count}件起才计")
    return "，".join(steps)


def bounds_text(names: Names, bounds: Bounds | None, kind: str = "") -> str:
    """``每期最多扣20分``; ``每期逐件累计最多扣20分``, of facts of a kind that may share a key."""
    if bounds is None:
        return ""
    parts = []
    if bounds.floor is not None:
        parts.append(_held_text(names, bounds.floor, -1, ("最多扣", "最低为")))
    if bounds.ceiling is not None:
        parts.append(_held_text(names, bounds.ceiling, 1, ("最多加", "最高为")))
    per = _PER_WORDS[bounds.per] + ("逐件累计" if bounds.running else "")
    same = "、".join(names.field(kind, one) for one in bounds.same)
    key = f"（{same}相同的合计）" if same else ""
    return per + key + ("、".join(parts) or "没有上下限")


def end_text(names: Names, end: End) -> str:
    """An end by itself: ``-20分``, ``-20分（扣分下限）``, ``负的基准天数（0.5）天``."""
    if isinstance(end, Scaled):
        return ("负的" if end.turned else "") + names.param(end.param) + names.unit(end.ledger)
    number = names.sole_value(end.param) if end.param else None
    if number is not None:
        return f"{show_number(number)}{names.unit_of_param(end.param)}（{names.param_title(end.param)}）"
    return names.param(end.param) if end.param or end.sum is None else names.sum(end.sum)


def _held_text(names: Names, end: End, sign: int, words: tuple[str, str]) -> str:
    """``最多扣20分``, ``最低为5分``; of a parameter ``最多扣20分（扣分下限）`` or with its values.

    Of a number parameter ``最多扣基准天数（0.5）天``.
    """
    strict, plain = words
    if isinstance(end, Scaled):
        within = end.sign == sign and (names.sole_value(end.param) or 0) > 0
        return (
            strict + end_text(names, replace(end, turned=False))
            if within
            else plain + end_text(names, end)
        )
    if end.sum is not None and not end.param:
        within = end.sum.number * sign > 0
        return (strict if within else plain) + names.sum(end.sum, sign=not (within and sign < 0))
    own = f"，另{names.sum(end.sum)}" if end.sum else ""
    number = names.sole_value(end.param)
    if number is None:
        return plain + names.param(end.param) + own
    within = number * sign > 0
    shown = show_number(abs(number) if within else number) + names.unit_of_param(end.param)
    return f"{strict if within else plain}{shown}（{names.param_title(end.param)}）{own}"


def together_text(names: Names, together: tuple[str, ...]) -> str:
    """``同一件事在「同一投诉的扣罚」各条中取舍``; several: ``先在「甲」、再在「乙」各条中取舍``."""
    if not together:
        return ""
    first, *rest = (f"在{names.set(one)}" for one in together)
    order = f"先{first}{''.join(f'、再{one}' for one in rest)}" if rest else first
    return f"同一件事{order}各条中取舍"


def divided_text(one: Joint) -> str:
    """Behind what several bear in place of the subject: that each has an even part of it."""
    return "（几人的平分）" if one.instead and one.whom.who not in _SINGLE else ""


def joint_texts(names: Names, speaker: Speaker, joint: Iterable[Joint]) -> list[str]:
    """``主要负责人连带50%``; an own amount: ``主要负责人连带：扣100元``."""
    return [_joint(names, speaker, one) for one in joint]


def _joint(names: Names, speaker: Speaker, one: Joint) -> str:
    parts = []
    if one.percent is not None:
        parts.append(percent_text(one.percent) + divided_text(one))
    if one.amount is not None:
        parts.append(Paid(names, speaker, ()).sum(one.amount))
    if one.round is not None:
        parts.append(round_text(one.round))
    who = Paid(names, speaker, (one.whom,)).whom or whom_text(names, one.whom)
    verb = "代为承担" if one.instead else "连带"
    return f"{who}{verb}{'、'.join(parts) or '数额未写明'}"


def effect_texts(names: Names, effects: Iterable[Effect]) -> list[str]:
    """``取消「个人年度评优资格」至当年末``, ``「网点等级」最高为合格``, ``发起提醒谈话``."""
    return [_effect(names, one) for one in effects]


def _effect(names: Names, one: Effect) -> str:
    parts = []
    if one.bar is not None:
        parts.append(f"取消{names.bar(one.bar.what)}（{_UNTIL_WORDS[one.bar.until]}）")
    if one.cap is not None:
        grade = names.named(one.cap.grade)
        parts.append(f"{grade}最高评为{free_text(one.cap.at_most)}")
    if one.task:
        parts.append(f"发起{free_text(one.task)}")
    return "同时".join(parts) or "没有后果"


def choice_text(names: Names, given: Tie | Choose | str) -> str:
    """A word, or the parameter that says it."""
    if isinstance(given, Tie):
        return TIE_WORDS[given]
    if isinstance(given, Choose):
        return CHOOSE_WORDS[given]
    param = param_of(given)
    return f"按{names.param(param)}办" if param else quoted(given)


def order_text(names: Names, by: tuple[str, ...], start: From) -> str:
    """``投诉率最高的``; further measures break ties."""
    end = "最高" if start is From.HIGHEST else "最低"
    if not by:
        return f"不比指标{end}的"
    rest = "、".join(names.measure(one) for one in by[1:])
    return f"{names.measure(by[0])}{f'（相同的再比{rest}）' if rest else ''}{end}的"


def pick_text(names: Names, pick: Pick) -> str:
    """``投诉率最高的1个``, ``得分最高的10%（按全部对象计、进一取整）``."""
    number = pick.take
    if isinstance(number, str):
        param = param_of(number)
        number = names.param(param) if param else quoted(number)
    how_many = [] if not number and pick.share is not None else [f"{number}个"]
    if pick.share is not None:
        how_many.append(percent_text(pick.share))
    notes = []
    if pick.share is not None or pick.base != "eligible" or pick.part is not Rounding.CEIL:
        bases = {"eligible": "按符合条件的对象计", "all": "按全部对象计"}
        notes.append(bases.get(pick.base) or quoted(pick.base))
        notes.append(f"{ROUNDING_WORDS[pick.part]}取整")
    shown = order_text(names, pick.by, pick.start) + "又".join(how_many)
    return shown + (f"（{'、'.join(notes)}）" if notes else "")


def tie_text(names: Names, tie: Tie | str) -> str:
    """``并列时由考核小组决定``."""
    return f"并列时{choice_text(names, tie)}"


def share_text(share: Fraction | None) -> str:
    """``至多占30%``."""
    return f"至多占{percent_text(share)}" if share is not None else ""
