"""What a plan only tells is kept in it as data: contents, checklists, scope, where it comes from."""

from __future__ import annotations

from datetime import date

import pytest

from tests.desk.bank import ADOPTION
from wenyou_core.assess.bind import bind
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.load import load_adoption
from wenyou_core.scheme.model import Article, Plan
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.plans import open_plan


def plan(name: str) -> Plan:
    return open_plan(name).plan


def article_of(name: str, requirement: str) -> Article:
    """The one article that carries a requirement."""
    (found,) = (one for one in plan(name).articles if requirement in one.covers)
    return found


def items_of(name: str, requirement: str, sheet: str) -> dict[str, list[str]]:
    """The items of a checklist by module; the article must be marked as one that holds such."""
    article = article_of(name, requirement)
    assert "checklist" in [kind.value for kind in article.kinds]
    modules = article.sheets[sheet].modules
    return {module.title: [item.text for item in module.items] for module in modules}


def flat(items: dict[str, list[str]]) -> list[str]:
    return [text for texts in items.values() for text in texts]


# -- checklists ------------------------------------------------------------------------------


@pytest.mark.proves("S000-46", "S000-47")
def test_appearance_differs_by_sex_and_the_greetings_are_three() -> None:
    items = items_of("jsb_sub_branch", "S000-46", "appearance")

    assert any("一线女员工" in text for text in items["仪容仪表"])
    assert any("一线男员工" in text for text in items["仪容仪表"])
    assert items["三声服务"] == ["来有迎声", "问有答声", "走有送声"]


@pytest.mark.proves("S001-12")
def test_entrance_checklist_has_its_four_steps() -> None:
    items = items_of("icbc_season", "S001-12", "entrance")
    assert flat(items) == ["迎候", "识别", "引导", "合理分流"]


@pytest.mark.proves("S002-106", "S002-107", "S002-408")
@pytest.mark.parametrize(
    ("name", "requirements"),
    [("toll_code", ("S002-106", "S002-107")), ("rural_coop", ("S002-408",))],
)
def test_six_uniform_things_are_a_checklist_and_the_ideas_and_the_goal_are_told(
    name: str, requirements: tuple[str, ...]
) -> None:
    for requirement in requirements:
        items = flat(items_of(name, requirement, "six_unifications"))
        parts = ("文化", "标识", "办公环境", "着装", "服务标准", "文明用语")
        assert all(part in text for part, text in zip(parts, items, strict=True))
        tells = article_of(name, requirement).tells
        assert tells.count("、") >= 2
        assert "三种理念是" in tells
        assert "一个目标是" in tells


@pytest.mark.proves(
    "S002-301",
    "S002-302",
    "S002-303",
    "S002-304",
    "S002-305",
    "S002-306",
    "S002-307",
    "S002-308",
    "S002-309",
    "S002-310",
    "S002-311",
    "S002-312",
    "S002-314",
    "S002-320",
    "S002-321",
)
@pytest.mark.parametrize(
    ("requirement", "sheet", "counts"),
    [
        ("S002-301", "grooming", [4, 3]),
        ("S002-302", "dress", [4]),
        ("S002-303", "posture", [5, 6, 1]),
        ("S002-304", "phrases", [9]),
        ("S002-305", "festival_words", [3]),
        ("S002-306", "situation_words", [7]),
        ("S002-307", "signals", [6]),
        ("S002-308", "booth", [2, 3]),
        ("S002-309", "handover", [11]),
        ("S002-310", "leader_daily", [7]),
        ("S002-311", "collector_daily", [10]),
        ("S002-312", "monitor_daily", [5]),
        ("S002-314", "promises", [1, 6, 1, 1]),
        ("S002-320", "lending_tools", [5]),
        ("S002-321", "guidance", [2]),
    ],
)
def test_manual_of_the_toll_window_is_kept_item_by_item(
    requirement: str, sheet: str, counts: list[int]
) -> None:
    items = items_of("toll_window", requirement, sheet)

    assert [len(texts) for texts in items.values()] == counts
    assert all(flat(items))
    assert all(len(set(texts)) == len(texts) for texts in items.values())


@pytest.mark.proves("S002-405", "S002-423", "S003-11", "S004-25")
@pytest.mark.parametrize(
    ("name", "requirement", "sheet", "words"),
    [
        ("rural_coop", "S002-405", "three_standards", ["服务环境", "柜面服务", "内部管理"]),
        (
            "rural_coop",
            "S002-423",
            "queue_relief",
            ["营业时间", "增开窗口", "人员", "自助", "流程", "弹性"],
        ),
        (
            "cib_coaching",
            "S003-11",
            "subjects",
            ["流程", "动线", "礼仪", "内训师", "消保", "6S", "投诉"],
        ),
        ("icbc_measures", "S004-25", "lobby_coaching", ["一对一", "手把手"]),
    ],
)
def test_contents_stand_as_checklists_in_their_order(
    name: str, requirement: str, sheet: str, words: list[str]
) -> None:
    items = flat(items_of(name, requirement, sheet))
    assert all(word in text for word, text in zip(words, items, strict=True))


# -- texts -----------------------------------------------------------------------------------


@pytest.mark.proves(
    "S000-48",
    "S002-105",
    "S002-401",
    "S002-426",
    "S002-503",
    "S002-520",
    "S003-20",
    "S004-05",
    "S004-13",
)
@pytest.mark.parametrize(
    ("name", "requirement", "words"),
    [
        ("jsb_sub_branch", "S000-48", ["二线为一线", "由一线评价"]),
        ("toll_code", "S002-105", ["用语", "礼仪", "规程", "效率", "便民", "水平"]),
        ("rural_coop", "S002-401", ["以客户为中心", "教学材料"]),
        ("rural_coop", "S002-426", ["五点建议", "教学材料"]),
        ("efficiency_storm", "S002-503", ["服务大局", "改革创新", "重点突破", "长远建设"]),
        ("efficiency_storm", "S002-520", ["报刊", "广播", "电视", "网络"]),
        ("cib_coaching", "S003-20", ["助理对标", "流程", "动线", "体验", "投诉"]),
        ("icbc_measures", "S004-05", ["讨论", "换位体验"]),
        ("icbc_measures", "S004-13", ["减负", "情绪", "心理", "帮扶"]),
    ],
)
def test_contents_stand_as_texts_of_their_articles(
    name: str, requirement: str, words: list[str]
) -> None:
    tells = article_of(name, requirement).tells
    assert [word for word in words if word not in tells] == []


@pytest.mark.proves("S000-02")
def test_aims_are_written_down_and_tied_to_measures_that_the_plan_computes() -> None:
    tells = article_of("jsb_sub_branch", "S000-02").tells
    titles = {
        one.title
        for article in plan("jsb_sub_branch").articles
        for one in (*article.measures.values(), *article.rules.values())
    }

    for word, title in (("得分", "季度检查得分"), ("投诉率", "投诉率"), ("表扬", "表扬奖励")):
        assert word in tells
        assert title in titles


@pytest.mark.proves("S002-212", "S002-213")
def test_forms_of_training_are_a_list_that_stays_open_and_its_recorder_is_named() -> None:
    shipped = plan("psbc_double_star")
    fields = shipped.facts["training"].fields
    forms = shipped.lists[fields["form"].choices]

    assert (len(forms), forms[-1]) == (8, "其他")
    assert fields["recorder"].title == "记录人"


# -- where a plan comes from, and whom it is for ---------------------------------------------


@pytest.mark.proves("S000-01")
def test_yearly_plan_names_its_year_its_version_its_issuer_and_the_wider_program() -> None:
    shipped = plan("jsb_sub_branch")

    year, _, edition = shipped.version.partition(".")
    assert (year.isdecimal(), edition.isdecimal()) == (True, True)
    assert shipped.issuer == "支行文明服务工作领导小组"
    assert shipped.parents == ("上级行文明优质服务行动方案",)
    assert shipped.valid_from is not None


@pytest.mark.proves("S002-501")
def test_action_names_the_two_notices_it_follows_by_number() -> None:
    assert [text[-11:] for text in plan("efficiency_storm").parents] == [
        "（2012年118号）",
        "（2012年116号）",
    ]


@pytest.mark.proves("S002-201")
def test_campaign_keeps_its_year_its_superiors_and_its_guiding_idea() -> None:
    shipped = plan("psbc_double_star")

    assert shipped.version.startswith("2010")
    assert shipped.parents != ()
    assert "三个转变" in article_of("psbc_double_star", "S002-201").tells


CAMPAIGN = """\
adoption:
  id: season-2022
  plan: icbc_season
  version: "2022.1"
  units: [B]
  in_force_from: 2022-07-01
  in_force_to: 2022-12-31
"""


@pytest.mark.proves("S001-01")
def test_campaign_has_its_name_the_notice_behind_it_and_its_first_and_last_day() -> None:
    file = open_plan("icbc_season")
    adoption = load_adoption(CAMPAIGN, "采用.yaml")

    assert file.plan.title == "网点客户服务提升季活动方案"
    assert file.plan.parents == ("省行提升季活动通知",)
    for days in ("2022-06-30..2022-12-31", "2022-07-01..2023-01-01"):
        with pytest.raises(SchemeError, match="施行"):
            bind(file.checked, adoption, parse_period(days))
    assert (adoption.in_force_from, adoption.in_force_to) == (
        date(2022, 7, 1),
        date(2022, 12, 31),
    )


@pytest.mark.proves("S002-202", "S002-403")
def test_scope_is_a_population_of_every_outlet_with_its_classes() -> None:
    psbc, coop = plan("psbc_double_star"), plan("rural_coop")

    assert psbc.lists[psbc.unit_fields["class"].choices] == ("自营二类", "代理")
    assert {"outlets", "town_outlets", "rural_outlets"} <= set(psbc.populations)
    assert coop.populations["units"].where is None
    assert "营业部" in article_of("rural_coop", "S002-403").tells


@pytest.mark.proves("S002-110")
def test_last_phase_has_no_end() -> None:
    article = article_of("toll_code", "S002-110")

    assert "经常性" in article.tells
    assert [one.limit for one in article.obligations.values() if one.limit is not None] == []
    assert plan("toll_code").valid_to is None


@pytest.mark.proves("S000-45")
def test_head_looks_into_the_corners_every_single_day() -> None:
    (duty,) = article_of("jsb_sub_branch", "S000-45").obligations.values()

    assert (duty.every, duty.times) == ("day", 1)
    assert "负责人" in duty.who or "主任" in duty.who


# -- who owes what ---------------------------------------------------------------------------


@pytest.mark.proves("S000-04", "S000-49", "S000-51", "S000-52", "S002-209")
@pytest.mark.parametrize(
    ("name", "requirement", "who", "words"),
    [
        ("jsb_sub_branch", "S000-04", "支行办公室（领导小组办公室）", ["考核", "管理", "协调"]),
        ("jsb_sub_branch", "S000-49", "支行办公室", ["办公用品", "清洁用具", "水电"]),
        ("jsb_sub_branch", "S000-51", "巡查保安", ["通知营业部负责人", "登记备查", "节日加大"]),
        ("jsb_sub_branch", "S000-52", "会计出纳科", ["会计出纳政策"]),
        ("jsb_sub_branch", "S000-52", "综合业务科", ["综合业务政策"]),
        ("psbc_double_star", "S002-209", "各单位", ["自查", "问题清单", "方案", "动员会议"]),
    ],
)
def test_every_task_of_an_article_names_who_owes_it_and_what_is_kept_of_it(
    name: str, requirement: str, who: str, words: list[str]
) -> None:
    owed = [one for one in article_of(name, requirement).obligations.values() if one.who == who]
    for word in words:
        (found,) = (one for one in owed if word in one.title)
        assert found.evidence


@pytest.mark.proves("S000-50")
@pytest.mark.parametrize("word", ["求助函", "媒体采访", "投诉"])
def test_office_helps_on_the_day_it_knows_unless_the_adopting_unit_says_otherwise(
    word: str,
) -> None:
    article = article_of("jsb_sub_branch", "S000-50")
    (duty,) = (one for one in article.obligations.values() if word in one.title)

    assert (duty.who, duty.start, duty.unit) == ("支行办公室", "known", "days")
    assert duty.limit == "param.support_days"
    assert [one.value for one in article.params["support_days"].values] == [0]
    assert duty.evidence


def duties_told(bound: Plan, requirement: str) -> dict[str, str]:
    """The sentences of an article's duties, as the list of a plan's duties prints them."""
    (article,) = (one for one in bound.articles if requirement in one.covers)
    return {one.title: sentence_of(Names(bound), one) for one in article.obligations.values()}


@pytest.mark.proves("S000-50")
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "（0）天内（即当天）"),
        ("support_days: 0", "（0）天内（即当天）"),
        ("support_days: 1", "（1）天内"),
    ],
)
def test_list_of_duties_says_the_same_day_or_the_days_that_the_adopting_unit_chose(
    value: str, said: str
) -> None:
    chosen = ADOPTION.replace("客户数}", f"客户数, {value}}}")
    adoption = load_adoption(chosen, "采用.yaml")
    program = bind(open_plan("jsb_sub_branch").checked, adoption, parse_period("2025Q3"))
    told = duties_told(program.plan, "S000-50")

    for title, kept in (
        ("求助函的调查回复第一时间协助", "调查和回复记录"),
        ("媒体采访的接待第一时间协助", "采访接待记录"),
        ("客户投诉纠纷第一时间协助处理", "处理记录"),
    ):
        assert told[title] == (
            f"支行办公室应做到「{title}」，时限自登记日期起第一时间协助的天数{said}，佐证：{kept}。"
        )


@pytest.mark.proves("S000-51")
def test_list_of_duties_says_what_a_patrol_does_about_a_fault_and_on_holidays() -> None:
    told = duties_told(plan("jsb_sub_branch"), "S000-51")

    for sentence in (
        "巡查保安应做到「设备故障即时通知营业部负责人」，时限自发生日期起（未定）分钟内，佐证：巡查记录。",
        "巡查保安应做到「设备故障登记备查」，佐证：巡查记录。",
        "巡查保安应做到「重要节日加大巡查频率」，佐证：“节日巡查安排、巡查记录”。",
    ):
        assert sentence in told.values()


@pytest.mark.proves("S002-425")
def test_registers_of_the_cooperative_bank_ask_nothing_about_who_the_customer_is() -> None:
    shipped = plan("rural_coop")
    fields = [
        (kind.title, one)
        for kind in shipped.facts.values()
        for one in kind.fields.values()
        if one.type.value == "text"
    ]

    assert "只登记服务所需" in article_of("rural_coop", "S002-425").tells
    assert fields
    asked = ("客户姓名", "身份证", "证件", "手机", "电话号码", "住址", "账号", "卡号")
    assert [one.title for _, one in fields if any(word in one.title for word in asked)] == []
