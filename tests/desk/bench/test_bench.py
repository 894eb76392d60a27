"""The benches compare like with like: every way gives the same ledger, or the speed is refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from wenyou_core.errors import InputRefused
from wenyou_desk import cli
from wenyou_desk.bench.bare import run_bare
from wenyou_desk.bench.branch_once import run_once
from wenyou_desk.bench.command import MODULES, _agreement, _commands
from wenyou_desk.bench.data import Size, write_facts
from wenyou_desk.bench.office import write_office
from wenyou_desk.bench.ours import run_ours
from wenyou_desk.bench.timing import in_turn, measure
from wenyou_desk.runs.resultfile import read_result

SOURCE = Path(__file__).resolve().parents[3] / "src"
SMALL = Size(rows=4_000, outlets=40, people=300, regions=4)


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The launcher tells every process where the program lies."""
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("bench")
    for name in ("facts", "ours", "bare"):
        (home / name).mkdir()
    with duckdb.connect() as connection:
        write_facts(connection, SMALL, home / "facts")
    run_ours(home / "facts", home / "ours")
    run_bare(home / "facts", home / "bare")
    return home


def test_both_ledgers_of_the_bench_hold_the_same_rows(home: Path) -> None:
    assert "一致" in _agreement(home, MODULES[:2])


def test_a_ledger_that_differs_is_no_speed(home: Path) -> None:
    path = home / "bare" / "entries.parquet"
    whole = path.read_bytes()
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_parquet('{path}') WHERE rule <> 'praise_money') TO '{path}.less'"
            " (FORMAT parquet)"
        )
    path.write_bytes(Path(f"{path}.less").read_bytes())

    with pytest.raises(InputRefused, match="不一致"):
        _agreement(home, MODULES[:2])

    path.write_bytes(whole)


@pytest.mark.usefixtures("launched")
def test_the_peer_does_the_same_work_when_run_as_the_bench_runs_it(home: Path) -> None:
    pytest.importorskip("pandas", reason="没有安装 pandas，跳过与它的对照。")

    in_turn(_commands(home / "facts", home, MODULES[2:]), 1)

    assert "3 本账逐条一致" in _agreement(home, MODULES)


@pytest.mark.usefixtures("launched")
def test_a_small_process_stays_small_beside_a_large_bench(tmp_path: Path) -> None:
    """The system counts the memory of whoever starts a process as the peak of what it starts."""
    large = bytearray(300_000_000)
    for at in range(0, len(large), 4096):
        large[at] = 1

    peak = measure(["wenyou_desk.bench.data", "1000", str(tmp_path)]).peak_mb

    assert 10 < peak < 250, peak


@pytest.mark.usefixtures("launched")
def test_a_step_that_fails_gives_no_speed(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="没有完成"):
        measure(["wenyou_desk.bench.data", "1000", str(tmp_path / "nowhere")])


def test_the_same_size_gives_the_same_facts(home: Path, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        write_facts(connection, SMALL, tmp_path)
        query = "SELECT * FROM read_parquet(?) EXCEPT SELECT * FROM read_parquet(?)"
        for path in sorted(tmp_path.glob("*.parquet")):
            rows = connection.execute(query, [str(path), str(home / "facts" / path.name)])
            assert rows.fetchall() == []


def test_an_office_has_at_least_the_facts_that_are_wanted(tmp_path: Path) -> None:
    assert write_office(tmp_path / "office", 5_000) >= 5_000


def test_a_branch_is_assessed_to_a_result_that_can_be_read(tmp_path: Path) -> None:
    folder, out = tmp_path / "office", tmp_path / "result.json"
    write_office(folder, 500)

    wall, processor = run_once(folder, out)

    assert wall > 0
    assert processor > 0
    assert read_result(out).result.entries


def test_a_bench_of_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "assess", "--rows", "0"]) == 2
    assert "1000" in capsys.readouterr().err
