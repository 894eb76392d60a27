"""A statement says until when one may appeal, to whom, by which article."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.bank import ADOPTION, facts_folder, jsb
from tests.desk.statements.pages import page_of, part, unit
from wenyou_desk.runs.command import assess_files
from wenyou_desk.statements.gather import Gatherer
from wenyou_desk.statements.recheck import verify

BEFORE = "    obligations:\n      monthly_inspection:"
PARAMS = "    params:\n      same_type_window:"
MORE = """\
      days: {title: 申诉期限, type: int, question: 几个工作日之内？}
      last: {title: 申诉末日, type: date}
"""


def contested(tmp_path: Path, appeal: str, adoption: str = ADOPTION) -> str:
    """What the page of a unit says about contesting, of a plan with this appeal."""
    text = jsb().text
    assert text.count(BEFORE) == 1
    appeals = f"    appeals:\n      to_group: {{title: 书面申诉, {appeal}}}\n"
    plan = tmp_path / "plan.yaml"
    text = text.replace(BEFORE, appeals + BEFORE).replace(
        PARAMS, "    params:\n" + MORE + PARAMS.partition("\n")[2]
    )
    plan.write_text(text, "utf-8")
    facts_folder(tmp_path / "facts", None, adoption)
    made = Gatherer(*assess_files(str(plan), tmp_path / "facts"))
    page = page_of(made, unit("U1"))
    verify(page.encode())
    return part(page, "如有异议")


@pytest.mark.parametrize(
    ("appeal", "told"),
    [
        # the holiday ends on 8 October and Saturday 11 is worked: 9, 10, 11, 13, 14
        (
            "to: 服务考核小组, against: [finding], start: period_end, limit: 5, unit: working_days",
            "对检查扣分有异议的，可以向服务考核小组提出（书面申诉）；最迟2025年10月14日，即自考核期末日的次日起5个工作日之内。依据条款三.1。",
        ),
        (
            "to: 服务考核小组, start: period_end, limit: 10, unit: days, evidence: 书面材料",
            "对考核结果有异议的，可以向服务考核小组提出（书面申诉），并附书面材料；最迟2025年10月10日，",
        ),
        (
            "to: 分行, start: told, limit: 5, unit: working_days",
            "；自收到本告知单之日的次日起5个工作日之内。",
        ),
        (
            "to: 分行, opens: 2025-10-09, closes: 2025-10-15",
            "；申诉窗口2025年10月9日至2025年10月15日（当日在内）。",
        ),
        (
            "to: 分行, start: told, limit: param.days, unit: days",
            "起算的期限，采用单位还没有填写，请在签收时问明。",
        ),
        ("to: 分行, closes: param.last", "；申诉窗口的起止日期还没有填写，以分行的通知为准。"),
        ("to: 分行, closes: 2025-10-15", "；申诉窗口最迟2025年10月15日（当日在内）。"),
    ],
)
def test_statement_tells_the_last_day_of_an_appeal_and_with_whom(
    tmp_path: Path, appeal: str, told: str
) -> None:
    text = contested(tmp_path, appeal)
    assert told in text
    assert "方案没有写明申诉的期限" not in text


def test_adopting_unit_fills_in_the_last_day_of_an_appeal(tmp_path: Path) -> None:
    values = ADOPTION.replace(
        "{complaint_basis: 客户数}", "{complaint_basis: 客户数, last: 2025-11-03, days: 7}"
    )
    text = contested(tmp_path, "to: 分行, opens: 2025-10-20, closes: param.last", values)
    assert "；申诉窗口2025年10月20日至2025年11月3日（当日在内）。" in text


def test_days_of_the_next_year_that_are_not_announced_yet_are_told_in_words(
    tmp_path: Path,
) -> None:
    text = contested(tmp_path, "to: 分行, start: period_end, limit: 9999, unit: working_days")
    assert "9999个工作日之内（当年放假安排尚未公布，末日待定）" in text
