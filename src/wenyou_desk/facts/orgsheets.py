"""The sheets of the organization: units, people, posts, coverage, opening balances."""

from __future__ import annotations

from wenyou_core.scheme.model import Plan
from wenyou_desk.facts.columns import (
    ROW_RECORDED,
    person_column,
    recorded_column,
    span_columns,
    unit_column,
    with_fields,
)
from wenyou_desk.tables.spec import Choice, ColumnSpec, Kind, SheetSpec

UNITS = "org_units"
PERSONS = "org_persons"
POSTS = "org_posts"
COVERAGE = "coverage"
OPENINGS = "openings"

ALL_KINDS = "*"
"""What stands for every kind of fact in a declaration of coverage."""


def organization_sheets(plan: Plan) -> tuple[SheetSpec, ...]:
    """The five sheets, in the order in which an office fills them."""
    return (_units(plan), _persons(plan), _posts(), _coverage(plan), _openings(plan))


def _units(plan: Plan) -> SheetSpec:
    columns = (
        unit_column("id", required=True),
        ColumnSpec(name="name", title="名称", required=True, aliases=("机构名称", "网点名称")),
        unit_column("parent", required=False, title="上级机构号", meaning="最上一级空着。"),
        *span_columns(
            ("启用日期", "这一行从哪天起有效，一般为开业日。"), ("停用日期", "仍在营业的空着。")
        ),
        recorded_column(ROW_RECORDED),
    )
    return SheetSpec(
        name=UNITS,
        title="机构",
        columns=with_fields(list(columns), plan.unit_fields.values(), plan),
        aliases=("机构表", "网点"),
        meaning="每个机构一行；名称、上级或类别变动时另起一行，启用日期填变动那天。",
    )


def _persons(plan: Plan) -> SheetSpec:
    columns = (
        person_column("id", required=True),
        ColumnSpec(name="name", title="姓名", required=True),
        *span_columns(("起", "这一行从哪天起有效，一般为入职日。"), ("止", "仍在职的空着。")),
        recorded_column(ROW_RECORDED),
    )
    return SheetSpec(
        name=PERSONS,
        title="人员",
        columns=with_fields(list(columns), plan.person_fields.values(), plan),
        aliases=("人员表", "花名册", "员工"),
        meaning="每名员工一行；资料变动时另起一行，「起」填变动那天。",
    )


def _posts() -> SheetSpec:
    return SheetSpec(
        name=POSTS,
        title="任职",
        columns=(
            person_column("person", required=True),
            unit_column("unit", required=True),
            ColumnSpec(name="post", title="岗位", required=True, aliases=("职务",)),
            *span_columns(("起", "任职的第一天。"), ("止", "任职的最后一天，仍在任的空着。")),
            ColumnSpec(
                name="acting", title="代理", kind=Kind.BOOL, meaning="代理填「是」，空白即否。"
            ),
            recorded_column(ROW_RECORDED),
        ),
        aliases=("任职表",),
        meaning="谁在哪个机构任什么岗位，自哪天起、到哪天止。调动时上一段填「止」，另起一行。",
    )


def _coverage(plan: Plan) -> SheetSpec:
    kinds = [Choice(ALL_KINDS, "全部事项", ("全部",))]
    kinds += [Choice(name, kind.title) for name, kind in plan.facts.items()]
    return SheetSpec(
        name=COVERAGE,
        title="覆盖声明",
        columns=(
            ColumnSpec(
                name="kind", title="事项", kind=Kind.CHOICE, required=True, choices=tuple(kinds)
            ),
            unit_column("unit", required=False, meaning="连同下级机构；空白即全部机构。"),
            *span_columns(("起", "登记齐全的第一天。"), ("止", "登记齐全的最后一天。"), ended=True),
            recorded_column(ROW_RECORDED),
        ),
        meaning="声明哪类事项、哪些机构、哪段日期已登记齐全。没有声明的日子算缺失，不当作零。",
    )


def _openings(plan: Plan) -> SheetSpec:
    ledgers = tuple(Choice(name, ledger.title) for name, ledger in plan.ledgers.items())
    return SheetSpec(
        name=OPENINGS,
        title="期初余额",
        columns=(
            unit_column(
                "unit", required=False, meaning="机构的余额填机构号，个人的填员工号，只填一个。"
            ),
            person_column("person", required=False),
            ColumnSpec(
                name="ledger", title="台账", kind=Kind.CHOICE, required=True, choices=ledgers
            ),
            ColumnSpec(name="number", title="余额", kind=Kind.DECIMAL, required=True),
            ColumnSpec(
                name="on",
                title="日期",
                kind=Kind.DATE,
                required=True,
                meaning="余额截至哪一天。",
            ),
            ColumnSpec(name="note", title="备注"),
        ),
        meaning="启用本系统以前已有的积分、金额等。没有就空着。",
    )
