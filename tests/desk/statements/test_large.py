"""Statements of single subjects, out of a large run and out of a kept one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.desk.bank import Rows, complaint, happening, post, unit
from tests.desk.facts.test_parquet_facts import folder_of, many_rows
from wenyou_desk.cli import main
from wenyou_desk.plans import find_plan
from wenyou_desk.runs import bulkrun
from wenyou_desk.statements import large


def two_banks() -> Rows:
    """A second adopting unit with an outlet; 0004 moves there in the middle of the quarter.

    The head office above both, which adopts nothing, upholds an appeal of that unit.
    """
    rows = many_rows(5)
    rows["org_units"] = [
        {**one, "parent": "H"} if one["id"] == "B" else one for one in rows["org_units"]
    ]
    rows["org_units"] += [
        unit("H", "总行", "", "职能部门"),
        unit("C", "另一支行", "H", "支行"),
        unit("U3", "丙网点", "C", "营业网点"),
        unit("U4", "丁网点", "C", "营业网点"),
    ]
    rows["org_persons"].append({**rows["org_persons"][0], "id": "0005", "name": "郑戊"})
    rows["org_posts"] = [one for one in rows["org_posts"] if one["person"] != "0004"]
    rows["org_posts"] += [
        {**post("0004", "U2", "柜员"), "till": "2025-08-14"},
        post("0004", "U3", "柜员", "2025-08-15"),
        post("0005", "U3", "网点负责人"),
    ]
    for number, (where, whose) in enumerate([("U3", "0005"), ("U3", "0004"), ("U4", "")] * 3):
        row = complaint(f"TS-9{number}", where, whose, f"2025-09-{number + 1:02}", ruling="有责")
        rows["complaint"].append(row)
    appeal = {"unit": "H", "target": "TS-90", "result": "支持"}
    rows["appeal"].append({**happening("SS-90", "2025-09-20"), **appeal})
    volume = rows["volume"][0]
    rows["volume"] += [{**volume, "id": f"YW-{code}", "unit": code} for code in ("U3", "U4")]
    return rows


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same facts assessed as a large run (``large``) and as a small one (``small``)."""
    home = tmp_path_factory.mktemp("bank")
    facts = folder_of(home, two_banks())
    adopted = facts / "采用.yaml"
    adopted.write_text(adopted.read_text("utf-8").replace("[B]", "[B, C]"), encoding="utf-8")
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(facts), "--period", "2025Q3"]
    with pytest.MonkeyPatch.context() as patch:
        assert main([*words, "--engine", "reference", "--out", str(home / "small")]) == 0
        patch.setattr(bulkrun, "LARGE", 1)
        assert main([*words, "--out", str(home / "large")]) == 0
    return home


def said(result: Path, out: Path, *codes: str) -> int:
    return main(["statements", str(result), *codes, "--out", str(out)])


def without_marks(page: str) -> str:
    """The page without what names the run: the engine and digests."""
    return re.sub(r'(指纹 |计算引擎 )[^<]*|"(engine|facts_digest)":"[^"]*"', "", page)


def test_statements_of_a_large_run_are_those_of_the_small_one_and_hold(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not (bank / "large" / "告知单").exists()

    assert said(bank / "large", tmp_path / "out", "U1", "U3", "0003", "0004", "0005") == 0

    told = f"在「{tmp_path / 'out'}」写出告知单 5 份，与测算结果一致："
    assert capsys.readouterr().out.startswith(told)
    pages = sorted((tmp_path / "out").glob("*.html"))
    assert len(pages) == 5
    assert main(["verify", *map(str, pages)]) == 0
    for page in pages:
        same = (bank / "small" / "告知单" / page.name).read_text("utf-8")
        assert without_marks(page.read_text("utf-8")) == without_marks(same)


def test_statement_may_be_asked_for_by_a_name_that_nobody_else_has(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = json.loads((bank / "large" / "result.json").read_text("utf-8"))["names"]
    assert said(bank / "large", tmp_path / "out", names["units"]["U1"]) == 0

    assert "机构-U1-" in capsys.readouterr().out


def test_statements_asked_for_later_leave_the_earlier_ones_in_the_folder(
    bank: Path, tmp_path: Path
) -> None:
    for code in ("U1", "U3"):
        assert said(bank / "large", tmp_path / "out", code) == 0

    assert len(list((tmp_path / "out").glob("*.html"))) == 2


def test_figure_of_the_large_run_that_the_facts_do_not_give_is_refused(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A grade, target or bar stands in result.json itself, where a hand can reach it."""
    path = bank / "large" / "result.json"
    sound = path.read_bytes()
    whole = json.loads(sound)
    row = next(one for one in whole["obligations"] if one["subject"] == "unit:U1")
    row["done"] += 1
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")
    try:
        assert said(bank / "large", tmp_path / "out", "U1") == 2
    finally:
        path.write_bytes(sound)

    assert "「U1」的告知单与测算结果不一致，没有写出。" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_changed_copy_of_the_facts_and_a_number_of_nobody_are_refused(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert said(bank / "large", tmp_path / "out", "U1", "X9") == 2
    assert "这次测算里没有「X9」。" in capsys.readouterr().err
    copy = next((bank / "large" / "事实").glob("*.parquet"))
    sound = copy.read_bytes()
    copy.write_bytes(sound + b" ")
    try:
        assert said(bank / "large", tmp_path / "out", "U1") == 2
    finally:
        copy.write_bytes(sound)
    assert "已被改动" in capsys.readouterr().err


def test_adopting_unit_with_too_many_facts_is_refused(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "MOST", 10)

    assert said(bank / "large", tmp_path / "out", "U1") == 2
    assert "采用单位的事实超过 10 件，" in capsys.readouterr().err


def test_kept_run_writes_single_statements_again_with_equal_bytes(
    bank: Path, tmp_path: Path
) -> None:
    assert said(bank / "small", tmp_path / "out", "U1") == 0

    (page,) = (tmp_path / "out").glob("*.html")
    assert page.read_bytes() == (bank / "small" / "告知单" / page.name).read_bytes()


RULE = "whom: unit, amount: param.responsible_fine, together: complaint_fine, date: param.complaint_date"


def test_total_that_units_share_ends_at_the_adopting_unit_and_so_does_what_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = find_plan("jsb_sub_branch").read_text("utf-8")
    assert RULE in text
    plan = tmp_path / "plan" / "scheme.yaml"
    plan.parent.mkdir()
    running = RULE + ", limit: {floor: -150 元, running: true, same: [ruling]}"
    plan.write_text(text.replace(RULE, running), encoding="utf-8")
    facts = folder_of(tmp_path, two_banks())
    adopted = facts / "采用.yaml"
    adopted.write_text(adopted.read_text("utf-8").replace("[B]", "[B, C]"), encoding="utf-8")
    monkeypatch.setattr(bulkrun, "LARGE", 1)
    words = ["assess", "--scheme", str(plan), "--facts", str(facts), "--period", "2025Q3"]
    assert main([*words, "--out", str(tmp_path / "large")]) == 0

    assert said(tmp_path / "large", tmp_path / "out", "U1", "U3") == 0, capsys.readouterr().err
    pages = [page.read_text("utf-8") for page in (tmp_path / "out").glob("*.html")]
    assert len(pages) == 2
    assert all("逐件累计" in page for page in pages)
