"""Plans are found by name or file, and judged once for each text."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenyou_core.errors import SchemeError
from wenyou_desk.plans import find_plan, open_plan


def test_plan_is_judged_anew_when_its_text_has_changed_and_only_then(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    text = find_plan("cib_coaching").read_text("utf-8")
    file.write_text(text, "utf-8")
    first = open_plan(str(file))

    assert open_plan(str(file)).checked is first.checked

    title = first.plan.title
    file.write_text(text.replace(title, f"{title}（试行）"), "utf-8")
    assert open_plan(str(file)).plan.title == f"{title}（试行）"

    file.write_text("plan: 甲\n", "utf-8")
    for _ in range(2):
        with pytest.raises(SchemeError):
            open_plan(str(file))
