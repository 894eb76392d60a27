"""The way out of a refusal is added to it, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from wenyou_core.errors import Fault, Place, SchemeError
from wenyou_desk.runs.leading import folders_with_tables, leading_on
from wenyou_desk.tables.loaded import TableFaults

NO_UNITS = Fault(Place(), "no_units", "没有机构。")
REMARK = Fault(Place("a.csv"), "remark", "空行。")


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    (tmp_path / "台账").mkdir()
    (tmp_path / "台账" / "x.csv").write_text("a", encoding="utf-8")
    return tmp_path


def test_refusal_that_leads_on_keeps_what_was_not_listed(bank: Path) -> None:
    refusal = TableFaults([NO_UNITS], remarks=[REMARK], unlisted=7)

    with (
        pytest.raises(TableFaults) as caught,
        leading_on(bank, scheme="house", adopted=False),
    ):
        raise refusal

    assert [one.code for one in caught.value.faults] == ["no_units", "within"]
    assert (caught.value.unlisted, caught.value.remarks) == (7, (REMARK,))
    assert "请把 --facts 指到那里。" in str(caught.value)
    assert "另有 7 处问题没有列出。" in str(caught.value)


def test_folder_that_cannot_be_looked_into_is_passed_over(
    bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (bank / "锁住的").mkdir()
    look = Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        if folder.name == "锁住的":
            raise PermissionError(13, "denied")
        return look(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)

    assert folders_with_tables(bank) == ["台账"]


def test_plan_with_signs_of_the_shell_is_named_in_quotes(bank: Path) -> None:
    unset = SchemeError([Fault(Place(), "unset", "没有取值。")])

    with pytest.raises(SchemeError) as caught, leading_on(bank, scheme="a b.yaml", adopted=False):
        raise unset

    assert "./wenyou scheme adopt 'a b.yaml' 写出" in str(caught.value)
