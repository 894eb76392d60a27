"""The type of every expression, where it stands.

Sum: the greater number of decimals; product: their sum. ``digits`` None is an unrounded ratio:
it can be compared, ranked and averaged, and nothing else. A fault is noted once, where it
arises; what cannot be typed is ANY and gives no further faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from wenyou_core.errors import Place
from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Field,
    Func,
    InList,
    Interval,
    Measure,
    Neg,
    Not,
    Op,
    Param,
)
from wenyou_core.scheme.lookups import digits_of, holds_numbers
from wenyou_core.scheme.model import FactKind, Table
from wenyou_core.scheme.readings import field_of
from wenyou_core.scheme.scope import Scope, hint
from wenyou_core.scheme.types import (
    ANY,
    BOOL,
    BUILT_IN,
    COUNT,
    DATE,
    Kind,
    Type,
    type_of_const,
    type_of_field,
    type_of_param,
)
from wenyou_core.scheme.words import PeriodKind, SubjectKind, ValueType

PERIOD_DAYS = ("start", "end")
_TEXTS = {Kind.TEXT, Kind.UNIT, Kind.PERSON, Kind.FACT}
_ORDERED = {Kind.NUMBER, Kind.DATE, Kind.TIME}


class Readings(Protocol):
    """Where the typer learns what a measure is; ``depends.Measures`` is the one there is."""

    def type_here(
        self, name: str, population: str, period: PeriodKind, *, place: Place, label: str
    ) -> Type:
        """The type of a measure read for a population and a period; notes faults."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where an expression stands: whose fields and measures it may read.

    ``fact`` in an event context; ``population`` and ``period`` in a subject context. Neither:
    attributes and parameters only. ``of`` says whose attributes there are; ``counted``: a fact is
    looked at for a period, whose days may then be read.
    """

    scope: Scope
    place: Place
    label: str
    fact: FactKind | None = None
    population: str = ""
    period: PeriodKind | None = None
    of: SubjectKind | None = None
    readings: Readings | None = None
    counted: bool = False

    def fault(self, code: str, text: str) -> Type:
        """Note a fault in this place; gives ANY."""
        self.scope.fault(self.place, code, f"{self.label}：{text}")
        return ANY

    def unknown(self, what: str, name: str, known: Iterable[str]) -> Type:
        """Note a name that is not there; gives ANY."""
        return self.fault("unknown-name", f"{what}“{name}”没有声明；{hint(name, known)}")


def expect(expr: Expr | None, kind: Kind, here: Context) -> Type:
    """The type of an expression that must be of a kind; None stands for a missing condition."""
    if expr is None:
        return ANY
    return _of_kind(type_of(expr, here), kind, here)


def _of_kind(found: Type, kind: Kind, here: Context) -> Type:
    if found.kind not in (kind, Kind.ANY):
        return here.fault(
            "wrong-type", f"这里要{kind.value}，写的却是{found.kind.value}，请改写表达式。"
        )
    return found


def type_of(expr: Expr, here: Context) -> Type:
    """The type of an expression; notes every fault in it."""
    if isinstance(expr, Const):
        return type_of_const(expr)
    if isinstance(expr, Field):
        return _field(expr, here)
    if isinstance(expr, Param):
        return _param(expr, here)
    if isinstance(expr, Measure):
        return _measure(expr, here)
    if isinstance(expr, Binary):
        return _binary(expr, here)
    if isinstance(expr, Not):
        expect(expr.of, Kind.BOOL, here)
        return BOOL
    if isinstance(expr, Neg):
        return _arithmetic([type_of(expr.of, here)], here)
    if isinstance(expr, InList):
        _in_list(expr, here)
        return BOOL
    if isinstance(expr, Between):
        _between(expr, here)
        return BOOL
    if isinstance(expr, Exists):
        type_of(expr.of, here)
        return BOOL
    return _call(expr, here)


def _field(expr: Field, here: Context) -> Type:
    if expr.of == "fact":
        return _fact_field(expr.name, here)
    if expr.of == "period":
        return _period_field(expr.name, here)
    if expr.of == "table":
        return _number_of_table(expr.name, here)
    plan = here.scope.plan
    if expr.of == "person" and here.of not in (SubjectKind.PERSON, None):
        return here.fault(
            "no-person", f"这里的对象不是人员，读不到 person.{expr.name}；请改用 unit 的属性。"
        )
    table = plan.person_fields if expr.of == "person" else plan.unit_fields
    found = table.get(expr.name)
    if found is None:
        what = "人员属性" if expr.of == "person" else "机构属性"
        return here.unknown(what, f"{expr.of}.{expr.name}", [f"{expr.of}.{one}" for one in table])
    return type_of_field(here.scope, found)


def _period_field(name: str, here: Context) -> Type:
    if here.period is None and not here.counted:
        return here.fault(
            "no-period",
            f"这里不是为一个期间计算（或规则有 again，要回看期间以前的事实），读不到 period.{name}；"
            "请用 happened 等字段或日期参数。",
        )
    if name not in PERIOD_DAYS:
        return here.unknown("期间的日期", f"period.{name}", [f"period.{x}" for x in PERIOD_DAYS])
    return DATE


def _number_of_table(name: str, here: Context) -> Type:
    table = here.scope.tables.get(name)
    if table is None:
        return here.unknown("表", name, here.scope.tables)
    if here.fact is None and not here.population:
        return here.fault("no-table", f"这里不能查表“{name}”；请改用属性写条件。")
    check_cells(table, here)
    if not holds_numbers(table):
        return here.fault(
            "wrong-type",
            f"表“{name}”是数额表，只能写在 amount 里（{{table: {name}}}）；要参加运算请另列不带单位的数。",
        )
    return Type(Kind.NUMBER, digits_of(table))


def check_cells(table: Table, here: Context) -> None:
    """The fields of a table can be read here, and its cells name words of their lists."""
    lists = [_words_of(name, here) for name in table.by]
    for cell in table.values:
        words = cell.split("/") if len(table.by) > 1 else [cell]
        if len(words) != len(table.by):
            here.fault(
                "bad-cell", f"表“{table.title}”的“{cell}”应是用 / 连接的{len(table.by)}个词。"
            )
            continue
        for word, known in zip(words, lists, strict=True):
            if known is not None and word not in known:
                here.fault(
                    "unknown-word", f"表“{table.title}”的“{word}”不在词表里；{hint(word, known)}"
                )


def _words_of(name: str, here: Context) -> tuple[str, ...] | None:
    found = type_of(field_of(name), here)
    if found.kind is Kind.ANY:
        return None
    if found.words is None:
        here.fault(
            "wrong-type", f"表按“{name}”查，它却不是取自词表的字段（choice），请换一个字段。"
        )
    return found.words


def _fact_field(name: str, here: Context) -> Type:
    if here.fact is None:
        return here.fault(
            "no-fact", f"这里没有具体的事实，读不到字段“{name}”；请先写一个 facts 指标再引用它。"
        )
    declared = here.fact.fields.get(name)
    if declared is not None:
        return type_of_field(here.scope, declared)
    built_in = BUILT_IN.get(name)
    if built_in is None:
        return here.unknown(f"事实“{here.fact.title}”的字段", name, [*here.fact.fields, *BUILT_IN])
    return built_in


def _param(expr: Param, here: Context) -> Type:
    found = here.scope.params.get(expr.name)
    if found is None:
        return here.unknown("参数", expr.name, here.scope.params)
    if found.type in (ValueType.WINDOW, ValueType.AMOUNT):
        return here.fault(
            "wrong-type",
            f"参数“{expr.name}”是{'回看窗口' if found.type is ValueType.WINDOW else '带账本的金额'}，"
            "不能放在表达式里；窗口写在 window，金额写在 amount。",
        )
    return type_of_param(found)


def _measure(expr: Measure, here: Context) -> Type:
    if here.readings is None or here.period is None:
        fields = "事实字段、" if here.fact is not None else ""
        return here.fault(
            "no-measure", f"这里不能引用指标“{expr.name}”；这里只能用{fields}属性和参数。"
        )
    return here.readings.type_here(
        expr.name, here.population, here.period, place=here.place, label=here.label
    )


def _binary(expr: Binary, here: Context) -> Type:
    if expr.op in (Op.AND, Op.OR):
        expect(expr.left, Kind.BOOL, here)
        expect(expr.right, Kind.BOOL, here)
        return BOOL
    left, right = type_of(expr.left, here), type_of(expr.right, here)
    if left.kind is Kind.DATE and expr.op in (Op.ADD, Op.SUB):
        return _moved(right, here)
    if expr.op in (Op.ADD, Op.SUB, Op.MUL):
        return _arithmetic([left, right], here, product=expr.op is Op.MUL)
    ordered = expr.op not in (Op.EQ, Op.NE)
    if comparable(left, right, here, ordered=ordered):
        check_word(expr.right, left, here)
        check_word(expr.left, right, here)
    return BOOL


def _moved(found: Type, here: Context) -> Type:
    """A date some days later or earlier."""
    if found.kind is Kind.DATE:
        return here.fault("wrong-type", "两个日期之间的天数请写 days(起, 止)。")
    if found.kind is not Kind.ANY and (found.kind is not Kind.NUMBER or found.digits != 0):
        return here.fault("wrong-type", "日期只能加减整数天，请核对右边的数。")
    return DATE


def comparable(left: Type, right: Type, here: Context, *, ordered: bool = False) -> bool:
    """Whether two types can be compared; notes the fault when they cannot."""
    kinds = {left.kind, right.kind}
    if Kind.ANY in kinds:
        return True
    if kinds & {Kind.PERSONS, Kind.OTHER}:
        here.fault("wrong-type", "多名人员、窗口和金额不能比较；请改用 exists，或另设字段。")
        return False
    alike = (kinds <= _TEXTS and Kind.TEXT in kinds) or kinds == {Kind.TIME, Kind.NUMBER}
    if len(kinds) > 1 and not alike:
        here.fault(
            "wrong-type",
            f"{left.kind.value}与{right.kind.value}不能比较，请核对两边的字段和写法。",
        )
        return False
    if ordered and not kinds <= _ORDERED:
        here.fault(
            "wrong-type",
            f"{left.kind.value}没有大小之分，只能用 =、!= 或 in；请把可取的词逐个列出。",
        )
        return False
    if left.words and right.words and not set(left.words) & set(right.words):
        here.fault("no-common-word", "两边可取的词没有一个相同，永远不会相等，请核对词表。")
        return False
    return True


def check_word(expr: Expr, other: Type, here: Context) -> None:
    """A text literal set against a choice must be one of its words."""
    if not isinstance(expr, Const) or not isinstance(expr.value, str) or other.words is None:
        return
    if expr.value not in other.words:
        here.fault("unknown-word", f"“{expr.value}”不在词表里；{hint(expr.value, other.words)}")


def _in_list(expr: InList, here: Context) -> None:
    found = type_of(expr.of, here)
    for const in expr.values:
        if comparable(found, type_of_const(const), here):
            check_word(const, found, here)


def _between(expr: Between, here: Context) -> None:
    check_interval(expr.interval, type_of(expr.of, here), here)


def check_interval(interval: Interval, found: Type, here: Context) -> None:
    """The ends of a range fit what is compared."""
    for end in (interval.low, interval.high):
        if end is not None:
            comparable(found, type_of_const(end), here, ordered=True)


def _arithmetic(parts: list[Type], here: Context, *, product: bool = False) -> Type:
    total = 0
    for part in parts:
        found = _of_kind(part, Kind.NUMBER, here)
        if found.kind is Kind.ANY:
            continue
        if found.digits is None:
            here.fault(
                "ratio-unrounded",
                "未取整的比率或平均数不能参加运算；请在该指标上写 round，声明保留几位小数和取整方式。",
            )
            continue
        total = total + found.digits if product else max(total, found.digits)
    return Type(Kind.NUMBER, total)


_ARITY: dict[Func, tuple[Kind, int, int]] = {
    Func.DAYS: (Kind.DATE, 2, 2),
    Func.WORKDAYS: (Kind.DATE, 2, 2),
    Func.MINUTES: (Kind.TIME, 2, 2),
    Func.MONTH: (Kind.DATE, 1, 1),
    Func.YEAR: (Kind.DATE, 1, 1),
    Func.MIN: (Kind.NUMBER, 2, 99),
    Func.MAX: (Kind.NUMBER, 2, 99),
    Func.ABS: (Kind.NUMBER, 1, 1),
    Func.FIRST: (Kind.NUMBER, 2, 99),
    Func.FLOOR: (Kind.NUMBER, 2, 2),
    Func.CEIL: (Kind.NUMBER, 2, 2),
}

_CHOOSING = frozenset({Func.FIRST, Func.MIN, Func.MAX})
"""Functions whose value is one of their parts: numbers, or dates."""


def _call(expr: Call, here: Context) -> Type:
    kind, least, most = _ARITY[expr.func]
    if not least <= len(expr.args) <= most:
        wanted = f"{least}个" if least == most else f"至少{least}个"
        return here.fault(
            "wrong-arity", f"{expr.func.value}(…) 要{wanted}参数，写了{len(expr.args)}个，请改正。"
        )
    if kind is not Kind.NUMBER:
        for arg in expr.args:
            expect(arg, kind, here)
        return COUNT
    types = [type_of(arg, here) for arg in expr.args]
    if expr.func in _CHOOSING and any(one.kind is Kind.DATE for one in types):
        for one in types:
            _of_kind(one, Kind.DATE, here)
        return DATE
    found = _arithmetic(types, here)
    if expr.func not in (Func.FLOOR, Func.CEIL):
        return found
    step = expr.args[1]
    if not isinstance(step, Const) or not isinstance(step.value, Fraction) or step.value <= 0:
        here.fault("wrong-step", f"{expr.func.value}(…) 的第二个参数是步长，须是大于零的数字。")
    return COUNT
