"""``./wenyou demo``: an invented bank as files, and its last quarter assessed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.outdir import writing
from wenyou_desk.parser import path_said

if TYPE_CHECKING:
    from wenyou_desk.demo.model import DemoBank
    from wenyou_desk.demo.tell import Chapter

AS_OF = "2025-10-10"
SEED = 1
OUT = Path("演示")
STORIES, LEAVES, STARS = "故事.md", "休假与代理.xlsx", "双星"
OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou demo``."""
    parser.add_argument(
        "--out",
        type=path_said,
        default=OUT,
        metavar="文件夹",
        help=f"写到哪里，默认为这里的「{OUT}」",
    )
    parser.add_argument(
        "--as-of", default=AS_OF, metavar="日期", help=f"台账的截止日，默认 {AS_OF}"
    )
    parser.add_argument(
        "--seed", type=int, default=SEED, metavar="数", help=f"随机数的种子，默认 {SEED}"
    )
    parser.add_argument("--facts-only", action="store_true", help="只写台账和故事，不测算")
    parser.add_argument("--force", action="store_true", help="输出文件夹里有别的文件也写入")


def run(args: argparse.Namespace) -> int:
    """Invent, write, assess, and say where everything lies."""
    from wenyou_desk.demo.doublestar import generate_double_star  # noqa: PLC0415 -- slow import
    from wenyou_desk.demo.generate import generate  # noqa: PLC0415 -- slow import
    from wenyou_desk.demo.tell import Chapter  # noqa: PLC0415 -- slow import

    as_of = _day(args.as_of)
    with writing(args.out, force=args.force, by="demo") as stage:
        chapters = (
            Chapter(generate(as_of, args.seed), ""),
            Chapter(generate_double_star(as_of, args.seed), STARS),
        )
        _write(chapters, stage)
        results = [] if args.facts_only else [_assess(one, stage, args.out) for one in chapters]
    sys.stdout.write(_told(chapters[0].bank, args.out))
    sys.stdout.write("".join(results))
    sys.stdout.write(
        f"请从「{args.out / STORIES}」看起，里面说明每个故事在哪个文件、结果在哪里。\n"
    )
    return OK


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        sentence = f"截止日「{text[:30]}」认不出来，请写成 {AS_OF} 这样的日期。"
        raise InputRefused("as_of", sentence) from None


def _write(chapters: tuple[Chapter, ...], stage: Path) -> None:
    """The ledgers of both banks, who was on leave, and the stories."""
    from wenyou_desk.demo.folder import write_folder, write_leaves  # noqa: PLC0415 -- slow import
    from wenyou_desk.demo.tell import LEDGERS, stories_text  # noqa: PLC0415 -- slow import

    for chapter in chapters:
        write_folder(chapter.bank, stage / chapter.folder / LEDGERS)
    write_leaves(chapters[0].bank, stage / LEAVES)
    (stage / STORIES).write_text(stories_text(chapters), encoding="utf-8", newline="\n")


def _assess(chapter: Chapter, stage: Path, out: Path) -> str:
    """Assess a bank's last quarter from its files, as ``./wenyou assess`` does."""
    from wenyou_desk.demo.tell import LEDGERS, RESULTS  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.command import assess_files  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.outputs import summary, write_outputs  # noqa: PLC0415 -- slow import

    bank = chapter.bank
    folder = stage / chapter.folder
    program, record = assess_files(bank.plan, folder / LEDGERS, period=bank.period.code)
    results = folder / RESULTS
    results.mkdir()
    statements = write_outputs(program, record, results)
    calm = replace(record, remarks=())  # rows of other quarters; the workbook lists them
    return summary(program, calm, out / chapter.folder / RESULTS, statements)


def _told(bank: DemoBank, out: Path) -> str:
    """What was written, in a few lines."""
    from wenyou_desk.demo.tell import LEDGERS  # noqa: PLC0415 -- slow import

    kinds = [str(unit.values.get("kind")) for unit in bank.units if unit.till is None]
    subs = len({unit.parent for unit in bank.units if unit.values.get("class")})
    facts = sum(map(len, bank.facts.values()))
    return (
        f"演示银行（单位、人员、事情全部虚构）：{subs} 个支行、{kinds.count('营业网点')} 个网点、"
        f"{len(bank.persons)} 人，截至 {bank.as_of} 两年的事实 {facts} 行。\n"
        f"  台账和采用文件在「{out / LEDGERS}」，休假与代理在「{out / LEAVES}」，"
        f"另有一个小例子在「{out / STARS}」。\n"
    )
