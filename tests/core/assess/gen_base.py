"""The ground that random plans stand on: lists, ledgers, fields, fact kinds, populations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

from tests.core.assess.gen_exprs import Names
from wenyou_core.scheme.expr import Const, Expr, Field, InList
from wenyou_core.scheme.model import FactKind, FieldDef, Ledger, Plan, Population, Role
from wenyou_core.scheme.words import PeriodKind, SubjectKind, ValueType

LEVELS = ("轻", "中", "重")
TYPES = ("环境", "用语", "纪律")
KINDS = ("网点", "支行")
CLASSES = ("一类", "二类")
STARS = ("三星", "二星", "一星", "无星")
STEPS = STARS[:3]
LISTS = {"levels": LEVELS, "types": TYPES, "kinds": KINDS, "classes": CLASSES, "stars": STARS}
UNIT, PERSON, ADOPTER = SubjectKind.UNIT, SubjectKind.PERSON, SubjectKind.ADOPTER


def _fields(**types: str) -> dict[str, FieldDef]:
    """``name="choice levels"``, ``name="decimal 1"``, ``name="int"``."""
    found = {}
    for name, text in types.items():
        word, _, more = text.partition(" ")
        kind = ValueType(word)
        choices = more if kind is ValueType.CHOICE else ""
        digits = int(more) if kind is ValueType.DECIMAL else 0
        found[name] = FieldDef(name=name, title=name, type=kind, choices=choices, digits=digits)
    return found


UNIT_FIELDS = _fields(
    kind="choice kinds",
    group="choice classes",
    star="choice stars",
    size="int",
    area="decimal 1",
    opened="date",
    busy="bool",
    name="text",
    helped="unit",
)
PERSON_FIELDS = _fields(
    rank="choice classes", star="choice stars", joined="date", pay="money", helped="unit"
)

FACTS = {
    "finding": FactKind(
        name="finding",
        title="检查问题",
        subjects=(UNIT, PERSON),
        fields=_fields(
            level="choice levels",
            type="choice types",
            days="int",
            loss="money",
            score="decimal 1",
            fixed="bool",
            due="date",
            begins="time",
            ends="time",
            other="unit",
            by="person",
            who="persons",
            ref="fact",
            note="text",
        ),
    ),
    "complaint": FactKind(
        name="complaint",
        title="投诉",
        subjects=(UNIT, PERSON),
        fields=_fields(
            type="choice types", level="choice levels", number="int", due="date", note="text"
        ),
    ),
    "praise": FactKind(
        name="praise",
        title="表扬",
        subjects=(PERSON,),
        fields=_fields(type="choice types", score="decimal 1", number="int", who="persons"),
    ),
    "filing": FactKind(
        name="filing",
        title="报备",
        subjects=(UNIT,),
        fields=_fields(
            type="choice types", starts="date", ends="date", target="fact", fixed="bool"
        ),
    ),
}

POPULATIONS = {
    "outlets": Population(
        name="outlets",
        title="网点",
        of=UNIT,
        where=InList(Field("unit", "kind"), (Const("网点"),)),
        peers=("group",),
    ),
    "units": Population(name="units", title="机构", of=UNIT),
    "staff": Population(name="staff", title="员工", of=PERSON, peers=("rank",)),
    "whole": Population(name="whole", title="全行", of=ADOPTER),
}

PERIODS = (
    (PeriodKind.QUARTER,),
    (PeriodKind.QUARTER, PeriodKind.MONTH),
    (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR),
    (PeriodKind.YEAR, PeriodKind.HALF, PeriodKind.QUARTER),
    (PeriodKind.CAMPAIGN, PeriodKind.MONTH),
    (PeriodKind.HALF, PeriodKind.MONTH),
)


def base_plan(rng: Random) -> Plan:
    """A plan without articles."""
    digits = rng.choice([1, 2, 2, 4])
    return Plan(
        id="random",
        version="1",
        title="随机方案",
        issuer="示范行",
        periods=rng.choice(PERIODS),
        deciding=rng.choice(["happened", "happened", "known", "param.decided"]),
        lists=LISTS,
        ledgers={
            "points": Ledger(name="points", title="积分", unit="分", digits=digits),
            "money": Ledger(name="money", title="金额", unit="元", digits=2),
            "days": Ledger(name="days", title="天数", unit="天", digits=0),
        },
        roles={
            "head": Role(
                name="head",
                title="负责人",
                posts=("主任", "行长"),
                acting=rng.choice(["instead", "also", "no"]),
            ),
            "coach": Role(name="coach", title="辅导员", posts=("辅导员",), acting="also"),
        },
        unit_fields=UNIT_FIELDS,
        person_fields=PERSON_FIELDS,
        facts=FACTS,
        populations=_populations(rng),
    )


def _populations(rng: Random) -> Mapping[str, Population]:
    found = dict(POPULATIONS)
    if rng.random() < 0.4:
        found["outlets"] = replace(found["outlets"], peers=())
    if rng.random() < 0.3:
        found["staff"] = replace(found["staff"], peers=("group",))
    return found


# -- what expressions may name --------------------------------------------------------------


def add_field(names: Names, expr: Expr, one: FieldDef) -> None:
    """Put a field where its type belongs."""
    match one.type:
        case ValueType.INT:
            names.numbers.append((expr, 0))
        case ValueType.DECIMAL:
            names.numbers.append((expr, one.digits))
        case ValueType.MONEY:
            names.numbers.append((expr, 2))
        case ValueType.CHOICE:
            names.words.append((expr, LISTS[one.choices]))
        case ValueType.TEXT:
            names.texts.append(expr)
        case ValueType.DATE:
            names.dates.append(expr)
        case ValueType.TIME:
            names.times.append(expr)
        case ValueType.BOOL:
            names.flags.append(expr)
        case ValueType.UNIT:
            names.ids.append((expr, "U1"))
        case ValueType.PERSON:
            names.ids.append((expr, "P1"))
        case ValueType.FACT:
            names.ids.append((expr, "f1"))
        case _:
            names.lists.append(expr)


def attributes(names: Names, *, person: bool) -> None:
    """Attributes of the unit, and of the person."""
    for name, one in UNIT_FIELDS.items():
        add_field(names, Field("unit", name), one)
    for name, one in PERSON_FIELDS.items() if person else ():
        add_field(names, Field("person", name), one)


def fact_names(kind: str) -> Names:
    """What an expression over facts of a kind may name."""
    names = Names()
    for name, one in FACTS[kind].fields.items():
        add_field(names, Field("fact", name), one)
    names.dates += [Field("fact", "happened"), Field("fact", "known")]
    names.times.append(Field("fact", "at"))
    names.numbers.append((Field("fact", "evidence_count"), 0))
    names.ids.append((Field("fact", "id"), "f3"))
    names.ids.append((Field("fact", "unit"), "U2"))
    if PERSON in FACTS[kind].subjects:
        names.ids.append((Field("fact", "person"), "P2"))
    attributes(names, person=PERSON in FACTS[kind].subjects)
    return names
