"""result.json that was changed, or is none of ours: a sentence and a code, never a trace."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.desk.bank import complaint, facts_folder, good_rows
from wenyou_core.errors import InputRefused
from wenyou_desk.cli import main
from wenyou_desk.runs.foreign import follows, told_as_foreign
from wenyou_desk.runs.resultfile import read_result

Change = Callable[[dict[str, Any]], None]
GONE = object()
WRONG: tuple[tuple[str, object], ...] = (
    ("run", []),
    ("run.plan", True),
    ("run.adoption", []),
    ("run.lawful", 7),
    ("run.whole", "yes"),
    ("run.known_at", 20250930),
    ("run.digits", []),
    ("run.digits.money", "2"),
    ("run.days", None),
    ("run.days.start", "2025-13-01"),
    ("run.days.kind", "fortnight"),
    ("plan", "text"),
    ("plan.text", "plan:"),
    ("plan.text.3", 7),
    ("plan.file", None),
    ("adoption.file", None),
    ("adoption.text", {}),
    ("names", []),
    ("names.units", "U1"),
    ("names.units.U1", None),
    ("names.persons.0003", []),
    ("subjects", []),
    ("subjects.outlets_and_desks", {}),
    ("values", {}),
    ("values.0", "penalty"),
    ("values.0.name", []),
    ("values.0.name", GONE),
    ("values.0.article", True),
    ("values.0.type", "guess"),
    ("values.0.value", [1]),
    ("values.0.value", GONE),
    ("values.0.digits", "2"),
    ("values.0.unit", 7),
    ("values.0.question", None),
    ("entries", GONE),
    ("entries.0", []),
    ("entries.0.amount", -600),
    ("entries.0.amount", "1e9"),
    ("entries.0.amount", "--1.00"),
    ("entries.0.ledger", "stars"),
    ("entries.0.subject", "unit"),
    ("entries.0.kind", 3),
    ("entries.0.day", ""),
    ("measures.0.value", float("nan")),
    ("facts.0.happened", None),
    ("facts.0.state", "maybe"),
    ("facts.0.values", []),
    ("facts.0.evidence", "3"),
    ("units.0.since", 0),
    ("coverage", {"complaint": True}),
    ("leftout.0.days", "2025"),
    ("files.0.sha256", GONE),
    ("tables", [{"name": "entries", "file": "../other", "rows": 1, "sha256": ""}]),
)
CROOKED: tuple[tuple[str, object], ...] = (
    ("entries.0.rule", "no_such_rule"),
    ("measures.0.measure", "no_such_measure"),
    ("facts.0.kind", "no_such_kind"),
    ("facts.0.values", {"ruling": "乱"}),
    ("subjects", {"no_such_population": []}),
    ("units", []),
    ("posts", []),
    ("plan.text", ["plan: {id: x}"]),
    ("run.days.start", "1999-01-01"),
    ("run.days.kind", "month"),
)
BYTES = {
    "empty": b"",
    "half": b'{"run": {',
    "list": b"[]",
    "number": b"7",
    "other": b'{"schema": "wenyou-statement/2"}',
    "noise": bytes(range(256)),
    "deep": b"[" * 200_000,
    "long number": b'{"schema":' + b"9" * 10_000 + b"}",
    "page": "<!doctype html><title>告知单</title>".encode(),
}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    rows = good_rows()
    rows["complaint"].append(complaint("TS-2", "U2", "", "2025-07-01") | {"state": "待确认"})
    facts = str(facts_folder(folder / "facts", rows))
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", facts]
    assert main([*words, "--out", str(folder / "out")]) == 0
    return folder / "out"


def words_of(command: str, out: Path, path: Path) -> list[str]:
    if command == "verify":
        page = next((out / "告知单").glob("机构-U1-*.html"))
        return ["verify", str(page), "--run", str(path)]
    return ["explain", str(path), "U1"] if command == "explain" else ["diff", str(out), str(path)]


def changed(out: Path, where: str, what: object) -> bytes:
    """The file with one value put in place of another, or taken away."""
    whole = json.loads((out / "result.json").read_bytes())
    *steps, last = [
        int(step) if step.isdigit() and len(step) < 4 else step for step in where.split(".")
    ]
    spot = whole
    for step in steps:
        spot = spot[step]
    if what is GONE:
        del spot[last]
    else:
        spot[last] = what
    return json.dumps(whole, ensure_ascii=False).encode()


def outcome(
    command: str, out: Path, path: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    capsys.readouterr()
    code = main(words_of(command, out, path))
    said = capsys.readouterr()
    return code, said.err or said.out


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_value_of_another_form_is_refused_whoever_reads_it(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    where, what = WRONG[number]
    path = tmp_path / "result.json"
    path.write_bytes(changed(out, where, what))

    code, told = outcome(("explain", "diff", "verify")[number % 3], out, path, capsys)

    assert code == 2
    assert told.startswith("「result.json」不是完好的测算结果（")
    assert told.endswith("不要手工改动。\n")


@pytest.mark.parametrize("command", ["explain", "diff", "verify"])
@pytest.mark.parametrize("change", CROOKED, ids=str)
def test_values_that_do_not_belong_together_never_end_in_a_trace(
    out: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    change: tuple[str, object],
) -> None:
    """What can still be told is told; ``diff`` finds it, ``verify`` does not accept it."""
    path = tmp_path / "result.json"
    path.write_bytes(changed(out, *change))

    code, told = outcome(command, out, path, capsys)

    assert code in (0, 2)
    assert "程序出错" not in told
    assert code == 0 or told.rstrip().endswith("。")


@pytest.mark.parametrize(("number", "kind"), list(enumerate(BYTES)))
def test_other_files_are_refused(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int, kind: str
) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(BYTES[kind])

    code, told = outcome(("explain", "diff", "verify")[number % 3], out, path, capsys)

    assert (code, told.startswith("「x.json」不是完好的测算结果（")) == (2, True)


def test_half_a_character_is_refused_and_a_written_backslash_is_not(out: Path) -> None:
    data = (out / "result.json").read_bytes()
    path = out.parent / "result.json"

    path.write_bytes(data.replace("甲网点".encode(), rb"\ud800"))
    with pytest.raises(InputRefused, match="半个字符"):
        read_result(path)
    path.write_bytes(data.replace("甲网点".encode(), rb"\\ud800"))
    assert read_result(path).unit_names["U1"] == r"\ud800"


def test_failure_over_a_sound_file_is_ours_and_over_a_crooked_one_the_files(out: Path) -> None:
    sound = read_result(out / "result.json")
    path = out.parent / "crooked.json"
    path.write_bytes(changed(out, "entries.0.rule", "no_such_rule"))
    crooked = read_result(path)

    assert (follows(sound), follows(crooked)) == (True, False)
    with pytest.raises(KeyError), told_as_foreign(("a.json", sound)):
        raise KeyError("x")
    refused = pytest.raises(InputRefused, match=r"「b\.json」里的内容前后对不上")
    with refused, told_as_foreign(("a.json", sound), ("b.json", crooked)):
        raise KeyError("x")
