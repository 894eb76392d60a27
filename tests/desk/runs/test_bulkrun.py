"""A run over large Parquet files: entries go to tables, and one subject can still be looked at."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from tests.desk.facts.test_parquet_facts import folder_of, many_rows
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.bench.data import Size, write_facts
from wenyou_desk.bench.scheme import checked
from wenyou_desk.cli import main
from wenyou_desk.plans import PlanFile, open_adoption, open_plan
from wenyou_desk.runs import bulkrun
from wenyou_desk.runs.bulkread import narrowed
from wenyou_desk.runs.bulkrun import is_large, run_bulk, write_bulk_workbook
from wenyou_desk.runs.bulktext import difference_of_large, summary_of_large
from wenyou_desk.runs.command import assess_files
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.resultfile import read_result, write_result
from wenyou_desk.runs.workbook import write_run_workbook

PERIOD = "2023-01-01..2025-12-31"
BENCH = Path(bulkrun.__file__).parents[1] / "bench" / "scheme.yaml"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Facts of a small bank, and beside them a large run of it in ``out``."""
    home = tmp_path_factory.mktemp("bank")
    for name in ("facts", "out"):
        (home / name).mkdir()
    with duckdb.connect() as connection:
        write_facts(connection, Size(rows=3_000, outlets=30, people=200, regions=4), home / "facts")
        people = (
            "SELECT printf('P%06d', n) AS 员工号, printf('员工%06d', n) AS 姓名,"
            " DATE '2020-01-01' AS 起 FROM range(200) AS r(n)"
        )
        path = home / "facts" / "人员.parquet"
        connection.execute(f"COPY ({people}) TO '{path}' (FORMAT parquet)")
    plan = PlanFile("scheme.yaml", BENCH.read_text("utf-8"), checked())
    _, record = run_bulk(plan, None, home / "facts", parse_period(PERIOD), home / "out")
    write_result(record, home / "out" / "result.json")
    return home


@pytest.fixture(scope="module")
def plain(bank: Path) -> RunRecord:
    """The same run with the reference."""
    return assess_files(str(BENCH), bank / "facts", period=PERIOD)[1]


def _rows(path: Path) -> list[tuple[str, ...]]:
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()


def test_entries_and_figures_of_each_subject_are_those_of_the_reference(
    bank: Path, plain: RunRecord
) -> None:
    record = read_result(bank / "out" / "result.json", large=True)

    for unit in [f"U{number:05}" for number in range(12)]:
        one = narrowed(record, bank / "out", unit).result
        for name in ("entries", "measures", "awards"):
            own = [row for row in getattr(plain.result, name) if row.subject.id == unit]
            assert sorted(getattr(one, name), key=str) == sorted(own, key=str)
        assert (one.missing, one.waiting) == (plain.result.missing, plain.result.waiting)


def test_totals_and_uncounted_facts_are_those_of_the_reference(
    bank: Path, plain: RunRecord
) -> None:
    record = read_result(bank / "out" / "result.json", large=True)

    sums: dict[tuple[str, str, str], list[int]] = {}
    for entry in plain.result.entries:
        sums.setdefault((entry.rule, entry.ledger, entry.period), []).append(entry.amount)
    found = {(one.rule, one.ledger, one.period): (one.count, one.amount) for one in record.totals}
    assert found == {key: (len(amounts), sum(amounts)) for key, amounts in sums.items()}
    rows = _rows(bank / "out" / "明细" / "未计入.parquet")
    told = {(one.fact_kind, one.fact, one.reason) for one in plain.result.uncounted}
    assert {row[:3] for row in rows} == told
    assert len(rows) == len(told) > 50


def test_a_plan_with_references_and_nodes_of_the_reference_gives_the_same_entries(
    tmp_path: Path,
) -> None:
    folder, out = folder_of(tmp_path, many_rows(5)), tmp_path / "out"
    out.mkdir()
    plan = open_plan("jsb_sub_branch")
    adoption = open_adoption(folder / "采用.yaml", plan)

    _, record = run_bulk(plan, adoption, folder, parse_period("2025Q3"), out)

    whole = assess_files("jsb_sub_branch", folder, period="2025Q3")[1].result
    subjects = {entry.subject for entry in whole.entries}
    assert len(subjects) == 2
    for subject in subjects:
        one = narrowed(record, out, subject.id).result
        own = [entry for entry in whole.entries if entry.subject.id == subject.id]
        assert sorted(one.entries, key=str) == sorted(own, key=str)
        assert one.measures == whole.measures
    rows = _rows(out / "明细" / "未计入.parquet")
    assert sorted(row[:2] for row in rows) == sorted(
        (one.fact_kind, one.fact) for one in whole.uncounted if one.fact_kind != "decision"
    )


def _sheets_of(path: Path) -> dict[str, object]:
    book = CalamineWorkbook.from_path(str(path))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_workbook_of_a_large_run_has_the_sheets_of_an_ordinary_one_without_the_entries(
    bank: Path, tmp_path: Path
) -> None:
    plan = PlanFile("scheme.yaml", BENCH.read_text("utf-8"), checked())
    (tmp_path / "large").mkdir()
    program, record = run_bulk(plan, None, bank / "facts", parse_period(PERIOD), tmp_path / "large")
    write_bulk_workbook(program, record, tmp_path / "large", "large.xlsx")
    write_run_workbook(*assess_files(str(BENCH), bank / "facts", period=PERIOD), tmp_path / "plain")

    large, plain = _sheets_of(tmp_path / "large" / "large.xlsx"), _sheets_of(tmp_path / "plain")
    assert [name for name in large if name.endswith("测算表")] == [
        name for name in plain if name.endswith("测算表")
    ]
    assert set(plain) - set(large) == {"分录", "机构汇总", "个人汇总", "未计入事实", "评优资格"}
    del large["参数与口径"], plain["参数与口径"]  # these name the program that computed
    assert large == {name: plain[name] for name in large}
    assert len(cast(list[object], large["网点测算表"])) > 20


def test_workbook_of_figures_left_to_the_reference_is_that_of_an_ordinary_run(
    tmp_path: Path,
) -> None:
    folder = folder_of(tmp_path, many_rows(5))
    (tmp_path / "out").mkdir()
    plan = open_plan("jsb_sub_branch")
    adoption = open_adoption(folder / "采用.yaml", plan)
    program, record = run_bulk(plan, adoption, folder, parse_period("2025Q3"), tmp_path / "out")
    write_bulk_workbook(program, record, tmp_path / "out", "large.xlsx")
    whole = assess_files("jsb_sub_branch", folder, period="2025Q3")
    write_run_workbook(*whole, tmp_path / "plain")

    large = _sheets_of(tmp_path / "out" / "large.xlsx")
    plain = _sheets_of(tmp_path / "plain")
    del large["参数与口径"]  # it names the program that computed
    assert large == {name: plain[name] for name in large}
    assert "兑现表" in large


def test_explain_tells_one_subject_of_a_large_run(
    bank: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", str(bank / "out"), "网点00003"]) == 0

    told = capsys.readouterr().out
    assert told.startswith("网点00003（U00003）")
    assert "依据2「投诉扣点」" in told


def test_a_large_run_is_refused_where_all_entries_would_be_needed(bank: Path) -> None:
    with pytest.raises(InputRefused, match="明细表"):
        read_result(bank / "out" / "result.json")


def test_difference_of_large_runs_compares_the_sums_of_rules(
    bank: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = read_result(bank / "out" / "result.json", large=True)
    plan = PlanFile("scheme.yaml", BENCH.read_text("utf-8"), checked())
    _, new = run_bulk(plan, None, bank / "facts", parse_period("2025"), tmp_path)

    told = difference_of_large(old, new)

    assert "投诉扣点（2023年）：" in told
    assert "投诉扣点（2025年）：" not in told
    assert "变为 0 条合计 0分，差 +" in told
    assert "00分" not in told
    assert main(["diff", str(bank / "out"), str(bank / "out")]) == 0
    assert "没有差别" in capsys.readouterr().out


def test_a_table_that_was_changed_is_refused(bank: Path, tmp_path: Path) -> None:
    record = read_result(bank / "out" / "result.json", large=True)
    (tmp_path / "明细").mkdir()
    for one in record.tables:
        (tmp_path / one.file).write_bytes((bank / "out" / one.file).read_bytes())
    (tmp_path / record.tables[-1].file).write_bytes(b"other")

    with pytest.raises(InputRefused, match="已被改动"):
        narrowed(record, tmp_path, "U00001")


def test_the_summary_says_how_one_subject_is_looked_at(bank: Path) -> None:
    record = read_result(bank / "out" / "result.json", large=True)
    program, _ = assess_files(str(BENCH), bank / "facts", period=PERIOD)

    told = summary_of_large(program, record, Path("结果"))

    assert "./wenyou explain 结果 机构号" in told
    assert f"分录 {sum(one.count for one in record.totals)} 条" in told


def test_a_folder_is_large_by_the_rows_of_its_files(bank: Path, tmp_path: Path) -> None:
    plan = PlanFile("scheme.yaml", BENCH.read_text("utf-8"), checked())
    with duckdb.connect() as connection:
        rows = f"SELECT * FROM range({bulkrun.LARGE})"
        connection.execute(f"COPY ({rows}) TO '{tmp_path / '投诉.parquet'}' (FORMAT parquet)")

    assert not is_large(bank / "facts", plan)
    assert is_large(tmp_path, plan)
