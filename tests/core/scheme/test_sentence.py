"""What the sentences of a plan say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.scheme.plans import checked
from wenyou_core.scheme.adopt import adopt
from wenyou_core.scheme.model import Adoption, Dated
from wenyou_core.scheme.parse import FACT, SUBJECT, parse_expr
from wenyou_core.scheme.rules import EventRule, Window
from wenyou_core.scheme.sentence import sentence_of, things_of, titled
from wenyou_core.scheme.sentence_clauses import look_text
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names

PLAN = checked().plan
NAMES = Names(PLAN)
THINGS = {thing.name: thing for article in PLAN.articles for thing in things_of(article)}


def test_fixed_amount_names_its_parameter_and_shares() -> None:
    assert sentence_of(NAMES, THINGS["blamed"]) == (
        "投诉中责任认定为有责的，每发生一件，扣机构100元（扣罚额）；同一件事在「一事一罚」各条中取舍；"
        "网点负责人连带50%。"
    )


def test_pick_of_the_last_says_who_decides_a_tie() -> None:
    assert sentence_of(NAMES, THINGS["last"]) == (
        "投诉率高于平均投诉率且件数不低于最少件数（2024年1月1日起1、2025年7月1日起2）的网点中，"
        "投诉率最高的1个，扣600元；并列时按并列（口径：并列者均计）办；网点负责人连带20%。"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("deemed", "检查，视同投诉，责任认定记为有责、逾期天数记为0。"),
        ("raised", "投诉中严重为是的，级别记为总行级。"),
        (
            "filed",
            "投诉，有报备（结论为无责），且其机构与本件机构相同，且归期日不早于其起，且归期日不晚于其止的，不计入考核。",
        ),
        ("capped", "重复合计每期最多扣20分。"),
        (
            "levelled",
            "投诉，每发生一件，按「标准」扣机构；同一件事在「一事一罚」各条中取舍；每年最多扣5000元。",
        ),
        (
            "repeated",
            "投诉，每发生一件，扣机构、人员各1分；在回看（12个月）内（按月的首尾两日均计），机构、级别相同的，第1件按1倍、第2件起按1.5倍；另计，不与其他条款相抵。",
        ),
        (
            "late",
            "投诉，每发生一件，按〔逾期天数〕超过1的部分每满1扣机构、在场人员（在场人员）各0.5分，并取消「标杆」（至当年末）。",
        ),
        (
            "judged",
            "投诉中严重为是的，每发生一件，扣上1级机构的网点负责人200元至500元（由考核小组在此范围内决定）。",
        ),
        (
            "monthly",
            "投诉，按月计，每发生一件，按〔逾期天数〕分档扣机构：介于1（含）与3（不含）之间1分、处于3（含）以上5分。",
        ),
        ("shared", "投诉，每发生一件，给人员记〔-20%×损失〕元（四舍五入保留2位小数）。"),
        ("rate", "件数÷业务量，分母为零的不适用、另列。"),
        ("mean_rate", "投诉率在同组中的合并平均数。"),
        ("score", "网点的合计：以100起算加重复、扣完为止所记。"),
        ("clean", "网点，截至当期连续件数等于0的期数，最多回看4期。"),
        (
            "person_cases",
            "员工的投诉件数，归到经办人，看以人员的入职日期起算、截至期末最近满期的个人周期内。",
        ),
        ("joint_money", "员工的合计：有责的连带部分所记。"),
        (
            "outlet_grade",
            "网点：得分不低于95的评为优（至多占20%）、得分不低于90的评为良、得分不低于60的评为合格、其余评为差；"
            "名额按得分最高的在先；并列时并列者均不计。",
        ),
        (
            "best",
            "网点，须达标（得分不低于95），未被取消「标杆」，取得分最高的10%（按符合条件的对象计、向上取整），"
            "合计奖1000元由获奖者平分，舍去保留2位小数；并列时由考核小组决定。",
        ),
        ("goal", "全行应达到：全行件数不高于10。"),
        ("visits", "办公室应做到「每月检查」，对网点逐个统计，以检查为准，每月1次；按月计。"),
        ("answer", "网点应做到「限时答复」，以投诉为准，时限自登记日期起3个工作日内。"),
        ("quarter_by", "2024年1月1日起取发生日期，类型为选择（发生日期、登记日期）。"),
        ("basis", "未定，由采用单位填写，类型为选择（客户数、笔数）；须答：“按什么作基数？”。"),
        ("fines", "按级别：支行级为-300元、分行级为-600元、总行级为-1200元。"),
        ("once", "同一件事在有责、分级中按取舍（口径：就高）办，来源编号相同的算同一件事。"),
    ],
)
def test_sentence_of_each_kind_of_thing(name: str, said: str) -> None:
    assert sentence_of(NAMES, THINGS[name]) == said


def test_titled_sentence_begins_with_the_title() -> None:
    assert titled(NAMES, THINGS["goal"]) == "全行目标：全行应达到：全行件数不高于10。"


def test_adopted_value_stands_in_the_sentence() -> None:
    adoption = Adoption(
        id="a",
        plan="demo",
        version="1",
        units=("B",),
        in_force_from=date(2025, 1, 1),
        values={"fine": (Dated(since=date(2025, 1, 1), value="-250 元"),)},
    )
    names = Names(adopt(checked(), adoption), on=date(2025, 6, 1))

    assert "扣机构250元（扣罚额）" in sentence_of(names, THINGS["blamed"])
    assert "最少件数（1）" in sentence_of(names, THINGS["last"])


def test_unset_parameter_is_said_to_be_unset() -> None:
    where = parse_expr("note = param.basis", FACT)

    assert sentence_of(NAMES, EventRule(on="complaint", where=where)).startswith(
        "投诉中备注等于基数（未定）的，"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ruling = 有责 and serious = true", "责任认定为有责且严重为是"),
        ("ruling in [有责, 无责] and exists note", "（责任认定为有责或无责）且有备注"),
        (
            "level = 支行级 or level = 分行级 and serious",
            "级别为支行级或（级别为分行级且严重成立）",
        ),
        ("not (ruling = 有责)", "并非（责任认定为有责）"),
        ("late_days between [1, 3)", "逾期天数介于1（含）与3（不含）之间"),
        ("closed_on >= 2025-03-01", "办结日期不早于2025年3月1日"),
        ("days(known, closed_on) <= 3", "相隔天数（登记日期、办结日期）不高于3"),
        ("late_days * 2 + 1 > 5", "逾期天数×2＋1大于5"),
        ("(late_days + 1) * 2 > 5", "（逾期天数＋1）×2大于5"),
        ("unit.region = 投诉", "机构的片区为投诉"),
        ("note = handler", "备注等于经办人"),
        ('note = "甲且乙"', "备注为“甲且乙”"),
    ],
)
def test_expression_over_a_fact(text: str, said: str) -> None:
    assert Speaker(NAMES, "complaint").condition(parse_expr(text, FACT)) == said


def test_number_beside_a_rate_reads_as_a_percentage() -> None:
    expr = parse_expr("rate >= 0.05 and cases >= 0.5 and rate <= 0.50", SUBJECT)

    assert Speaker(NAMES).condition(expr) == "投诉率不低于5%且件数不低于0.5且投诉率不高于0.50"


def test_fields_of_one_title_are_told_apart_by_name() -> None:
    kind = PLAN.facts["complaint"]
    twice = replace(
        kind, fields={**kind.fields, "note": replace(kind.fields["note"], title="级别")}
    )
    names = Names(replace(PLAN, facts={**PLAN.facts, "complaint": twice}))
    speaker = Speaker(names, "complaint")

    assert (
        speaker.condition(parse_expr("note = level", FACT))
        == "「级别（note）」等于「级别（level）」"
    )


def test_odd_numbers_are_shown_exactly() -> None:
    expr = parse_expr("late_days >= 0.125", FACT)

    assert Speaker(NAMES, "complaint").condition(expr) == "逾期天数不低于0.125"


@pytest.mark.parametrize(
    ("window", "of_a_measure", "of_a_repeat"),
    [
        (Window(kind="months", number=12), "截至期末的12个整月", "12个月内（首尾两日均计）"),
        (Window(kind="days", number=365), "365天内（连当日计）", "365天内（连当日计）"),
        (
            Window(kind="param", param="window"),
            "回看（12个月）内（按月的取整月）",
            "回看（12个月）内（按月的首尾两日均计）",
        ),
    ],
)
def test_window_says_whether_its_months_are_whole(
    window: Window, of_a_measure: str, of_a_repeat: str
) -> None:
    assert look_text(NAMES, window) == of_a_measure
    assert look_text(NAMES, window, looks_back=True) == of_a_repeat
