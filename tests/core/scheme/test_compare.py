"""What changed between two versions of a plan."""

from __future__ import annotations

from datetime import date

from tests.core.scheme.lint_plan import CLEAN
from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.check import check
from wenyou_core.scheme.compare import ChangeKind, PlanChange, compare
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Adoption, Dated, Plan

OLD = load_plan(CLEAN, "old.yaml")


def edited(*pairs: str) -> Plan:
    text = CLEAN
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_plan(text, "new.yaml")


def test_plan_does_not_differ_from_itself_in_another_file() -> None:
    assert compare(OLD, load_plan("# a comment\n" + CLEAN, "new.yaml")) == ()


def test_changed_rule_is_told_by_its_two_sentences() -> None:
    assert compare(OLD, edited("tie: decide}, amount: -600 元", "tie: all}, amount: -800 元")) == (
        PlanChange(
            ChangeKind.CHANGED,
            "2",
            "「末位扣罚」",
            "投诉率高于平均投诉率且件数不低于最少件数（2）的网点中，投诉率最高的1个，扣600元；并列时由考核小组决定。",
            "投诉率高于平均投诉率且件数不低于最少件数（2）的网点中，投诉率最高的1个，扣800元；并列时并列者均计。",
        ),
    )


def test_changed_value_names_the_rules_that_use_it() -> None:
    (change,) = compare(OLD, edited("type: amount, value: -100 元", "type: amount, value: -150 元"))

    assert (change.article, change.what, change.touches) == ("1", "「扣罚额」", ("有责扣罚",))
    assert "-100元" in change.old
    assert "-150元" in change.new


def test_added_and_removed_rules_are_told() -> None:
    line = "      closing: {title: 未结案提醒, on: incident, where: closed = false, whom: unit, effects: [{task: 督办}]}\n"
    (removed,) = compare(OLD, edited(line, ""))
    (added,) = compare(edited(line, ""), OLD)

    assert (removed.kind, removed.what, removed.new) == (ChangeKind.REMOVED, "「未结案提醒」", "")
    assert (added.kind, added.what, added.old) == (ChangeKind.ADDED, "「未结案提醒」", "")


def test_new_article_is_told_with_all_it_holds() -> None:
    changes = compare(
        OLD,
        edited(
            '  - no: "3"',
            '  - no: "2a"\n    title: 附则\n    kinds: [principle]\n    tells: 解释权。\n  - no: "3"',
        ),
    )

    assert changes == (PlanChange(ChangeKind.ADDED, "2a", "条款", "", "附则"),)


def test_new_reading_and_title_of_an_article_are_told() -> None:
    changes = compare(
        OLD, edited("    title: 扣罚\n", "    title: 扣罚和奖励\n    reading: 从严。\n")
    )

    assert [(one.what, one.old, one.new) for one in changes] == [
        ("标题", "扣罚", "扣罚和奖励"),
        ("考核口径", "", "从严。"),
    ]


def test_changes_before_the_articles_are_told() -> None:
    changes = compare(
        OLD,
        edited(
            "[支行级, 分行级, 总行级]\n", "[支行级, 分行级]\n",
            "{title: 现有星级, type: choice", "{title: 星级, type: choice",
            "posts: [网点负责人]", "posts: [网点主任]",
            "number: {title: 笔数, type: int, required: true}", "number: {title: 笔数, type: int}",
        ),
    )  # fmt: skip

    assert [(one.article, one.what) for one in changes if not one.article] == [
        ("", "词表「levels」"),
        ("", "角色「head」"),
        ("", "人员属性「star」"),
        ("", "事实「volume」"),
    ]
    assert (changes[1].old, changes[1].new) == (
        "网点负责人：岗位网点负责人，代理者instead",
        "网点负责人：岗位网点主任，代理者instead",
    )


def test_bounds_of_a_field_are_told() -> None:
    field = "number: {title: 笔数, type: int, required: true"
    (change,) = compare(OLD, edited(f"{field}}}", f"{field}, least: 0, greatest: 31}}"))

    assert "（笔数，int，必填）" in change.old
    assert "（笔数，int，必填，不小于0，不大于31）" in change.new


def test_adoption_differs_from_its_plan_in_what_it_sets() -> None:
    checked = check(OLD)
    adoption = Adoption(
        id="a",
        plan="clean",
        version="1",
        units=("B",),
        in_force_from=date(2024, 1, 1),
        in_force_to=date(2026, 12, 31),
        values={"choice": (Dated(since=date(2024, 1, 1), value="累加"),)},
        tables={"fines": {"总行级": "-1500 元"}},
    )
    changes = compare(adopt(checked, None), adopt(checked, adoption))

    assert [one.what for one in changes] == ["「取舍」", "「通报扣罚标准」"]
    assert changes[0].touches == ("一事一罚",)
    assert changes[1].touches == ("分级扣罚",)
