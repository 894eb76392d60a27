"""Every entry as a sentence, and what a run says beside its figures."""

from __future__ import annotations

from pathlib import Path

from tests.desk.bank import ADOPTION, Rows, complaint, good_rows, happening
from tests.desk.made import run_of, sentences


def finding(code: str, day: str, points: str = "2", kind: str = "环境卫生") -> dict[str, str]:
    return {
        **happening(code, day),
        "unit": "U1",
        "person": "0003",
        "type": kind,
        "points": points,
        "counted": "是",
    }


def told(folder: Path, rows: Rows) -> dict[str, str]:
    return sentences(run_of(folder / "facts", rows))


def test_event_names_article_fact_evidence_base_and_result(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"][0] |= {"at": "09:05", "evidence": "录音1；录音2；录音3；录音4"}

    assert told(tmp_path, rows)["responsible event U1"] == (
        "依据三.2(1)「责任性投诉」：2025年7月8日09:05投诉「TS-1」"
        "（甲网点周丙，责任认定有责，佐证4件：录音1、录音2、录音3等），扣100元。"
    )


def test_second_time_names_the_first_and_the_factor(tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [finding("JC-1", "2025-02-10"), finding("JC-2", "2025-08-11")]

    assert told(tmp_path, rows)["repeat_unit event U1"] == (
        "依据三.1「同类问题扣罚（按机构）」：2025年8月11日检查扣分「JC-2」"
        "（甲网点周丙，列入考核：是，问题类型环境卫生），"
        "同类问题的一年（12个月）内第2次，上一次是JC-1，每次扣50元，乘1.5，扣75元。"
    )


def test_computed_amount_names_the_number_it_was_computed_from(tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [finding("JC-1", "2025-08-11", "2.5")]

    assert told(tmp_path, rows)["deduction event U1"] == (
        "依据三「检查扣分」：2025年8月11日检查扣分「JC-1」"
        "（甲网点周丙，列入考核：是，扣分2.5），扣2.5分。"
    )


def test_entry_taken_back_names_the_set_and_what_it_takes_back(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"][0] |= {"media": "是", "neglected": "是"}

    assert told(tmp_path, rows)["responsible excluded U1"] == (
        "依据三.2(1)「责任性投诉」：2025年7月8日投诉「TS-1」（甲网点周丙）同时适用几条，"
        "按「同一投诉的扣罚」只计其一，冲回甲网点（U1）「责任性投诉」扣100元，计+100元。"
    )


def test_limit_names_the_rules_and_the_bound(tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [finding("JC-1", "2025-08-10", "70"), finding("JC-2", "2025-08-11", "40")]

    assert told(tmp_path, rows)["month_floor limit U1"] == (
        "依据三「单月扣完为止」：「检查扣分」合计每期最多扣100分，调整差额，计+10分。"
    )


def test_period_entry_names_the_measures_it_was_read_from(tmp_path: Path) -> None:
    sentence = told(tmp_path, good_rows())["last_above_mean period U1"]

    assert sentence.startswith("依据三.2(1)「高于平均的最后一名」：2025年第三季度期末，")
    assert "投诉率1/1000" in sentence
    assert "全行投诉率（合并平均）1/3000" in sentence
    assert sentence.endswith("扣600元。")


def test_deemed_fact_says_what_it_was(tmp_path: Path) -> None:
    rows = good_rows()
    rows["customer_loss"] = [
        {**happening("LS-1", "2025-08-01"), "unit": "U2", "important": "是", "by_fault": "是"}
    ]

    assert told(tmp_path, rows)["responsible event U2"] == (
        "依据三.2(1)「责任性投诉」：2025年8月1日投诉「LS-1」（原为大户流失）（乙网点），扣100元。"
    )


def test_facts_outside_what_the_run_looks_at_are_remarked_on(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"] += [
        complaint(f"TS-{number}", "U1", "", day)
        for number, day in ((7, "2025-10-02"), (8, "2025-10-03"), (9, "2019-01-02"))
    ]
    rows["org_units"][1]["since"] = "2018-01-01"

    (remark,) = run_of(tmp_path / "facts", rows)[1].remarks

    assert str(remark.place) == "台账.xlsx 工作表「投诉」"
    assert remark.text == (
        "有 3 行不在本次测算所看的2025-07-01至2025-09-30之内，不参与计算（第3至5行）。"
    )


def test_fact_of_an_earlier_quarter_that_a_window_looks_at_is_no_remark(tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [finding("JC-1", "2024-10-10"), finding("JC-2", "2025-08-11")]

    assert run_of(tmp_path / "facts", rows)[1].remarks == ()


def test_rows_recorded_after_the_moment_are_remarked_on_and_do_not_count(tmp_path: Path) -> None:
    rows = good_rows()
    late = {**rows["complaint"][0], "ruling": "无责", "recorded": "2025-10-20 09:00"}
    rows["complaint"].append(late)

    before = run_of(tmp_path / "facts", rows, known_at="2025-10-08")
    after = run_of(tmp_path / "facts", rows)

    assert [remark.text for remark in before[1].remarks] == [
        "有 1 行在数据截止时点之后才记录，本次不计（第3行）。"
    ]
    assert "responsible event U1" in sentences(before)
    assert "responsible event U1" not in sentences(after)


def test_run_without_a_complete_record_is_not_lawful(tmp_path: Path) -> None:
    adoption = ADOPTION.replace(", acknowledged_on: 2024-12-28", "")

    assert run_of(tmp_path / "facts", adoption=adoption)[1].result.lawful is False
    assert run_of(tmp_path / "facts")[1].result.lawful is True
