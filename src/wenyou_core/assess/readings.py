"""What a program's readings say on a day: parameters, windows, ties, choices, dates, amounts.

A parameter is read on the deciding day of a fact, or on the last day of a period. The deciding
date itself, where a reading says it, is read on the last day of the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import lru_cache

from wenyou_core.assess.facts import Cell
from wenyou_core.assess.program import Program
from wenyou_core.scheme.amounts import End, Fixed, Scaled, Sum
from wenyou_core.scheme.charges import ledger_of_param, sum_of_cell
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.lookups import number_of_cell
from wenyou_core.scheme.model import Parameter, Plan
from wenyou_core.scheme.readings import CHOOSE_WORDS, TIE_WORDS, date_of_word, window_of
from wenyou_core.scheme.rules import Window
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.words import Choose, Tie


def params_of(plan: Plan) -> dict[str, Parameter]:
    """All parameters of a plan by name."""
    return {name: one for article in plan.articles for name, one in article.params.items()}


def param_at(source: Program | Plan, name: str, day: date) -> Value | None:
    """The value of a parameter in force on a day; None where it is unset.

    A Program knows its parameters by name; of a Plan they are looked up anew each time.
    """
    params = source.params if isinstance(source, Program) else params_of(source)
    return value_at(params[name], day)


def value_at(param: Parameter, day: date) -> Value | None:
    """The value of a parameter in force on a day; None before the first one."""
    value: Value | None = None
    for dated in param.values:
        if dated.since > day:
            break
        value = dated.value
    return value


def window_at(program: Program, window: Window, day: date) -> Window | None:
    """The window itself, or the one its parameter holds that day; None while unset."""
    if window.kind != "param":
        return window
    return window_of(param_at(program, window.param, day))


def tie_at(program: Program, tie: Tie | str, day: date) -> Tie:
    """What to do with equals at the edge, by its word or its parameter."""
    if isinstance(tie, Tie):
        return tie
    return TIE_WORDS[str(param_at(program, param_of(tie), day))]


def places_at(program: Program, take: int | str, day: date) -> int:
    """How many a selection takes, by its number or its parameter."""
    if isinstance(take, int):
        return take
    value = param_at(program, param_of(take), day)
    return max(int(value), 0) if isinstance(value, Fraction) else 0


def choose_at(program: Program, choose: Choose | str, day: date) -> Choose:
    """How an exclusion set chooses, by its word or its parameter."""
    if isinstance(choose, Choose):
        return choose
    return CHOOSE_WORDS[str(param_at(program, param_of(choose), day))]


def deciding_date(program: Program, own: str, kind: str) -> str:
    """The date that decides the period of facts of a kind: ``happened``, ``known`` or a field.

    ``own`` is the ``date`` of the rule or measure; empty stands for the plan's.
    """
    text = own or program.plan.deciding
    name = param_of(text)
    if not name:
        return text
    word = str(param_at(program, name, program.run.end))
    return date_of_word(word, program.plan.facts[kind])


def number_at(program: Program, table: str, words: Iterable[Cell | None]) -> Fraction | None:
    """The number of a table for the words of its fields; None where one is absent or no row is."""
    found = list(words)
    if None in found:
        return None
    read = _number_of_cell(program.tables[table].values.get("/".join(map(str, found))))
    return None if read is None else read[0]


_number_of_cell = lru_cache(maxsize=4096)(number_of_cell)
"""Many facts look up the same few cells."""


def amount_at(program: Program, amount: End, day: date) -> Sum | None:
    """The amount of ``-600 元``, ``param.fine`` or ``-param.base 天`` on a day; None while unset."""
    if isinstance(amount, Fixed) and amount.sum is not None:
        return amount.sum
    param = program.params[amount.param]
    value = value_at(param, day)
    if not isinstance(value, Fraction):
        return None
    if isinstance(amount, Scaled):
        return Sum(number=amount.sign * value, ledger=amount.ledger, digits=param.digits)
    ledger = ledger_of_param(program.plan, param)
    return Sum(number=value, ledger=ledger, digits=param.digits)


def cell_of(program: Program, table: str, words: tuple[str, ...]) -> Sum | None:
    """The amount of a table for the words of its fields; None where there is no row."""
    return sum_of_cell(program.plan, program.tables[table].values.get("/".join(words)))
