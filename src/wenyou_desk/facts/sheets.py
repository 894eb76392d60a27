"""The sheets a plan asks for: one per kind of fact, and those of the organization."""

from __future__ import annotations

from wenyou_core.assess.facts import DECISION
from wenyou_core.scheme.model import FactKind, Plan
from wenyou_core.scheme.words import State, SubjectKind
from wenyou_desk.facts.columns import (
    FACT_RECORDED,
    person_column,
    recorded_column,
    unit_column,
    with_fields,
)
from wenyou_desk.facts.orgsheets import organization_sheets
from wenyou_desk.tables.spec import Choice, ColumnSpec, Kind, SheetSpec

STATES = {State.CONFIRMED: "已确认", State.PROPOSED: "待确认", State.WITHDRAWN: "已撤销"}
DECISION_TITLE = "决定"
DECISION_WORDS = ("成立", "不成立", "选中", "不选")


def sheets_of(plan: Plan) -> tuple[SheetSpec, ...]:
    """Every sheet of a plan's workbook: the organization, coverage, decisions, then the facts."""
    return (
        *organization_sheets(plan),
        decision_sheet(plan),
        *(fact_sheet(name, kind, plan) for name, kind in plan.facts.items()),
    )


def fact_sheet(name: str, kind: FactKind, plan: Plan) -> SheetSpec:
    """The sheet of one kind of fact: who and when, then the fields that the plan declares."""
    built_in = [
        *_key(),
        *_subjects(kind),
        *_moments("发生日期", "事情发生的那一天。"),
        _state(),
        _evidence(),
    ]
    return SheetSpec(
        name=name,
        title=kind.title,
        columns=with_fields(built_in, kind.fields.values(), plan),
        meaning="每件事一行。更正时另起一行，编号不变，填上新的记录时间。",
    )


def decision_sheet(plan: Plan) -> SheetSpec:
    """The sheet of human decisions; person and grounds are required (see DECISION)."""
    columns = (
        *_key(),
        ColumnSpec(
            name="rule",
            title="规则",
            kind=Kind.CHOICE,
            required=True,
            choices=_rules_that_wait(plan),
            meaning="这项决定用在哪一条规则、等级或评选上。",
        ),
        ColumnSpec(
            name="target",
            title="编号或期间",
            kind=Kind.CODE,
            aliases=("原编号",),
            meaning="针对哪一件事，填其编号；针对一个期间的，填期间，例如 2025Q3。",
        ),
        ColumnSpec(
            name="subject", title="对象", kind=Kind.CODE, meaning="针对谁，填机构号或员工号。"
        ),
        ColumnSpec(
            name="choice",
            title="结论",
            kind=Kind.CHOICE,
            choices=tuple(Choice(word, word) for word in DECISION_WORDS),
        ),
        ColumnSpec(
            name="value", title="数值", kind=Kind.DECIMAL, meaning="在幅度内确定的数，正负同方案。"
        ),
        ColumnSpec(
            name="by", title="决定人", required=True, meaning="作出决定的人，填员工号或姓名。"
        ),
        ColumnSpec(name="grounds", title="理由", required=True),
        *_moments("决定日期", "作出决定的那一天。"),
        _state(),
        _evidence(),
    )
    return SheetSpec(
        name=DECISION,
        title=DECISION_TITLE,
        columns=columns,
        meaning="须由人作出的决定：并列、幅度内取值、是否成立。须有决定人和理由。",
    )


def _rules_that_wait(plan: Plan) -> tuple[Choice, ...]:
    """Whatever a decision can settle, by title; equal titles get their name behind."""
    named: dict[str, str] = {}
    for article in plan.articles:
        for group in (article.rules, article.grades, article.awards):
            for name, thing in group.items():
                named[name] = thing.title or name
    titles = list(named.values())
    choices = (
        Choice(name, title if titles.count(title) == 1 else f"{title}({name})")
        for name, title in named.items()
    )
    return tuple(choices) or (Choice("-", "本方案没有需要决定的规则"),)


def _key() -> tuple[ColumnSpec, ...]:
    meaning = "台账里唯一的编号，同一件事始终用同一个。"
    return (ColumnSpec(name="id", title="编号", kind=Kind.CODE, required=True, meaning=meaning),)


def _subjects(kind: FactKind) -> list[ColumnSpec]:
    first = kind.subjects[0]
    columns = []
    if SubjectKind.UNIT in kind.subjects:
        columns.append(unit_column("unit", required=first is SubjectKind.UNIT))
    if SubjectKind.PERSON in kind.subjects:
        required = kind.person_required or first is SubjectKind.PERSON
        columns.append(person_column("person", required=required))
    return columns


def _moments(happened: str, meaning: str) -> tuple[ColumnSpec, ...]:
    return (
        ColumnSpec(name="happened", title=happened, kind=Kind.DATE, required=True, meaning=meaning),
        ColumnSpec(
            name="at", title="发生时间", kind=Kind.TIME, meaning="知道几点几分的就填，用来排先后。"
        ),
        ColumnSpec(
            name="known",
            title="登记时间",
            kind=Kind.DATETIME,
            required=True,
            aliases=("登记日期",),
            meaning="知道这件事的日期，有时刻的一并填。",
        ),
        recorded_column(FACT_RECORDED),
    )


def _state() -> ColumnSpec:
    return ColumnSpec(
        name="state",
        title="状态",
        kind=Kind.CHOICE,
        required=True,
        choices=tuple(Choice(state.value, title) for state, title in STATES.items()),
        meaning="只有已确认的才计算；其余列入未计入事实。",
    )


def _evidence() -> ColumnSpec:
    return ColumnSpec(
        name="evidence", title="佐证", meaning="文件名或说明，几件之间用顿号、分号或换行隔开。"
    )
