"""The sheets that a plan asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.bank import good_rows, jsb, write_xlsx
from wenyou_core.scheme.model import FactKind, FieldDef
from wenyou_core.scheme.words import SubjectKind, ValueType
from wenyou_desk.facts.load import load_book
from wenyou_desk.facts.sheets import decision_sheet, fact_sheet, sheets_of
from wenyou_desk.plans import open_plan, shipped
from wenyou_desk.tables.spec import Kind, SheetSpec
from wenyou_desk.tables.template import write_template


def required(spec: SheetSpec) -> list[str]:
    return [column.title for column in spec.columns if column.required]


def test_workbook_has_the_organization_first_then_a_sheet_per_kind() -> None:
    titles = [spec.title for spec in sheets_of(jsb().plan)]

    assert titles[:8] == [
        "机构", "人员", "任职", "覆盖声明", "期初余额", "决定", "检查扣分", "投诉"
    ]  # fmt: skip
    assert len(titles) == 6 + len(jsb().plan.facts)


def test_fact_sheet_has_who_and_when_before_the_fields_of_the_plan() -> None:
    spec = fact_sheet("criticism", jsb().plan.facts["criticism"], jsb().plan)

    assert [column.title for column in spec.columns] == [
        "编号", "机构号", "员工号", "发生日期", "发生时间", "登记时间", "记录时间", "状态", "佐证",
        "通报级别", "事项编号",
    ]  # fmt: skip
    assert required(spec) == ["编号", "机构号", "发生日期", "登记时间", "状态", "通报级别"]
    assert [choice.title for choice in spec.column("level").choices] == [
        "支行级",
        "分行级",
        "总行级",
    ]


def test_kind_of_people_only_needs_the_person() -> None:
    kind = FactKind(title="考试", subjects=(SubjectKind.PERSON,))

    assert required(fact_sheet("exam", kind, jsb().plan)) == [
        "编号",
        "员工号",
        "发生日期",
        "登记时间",
        "状态",
    ]


def test_kind_that_requires_the_person_needs_both() -> None:
    kind = FactKind(
        title="违规", subjects=(SubjectKind.UNIT, SubjectKind.PERSON), person_required=True
    )

    assert required(fact_sheet("breach", kind, jsb().plan))[:3] == ["编号", "机构号", "员工号"]


def test_field_with_the_title_of_a_built_in_column_keeps_its_name_behind() -> None:
    kind = FactKind(title="报修", fields={"repair": FieldDef(name="repair", title="状态")})

    titles = [column.title for column in fact_sheet("repair", kind, jsb().plan).columns]

    assert titles[-3:] == ["状态", "佐证", "状态(repair)"]


def test_name_that_a_plan_declares_is_the_column_that_every_unit_and_person_has(
    tmp_path: Path,
) -> None:
    plan = jsb().plan
    units = {"name": FieldDef(name="name", title="网点名"), **plan.unit_fields}
    persons = {"name": FieldDef(name="name", title="姓名"), **plan.person_fields}
    named = replace(plan, unit_fields=units, person_fields=persons)

    assert sheets_of(named) == sheets_of(plan)
    path = write_xlsx(tmp_path / "台账.xlsx", good_rows(), named)
    assert load_book([path], named).book == load_book([path], plan).book


def test_money_is_typed_in_yuan_and_people_are_listed_as_text() -> None:
    fields = {
        "loss": FieldDef(name="loss", title="损失", type=ValueType.MONEY),
        "present": FieldDef(name="present", title="在场人员", type=ValueType.PERSONS),
    }
    spec = fact_sheet("loss", FactKind(title="损失", fields=fields), jsb().plan)

    assert (spec.column("loss").kind, spec.column("loss").label) == (Kind.MONEY, "损失(元)")
    assert spec.column("present").kind is Kind.TEXT
    assert spec.column("present").meaning == "填员工号，几个人之间用顿号隔开。"


def test_decision_needs_a_person_and_grounds() -> None:
    assert required(decision_sheet(jsb().plan)) == [
        "编号", "规则", "决定人", "理由", "决定日期", "登记时间", "状态"
    ]  # fmt: skip


def test_rules_of_one_title_are_told_apart_in_the_list_of_decisions() -> None:
    plan = jsb().plan
    article = next(one for one in plan.articles if "praised" in one.rules)
    twin = replace(article.rules["praised"], name="praised_again")
    doubled = replace(article, rules={**article.rules, "praised_again": twin})
    plan = replace(plan, articles=(doubled,))

    choices = decision_sheet(plan).column("rule").choices

    titles = [choice.title for choice in choices]
    assert [title for title in titles if title.startswith("表扬奖励(")] == [
        "表扬奖励(praised)",
        "表扬奖励(praised_again)",
    ]


@pytest.mark.parametrize("name", shipped())
def test_template_of_every_shipped_plan_is_read_back(name: str, tmp_path: Path) -> None:
    plan = open_plan(name).plan
    write_template(tmp_path / "空表.xlsx", sheets_of(plan))

    loaded = load_book([tmp_path / "空表.xlsx"], plan, alone=True)

    assert {count for _, count in loaded.counts} == {0}
    assert [title for title, _ in loaded.counts] == [spec.title for spec in sheets_of(plan)]
