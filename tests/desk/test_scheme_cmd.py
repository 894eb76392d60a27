"""``./wenyou scheme`` and its words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.scheme.lint_plan import CLEAN
from wenyou_desk.cli import main
from wenyou_desk.plans import shipped

CASES = """\
cases:
  - name: 有责一件扣一百元
    article: "1"
    fires: [blamed]
    misses: []
    period: 2025Q3
    units: [{id: U1, name: 甲网点, parent: B, site: 城区}]
    facts:
      - {kind: complaint, id: c1, unit: U1, happened: 2025-08-01, ruling: 有责, level: 支行级, late_days: 0, late_hours: 0, serious: false, media: false, event: e1}
    expect:
      entries:
        - {rule: blamed, subject: U1, amount: -100 元}
"""
ADOPTION = """\
adoption:
  id: house
  plan: clean
  version: "1"
  units: [B]
  in_force_from: 2024-01-01
  in_force_to: 2026-12-31
  values: {fine: -150 元}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """The clean plan in a folder of its own, with a case."""
    folder = tmp_path / "house"
    (folder / "cases").mkdir(parents=True)
    (folder / "scheme.yaml").write_text(CLEAN, encoding="utf-8")
    (folder / "cases" / "one.yaml").write_text(CASES, encoding="utf-8")
    (folder / "采用.yaml").write_text(ADOPTION, encoding="utf-8")
    return folder / "scheme.yaml"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, list[str]]:
    code = main(["scheme", *words])
    return code, capsys.readouterr().out.splitlines()


def test_check_counts_what_a_plan_holds(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "check", str(plan))

    assert code == 0
    assert lines[0].startswith("示范方案（clean 1）：条款 3 条，规则 14 条，指标 12 个")
    assert "  「网点等级」由参照引擎在汇总后的行上逐个推算：" in lines[1]
    assert lines[-1] == "共 1 份方案，全部可以载入；条款 3 条，规则 14 条，未定的取值 0 个。"


def test_check_without_a_name_speaks_of_all_shipped_plans(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, lines = said(capsys, "check")

    assert code == 0
    assert lines[-1].startswith(f"共 {len(shipped())} 份方案，全部可以载入；")


def test_check_tells_all_faults_of_a_broken_plan(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CLEAN.replace("whom: unit, amount: param.fine", "whom: unit, amount: param.none")
    plan.write_text(text.replace("rate > mean_rate", "rate > no_rate"), encoding="utf-8")
    code, lines = said(capsys, "check", str(plan))

    assert code == 2
    assert len(lines) == 4
    assert lines[-1].startswith("共 1 份方案，1 份不能载入，毛病 2 处；")


@pytest.mark.parametrize("word", ["check", "lint", "show", "test", "diff"])
def test_plan_that_does_not_load_ends_every_word_with_2(
    word: str, plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(CLEAN.replace("amount: param.fine", "amount: param.none"), encoding="utf-8")
    both = [str(plan)] * (2 if word == "diff" else 1)

    assert main(["scheme", word, *both]) == 2
    assert "参数“none”没有声明" in "".join(capsys.readouterr())


def test_lint_of_a_clean_plan_ends_well(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "lint", str(plan)) == (
        0,
        ["示范方案（clean 1）：没有发现毛病。", "共 1 份方案：错误 0 条，提醒 0 条。"],
    )


def test_lint_ends_with_1_where_there_is_an_error(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(CLEAN.replace(", ceiling: 1000 元", ""), encoding="utf-8")
    code, lines = said(capsys, "lint", str(plan))

    assert code == 1
    assert lines[1].startswith("  错误 house/scheme.yaml 第")
    assert lines[1].endswith("（unbounded）")
    assert lines[-1] == "共 1 份方案：错误 1 条，提醒 0 条。"


def test_lint_of_an_adoption_asks_for_its_record(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = said(capsys, "lint", str(plan), "--adoption", str(plan.parent / "采用.yaml"))

    assert code == 1
    assert "（no-record）" in lines[1]


def test_show_prints_articles_and_sentences(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "show", str(plan))

    assert code == 0
    assert lines[0] == "示范方案（clean 1）"
    assert lines[2] == "1　扣罚（计算规则）"
    assert (
        "    规则「有责扣罚」：投诉中责任认定为有责的，每发生一件，扣机构100元（扣罚额）；"
        "同一件事在「一事一罚」各条中取舍；网点负责人连带50%。" in lines
    )
    assert lines[-1] == f"共 3 条条款，{sum(line.startswith('    ') for line in lines)} 句。"


def test_show_puts_the_values_of_an_adoption_in(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = said(
        capsys, "show", str(plan), "--adoption", str(plan.parent / "采用.yaml"), "--article", "1"
    )

    assert code == 0
    assert any("扣机构150元（扣罚额）" in line for line in lines)
    assert lines[-1].startswith("共 1 条条款，")


def test_show_of_an_unknown_article_is_refused(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scheme", "show", str(plan), "--article", "九"]) == 2
    assert "没有条款“九”。条款有：1、2、3。" in capsys.readouterr().err


def test_article_may_be_typed_with_full_width_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    half = said(capsys, "show", "jsb_sub_branch", "--article", "三.2(1)")

    assert said(capsys, "show", "jsb_sub_branch", "--article", "三.2（1）") == half
    assert half[1][2].startswith("三.2(1)　")


def test_article_behind_its_plan_leads_to_the_word_for_articles(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scheme", "show", str(plan), "2"]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("的条款，不是方案。只看这一条请写 --article 2。\n")


def test_article_with_brackets_is_led_to_in_quotes_as_the_shell_needs_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["scheme", "show", "jsb_sub_branch", "三.2(1)"]) == 2

    assert capsys.readouterr().err.endswith("只看这一条请写 --article '三.2(1)'。\n")


def test_word_that_names_no_plan_is_refused_before_the_first_plan_is_told(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scheme", "show", str(plan), "nowhere"]) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("没有方案「nowhere」。")


def test_plan_without_articles_does_not_load(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan.write_text(CLEAN.partition("articles:")[0], encoding="utf-8")

    assert main(["scheme", "check", str(plan)]) == 2
    assert "方案没有条款，什么也不会计算" in capsys.readouterr().out


def test_test_runs_the_cases_beside_a_plan(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "test", str(plan)) == (
        0,
        ["示范方案（clean 1）：案例 1 个，不通过 0 个。", "共 1 个案例：通过 1 个，不通过 0 个。"],
    )


def test_test_runs_the_cases_on_duckdb(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "test", str(plan), "--engine", "duckdb")

    assert (code, lines[-1]) == (0, "共 1 个案例：通过 1 个，不通过 0 个。")


def test_test_tells_where_a_case_fails(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = plan.parent / "cases" / "one.yaml"
    case.write_text(CASES.replace("amount: -100 元", "amount: -200 元"), encoding="utf-8")
    code, lines = said(capsys, "test", str(plan))

    assert code == 1
    assert "案例“有责一件扣一百元”" in lines[0]
    assert lines[-1] == "共 1 个案例：通过 0 个，不通过 1 个。"


def test_test_with_an_unknown_engine_is_refused(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scheme", "test", str(plan), "--engine", "abacus"]) == 2
    assert "没有引擎「abacus」。" in capsys.readouterr().err


def test_diff_tells_old_and_new_sentences(
    plan: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new.yaml"
    new.write_text(CLEAN.replace("factor: 2,", "factor: 3,"), encoding="utf-8")
    code, lines = said(capsys, "diff", str(plan), str(new))

    assert code == 0
    assert lines[2] == "条款1 修改「重复加倍」"
    assert "每多1件再乘2" in lines[3]
    assert "每多1件再乘3" in lines[4]
    assert lines[-1] == "共 1 处不同：新增 0 处，删去 0 处，修改 1 处。"


def test_diff_of_a_plan_and_its_adoption_tells_the_values(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = said(capsys, "diff", str(plan), "--adoption", str(plan.parent / "采用.yaml"))

    assert code == 0
    assert lines[2] == "条款1 修改「扣罚额」"
    assert lines[-2] == "  用到它的：「有责扣罚」"


def test_diff_with_one_plan_alone_is_refused(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scheme", "diff", str(plan)]) == 2
    assert "比较要有两份方案。" in capsys.readouterr().err


def test_adoption_for_several_plans_is_refused(
    plan: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scheme", "lint", "--adoption", str(plan.parent / "采用.yaml")]) == 2
    assert "采用文件只属于一份方案。" in capsys.readouterr().err


def test_schema_is_printed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = said(capsys, "schema")

    assert code == 0
    assert json.loads("\n".join(lines))["$schema"].endswith("/schema")


def test_day_in_another_form_is_refused(plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scheme", "show", str(plan), "--on", "七月"]) == 2
    assert "“七月”不是日期。" in capsys.readouterr().err
