"""Ways to appeal: well formed, said in a sentence, and no hindrance to a run when unset."""

from __future__ import annotations

import pytest

from tests.core.scheme.plans import assert_refused, checked, faults
from wenyou_core.scheme.lint import lint
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names

END = "start: known, limit: 3, unit: working_days}"
TOLD = "start: told, limit: 5, unit: working_days"
WINDOW = "opens: 2025-10-09, closes: 2025-10-15"


def with_appeal(body: str, to: str = "to: 办公室") -> tuple[str, str]:
    return END, f"{END}\n    appeals:\n      way: {{title: 书面申诉, {to}, {body}}}"


REFUSED = {
    "nobody to turn to": ("missing-part", "没有写向谁申诉", *with_appeal(TOLD, 'to: ""')),
    "no end": ("missing-part", "没有写到几时为止", *with_appeal("evidence: 材料")),
    "half a time limit": ("missing-part", "期限要同时写", *with_appeal("limit: 5, unit: days")),
    "half a window": ("missing-part", "还要写末日 closes", *with_appeal(f"{TOLD}, opens: 2025-10-09")),
    "a window turned round": ("bad-date", "末日早于首日", *with_appeal("opens: 2025-10-15, closes: 2025-10-09")),
    "a window that ends on a number": ("wrong-type", "closes 要写日期", *with_appeal("closes: 5")),
    "a window by a word": ("wrong-type", "closes 的参数“basis”不是日期", *with_appeal("closes: param.basis")),
    "days by a word": ("wrong-type", "limit 的参数“basis”不是整数", *with_appeal(TOLD.replace("5", "param.basis"))),
    "no days at all": ("bad-number", "limit 须是大于零的整数", *with_appeal(TOLD.replace("5", "0"))),
    "months": ("unknown-word", "期限单位没有“months”", *with_appeal(TOLD.replace("working_days", "months"))),
    "an unknown start": ("unknown-word", "start 没有“known”", *with_appeal(TOLD.replace("told", "known"))),
    "facts that are not there": ("unknown-name", "事实类别“complaints”没有声明", *with_appeal(f"{TOLD}, against: [complaints]")),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_appeal_that_is_not_well_formed_is_refused(what: str) -> None:
    assert_refused("way:", *REFUSED[what])


SAID = {
    TOLD: "对考核结果有异议的，可以向办公室提出申诉，限自告知之日起5个工作日内。",
    WINDOW: "对考核结果有异议的，可以向办公室提出申诉，申诉窗口自2025年10月9日至2025年10月15日。",
    "against: [complaint], start: period_end, limit: param.least, unit: days, evidence: 书面材料": (
        "对事实投诉有异议的，可以向办公室提出申诉，限自考核期末之日起最少件数"
    ),
}


@pytest.mark.parametrize("body", SAID)
def test_appeal_is_said_in_a_sentence(body: str) -> None:
    scope = checked(*with_appeal(body)).scope
    text = sentence_of(Names(scope.plan), scope.appeals["way"])
    assert text.startswith(SAID[body].removesuffix("。"))


def test_unset_days_of_an_appeal_are_a_hint_and_not_an_error() -> None:
    asked = "    params:\n      days: {title: 申诉期限, type: int, question: 几天？}\n"
    old, new = with_appeal(TOLD.replace("5", "param.days"))
    pair = (old, new + "\n" + asked.rstrip("\n"))
    assert faults(*pair) == ()
    found = [one for one in lint(checked(*pair)) if "申诉期限" in one.text]
    assert [(one.code, one.severity.value) for one in found] == [("unset-appeal", "提醒")]
