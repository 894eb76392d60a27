"""The command line: words, sentences and exit codes."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import east_asian_width

import pytest

from wenyou_desk.cli import COMMANDS, Command, load, main, make_parser
from wenyou_desk.parser import in_chinese
from wenyou_desk.version import version

PLANTED = """
from __future__ import annotations

import errno
import os

from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said


KINDS = ["fine", "refused", "broken", "stopped", "denied", "lost", "full", "inside", "loading"]


def add_arguments(parser):
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--rows", type=int, default=1)
    parser.add_argument("--to", type=path_said)


def run(args):
    if args.kind == "refused":
        raise InputRefused("planted", "台账是空的。请先填写。")
    if args.kind == "broken":
        raise ZeroDivisionError("planted")
    if args.kind == "stopped":
        raise KeyboardInterrupt
    if args.kind == "denied":
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "结果.json")
    if args.kind == "lost":
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "结果.json")
    if args.kind == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if args.kind == "inside":
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), "台账.csv/结果")
    if args.kind == "loading":
        raise ImportError("planted") from KeyboardInterrupt()
    for row in range(args.rows):
        print(row)
    return 3
"""


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Command, ...]:
    """One command that fails in the way it is told to, and one whose module is not there."""
    (tmp_path / "planted_command.py").write_text(PLANTED, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    importlib.invalidate_caches()
    return (
        Command("planted", "试一试", "planted_command"),
        Command("absent", "没有这个模块", "planted_absent"),
    )


def refusal(words: list[str], commands: tuple[Command, ...]) -> object:
    with pytest.raises(SystemExit) as left:
        main(words, commands)
    return left.value.code


def test_exit_code_of_a_command_is_passed_on(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "fine"], commands) == 3
    assert capsys.readouterr().out == "0\n"


def test_help_names_every_command_without_importing_it(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(["--help"], commands) == 0

    assert capsys.readouterr().out.endswith(
        "命令：\n  planted  试一试\n  absent   没有这个模块\n\n"
        "另有：test（全部测试）、check（代码检查）、fmt（整理格式），供开发者使用。\n"
    )


def test_no_words_print_the_help_and_do_not_count_as_done(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], commands) == 2
    assert capsys.readouterr().out.startswith("用法：./wenyou ")


def test_unknown_command_is_refused_with_the_known_ones(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(["plantde"], commands) == 2

    assert capsys.readouterr().err == (
        "没有「plantde」这个命令，是否指「planted」？可以是：planted、absent。用 ./wenyou --help 查看用法。\n"
    )


def test_unknown_command_that_is_near_to_none_is_refused_without_a_guess(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(["xyz"], commands) == 2

    assert capsys.readouterr().err.startswith("没有「xyz」这个命令，可以是：planted、absent。")


def test_word_that_a_command_does_not_know_leads_to_the_help_of_that_command(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal(["planted", "fine", "--what"], commands) == 2

    assert capsys.readouterr().err == (
        "不认识的参数：--what。用 ./wenyou planted --help 查看用法。\n"
    )


def test_refused_input_is_told_in_its_sentence(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "refused"], commands) == 2
    assert capsys.readouterr().err == "台账是空的。请先填写。\n"


def test_interruption_is_told_in_one_line(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "stopped"], commands) == 130
    assert capsys.readouterr().err == "已中断，没有写完的结果请不要使用。\n"


def test_interruption_while_a_library_is_loaded_is_told_as_one(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "loading"], commands) == 130
    assert capsys.readouterr().err == "已中断，没有写完的结果请不要使用。\n"


@pytest.mark.parametrize(
    ("encoding", "read_as"), [("ascii", "utf-8"), ("latin-1", "utf-8"), ("gb18030", "gb18030")]
)
def test_streams_that_know_no_chinese_are_written_as_utf8(encoding: str, read_as: str) -> None:
    told = _run("wenyou_desk", "--help", PYTHONIOENCODING=encoding)
    refused = _run("wenyou_desk", "asess", PYTHONIOENCODING=encoding)

    assert told.stdout.decode(read_as).startswith("用法：./wenyou")
    assert refused.stderr.decode(read_as).startswith("没有「asess」这个命令")


def test_sign_that_a_stream_does_not_know_stops_nothing(tmp_path: Path) -> None:
    out = tmp_path / "\U0001f600.xlsx"
    told = _run(
        "wenyou_desk", "facts", "template", "fhrs", "--out", str(out), PYTHONIOENCODING="gbk"
    )

    assert (told.returncode, out.is_file()) == (0, True)
    assert "\\U0001f600.xlsx" in told.stdout.decode("gbk")


@pytest.mark.skipif(os.name != "posix", reason="没有这种上限")
def test_workbook_without_room_is_told_in_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    out, parts = tmp_path / "out", tmp_path / "tmp"
    out.mkdir()
    parts.mkdir()
    words = ["facts", "template", "jsb_sub_branch", "--out", str(out / "表.xlsx")]
    limited = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from wenyou_desk.cli import main
sys.exit(main({words!r}))
"""
    told = _run(limited, TMPDIR=str(parts))

    assert (told.returncode, told.stderr.decode().count("\n")) == (2, 1)
    assert told.stderr.decode().endswith("请处理后再运行一次。\n")
    assert not [*out.iterdir(), *parts.iterdir()]


def _run(what: str, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A process of its own: a module with words, or a program."""
    said = ["-m", what, *words] if words else ["-c", what]
    return subprocess.run(
        [sys.executable, *said],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def test_file_that_the_machine_refuses_is_named(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "denied"], commands) == 2
    assert capsys.readouterr().err == ("「结果.json」读写未成功：没有权限。请处理后再运行一次。\n")


def test_full_disk_is_told_though_no_file_is_named(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "full"], commands) == 2
    assert capsys.readouterr().err == "读写未成功：磁盘已满。请处理后再运行一次。\n"


def test_path_through_a_file_is_refused_with_the_path(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["planted", "inside"], commands) == 2
    assert "台账.csv/结果" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["fine", "refused"])
def test_closed_standard_streams_do_not_stop_a_command(
    commands: tuple[Command, ...], monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    code = main(["planted", kind], commands)
    for nowhere in (sys.stdout, sys.stderr):
        nowhere.close()
    assert code == {"fine": 3, "refused": 2}[kind]


@pytest.mark.parametrize("kind", ["broken", "lost"])
def test_unexpected_exception_leaves_its_trace_in_a_file_and_one_sentence(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    assert main(["planted", kind], commands) == 70

    [log] = tmp_path.glob("wenyou-error-*.log")
    assert capsys.readouterr().err == (
        f"程序出错，没有完成；详细记录在「{log}」，请连同用到的文件交给维护人员。\n"
    )
    kept = log.read_text(encoding="utf-8")
    assert f"words: ['planted', '{kind}']" in kept
    assert "planted_command.py" in kept


def test_command_whose_module_is_gone_is_a_crash_and_not_a_trace(
    commands: tuple[Command, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["absent"], commands) == 70
    assert capsys.readouterr().err.count("\n") == 1


def test_reader_that_leaves_early_is_no_error(tmp_path: Path, root: Path) -> None:
    (tmp_path / "planted_command.py").write_text(PLANTED, encoding="utf-8")
    program = (
        "import sys\nfrom wenyou_desk.cli import Command, main\n"
        "sys.exit(main(['planted', 'fine', '--rows', '99999'],"
        " [Command('planted', '试', 'planted_command')]))"
    )
    paths = os.pathsep.join([str(root / "src"), str(tmp_path)])
    running = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert running.stdout is not None
    assert running.stderr is not None
    with running, running.stdout as out, running.stderr as errors:
        assert out.readline() == b"0\n"
        out.close()
        assert errors.read() == b""

    assert running.returncode == 141


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_row_names_a_module_that_answers(command: Command) -> None:
    module = load(command)

    assert callable(module.add_arguments)
    assert callable(module.run)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_explains_itself(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal([command.name, "--help"], COMMANDS) == 0
    assert capsys.readouterr().out.startswith(f"用法：./wenyou {command.name} ")


def test_heavy_libraries_are_not_loaded_for_help(root: Path) -> None:
    program = (
        "import sys\nfrom wenyou_desk.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'duckdb', 'sqlglot', 'xlsxwriter', 'python_calamine', 'yaml'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_version_is_that_of_the_changelog(tmp_path: Path) -> None:
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## 1.2.3 (2027-01-05)\n\n## 1.2.2\n", encoding="utf-8")

    assert version(changelog) == "1.2.3"


def test_repository_has_a_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["planted"], "缺少参数：kind"),
        (["planted", "fine", "--what"], "不认识的参数：--what"),
        (["planted", "fine", "--rows", "x"], "参数 --rows 的值「x」不合要求"),
        (["planted", "fine", "--rows", "it's"], "参数 --rows 的值「it's」不合要求"),
        (["planted", "fine", "--to", ""], "参数 --to：路径是空的，请写明文件或文件夹。"),
        (["planted", "fine", "--to="], "参数 --to：路径是空的，请写明文件或文件夹。"),
        (["planted", "fine", "--rows"], "参数 --rows 后面要有一个值"),
        (["planted", "fast"], "参数 kind 不能是「fast」，可以是：fine、refused、broken"),
    ],
)
def test_complaints_about_arguments_are_chinese(
    commands: tuple[Command, ...],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    sentence: str,
) -> None:
    assert refusal(words, commands) == 2
    assert capsys.readouterr().err.startswith(sentence)


def test_complaint_that_is_not_known_is_told_without_its_english() -> None:
    assert in_chinese("something new") == "参数写得不对，认不出来"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_missing_words_of_a_command_are_told_in_full_width_chinese(
    command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal([command.name, "--planted"], COMMANDS) == 2

    said = capsys.readouterr().err
    assert not re.search(r"""[,:;'"!?]|[a-z]{3,} [a-z]{3,}""", said.partition("。")[0]), said


def actions_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from actions_of(inner)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_no_path_of_a_command_may_be_empty(command: Command) -> None:
    parser = make_parser([command.name], COMMANDS)

    assert [one.dest for one in actions_of(parser) if one.type is Path] == []


@pytest.mark.parametrize("words", [["assess"], ["demo"], ["facts", "check"], ["verify"]])
def test_help_stands_in_one_column_however_wide_the_words_before_it(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert refusal([*words, "--help"], COMMANDS) == 0

    shown = capsys.readouterr().out.partition("选项：\n")[2].splitlines()
    found = [re.fullmatch(r"(  -.*?  +|   +)(\S.*)", line) for line in shown]
    wide = [sum(2 if east_asian_width(one) in "WF" else 1 for one in m[1]) for m in found if m]
    assert len(wide) > 1
    assert len(set(wide)) == 1
