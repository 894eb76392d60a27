"""``./wenyou scheme``: the desk of those who write plans.

Each word has a module in ``wenyou_desk.scheme``; without a name it speaks of all shipped plans,
and its last line counts.
"""

from __future__ import annotations

import argparse
import importlib
from datetime import date
from pathlib import Path

from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said

WORDS = {
    "check": "方案能否载入：名称、类型、小数、先后，并说明哪些由参照引擎逐个推算",
    "lint": "方案本身的毛病：断档、重叠、矛盾、未定、过高的扣减",
    "show": "逐条列出：编号、标题、考核口径、每条规则一句话",
    "test": "运行方案的案例",
    "diff": "两份方案（或方案与采用后的方案）有什么不同",
    "adopt": "写出一份空白的采用文件，列出方案留给采用单位填写的取值",
    "schema": "输出方案文件的 JSON Schema，供编辑器使用",
}
SEVERAL = ("check", "lint", "show", "test")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou scheme``."""
    rows = parser.add_subparsers(title="命令", metavar="命令", dest="word", required=True)
    parsers = {
        word: rows.add_parser(word, help=text, description=text) for word, text in WORDS.items()
    }
    for word in SEVERAL:
        parsers[word].add_argument(
            "names", nargs="*", metavar="方案", help="随附方案的名称或方案文件，默认为全部随附方案"
        )
    for word in ("lint", "show", "diff"):
        parsers[word].add_argument(
            "--adoption", type=path_said, metavar="文件", help="采用文件：先把它的取值放进方案"
        )
    parsers["show"].add_argument("--article", default="", metavar="编号", help="只看这一条")
    parsers["show"].add_argument(
        "--on", default="", metavar="日期", help="只显示这一天有效的取值，如 2025-07-01"
    )
    parsers["test"].add_argument(
        "--engine", default="reference", metavar="引擎", help="reference（默认）或 duckdb"
    )
    parsers["diff"].add_argument("old", metavar="旧方案", help="随附方案的名称或方案文件")
    parsers["diff"].add_argument(
        "new", nargs="?", default="", metavar="新方案", help="省略时与采用后的方案比较"
    )
    parsers["adopt"].add_argument("plan", metavar="方案", help="随附方案的名称，或方案文件")
    parsers["adopt"].add_argument(
        "--out",
        type=path_said,
        default=Path("采用.yaml"),
        metavar="文件",
        help="写到哪里，默认为这里的 采用.yaml",
    )
    parsers["adopt"].add_argument("--force", action="store_true", help="文件已存在时覆盖")
    parsers["schema"].add_argument(
        "--adoption", action="store_true", dest="of_adoption", help="采用文件的 JSON Schema"
    )


def run(args: argparse.Namespace) -> int:
    """Carry out the word."""
    module = importlib.import_module(f"wenyou_desk.scheme.{args.word}")
    code: int = module.run(args)
    return code


def day_of(text: str) -> date | None:
    """A day that was said; None when none was. Raises InputRefused."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"“{text}”不是日期。请写成 2025-07-01 的样子。"
        raise InputRefused("bad_date", message) from None
