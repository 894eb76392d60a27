"""``./wenyou explain RESULT SUBJECT [ENTRY]``: the tree behind a subject's figures, in words.

A page begins with sums and entries, a line each; then come the figures and outcomes that nothing
else of the subject rests on, each with all it rests on beneath it, down to facts and evidence.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said
from wenyou_desk.runs.files import result_path

if TYPE_CHECKING:
    from wenyou_core.assess.explain import Explainer, Node
    from wenyou_core.assess.facts import Subject
    from wenyou_core.assess.program import Program
    from wenyou_core.assess.result import Entry
    from wenyou_core.scheme.model import Article
    from wenyou_desk.runs.record import RunRecord

STEP = "  "
PARTED = "这次测算的事实太多，没有全部留存：各项数字只列数值，不能往下展开。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou explain``."""
    parser.add_argument(
        "result", type=path_said, metavar="结果", help="result.json 或它所在的文件夹"
    )
    parser.add_argument("subject", metavar="对象", help="机构号、员工号，或唯一的名称")
    parser.add_argument(
        "entry",
        nargs="?",
        default="",
        metavar="分录",
        help="第几条、分录的键，或指标、名次、等级、评优、目标、限制的名称",
    )


def run(args: argparse.Namespace) -> int:
    """Tell what stands behind the figures of one subject, or behind one of them."""
    from wenyou_desk.runs.foreign import told_as_foreign  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.resultfile import read_result  # noqa: PLC0415 -- slow import

    path = result_path(args.result)
    record = read_result(path, large=True)
    with told_as_foreign((path.name, record)):
        if record.tables:
            from wenyou_desk.runs.bulkread import narrowed  # noqa: PLC0415 -- slow import

            record = narrowed(record, path.parent, args.subject)
        page = Page(record, args.subject)
        lines = list(page.one(args.entry) if args.entry else page.whole())
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


class Page:
    """Tells the figures of one subject of a kept run."""

    def __init__(self, record: RunRecord, subject: str) -> None:
        """Find the subject. Raises InputRefused where there is none of that word, or many."""
        from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import
        from wenyou_desk.runs.telling import Teller  # noqa: PLC0415 -- slow import

        self.record, self.result = record, record.result
        self.program: Program = program_of_record(record)
        self.teller = Teller(self.program.plan, record)
        self.subject = self._subject(subject)
        self.entries = [one for one in self.result.entries if one.subject == self.subject]
        self.articles: dict[str, Article] = {one.no: one for one in self.program.plan.articles}

    def _subject(self, word: str) -> Subject:
        everyone = {one for members in self.result.subjects.values() for one in members}
        everyone |= {entry.subject for entry in self.result.entries}
        found = [one for one in everyone if one.id == word]
        found = found or [one for one in everyone if self.teller.name(one) == word]
        if len(found) == 1:
            return found[0]
        if found:
            named = "、".join(sorted(self.teller.who(one) for one in found))
            raise InputRefused("many_subjects", f"「{word}」有几个：{named}。请改用编号。")
        said = f"这次测算里没有「{word}」。请用机构号或员工号，编号见工作簿。"
        raise InputRefused("no_subject", said)

    # -- everything --------------------------------------------------------------------------

    def whole(self) -> Iterator[str]:
        """Sums, entries, the trees of what nothing else rests on, and what is open."""
        state = "初步结果" if self.result.provisional else "结果"
        yield f"{self.teller.who(self.subject)}　{self.record.period.label}测算{state}"
        yield from self._sums()
        numbered = (f"{n}. {self.teller.sentence(one)}" for n, one in enumerate(self.entries, 1))
        yield from _titled("分录", numbered)
        yield from _titled("各项数字的来历", self._figures())
        yield from _titled("缺失与待定", self._open())

    def _sums(self) -> Iterator[str]:
        for name, ledger in self.program.plan.ledgers.items():
            amounts = [one.amount for one in self.entries if one.ledger == name]
            if amounts:
                told = self.teller.money(sum(amounts), name)
                yield f"{STEP}{ledger.title}合计 {told}，由 {len(amounts)} 条分录相加。"

    def _figures(self) -> Iterator[str]:
        if not self.record.whole:
            yield PARTED
            for row in self.result.measures:
                if row.subject == self.subject:
                    yield f"{self.teller.title(row.measure)}（{row.period}）：{self.teller.measure(row)}"
            return
        trees = [one for one in self._explainer().everything() if not self._is_entry(one)]
        beneath = {key for tree in trees for one in tree.children for key in _keys(one)}
        for tree in trees:
            if tree.key not in beneath:
                yield from _lines(tree, "")

    def _is_entry(self, node: Node) -> bool:
        return any(node.key == entry.key for entry in self.entries)

    def _explainer(self) -> Explainer:
        from wenyou_core.assess.explain import Explainer, view_of  # noqa: PLC0415 -- slow import
        from wenyou_core.assess.slices.trace import Trace  # noqa: PLC0415 -- slow import
        from wenyou_desk.runs.execute import calendar_for  # noqa: PLC0415 -- slow import

        calendar = calendar_for(self.record.plan_text)
        known_at = self.result.known_at
        trace = Trace(self.program, self.record.book, known_at, calendar=calendar)
        return Explainer(view_of(trace, self.subject, self.teller.told))

    def _open(self) -> Iterator[str]:
        yield from dict.fromkeys(row.text for row in self.result.missing)
        for row in self.result.waiting:
            if self.subject in row.subjects or not row.subjects:
                yield row.text

    # -- one thing ---------------------------------------------------------------------------

    def one(self, word: str) -> list[str]:
        """What has that number, key, name or title. Raises InputRefused where nothing has."""
        word = unicodedata.normalize("NFKC", word).strip() if _is_number(word) else word
        entry = self._entry(word)
        if not self.record.whole:
            found: Iterable[Node] = ()
        elif entry is not None:
            found = self._explainer().one(entry.key)
        else:
            found = self._named(word)
        lines = [line for node in found for line in _lines(node, "")]
        if entry is not None:
            lines = lines or [self.teller.sentence(entry), PARTED]
            lines += [*self._article(entry), *self._followed(entry)]
        if not lines:
            said = f"{self.teller.who(self.subject)}共有 {len(self.entries)} 条分录，"
            said += f"没有第「{word}」条" if word.isdecimal() else f"没有一条或一项数字叫「{word}」"
            raise InputRefused("no_entry", f"{said}。请先不写分录，看全部再选。")
        return lines

    def _named(self, word: str) -> Iterable[Node]:
        explainer, asked = self._explainer(), _bare(word)
        return explainer.one(word) or [
            one
            for one in explainer.everything()
            if asked in (_bare(one.title), _bare(one.title.partition("（")[0]))
        ]

    def _entry(self, word: str) -> Entry | None:
        by_word = {str(number): one for number, one in enumerate(self.entries, 1)}
        by_word |= {one.key: one for one in self.entries}
        return by_word.get(word)

    def _article(self, entry: Entry) -> Iterator[str]:
        """The article of an entry with its words and its reading."""
        article = self.articles.get(entry.article)
        if article is not None:
            quote = f"「{article.quote}」" if article.quote else ""
            yield f"{STEP}条款{article.no}《{article.title}》{quote}"
            if article.reading:
                yield f"{STEP}口径：{article.reading}"

    def _followed(self, entry: Entry) -> Iterator[str]:
        """The entries that this one is the cause of, whoever they hit."""
        for one in self.result.entries:
            if one.cause and one.cause == entry.key:
                yield f"{STEP}由此产生：{self.teller.sentence(one)}"


def _is_number(word: str) -> bool:
    """Whether somebody has typed a number, in digits of whatever width."""
    return word.strip().isdecimal()


def _bare(title: str) -> str:
    """A title without the marks around it and without what a bar does to it."""
    return re.sub(r"[「」“”《》\s]", "", title).removeprefix("取消")


def _lines(node: Node, indent: str) -> Iterator[str]:
    """A tree: each node with value and article, its text beneath it, its parts further in."""
    where = f"　条款{node.article}《{node.heading}》" if node.article else ""
    if node.text and not node.value and not where:
        yield f"{indent}{node.title}：{node.text}"
    else:
        yield f"{indent}{node.title}{'：' if node.value else ''}{node.value}{where}"
        if node.text:
            yield f"{indent}{STEP * 2}{node.text}"
    for one in node.children:
        yield from _lines(one, indent + STEP)


def _keys(node: Node) -> Iterator[str]:
    if node.key:
        yield node.key
    for one in node.children:
        yield from _keys(one)


def _titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield title
        yield from (f"{STEP}{line}" for line in found)
