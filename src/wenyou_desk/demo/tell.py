"""故事.md: every story with names, days, files and what the result shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.telling import names_on
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.demo.folder import layout
from wenyou_desk.demo.model import DemoBank, Expected, Story
from wenyou_desk.demo.rows import decimal_of
from wenyou_desk.demo.shipped import shipped_plan
from wenyou_desk.statements.write import FOLDER as STATEMENTS
from wenyou_desk.statements.write import file_name

DEFAULT_OUT = "演示"
LEDGERS, RESULTS = "台账", "测算结果"
_WORKBOOK = "测算结果.xlsx"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A bank whose stories are told, and the folder beneath the demo's that holds its files."""

    bank: DemoBank
    folder: str

    def path(self, *names: str) -> str:
        """A path as it is typed from the place where the demo was started."""
        return "/".join((DEFAULT_OUT, *filter(None, (self.folder,)), *names))


def stories_text(chapters: Iterable[Chapter]) -> str:
    """The text of 故事.md for the banks of a demo, one after the other."""
    chapters = tuple(chapters)
    bank = chapters[0].bank
    lines = [
        "# 演示银行的故事",
        "",
        f"截止日 {bank.as_of}，种子 {bank.seed}，考核期间 {bank.period.label}。"
        "单位、人员、金额和事情全部虚构，姓名由常用字随机组合；有同名同姓的人，以员工号区分。",
        "",
        f"下文的路径按默认的输出文件夹「{DEFAULT_OUT}」写；--out 指了别的文件夹时，请换成它。",
        "",
    ]
    number = 0
    for chapter in chapters:
        lines += _opening(chapter)
        for story in chapter.bank.stories:
            number += 1
            lines += _story(chapter, story, number)
    return "\n".join(lines).rstrip() + "\n"


def _opening(chapter: Chapter) -> Iterator[str]:
    plan = shipped_plan(chapter.bank.plan)
    yield f"## {plan.title}"
    yield ""
    yield f"台账在 {chapter.path(LEDGERS)}/，结果在 {chapter.path(RESULTS)}/。重新测算："
    yield ""
    yield "```"
    yield _assess(chapter, "再算一次", "--period", chapter.bank.period.code)
    yield "```"
    yield ""
    results = chapter.path(RESULTS)
    yield "每个机构、每个人各有一份告知单，可以这样复核："
    yield ""
    yield "```"
    yield f"./wenyou verify {results}/{STATEMENTS} --run {results}"
    yield "```"
    yield ""


def _assess(chapter: Chapter, out: str, *more: str) -> str:
    bank = chapter.bank
    words = ("./wenyou assess", "--scheme", bank.plan, "--facts", chapter.path(LEDGERS))
    return " ".join((*words, *more, "--out", out))


def _story(chapter: Chapter, story: Story, number: int) -> Iterator[str]:
    plan = shipped_plan(chapter.bank.plan)
    yield f"### {number}. {story.title}"
    yield ""
    yield f"条款 {story.article}。"
    yield ""
    yield from (f"- 经过：{text}" for text in story.told)
    yield from (f"- 结果：{text}" for text in story.outcome)
    yield f"- 台账：{'；'.join(_sources(chapter.bank, plan, story))}。"
    yield f"- 到哪里看：{chapter.path(RESULTS, _WORKBOOK)} 的{_sheets(chapter.bank, story)}。"
    yield f"- 告知单：{chapter.path(RESULTS, STATEMENTS)}/ 里的 {'、'.join(_pages(chapter.bank, story))}。"
    if story.again:
        yield f"- 再试：`{_assess(chapter, '另一个结果', *story.again)}`"
    yield ""
    if story.entries:
        yield "| 规则 | 记在 | 事项编号 | 加扣 |"
        yield "| --- | --- | --- | --- |"
        yield from (_entry(chapter.bank, plan, one) for one in story.entries)
        yield ""


def _pages(bank: DemoBank, story: Story) -> Iterator[str]:
    """The statements of those who play a part."""
    units, persons = names_on(bank.units, bank.period), names_on(bank.persons, bank.period)
    for code in dict.fromkeys(story.units.values()):
        yield file_name(Subject(SubjectKind.UNIT, code), units[code])
    for code in dict.fromkeys(story.persons.values()):
        yield file_name(Subject(SubjectKind.PERSON, code), persons[code])


def _entry(bank: DemoBank, plan: Plan, one: Expected) -> str:
    ledger = plan.ledgers[one.ledger]
    title = next(
        article.rules[one.rule].title for article in plan.articles if one.rule in article.rules
    )
    number = f"{decimal_of(one.amount):+f}"
    subject = f"{bank.unit_name(one.subject)}（{one.subject}）"
    return f"| {title} | {subject} | {one.fact} | {number} {ledger.unit} |"


def _sources(bank: DemoBank, plan: Plan, story: Story) -> Iterator[str]:
    """File, sheet and numbers of the story's facts."""
    files = {sheet: name for name, sheets in layout(bank).items() for sheet in sheets}
    found: dict[str, list[str]] = {}
    for fact in story.facts.values():
        found.setdefault(fact.kind, []).append(fact.id)
    for kind, numbers in found.items():
        yield f"{files[kind]}「{plan.facts[kind].title}」{'、'.join(numbers)}"


def _sheets(bank: DemoBank, story: Story) -> str:
    """The sheets of the result workbook that show the outcome."""
    plan = shipped_plan(bank.plan)
    sheets = []
    if story.entries:
        sheets.append("分录")
    if story.bars:
        sheets.append("限制")
    if story.uncounted:
        sheets.append("未计入事实")
    if story.waiting:
        sheets.append("缺失与待定")
    if story.apart:
        sheets.append(f"{plan.populations['units'].title}测算表")
    if story.missed:
        sheets.append("目标")
    return "、".join(f"「{sheet}」" for sheet in sheets)
