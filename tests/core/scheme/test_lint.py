"""What the lint says with an adoption, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.core.scheme.lint_plan import CLEAN, LAW_FILE, findings, law
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.check import check
from wenyou_core.scheme.lint import Severity, lint, load_law
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Adoption, AdoptionRecord, Dated

PLAN = check(load_plan(CLEAN, "plan.yaml"))
RECORD = AdoptionRecord(
    consulted_on=date(2024, 1, 2), published_on=date(2024, 1, 3), acknowledged_on=date(2024, 1, 4)
)
ADOPTED = Adoption(
    id="a",
    plan="clean",
    version="1",
    units=("B",),
    in_force_from=date(2024, 2, 1),
    in_force_to=date(2026, 12, 31),
    record=RECORD,
)


def codes(adoption: Adoption) -> list[str]:
    return [one.code for one in lint(PLAN, adoption, law())]


def test_sound_adoption_adds_no_findings() -> None:
    assert codes(ADOPTED) == []


def test_adoption_without_its_record_is_told_that_money_is_not_valid() -> None:
    found = lint(PLAN, replace(ADOPTED, record=AdoptionRecord()), law())

    assert [(one.code, one.severity) for one in found] == [("no-record", Severity.ERROR)]
    assert "未经通过程序" in found[0].text
    assert "《劳动合同法》第四条" in found[0].text


def test_value_of_an_adoption_is_judged_too() -> None:
    text = CLEAN.replace(
        "title: 扣罚额, type: amount, value: -100 元", "title: 扣罚额, type: amount"
    )
    values = {"fine": (Dated(since=date(2024, 2, 1), value="100 元"),)}
    open_plan = check(load_plan(text, "plan.yaml"))

    found = lint(open_plan, replace(ADOPTED, values=values), law())

    assert "sign-title" in [one.code for one in found]


def test_without_the_law_nothing_is_said_of_it() -> None:
    assert lint(PLAN, replace(ADOPTED, record=AdoptionRecord())) == ()


def test_value_that_an_adoption_leaves_unset_is_an_error() -> None:
    text = CLEAN.replace("title: 达标线, type: decimal, value: 95", "title: 达标线, type: decimal")
    unset = check(load_plan(text, "plan.yaml"))

    assert [one.severity for one in lint(unset)] == [Severity.HINT]
    assert [one.severity for one in lint(unset, ADOPTED)] == [Severity.ERROR]


def test_findings_stand_in_the_order_of_lines_and_name_their_article() -> None:
    text = CLEAN.replace('"[4, 10]"', '"[5, 10]"').replace("other * 40%", "other * 50%")
    found = findings(text)

    assert [one.code for one in found] == ["band-gap", "weights"]
    assert [one.article for one in found] == ["1", "2"]
    assert found[0].place.line < found[1].place.line
    assert str(found[0]).startswith("错误 plan.yaml 第")
    assert all(one.text.endswith("。") for one in found)


def test_limits_of_the_law_in_another_form_are_refused() -> None:
    text = LAW_FILE.read_text(encoding="utf-8")

    with pytest.raises(SchemeError, match="法定限额表"):
        load_law(text.replace("limits:", "others:"), "law.yaml")
    with pytest.raises(SchemeError, match="法定限额表"):
        load_law(text.replace("share: 20%", "share: 二成"), "law.yaml")
