"""Every thing of a plan that says or computes something, as one Chinese sentence.

``sentence_of(names, thing)`` gives it without the thing's own title, ``titled`` with it. Two
things of one kind that differ in anything but name, title, article and place never give the same
sentence within one ``Names``. ``docs/dev/sentence-grammar.md`` is the grammar.
"""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.scheme.measures import (
    MeasureDef,
)
from wenyou_core.scheme.model import Article, ExclusionSet, Parameter, Table
from wenyou_core.scheme.outcomes import Appeal, Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Deem, EventRule, Exempt, Limit, PeriodRule, Rule
from wenyou_core.scheme.sentence_measures import measure_sentence
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_outcomes import (
    appeal_sentence,
    award_sentence,
    grade_sentence,
    obligation_sentence,
    target_sentence,
)
from wenyou_core.scheme.sentence_params import (
    parameter_sentence,
    set_sentence,
    table_sentence,
)
from wenyou_core.scheme.sentence_rules import rule_sentence

Outcome = Grade | Award | Target | Obligation | Appeal
Sayable = Rule | MeasureDef | Outcome | Parameter | Table | ExclusionSet

SPACES = (
    "params",
    "tables",
    "sets",
    "measures",
    "rules",
    "grades",
    "awards",
    "targets",
    "obligations",
    "appeals",
)
"""The parts of an article that are said, in the order in which they are read."""


def sentence_of(names: Names, thing: Sayable) -> str:
    """The sentence of a rule, measure, outcome, obligation, parameter, table or set."""
    match thing:
        case EventRule() | PeriodRule() | Deem() | Exempt() | Limit():
            return rule_sentence(names, thing)
        case Parameter():
            return parameter_sentence(names, thing)
        case Table():
            return table_sentence(names, thing)
        case ExclusionSet():
            return set_sentence(names, thing)
        case Grade():
            return grade_sentence(names, thing)
        case Award():
            return award_sentence(names, thing)
        case Target():
            return target_sentence(names, thing)
        case Obligation():
            return obligation_sentence(names, thing)
        case Appeal():
            return appeal_sentence(names, thing)
    return measure_sentence(names, thing)


def titled(names: Names, thing: Sayable) -> str:
    """``责任性投诉：投诉中责任认定为有责或视同有责的，每发生一件，扣机构100元。``"""
    return f"{thing.title or thing.name}：{sentence_of(names, thing)}"


def things_of(article: Article) -> Iterator[Sayable]:
    """Everything of an article that is said, in reading order."""
    for space in SPACES:
        yield from getattr(article, space).values()
