"""What stands on a statement, and in which words."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.bank import ADOPTION, complaint, good_rows, happening
from tests.desk.made import run_of, sentences
from tests.desk.statements.demo_pages import pages
from tests.desk.statements.pages import gathered, page_of, part, person, unit, words
from wenyou_desk.cli import main
from wenyou_desk.statements import write_statements
from wenyou_desk.statements.gather import Gatherer, subjects_of
from wenyou_desk.statements.render import DATA_OPEN
from wenyou_desk.statements.write import FOLDER, file_name


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Gatherer:
    rows = good_rows()
    rows["complaint"] += [
        complaint("TS-2", "U1", "0003", "2025-08-01", state="待确认"),
        complaint("TS-3", "U2", "0004", "2025-08-02"),
    ]
    return gathered(tmp_path_factory.mktemp("bank") / "facts", rows)


def test_head_names_subject_period_plan_and_adopting_unit(bank: Gatherer) -> None:
    text = words(page_of(bank, person("0003")))

    for told in (
        "考核结果告知单\n周丙（0003）",
        "所在机构 甲网点（U1）",
        "期间 2025年第三季度（2025年7月1日至9月30日）",
        "方案 支行文明优质服务考核方案（",
        "版本2025.1）",
        "采用 示范支行（自2025年1月1日起施行）",
        "数据截止时点 测算时已登记的全部事实",
    ):
        assert told in text, told


def test_head_names_the_documents_of_the_adoption_and_its_last_day(tmp_path: Path) -> None:
    record = "published_on: 2024-12-20, acknowledged_on: 2024-12-28"
    adoption = ADOPTION.replace(record, f"{record}, documents: [示支发〔2024〕18号, 职代会纪要5号]")
    adoption = adoption.replace(
        "in_force_from: 2025-01-01", "in_force_from: 2025-01-01\n  in_force_to: 2025-12-31"
    )
    text = words(page_of(gathered(tmp_path / "facts", adoption=adoption), unit("U1")))
    assert (
        "采用 示范支行（示支发〔2024〕18号、职代会纪要5号，2025年1月1日至2025年12月31日施行）"
        in text
    )


def test_foot_tells_two_adoptions_apart_that_read_alike(tmp_path: Path) -> None:
    first, second = (
        words(
            page_of(
                gathered(tmp_path / one, adoption=ADOPTION.replace("demo-2025", one)), unit("U1")
            )
        )
        for one in ("hd-a", "hd-b")
    )
    head = "采用 示范支行（自2025年1月1日起施行）"
    assert head in first
    assert head in second
    assert re.search("采用文件 hd-a，指纹 [0-9a-f]{64} ", first)
    assert re.search("采用文件 hd-b，指纹 [0-9a-f]{64} ", second)


def test_award_of_the_year_is_said_not_to_be_computed_in_a_quarter(bank: Gatherer) -> None:
    text = words(page_of(bank, unit("U1")))

    told = "本次考核期间不满一个完整的年度，方案里按年度计算的1项评优、1项频次要求没有计算。"
    assert told in text


def test_conclusion_tells_sums_scores_places_and_bars(bank: Gatherer) -> None:
    told = part(page_of(bank, unit("U1")), "结论").splitlines()

    assert "绩效金额合计 −700.00 元（2项，扣700.00）。" in told
    assert "投诉率：1/1000；投诉率名次（低者在前）第2名（2个对象参加比较）。" in told
    bars = part(page_of(bank, person("0003")), "结论")
    assert "2025年7月8日至2025年12月31日取消「个人年度评优资格」。" in bars


def test_every_entry_stands_as_its_sentence_with_its_amount(tmp_path: Path) -> None:
    run = run_of(tmp_path / "facts")
    told, gatherer, names = sentences(run), Gatherer(*run), run[1].person_names

    for entry in run[1].result.entries:
        text = part(page_of(gatherer, entry.subject), "事由与金额")
        sentence = told[f"{entry.rule} {entry.kind.value} {entry.subject.id}"]
        for other in names.keys() - {entry.subject.id}:  # who else was there, is not told
            sentence = sentence.replace(names[other], "某员工1")
        head, _, rest = sentence.removeprefix("依据").partition("：")
        assert f"{head} {rest}".replace("-", "−") in text.replace("-", "−"), sentence


def test_measures_are_told_with_article_and_what_they_were_made_of(bank: Gatherer) -> None:
    text = part(page_of(bank, unit("U1")), "得分、比率与名次")

    assert "计入的投诉件数 条款三.2(1)" in text
    assert "计入：TS-1。" in text
    assert "绩效金额台账所记。本期：第1至2项。" in text
    assert "投诉率：其他1个对象（不具名）：0.0005；投诉率：1/1000（0.001）。" in text


def test_grounds_tell_facts_articles_and_readings(bank: Gatherer) -> None:
    text = part(page_of(bank, unit("U1")), "依据")

    assert "投诉 TS-1 某员工1；" in text
    assert "三.2(1) 投诉量、责任性投诉和评优资格「" in text
    assert "投诉率的分母" in text
    assert "客户数" in text


def test_subject_without_anything_reads_that_there_is_nothing(bank: Gatherer) -> None:
    text = words(page_of(bank, person("0004")))

    assert "本期没有加扣。" in text
    assert "本期没有加扣分录。" in text


def test_facts_that_did_not_count_are_listed_with_the_reason(bank: Gatherer) -> None:
    text = part(page_of(bank, unit("U1")), "尚缺、待定与未计入")

    assert "登记了但没有计入的事实" in text
    assert re.search(r"2025年8月1日投诉「TS-2」（.*）：.*。", text)


def test_provisional_result_says_so_first_and_what_is_missing(tmp_path: Path) -> None:
    rows = good_rows()
    rows["coverage"] = [
        {"kind": "全部事项", "unit": "U1", "since": "2023-01-01", "till": "2025-08-31"},
        {"kind": "全部事项", "unit": "U2", "since": "2023-01-01", "till": "2025-09-30"},
    ]
    gatherer = gathered(tmp_path / "facts", rows)

    own, other = page_of(gatherer, unit("U1")), page_of(gatherer, unit("U2"))

    assert "初步结果资料尚有缺失" in words(own)
    assert words(own).index("初步结果") < words(own).index("结论")
    assert "甲网点（U1）2025年9月1日至9月30日的资料没有声明填报完整：“" in part(
        own, "尚缺、待定与未计入"
    )
    assert "初步结果资料尚有缺失" in words(other)
    assert "另有1个机构的资料没有声明填报完整" in part(other, "尚缺、待定与未计入")
    assert "U1" not in part(other, "尚缺、待定与未计入")


def test_money_without_the_adoption_record_is_marked_beside_the_sum(tmp_path: Path) -> None:
    adoption = "\n".join(line for line in ADOPTION.splitlines() if "record:" not in line)
    text = page_of(gathered(tmp_path / "facts", adoption=adoption + "\n"), unit("U1"))

    assert (
        "未经通过程序采用记录不全（征求意见、公示、告知签收），金额只供测算，不得兑现。"
        in words(text)
    )
    assert "（未经通过程序，只供测算）。" in part(text, "结论")


def test_decision_that_is_awaited_names_nobody_else(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"] = [
        complaint(f"TS-{code}{n}", code, "", "2025-07-08", ruling="有责")
        for code in ("U1", "U2")
        for n in (1, 2)
    ]
    rows["org_units"].append({**rows["org_units"][2], "id": "U3", "name": "丙网点"})
    rows["volume"] = [
        {**happening(f"YW-{code}", "2025-09-30"), "unit": code, "basis": "客户数", "number": "2000"}
        for code in ("U1", "U2", "U3")
    ]
    text = page_of(gathered(tmp_path / "facts", rows), unit("U1"))

    told = part(text, "尚缺、待定与未计入")
    assert "入选边缘并列：甲网点（U1）和另外1个对象（不具名）。" in told
    assert "匿名" not in text.partition(DATA_OPEN)[0]
    assert "U2" not in told


def test_contest_tells_what_the_plan_says_of_appeals_and_where_to_sign(bank: Gatherer) -> None:
    text = part(page_of(bank, unit("U1")), "如有异议")

    assert "申诉成立的投诉不计：" in text
    assert "方案没有写明申诉的期限和受理人" in text
    assert "机构负责人签收：" in text
    assert "本人签收：" in part(page_of(bank, person("0003")), "如有异议")


def test_page_needs_nothing_from_elsewhere_and_runs_no_script(bank: Gatherer) -> None:
    for subject in subjects_of(bank.record.result):
        text = page_of(bank, subject)
        assert re.findall(r"<script[^>]*>", text) == [DATA_OPEN]
        shown = text.partition(DATA_OPEN)[0]
        for foreign in (
            "http:",
            "https:",
            "//",
            "url(",
            "@import",
            " src=",
            "<link",
            "<img",
            " on",
        ):
            assert foreign not in shown.replace("</", ""), foreign


def test_names_that_look_like_markup_stay_words(tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_units"][1]["name"] = '甲</script><b>&"网点'
    gatherer = gathered(tmp_path / "facts", rows)

    text = page_of(gatherer, unit("U1"))

    assert "<b>&" not in text
    assert text.count("</script>") == 1
    assert '甲</script><b>&"网点（U1）' in words(text)


def test_file_names_bear_kind_number_and_name_and_nothing_unfit() -> None:
    assert file_name(unit("U1"), "甲网点") == "机构-U1-甲网点.html"
    assert file_name(person("0003"), "周/丙*?") == "人员-0003-周丙.html"
    names = {file_name(unit(code), "") for code in ("a/b", "a_b", "a:b", "../a")}
    assert len(names) == 4
    assert not any(set(name) & set('/\\:*?"<>|') for name in names)
    assert len(file_name(unit("U1"), "很" * 300).encode()) < 255


def test_assess_writes_a_statement_for_every_unit_and_person(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_of(tmp_path / "facts")
    out = tmp_path / "结果"
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(tmp_path / "facts")]

    assert main([*words, "--out", str(out)]) == 0

    assert sorted(path.name for path in (out / FOLDER).iterdir()) == [
        "人员-0001-陈甲.html",
        "人员-0002-林乙.html",
        "人员-0003-周丙.html",
        "人员-0004-吴丁.html",
        "机构-B-示范支行.html",
        "机构-U1-甲网点.html",
        "机构-U2-乙网点.html",
    ]
    assert "告知单 7 份" in capsys.readouterr().out


def test_a_run_that_did_not_keep_its_facts_writes_none(tmp_path: Path) -> None:
    program, record = run_of(tmp_path / "facts")

    assert write_statements(program, replace(record, whole=False), tmp_path) == 0
    assert not (tmp_path / FOLDER).exists()


def test_statement_that_does_not_bear_out_the_run_is_left_out_and_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program, record = run_of(tmp_path / "facts")
    entries = tuple(
        replace(one, amount=-1) if one.subject == unit("U1") else one
        for one in record.result.entries
    )
    changed = replace(record, result=replace(record.result, entries=entries))

    assert write_statements(program, changed, tmp_path) == 6

    assert not list((tmp_path / FOLDER).glob("机构-U1-*"))
    assert "有 1 个对象（U1）的告知单重算后与测算结果不一致，没有写出" in capsys.readouterr().err


@pytest.mark.proves("S000-12")
def test_points_and_money_stand_side_by_side_and_are_never_added_up() -> None:
    both = [
        (made, text)
        for made, text in pages().values()
        if {entry.ledger for entry in made.result.entries} == {"points", "money"}
    ]
    assert both
    for made, text in both:
        told, rows = part(text, "结论"), part(text, "事由与金额")
        for ledger in made.program.plan.ledgers.values():
            assert told.count(f"{ledger.title}合计") == 1
            assert rows.count(f"{ledger.title}（{ledger.unit}）") == 1
        assert rows.count(" 合计 ") == 2
