"""An adoption is judged against its plan; the shipped plan is never changed."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.core.scheme.plans import checked
from wenyou_core.assess.readings import param_at
from wenyou_core.errors import Fault, SchemeError
from wenyou_core.scheme.adopt import adopt, check_adoption
from wenyou_core.scheme.canon import canonical, digest
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_core.scheme.model import Adoption

FILE = "adoption.yaml"
GOOD = """\
adoption:
  id: demo-2025
  plan: demo
  version: "1"
  units: [B001]
  in_force_from: 2025-01-01
  in_force_to: 2025-12-31
  values:
    basis: 客户数
    fine: [{since: 2025-01-01, value: -80 元}, {since: 2025-07-01, value: -60.5}]
    window: 365 days
    weight: 12.5%
  tables:
    gap: {支行级: -10 元, 总行级: -40 元}
  roles:
    deputy: [副主任]
  record: {consulted_on: 2024-12-10, published_on: 2024-12-20, acknowledged_on: 2024-12-28}
"""
PLAN = checked(
    "whom: head up 1, amount: {range: [-200 元, -500 元]}",
    "whom: deputy, amount: {table: gap}",
)


def adoption(*pairs: str) -> Adoption:
    text = GOOD
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return load_adoption(text, FILE)


def faults(*pairs: str) -> tuple[Fault, ...]:
    try:
        check_adoption(PLAN, adoption(*pairs))
    except SchemeError as error:
        return error.faults
    return ()


REFUSED = {
    "another plan": ("other-plan", "采用文件写的方案是“other”", "plan: demo", "plan: other"),
    "another version": ("other-version", "方案的版本是“1”", 'version: "1"', 'version: "2"'),
    "no units": ("missing-part", "采用单位（units）是空的", "units: [B001]", "units: []"),
    "an end before the beginning": ("bad-date", "施行止日2024-12-31早于起日", "in_force_to: 2025-12-31", "in_force_to: 2024-12-31"),
    "a beginning before the plan": ("bad-date", "早于方案的起日2024-01-01", "in_force_from: 2025-01-01", "in_force_from: 2023-01-01"),
    "an unknown parameter": ("unknown-name", "没有参数“base”；是不是“basis”", "basis: 客户数", "base: 客户数"),
    "a word that is no choice": ("bad-value", "参数“基数”（basis）：“客户”不在可选的词里", "basis: 客户数", "basis: 客户"),
    "a number in place of a word": ("bad-value", "（basis）：", "basis: 客户数", "basis: 3"),
    "a word in place of a number": ("bad-value", "（weight）：“甲”不是数", "weight: 12.5%", "weight: 甲"),
    "an amount of another ledger": ("bad-value", "（fine）：“-80 分”的单位", "value: -80 元", "value: -80 分"),
    "a deduction written as a reward": ("other-sign", "（fine）：方案里是“-100 元”，是扣减；这里写成“80 元”，是奖励", "value: -80 元", "value: 80 元"),
    "a window that is none": ("bad-value", "（window）：“1 century”不是回看期", "window: 365 days", "window: 1 century"),
    "a value after the end": ("bad-date", "自2026-07-01起，晚于施行止日", "since: 2025-07-01", "since: 2026-07-01"),
    "an unknown table": ("unknown-name", "没有表“gaps”；是不是“gap”", "gap: {支行级", "gaps: {支行级"),
    "an unknown cell": ("unknown-word", "“省行级”不在表里", "总行级: -40 元", "省行级: -40 元"),
    "a cell in another ledger": ("two-ledgers", "不在同一个账本", "总行级: -40 元", "总行级: -40 分"),
    "a cell too fine": ("too-many-digits", "小数多于账本“绩效金额”的2位", "总行级: -40 元", "总行级: -40.125 元"),
    "a cell that is no amount": ("bad-cell", "缺少单位", "总行级: -40 元", "总行级: -40"),
    "an unknown role": ("unknown-name", "没有角色“deputies”；是不是“deputy”", "deputy: [副主任]", "deputies: [副主任]"),
    "a role of nobody": ("missing-part", "角色“deputy”没有写岗位", "deputy: [副主任]", "deputy: []"),
    "a record out of order": ("bad-date", "“公示”的日期2024-12-01早于“征求意见”", "published_on: 2024-12-20", "published_on: 2024-12-01"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_an_adoption_that_does_not_fit_its_plan_is_refused(what: str) -> None:
    code, said, *pair = REFUSED[what]
    found = faults(*pair)
    assert faults() == ()
    assert [fault.code for fault in found] == [code], "\n".join(map(str, found))
    assert said in found[0].text
    assert found[0].text.endswith(("。", "？"))
    assert found[0].place.file == FILE


def test_an_end_is_needed_where_the_plan_has_one() -> None:
    ending = checked("valid_from: 2024-01-01", "valid_from: 2024-01-01\n  valid_to: 2025-06-30")
    no_tables = ("  tables:\n    gap: {支行级: -10 元, 总行级: -40 元}\n", "")
    check_adoption(
        ending,
        adoption(
            "in_force_to: 2025-12-31",
            "in_force_to: 2025-06-30",
            "since: 2025-07-01",
            "since: 2025-06-01",
            *no_tables,
        ),
    )
    for given in ("in_force_to: 2025-12-31", "in_force_to: null"):
        with pytest.raises(SchemeError, match="采用的止日须写明且不晚于这一天"):
            check_adoption(ending, adoption("in_force_to: 2025-12-31", given, *no_tables))


def test_cell_that_the_plan_deducts_is_not_adopted_as_a_reward() -> None:
    with pytest.raises(SchemeError) as refused:
        check_adoption(PLAN, adoption("gap: {支行级", "fines: {支行级: 300 元}\n    gap: {支行级"))
    (fault,) = refused.value.faults
    assert fault.code == "other-sign"
    assert fault.text == (
        "表“标准”（fines）的“支行级”：方案里是“-300 元”，是扣减；这里写成“300 元”，是奖励。"
        "扣减请在数前写负号；确要改成奖励，请另立规则。"
    )


def test_unknown_parameter_is_told_with_its_line() -> None:
    (fault,) = faults("basis: 客户数", "base: 客户数")
    assert fault.place.line == GOOD.splitlines().index("    basis: 客户数") + 1


def test_all_faults_of_an_adoption_are_told_at_once() -> None:
    found = faults('version: "1"', 'version: "2"', "basis: 客户数", "base: 客户数")
    assert {fault.code for fault in found} == {"other-version", "unknown-name"}


def test_adoption_of_another_plan_is_one_fault() -> None:
    pairs = ("plan: demo", "plan: other", "basis: 客户数", "base: 客户数", "gap: {", "gaps: {")
    found = faults(*pairs, 'version: "1"', 'version: "2"', "deputy: [副主任]", "other: []")

    assert [fault.code for fault in found] == ["other-plan"]
    assert found[0].text.startswith("adoption.plan：采用文件写的方案是“other”")


def test_an_adoption_puts_values_cells_and_roles_in() -> None:
    adopted = adopt(PLAN, adoption())
    assert param_at(adopted, "basis", date(2025, 3, 1)) == "客户数"
    assert param_at(adopted, "fine", date(2025, 6, 30)) == -80
    assert param_at(adopted, "fine", date(2025, 7, 1)) == Fraction("-60.5")
    assert param_at(adopted, "window", date(2025, 7, 1)) == "365 days"
    assert param_at(adopted, "weight", date(2025, 7, 1)) == Fraction("0.125")
    assert adopted.roles["deputy"].posts == ("副主任",)
    assert adopted.roles["head"].posts == ("网点负责人",)
    assert adopted.articles[1].tables["gap"].values == {"支行级": "-10 元", "总行级": "-40 元"}
    assert adopted.articles[0].params["weight"].digits == 3


def test_a_shipped_plan_is_not_changed_by_an_adoption() -> None:
    before = canonical(PLAN.plan)
    adopt(PLAN, adoption())
    assert canonical(PLAN.plan) == before


def test_the_first_day_in_force_reads_the_days_before_it() -> None:
    adopted = adopt(PLAN, adoption())
    assert param_at(adopted, "basis", date(2024, 1, 1)) == "客户数"
    assert param_at(adopted, "fine", date(2024, 1, 1)) == -80
    assert param_at(adopted, "least", date(2000, 1, 1)) == 1


def test_a_value_from_a_later_day_leaves_the_plans_before_it() -> None:
    later = adoption("basis: 客户数", "least: [{since: 2025-04-01, value: 5}]")
    adopted = adopt(PLAN, later)
    days = [date(2025, 3, 31), date(2025, 4, 1), date(2025, 7, 1)]
    assert [param_at(adopted, "least", day) for day in days] == [1, 5, 5]


def test_without_an_adoption_the_plans_first_day_reads_the_days_before_it() -> None:
    plan = adopt(PLAN, None)
    assert param_at(plan, "least", date(2023, 1, 1)) == 1
    assert param_at(plan, "least", date(2025, 7, 1)) == 2
    assert param_at(plan, "basis", date(2025, 7, 1)) is None


# -- digests ----------------------------------------------------------------------------


def test_the_same_text_in_another_file_with_comments_has_the_same_digest() -> None:
    commented = "# 采用文件\n\n" + GOOD.replace("units: [B001]", "units: [B001]  # 支行")
    assert digest(load_adoption(commented, "other.yaml")) == digest(adoption())


def test_any_other_value_has_another_digest() -> None:
    found = {
        digest(adoption()),
        digest(adoption("basis: 客户数", "basis: 笔数")),
        digest(adoption("units: [B001]", "units: [B002]")),
        digest(adoption("since: 2025-07-01", "since: 2025-07-02")),
    }
    assert len(found) == 4


def test_no_adoption_has_an_empty_digest() -> None:
    assert digest(None) == ""


def test_the_canonical_text_keeps_texts_apart() -> None:
    assert canonical(("a", "b,1:c")) != canonical(("a,1:b", "c"))
    assert canonical((1, True, None)) == "[1,True,None,]"
    with pytest.raises(TypeError, match="no canonical text for set"):
        canonical({1})


def test_a_plan_has_the_digest_of_its_words_and_their_order() -> None:
    text = "plan: {id: a, version: '1', title: t, issuer: i}\nlists: {x: [甲, 乙]}\narticles: []\n"
    one = load_plan(text, "a.yaml")
    assert digest(one) == digest(load_plan("\n" + text, "b.yaml"))
    assert digest(one) != digest(load_plan(text.replace("[甲, 乙]", "[乙, 甲]"), "a.yaml"))


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("plan: demo", "plan: other"),
        ('version: "1"', 'version: "2"'),
        ("units: [B001]", "units: []"),
        ("in_force_from: 2025-01-01", "in_force_from: 2023-01-01"),
        ("in_force_to: 2025-12-31", "in_force_to: 2024-12-31"),
        ("总行级: -40 元", "总行级: -40"),
        ("总行级: -40 元", "总行级: -40 分"),
        ("总行级: -40 元", "总行级: -40.125 元"),
        ("总行级: -40 元", "省行级: -40 元"),
        ("gap:\n", "gaps:\n"),
        ("deputy: [副主任]", "deputies: [副主任]"),
        ("deputy: [副主任]", "deputy: []"),
        ("published_on: 2024-12-20", "published_on: 2024-12-01"),
    ],
)
def test_a_fault_of_an_adoption_names_the_line_of_what_is_wrong(part: str, wrong: str) -> None:
    text = GOOD.replace("{支行级: -10 元, ", "\n      支行级: -10 元\n      ")
    text = text.replace("总行级: -40 元}", "总行级: -40 元").replace("gap: \n", "gap:\n")
    text = text.replace(
        "record: {consulted_on: 2024-12-10, ", "record:\n    consulted_on: 2024-12-10\n    "
    )
    text = text.replace(
        "2024-12-20, acknowledged_on: 2024-12-28}", "2024-12-20\n    acknowledged_on: 2024-12-28"
    )
    assert text.count(part) == 1

    with pytest.raises(SchemeError) as caught:
        check_adoption(PLAN, load_adoption(text.replace(part, wrong), FILE))

    lines = text.replace(part, wrong).splitlines()
    assert wrong.strip() in lines[caught.value.faults[0].place.line - 1]
