"""``./wenyou scheme adopt``: what is written can be filled in and is then an adoption."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wenyou_core.errors import SchemeError
from wenyou_core.scheme.adopt import check_adoption
from wenyou_core.scheme.load import load_adoption
from wenyou_core.scheme.model import Adoption, Parameter
from wenyou_core.scheme.words import ValueType
from wenyou_desk.cli import main
from wenyou_desk.plans import PlanFile, open_plan, shipped
from wenyou_desk.scheme.adopt import skeleton

ANSWERS = {
    ValueType.WINDOW: "12 months",
    ValueType.DATE: "2025-03-01",
    ValueType.BOOL: "true",
    ValueType.TIME: '"09:00"',
}


def answer(param: Parameter) -> str:
    if param.choices:
        return param.choices[0]
    if param.type is ValueType.AMOUNT:
        return f"1 {param.unit}"
    return ANSWERS.get(param.type, "1")


def filled(file: PlanFile, text: str) -> Adoption:
    """The adoption, once every blank has an answer."""
    params = file.checked.scope.params
    unit = next(iter(file.plan.ledgers.values())).unit
    text = text.replace("units: []", 'units: ["B"]')
    first = file.plan.valid_from.isoformat() if file.plan.valid_from else "2025-01-01"
    text = text.replace("in_force_from: ", f"in_force_from: {first} ")
    if file.plan.valid_to is not None:
        text = text.replace("  in_force_from", f"  in_force_to: {file.plan.valid_to}\n  in_force_from", 1)  # fmt: skip
    lines = []
    for line in text.splitlines():
        name = line.strip().strip(':"')
        if re.fullmatch(r"    \w+:", line) and name in params:
            line = f"{line} {answer(params[name])}"
        elif line.startswith("      ") and line.endswith(":"):
            line = f"{line} -1 {unit}"
        lines.append(line.replace(": []    #", ": [岗位]    #"))
    adoption = load_adoption("\n".join(lines) + "\n", "采用.yaml")
    check_adoption(file.checked, adoption)
    return adoption


def unset(file: PlanFile) -> set[str]:
    params = file.checked.scope.params.values()
    return {one.name for one in params if not one.values or one.values[-1].value is None}


@pytest.mark.parametrize("name", shipped())
def test_skeleton_with_its_blanks_filled_is_an_adoption_of_the_plan(name: str) -> None:
    file = open_plan(name)

    adoption = filled(file, skeleton(file.plan))

    assert set(adoption.values) == unset(file)
    cells = {
        (table.name, words)
        for table in file.checked.scope.tables.values()
        for words, text in table.values.items()
        if text is None
    }
    assert {(table, words) for table, row in adoption.tables.items() for words in row} == cells


@pytest.mark.parametrize("name", shipped())
def test_readings_that_are_comments_say_what_the_plan_says(name: str) -> None:
    file = open_plan(name)
    text = skeleton(file.plan)
    if "  # values:" in text or "  values:" in text:
        text = text.replace("  # values:", "  values:")
        text = re.sub(r"(?m)^    # (\w+: .+)$", r"    \1", text)

    adoption = filled(file, text)

    params = file.checked.scope.params
    asked = {one.name for one in params.values() if one.question}
    assert asked <= set(adoption.values)


def test_file_is_written_and_none_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "采用.yaml"

    assert main(["scheme", "adopt", "jsb_sub_branch", "--out", str(out)]) == 0
    assert capsys.readouterr().out == (
        f"已写出「{out}」：要填的取值 10 个，另填采用单位和施行起日。\n"
    )
    assert out.read_text("utf-8") == skeleton(open_plan("jsb_sub_branch").plan)

    assert main(["scheme", "adopt", "jsb_sub_branch", "--out", str(out)]) == 2
    assert "已经存在，没有覆盖。" in capsys.readouterr().err


def test_blank_that_stays_empty_is_refused_with_its_line() -> None:
    with pytest.raises(SchemeError, match=r"采用\.yaml 第9行"):
        load_adoption(skeleton(open_plan("jsb_sub_branch").plan), "采用.yaml")
