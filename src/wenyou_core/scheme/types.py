"""Types of fields, parameters and expressions, and how many decimals a number can have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from wenyou_core.scheme.expr import Const
from wenyou_core.scheme.model import FactKind, FieldDef, Parameter
from wenyou_core.scheme.scope import Scope
from wenyou_core.scheme.words import SubjectKind, ValueType


class Kind(Enum):
    """What sort of value an expression gives; the value is its Chinese word."""

    NUMBER = "数字"
    TEXT = "文字"
    BOOL = "是非"
    DATE = "日期"
    TIME = "时刻"
    UNIT = "机构号"
    PERSON = "员工号"
    PERSONS = "多名人员"
    FACT = "事实编号"
    OTHER = "窗口或金额"
    ANY = "不明"


@dataclass(frozen=True, slots=True)
class Type:
    """A type: ``digits`` for numbers (None: unrounded ratio), ``words`` for choices."""

    kind: Kind
    digits: int | None = 0
    words: tuple[str, ...] | None = None


ANY = Type(Kind.ANY)
BOOL = Type(Kind.BOOL)
DATE = Type(Kind.DATE)
TIME = Type(Kind.TIME)
TEXT = Type(Kind.TEXT)
COUNT = Type(Kind.NUMBER, 0)
RATIO = Type(Kind.NUMBER, None)

BUILT_IN = {
    "id": Type(Kind.FACT),
    "happened": DATE,
    "at": TIME,
    "known": DATE,
    "unit": Type(Kind.UNIT),
    "person": Type(Kind.PERSON),
    "evidence_count": COUNT,
}
"""Fields of every fact. ``known`` is read as a date; a time is compared as a number of minutes
since midnight, so ``at >= 540`` is nine o'clock or later."""

_SIMPLE = {
    ValueType.TEXT: Kind.TEXT,
    ValueType.BOOL: Kind.BOOL,
    ValueType.DATE: Kind.DATE,
    ValueType.TIME: Kind.TIME,
    ValueType.UNIT: Kind.UNIT,
    ValueType.PERSON: Kind.PERSON,
    ValueType.PERSONS: Kind.PERSONS,
    ValueType.FACT: Kind.FACT,
    ValueType.WINDOW: Kind.OTHER,
    ValueType.AMOUNT: Kind.OTHER,
}


def decimals(number: Fraction) -> int | None:
    """How many decimals an exact number needs; None when no number of decimals is enough."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    return max(twos, fives) if rest == 1 else None


def type_of_field(scope: Scope, one: FieldDef) -> Type:
    """The type of a declared field or attribute."""
    if one.type is ValueType.CHOICE:
        return Type(Kind.TEXT, words=scope.plan.lists.get(one.choices))
    if one.type is ValueType.MONEY:
        return Type(Kind.NUMBER, 2)
    if one.type is ValueType.DECIMAL:
        return Type(Kind.NUMBER, one.digits)
    if one.type is ValueType.INT:
        return COUNT
    return Type(_SIMPLE[one.type])


def digits_of_param(param: Parameter) -> int:
    """Decimals of a number parameter: as declared, or more where a value has more."""
    if param.type is ValueType.INT:
        return 0
    needed = [decimals(one.value) for one in param.values if isinstance(one.value, Fraction)]
    floor = 2 if param.type is ValueType.MONEY else param.digits
    return max([floor, *(need for need in needed if need is not None)])


def type_of_param(param: Parameter) -> Type:
    """The type of a parameter."""
    if param.type is ValueType.CHOICE:
        return Type(Kind.TEXT, words=param.choices)
    if param.type in (ValueType.INT, ValueType.DECIMAL, ValueType.MONEY):
        return Type(Kind.NUMBER, digits_of_param(param))
    return Type(_SIMPLE[param.type])


def has_subject(fact: FactKind, kind: SubjectKind) -> bool:
    """Whether a fact of this kind has such a subject; a person brings the person's unit."""
    return kind in fact.subjects or (kind is SubjectKind.UNIT and bool(fact.subjects))


def type_of_const(const: Const) -> Type:
    """The type of a literal."""
    if isinstance(const.value, bool):
        return BOOL
    if isinstance(const.value, Fraction):
        return Type(Kind.NUMBER, max(const.digits, decimals(const.value) or 0))
    return TEXT if isinstance(const.value, str) else DATE
