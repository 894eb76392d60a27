"""Readings: what a word of a CHOICE parameter chooses, and the checks of windows and dates.

The words are Chinese because an office fills them in; here alone they are turned into the
language's own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from wenyou_core.errors import Place
from wenyou_core.scheme.expr import Field
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.model import FactKind, Parameter
from wenyou_core.scheme.rules import Window
from wenyou_core.scheme.scope import PERIOD_WORDS, Scope, hint
from wenyou_core.scheme.texts import param_of, parse_window
from wenyou_core.scheme.words import Choose, PeriodKind, SubjectKind, Tie, ValueType

CHOOSE_WORDS = {
    "累加": Choose.ALL,
    "就高": Choose.HIGHEST,
    "就低": Choose.LOWEST,
    "按条款先后": Choose.FIRST,
}
TIE_WORDS = {
    "由考核小组决定": Tie.DECIDE,
    "并列者均计": Tie.ALL,
    "并列者均不计": Tie.NONE,
}
DATE_WORDS = {"发生日期": "happened", "登记日期": "known"}

_Word = TypeVar("_Word", bound=Enum)


def date_of_word(word: str, fact: FactKind) -> str:
    """The date a word of a reading names for a fact kind: a built-in one or a DATE field.

    Empty when the kind has no such date.
    """
    if word in DATE_WORDS:
        return DATE_WORDS[word]
    for name, one in fact.fields.items():
        if one.type is ValueType.DATE and one.title == word:
            return name
    return ""


def field_of(name: str) -> Field:
    """What a table is looked up by: a field of the fact, or ``unit.x`` / ``person.x``."""
    whose, dot, attribute = name.partition(".")
    return Field(whose, attribute) if dot and whose in ("unit", "person") else Field("fact", name)


def check_period(scope: Scope, kind: PeriodKind, *, place: Place, label: str) -> None:
    """A period kind must be one the plan speaks of; personal cycles are windows, not periods."""
    if kind is PeriodKind.CYCLE:
        scope.fault(
            place,
            "bad-period",
            f"{label}：个人周期不能作考核期间；请用 facts 指标的 window: cycle person.属性。",
        )
    elif kind not in scope.plan.periods:
        scope.fault(
            place,
            "bad-period",
            f"{label}：方案的 periods 里没有“{kind.value}”（{PERIOD_WORDS[kind]}），请加上或改用已有的期间。",
        )


def check_date(scope: Scope, text: str, fact: FactKind, *, place: Place, label: str) -> None:
    """A deciding date: ``happened``, ``known``, a DATE field, or a reading; empty is the plan's."""
    if not text or text in DATE_WORDS.values():
        return
    name = param_of(text)
    if not name:
        one = fact.fields.get(text)
        dates = [key for key, value in fact.fields.items() if value.type is ValueType.DATE]
        if one is None or one.type is not ValueType.DATE:
            scope.fault(
                place,
                "bad-date",
                f"{label}：事实“{fact.title}”没有日期字段“{text}”；"
                f"{hint(text, ['happened', 'known', *dates])}",
            )
        return
    param = scope.params.get(name)
    if param is None:
        scope.fault(
            place, "unknown-name", f"{label}：参数“{name}”没有声明；{hint(name, scope.params)}"
        )
    elif param.type is not ValueType.CHOICE:
        scope.fault(
            place, "wrong-type", f"{label}：参数“{name}”要定归属日期，类型须是 choice，请改写。"
        )
    else:
        _check_words_of_date(scope, param, fact, place=place, label=label)


def _check_words_of_date(
    scope: Scope, param: Parameter, fact: FactKind, *, place: Place, label: str
) -> None:
    strange = [word for word in param.choices if not date_of_word(word, fact)]
    if strange:
        scope.fault(
            place,
            "bad-date",
            f"{label}：参数“{param.name}”可取“{'、'.join(strange)}”，事实“{fact.title}”却没有这个日期；"
            "可写发生日期、登记日期，或给该事实加一个同名的日期字段。",
        )


def check_window(
    scope: Scope, window: Window, of: SubjectKind | None, *, place: Place, label: str
) -> None:
    """A look-back window: a parameter must be a WINDOW, a cycle needs a DATE attribute."""
    if window.kind == "param":
        param = scope.params.get(window.param)
        if param is None:
            text = f"参数“{window.param}”没有声明；{hint(window.param, scope.params)}"
            scope.fault(place, "unknown-name", f"{label}：{text}")
        elif param.type is not ValueType.WINDOW:
            scope.fault(
                place, "wrong-type", f"{label}：参数“{window.param}”不是回看窗口，类型请写 window。"
            )
        else:
            for one in param.values:
                _check_cycle(scope, one.value, of, place=place, label=label)
    elif window.kind == "cycle":
        _check_cycle(scope, f"cycle {window.param}", of, place=place, label=label)
    elif window.kind in ("months", "days"):
        if window.number < 1:
            scope.fault(place, "bad-number", f"{label}：回看的长度须大于零，请改写窗口。")
    elif window.kind not in ("year", "period", "all"):
        scope.fault(place, "unknown-word", f"{label}：没有“{window.kind}”这种回看窗口，请改写。")


def _check_cycle(
    scope: Scope, value: object, of: SubjectKind | None, *, place: Place, label: str
) -> None:
    window = window_of(value)
    if window is None or window.kind != "cycle":
        return
    whose, _, name = window.param.partition(".")
    table = scope.plan.person_fields if whose == "person" else scope.plan.unit_fields
    one = table.get(name)
    known = [f"{whose}.{key}" for key, value in table.items() if value.type is ValueType.DATE]
    if one is None or one.type is not ValueType.DATE:
        scope.fault(
            place,
            "bad-date",
            f"{label}：周期的起点“{window.param}”不是日期属性；{hint(window.param, known)}",
        )
    elif whose == "person" and of not in (SubjectKind.PERSON, None):
        scope.fault(
            place,
            "no-person",
            f"{label}：对象不是人员，周期不能从 person 属性起算，请改用 unit 属性。",
        )


def window_of(value: object) -> Window | None:
    """The window that a WINDOW parameter's value says; None when it is no window."""
    if not isinstance(value, str):
        return None
    try:
        found = parse_window(value)
    except ExprError:
        return None
    return None if found.kind == "param" else found


def check_choice(
    scope: Scope,
    text: object,
    words: Mapping[str, _Word],
    what: str,
    *,
    place: Place,
    label: str,
) -> None:
    """A word of an enumeration, or ``param.name`` of a CHOICE parameter with words for it."""
    if not isinstance(text, str):
        return
    name = param_of(text)
    param = scope.params.get(name)
    if not name or param is None:
        known = [f"param.{one}" for one in scope.params]
        scope.fault(place, "unknown-name", f"{label}：{what}“{text}”认不出；{hint(text, known)}")
        return
    if param.type is not ValueType.CHOICE:
        scope.fault(place, "wrong-type", f"{label}：参数“{name}”要定{what}，类型须是 choice。")
        return
    strange = [word for word in param.choices if word not in words]
    if strange:
        scope.fault(
            place,
            "unknown-word",
            f"{label}：参数“{name}”的“{'、'.join(strange)}”不能用来定{what}；"
            f"{hint(strange[0], words)}",
        )
