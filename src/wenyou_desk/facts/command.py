"""``./wenyou facts``: an empty workbook for a plan, and the check of filled ones."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wenyou_core.errors import FactsError, Fault, InputRefused
from wenyou_desk.facts.guess import plan_of_files
from wenyou_desk.parser import path_said
from wenyou_desk.plans import find_adoption, open_plan, shipped

OK, BAD = 0, 2
_MOST_REMARKS = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou facts``."""
    rows = parser.add_subparsers(title="命令", metavar="命令", dest="facts_command", required=True)
    template = rows.add_parser("template", help="按方案生成空白的事实工作簿")
    template.add_argument("plan", metavar="方案", help="随附方案的名称，或方案文件")
    template.add_argument("--out", type=path_said, metavar="文件", help="默认为 事实表-方案名.xlsx")
    template.add_argument("--force", action="store_true", help="文件已存在时覆盖")
    check = rows.add_parser("check", help="检查填好的事实表，列出每一处问题")
    check.add_argument("files", type=path_said, nargs="+", metavar="文件", help="文件或文件夹")
    check.add_argument("--scheme", default="", metavar="方案", help="默认按采用文件或工作表名判断")


def run(args: argparse.Namespace) -> int:
    """Carry out the sub-word."""
    return _template(args) if args.facts_command == "template" else _check(args)


def _template(args: argparse.Namespace) -> int:
    from wenyou_desk.facts.sheets import sheets_of  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.template import write_template  # noqa: PLC0415 -- slow import

    plan = open_plan(args.plan).plan
    out: Path = args.out or Path(f"事实表-{plan.id}.xlsx")
    if out.suffix.lower() != ".xlsx":
        raise InputRefused("not_xlsx", f"「{out.name}」应以 .xlsx 结尾。请改 --out。")
    specs = sheets_of(plan)
    write_template(out, specs, overwrite=args.force)
    print(f"已生成「{out}」：{len(specs)} 张表，先看「填表说明」。")
    return OK


def _check(args: argparse.Namespace) -> int:
    from wenyou_desk.facts.load import load_book  # noqa: PLC0415 -- slow import
    from wenyou_desk.progress import Progress  # noqa: PLC0415 -- slow import

    files: list[Path] = args.files
    name = args.scheme or _named_by_adoption(files) or plan_of_files(files)
    plan = open_plan(name).plan
    print(f"按方案「{plan.title}」（{plan.id} {plan.version}）检查。")
    try:
        with Progress("读取事实") as progress:
            loaded = load_book(files, plan, alone=True, progress=progress.rows)
    except FactsError as error:
        remarks: tuple[Fault, ...] = getattr(error, "remarks", ())
        _print_remarks(remarks)
        for fault in error.faults:
            print(fault)
        print(_counted(error))
        sys.stdout.flush()
        return BAD
    _print_remarks(loaded.remarks)
    for title, count in loaded.counts:
        if count:
            print(f"  {title}：{count} 行")
    total = sum(count for _, count in loaded.counts)
    print(f"检查通过：共 {total} 行，提示 {len(loaded.remarks)} 条，没有问题。")
    return OK


def _counted(error: FactsError) -> str:
    """How many faults there are, in how many rows where they stand in rows at all."""
    places = [one.place for one in error.faults]
    rows = {(one.file, one.sheet, one.row) for one in places if one.row}
    inside = f"，涉及 {len(rows)} 行" if rows else ""
    more = getattr(error, "unlisted", 0)
    rest = f"，另有 {more} 处没有列出" if more else ""
    return f"共 {len(places)} 处问题{inside}{rest}。请改正后再检查一次。"


def _print_remarks(remarks: tuple[Fault, ...]) -> None:
    for remark in remarks[:_MOST_REMARKS]:
        print(f"提示：{remark}")
    if len(remarks) > _MOST_REMARKS:
        print(f"提示：另有 {len(remarks) - _MOST_REMARKS} 条提示没有列出。")


def _named_by_adoption(files: list[Path]) -> str:
    """The plan named by an adoption beside the files, if it is a shipped one."""
    from wenyou_core.scheme.load import load_adoption  # noqa: PLC0415 -- slow import
    from wenyou_desk.plans import read_text  # noqa: PLC0415 -- slow import

    for path in files:
        found = find_adoption(path)
        if found is not None:
            plan = load_adoption(read_text(found), found.name).plan
            return plan if plan in shipped() else ""
    return ""
