"""The argument parser of the command line, which speaks Chinese.

argparse takes its words from the system's translations, which no machine has for Chinese; so
its headings are set here and its few complaints are told again. Sub-parsers made from this
parser are of the same kind.
"""

from __future__ import annotations

import argparse
import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

COMPLAINTS = (
    (r"unrecognized arguments: (.*)", "不认识的参数：{}"),
    (r"the following arguments are required: (.*)", "缺少参数：{}"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", "参数 {} 不能是{}，可以是：{}"),
    (r"argument (.*?): invalid \S+ value: (.*)", "参数 {} 的值{}不合要求"),
    (r"argument (.*?): expected one argument", "参数 {} 后面要有一个值"),
    (r"argument (.*?): expected at most one argument", "参数 {} 后面至多有一个值"),
    (r"argument (.*?): expected at least one argument", "参数 {} 后面至少要有一个值"),
    (r"argument (.*?): expected (\d+) arguments?", "参数 {} 后面要有 {} 个值"),
    (r"argument (.*?): not allowed with argument (.*)", "参数 {} 与 {} 不能同时使用"),
    (r"argument (.*?): ignored explicit argument (.*)", "参数 {} 不带值，却写了{}"),
    (r"one of the arguments (.*) is required", "这些参数须写一个：{}"),
    (r"ambiguous option: (.*) could match (.*)", "参数 {} 不完整，可以是：{}"),
    (r"argument (.*?): (.*[\u4e00-\u9fff].*)", "参数 {}：{}"),
)
UNKNOWN = "参数写得不对，认不出来"
_NO_COMMAND = re.compile(r"argument 命令: invalid choice: (.*?) \(choose from (.*)\)", re.DOTALL)
_QUOTED = re.compile(r"""'([^']*)'|"([^"]*)\"""")


def path_said(text: str) -> Path:
    """The path of an argument; an empty one is refused, for it would mean the folder one is in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("路径是空的，请写明文件或文件夹")
    return Path(text)


class Formatter(argparse.HelpFormatter):
    """Help that begins in Chinese and lists the commands plainly."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def format_help(self) -> str:
        # argparse ends each heading with a half-width colon of its own.
        return re.sub(r"(?m)^([\u4e00-\u9fff]+):$", "\\1：", super().format_help())

    def _format_action_invocation(self, action: argparse.Action) -> str:
        return super()._format_action_invocation(action).replace(", ", "、")

    def add_argument(self, action: argparse.Action) -> None:
        # argparse counts signs; a Chinese one is two columns wide.
        if action.help is not argparse.SUPPRESS:
            wide = _columns(self._format_action_invocation(action)) + self._current_indent
            self._action_max_length = max(self._action_max_length, wide)
            self._add_item(self._format_action, [action])

    def _format_action(self, action: argparse.Action) -> str:
        if not isinstance(action, argparse._SubParsersAction):
            said = self._format_action_invocation(action)
            column = min(self._action_max_length, self._max_help_position - 2) + 2
            fill = " " * (column - self._current_indent - _columns(said))
            head = f"{'':{self._current_indent}}{said}"
            head += fill if len(fill) > 1 else f"\n{'':{column}}"
            return f"{head}{self._expand_help(action) if action.help else ''}".rstrip() + "\n"
        rows = action._choices_actions
        width = max((len(row.dest) for row in rows), default=0)
        return "".join(f"  {row.dest:<{width}}  {row.help}\n" for row in rows)


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


class Parser(argparse.ArgumentParser):
    """An argument parser with Chinese headings and complaints; it exits with 2."""

    def __init__(self, *, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            formatter_class=Formatter,
            add_help=False,
            allow_abbrev=False,
        )
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Refuse here what is left over, so that the help of the command itself is named."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            self.error(f"unrecognized arguments: {' '.join(left)}")
        return found, left

    def error(self, message: str) -> NoReturn:
        """Tell the complaint in Chinese and where help is."""
        self.exit(2, f"{in_chinese(message)}。用 {self.prog} --help 查看用法。\n")


def in_chinese(message: str) -> str:
    """A complaint of argparse told in Chinese; of one that we do not know, only that."""
    command = _NO_COMMAND.fullmatch(message)
    if command:
        return _no_command(*map(_marked, command.groups()))
    for pattern, text in COMPLAINTS:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return text.format(*map(_marked, found.groups()))
    return UNKNOWN


def _no_command(word: str, known: str) -> str:
    """Which commands there are, and the one that is nearest to the word."""
    near = get_close_matches(word.strip("「」"), known.split("、"), n=1)
    guess = f"是否指「{near[0]}」？" if near else ""
    return f"没有{word}这个命令，{guess}可以是：{known}"


def _marked(part: str) -> str:
    """Words of argparse in Chinese marks: one in 「」, several with 、 between."""
    if ", " not in part or _QUOTED.fullmatch(part):
        return _QUOTED.sub(_in_brackets, part)
    return "、".join(_QUOTED.sub(lambda one: one[1] or one[2], part).split(", "))


def _in_brackets(found: re.Match[str]) -> str:
    return f"「{found[1] or found[2] or ''}」"
