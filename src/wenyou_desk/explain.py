"""``./wenyou explain RESULT SUBJECT [ENTRY]``: the tree behind a subject's figures, in words."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said

if TYPE_CHECKING:
    from wenyou_core.assess.facts import Subject
    from wenyou_core.assess.result import Entry, MeasureValue
    from wenyou_core.scheme.model import Article
    from wenyou_desk.runs.record import RunRecord
    from wenyou_desk.runs.telling import Teller

RESULT_FILE = "result.json"
NEAR = 5  # how many of the others' values are shown on each side of a rank


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou explain``."""
    parser.add_argument(
        "result", type=path_said, metavar="结果", help="result.json 或它所在的文件夹"
    )
    parser.add_argument("subject", metavar="对象", help="机构号、员工号，或唯一的名称")
    parser.add_argument("entry", nargs="?", default="", metavar="分录", help="第几条，或分录的键")


def run(args: argparse.Namespace) -> int:
    """Tell what stands behind the figures of one subject, or behind one entry."""
    from wenyou_desk.runs.resultfile import read_result  # noqa: PLC0415 -- slow import

    path = args.result / RESULT_FILE if args.result.is_dir() else args.result
    told = Explainer(read_result(path))
    subject = told.subject(args.subject)
    lines = told.entry(subject, args.entry) if args.entry else told.page(subject)
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


class Explainer:
    """Tells the figures of one kept run."""

    def __init__(self, record: RunRecord) -> None:
        self.record, self.result = record, record.result
        self.teller, self._adopters = _teller(record)
        last = record.period.end
        self._parents = {
            span.id: span.parent
            for span in record.book.units
            if span.parent and span.since <= last and (span.till is None or last <= span.till)
        }
        self.articles = {
            thing: article
            for article in self.teller.plan.articles
            for space in (article.rules, article.measures, article.awards, article.grades)
            for thing in space
        }

    # -- who --------------------------------------------------------------------------------

    def subject(self, word: str) -> Subject:
        """The subject of a number or a name. Raises InputRefused where there is none, or many."""
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

    def _entries(self, subject: Subject) -> list[Entry]:
        return [one for one in self.result.entries if one.subject == subject]

    # -- the page of a subject -----------------------------------------------------------------

    def page(self, subject: Subject) -> Iterator[str]:
        """Everything about a subject: entries, figures, places, outcomes, what is open."""
        state = "初步结果" if self.result.provisional else "结果"
        yield f"{self.teller.who(subject)}　{self.record.period.label}测算{state}"
        yield from self._sums(subject)
        yield from _titled("分录", self._numbered(subject))
        yield from _titled("指标", self._figures(subject))
        yield from _titled("等级、评优和目标", self._outcomes(subject))
        yield from _titled("限制", self._bars(subject))
        yield from _titled("缺失与待定", self._open(subject))

    def _sums(self, subject: Subject) -> Iterator[str]:
        for name, ledger in self.teller.plan.ledgers.items():
            amounts = [one.amount for one in self._entries(subject) if one.ledger == name]
            if amounts:
                told = self.teller.money(sum(amounts), name)
                yield f"  {ledger.title}合计 {told}，由 {len(amounts)} 条分录相加。"

    def _numbered(self, subject: Subject) -> Iterator[str]:
        for number, entry in enumerate(self._entries(subject), 1):
            yield f"{number}. {self.teller.sentence(entry)}"

    def _figures(self, subject: Subject) -> Iterator[str]:
        order = {name: at for at, name in enumerate(self.articles)}
        rows = [row for row in self.result.measures if row.subject == subject]
        for row in sorted(rows, key=lambda one: (order.get(one.measure, 0), one.period)):
            article = self.articles.get(row.measure)
            where = f"条款{article.no}　" if article else ""
            period = "" if row.period == self.result.period else f"（{row.period}）"
            yield f"{where}{self.teller.title(row.measure)}{period}：{self.teller.measure(row)}"
            thing = article.measures[row.measure] if article else None
            if thing is not None:
                yield f"    {self._sentence(thing)}"
            if getattr(thing, "rank", ""):
                yield f"    同一采用单位的数（不列名称）：{self._others(thing, row)}"

    def _others(self, thing: object, row: MeasureValue) -> str:
        """The values that a place was given among, without names, in order."""
        measure, mine = getattr(thing, "rank", ""), self._adopter(row.subject)
        rows = [
            one
            for one in self.result.measures
            if (one.measure, one.period) == (measure, row.period)
            and not one.absent
            and self._adopter(one.subject) == mine
        ]
        texts = [self.teller.measure(one) for one in sorted(rows, key=_number)]
        if len(texts) > 2 * NEAR:
            middle = f"……（另 {len(texts) - 2 * NEAR} 个）"
            texts = [*texts[:NEAR], middle, *texts[-NEAR:]]
        return "、".join(texts)

    def _adopter(self, subject: Subject) -> str:
        """The nearest adopting unit above a unit; a person belongs to none here."""
        unit = subject.id
        for _ in range(len(self._parents) + 1):
            if unit in self._adopters or unit not in self._parents:
                return unit if unit in self._adopters else ""
            unit = self._parents[unit]
        return ""

    def _outcomes(self, subject: Subject) -> Iterator[str]:
        for grade in self.result.grades:
            if grade.subject == subject:
                held = (
                    f"，因「{self.teller.title(grade.capped_by)}」封顶" if grade.capped_by else ""
                )
                yield f"{self.teller.title(grade.grade)}：{grade.step or '未定级'}{held}"
        for award in self.result.awards:
            if award.subject == subject:
                yield f"{self.teller.title(award.award)}：{self._award(award.won, award.failed, award.bars)}"
        for target in self.result.targets:
            if target.subject == subject:
                words = {True: "达成", False: "未达成", None: "不适用"}
                yield f"{self.teller.title(target.target)}：{words[target.met]}"

    def _award(self, won: bool, failed: tuple[str, ...], bars: tuple[str, ...]) -> str:
        if won:
            return "有资格" if not failed and not bars else "获评"
        reasons = [f"未满足“{one}”" for one in failed] + [f"受「{one}」限制" for one in bars]
        return "未获评" + (f"：{'、'.join(reasons)}" if reasons else "")

    def _bars(self, subject: Subject) -> Iterator[str]:
        for bar in self.result.bars:
            if bar.subject == subject:
                until = f"至{bar.until}" if bar.until else "长期"
                source = f"，事项「{bar.fact}」" if bar.fact else ""
                yield f"条款{bar.article}　{self.teller.title(bar.rule)}：自{bar.since}{until}{source}"

    def _open(self, subject: Subject) -> Iterator[str]:
        yield from dict.fromkeys(row.text for row in self.result.missing)
        for row in self.result.waiting:
            if subject in row.subjects or not row.subjects:
                yield row.text

    # -- one entry ------------------------------------------------------------------------------

    def entry(self, subject: Subject, word: str) -> Iterator[str]:
        """What stands behind one entry. Raises InputRefused for an entry that is not there."""
        entries = self._entries(subject)
        by_word = {str(number): one for number, one in enumerate(entries, 1)}
        by_word |= {one.key: one for one in entries}
        if word not in by_word:
            said = f"{self.teller.who(subject)}共有 {len(entries)} 条分录，没有第「{word}」条。"
            raise InputRefused("no_entry", said + "请先不写分录，看全部再选。")
        return self._tree(by_word[word], "")

    def _tree(self, entry: Entry, indent: str) -> Iterator[str]:
        yield indent + self.teller.sentence(entry)
        article = self.articles.get(entry.rule)
        if article is not None:
            yield from (f"{indent}  {line}" for line in self._article(article, entry.rule))
        if entry.fact:
            yield f"{indent}  事实：{self.teller.fact(entry.fact_kind, entry.fact, entry.rule)}"
        if entry.earlier:
            yield f"{indent}  上一次：{self.teller.fact(entry.fact_kind, entry.earlier, entry.rule)}"
        for one in self.result.entries:
            if entry.cause and one.key == entry.cause:
                yield f"{indent}  所依据的分录："
                yield from self._tree(one, indent + "    ")
            if one.cause and one.cause == entry.key:
                yield f"{indent}  由此产生：{self.teller.sentence(one)}"

    def _article(self, article: Article, rule: str) -> Iterator[str]:
        yield f"条款{article.no}《{article.title}》" + (
            f"「{article.quote}」" if article.quote else ""
        )
        if article.reading:
            yield f"口径：{article.reading}"
        thing = article.rules.get(rule)
        if thing is not None:
            yield f"规则：{self._sentence(thing)}"

    def _sentence(self, thing: object) -> str:
        from wenyou_core.scheme.sentence import sentence_of  # noqa: PLC0415 -- slow import

        return sentence_of(self.teller.names, thing)  # type: ignore[arg-type]


def _titled(title: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield title
        yield from (f"  {line}" for line in found)


def _number(row: MeasureValue) -> Fraction:
    if row.value is not None:
        return row.value
    return (row.num or Fraction(0)) / (row.den or Fraction(1))


def _teller(record: RunRecord) -> tuple[Teller, frozenset[str]]:
    from wenyou_core.scheme.adopt import adopt  # noqa: PLC0415 -- slow import
    from wenyou_core.scheme.check import check  # noqa: PLC0415 -- slow import
    from wenyou_core.scheme.load import load_adoption, load_plan  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.telling import Teller  # noqa: PLC0415 -- slow import

    checked = check(load_plan(record.plan_text, record.plan_file))
    text = record.adoption_text
    adoption = load_adoption(text, record.adoption_file) if text else None
    units = adoption.units if adoption else ()
    return Teller(adopt(checked, adoption), record), frozenset(units)
