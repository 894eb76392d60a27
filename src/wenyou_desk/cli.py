"""The command line: which words there are, and what a person reads when one fails.

A command is a row of ``COMMANDS`` and a module with ``add_arguments(parser)`` and
``run(args) -> int``. The module is imported only when its word is said, so ``--help`` stays
quick whatever a command needs.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from wenyou_core.errors import WenyouError
from wenyou_desk.interrupts import interrupted
from wenyou_desk.machine import MACHINE
from wenyou_desk.parser import Parser
from wenyou_desk.version import version

OK = 0
REFUSED = 2
CRASHED = 70
INTERRUPTED = 130
PIPE_CLOSED = 141
STOPPED = "已中断，没有写完的结果请不要使用。"


@dataclass(frozen=True, slots=True)
class Command:
    """A word of the command line, its one line of help, and the module that answers it."""

    name: str
    help: str
    module: str


class CommandModule(Protocol):
    """What the module of a command offers."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments (and sub-words) of the command."""

    def run(self, args: argparse.Namespace) -> int:
        """Do it; the result is the exit code."""


# In the order in which a newcomer meets them.
COMMANDS: tuple[Command, ...] = (
    Command("demo", "生成演示银行的两年台账，并测算最近一个季度", "wenyou_desk.demo.command"),
    Command("facts", "生成空白的事实表，检查填好的事实表", "wenyou_desk.facts.command"),
    Command("assess", "按方案和事实测算一期，写出结果、工作簿和告知单", "wenyou_desk.runs.command"),
    Command("diff", "比较两次测算：差在哪里，各由什么原因造成", "wenyou_desk.difference.command"),
    Command("scheme", "检查、诊断、逐条显示、试算和比较方案", "wenyou_desk.scheme_cmd"),
    Command("verify", "复核告知单：用页内的数据重算，逐字节比对", "wenyou_desk.verify"),
    Command(
        "statements",
        "另写指定机构、员工的告知单，大批量测算也可以",
        "wenyou_desk.statements.command",
    ),
    Command("explain", "说明一个对象的各项数字、一条分录的来历", "wenyou_desk.explain"),
    Command("bench", "测速：同一次运行里与底线或同类软件对照", "wenyou_desk.bench.command"),
    Command("inventory", "列出各条要求由哪些测试证明、哪些尚缺", "wenyou_desk.inventory"),
)


def load(command: Command) -> CommandModule:
    """Import the module that answers ``command``."""
    return cast(CommandModule, importlib.import_module(command.module))


def make_parser(words: Sequence[str], commands: Sequence[Command]) -> argparse.ArgumentParser:
    """The parser for ``words``: arguments are declared only for the command that was said."""
    parser = Parser(
        prog="./wenyou", description="文优：把服务考核方案变成数据，算得清、说得明、可复核。"
    )
    parser.add_argument(
        "--version", action="version", version=f"文优 {version()}", help="显示版本号"
    )
    parser.epilog = "另有：test（全部测试）、check（代码检查）、fmt（整理格式），供开发者使用。"
    rows = parser.add_subparsers(title="命令", metavar="命令", dest="command", required=True)
    said = next((word for word in words if not word.startswith("-")), None)
    for command in commands:
        row = rows.add_parser(command.name, help=command.help, description=command.help)
        if command.name == said:
            module = load(command)
            module.add_arguments(row)
            row.set_defaults(run=module.run)
    return parser


def nothing_known(_error: BaseException) -> str:
    """What the desk by itself knows to say of a failure of other libraries."""
    return ""


def main(
    words: Sequence[str] | None = None,
    commands: Sequence[Command] = COMMANDS,
    sentence_of: Callable[[BaseException], str] = nothing_known,
) -> int:
    """Carry out ``words``; every failure ends as a sentence and an exit code.

    ``sentence_of`` tells what to do about a failure that the caller's libraries raise; empty for a
    fault of the program.
    """
    words = sys.argv[1:] if words is None else words
    _keep_streams()
    with _quiet_leftovers():
        code = _carried_out(words, commands, sentence_of)
        if code:
            gc.collect()  # what a failure left half open is closed here, not after the last line
        return code


def _carried_out(
    words: Sequence[str],
    commands: Sequence[Command],
    sentence_of: Callable[[BaseException], str],
) -> int:
    try:
        parser = make_parser(words, commands)
        if not words:
            parser.print_help()
            return REFUSED
        args = parser.parse_args(words)
        code: int = args.run(args)
        sys.stdout.flush()
    except WenyouError as error:
        return told(str(error), REFUSED)
    except KeyboardInterrupt:
        return told(STOPPED, INTERRUPTED)
    except BrokenPipeError:
        # The reader has left (``| head``); the interpreter must not flush into it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        if error.errno in MACHINE:
            what = f"「{error.filename}」" if error.filename else ""
            text = f"{what}读写未成功：{MACHINE[error.errno]}。请处理后再运行一次。"
            return told(text, REFUSED)
        return crashed(words)
    except Exception as error:  # noqa: BLE001 -- the last net: a person must never see a trace
        if interrupted(error):
            return told(STOPPED, INTERRUPTED)
        text = sentence_of(error)
        return told(text, REFUSED) if text else crashed(words)
    return code


def _keep_streams() -> None:
    """Where the caller has closed a standard stream, write into nothing.

    One that knows no Chinese is written as UTF-8; a sign that one does not know stops nothing.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 -- stays open
            setattr(sys, name, nowhere)
        elif isinstance(stream, io.TextIOWrapper):
            try:
                "文优「」，。".encode(stream.encoding)
            except UnicodeEncodeError:
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
            if stream.errors == "strict":
                stream.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def _quiet_leftovers() -> Iterator[None]:
    """Within, files that cannot be closed for want of room say no more: it has been told."""
    earlier = sys.unraisablehook

    def hook(left: sys.UnraisableHookArgs) -> None:
        if not isinstance(left.exc_value, OSError) or left.exc_value.errno not in MACHINE:
            earlier(left)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = earlier


def told(text: str, code: int) -> int:
    """Say ``text`` on standard error and pass ``code`` on."""
    with contextlib.suppress(OSError):  # a full disk must not hide the sentence
        sys.stdout.flush()
    print(text, file=sys.stderr, flush=True)
    return code


def crashed(words: Sequence[str]) -> int:
    """Keep the trace of the current exception in a file and name it in one sentence."""
    import platform  # noqa: PLC0415 -- slow import
    import tempfile  # noqa: PLC0415 -- slow import
    import traceback  # noqa: PLC0415 -- slow import

    lines = (
        f"wenyou {version()}, Python {platform.python_version()}, {platform.platform()}",
        f"words: {list(words)}",
        traceback.format_exc(),
    )
    handle, name = tempfile.mkstemp(prefix="wenyou-error-", suffix=".log")
    os.close(handle)
    Path(name).write_text("\n".join(lines), encoding="utf-8")
    return told(
        f"程序出错，没有完成；详细记录在「{name}」，请连同用到的文件交给维护人员。", CRASHED
    )
