"""缺失与待定, 评优与等级, 未计入事实, 参数与口径: what stands around the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Result
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_clauses import window_text
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import parse_window
from wenyou_core.scheme.words import ValueType
from wenyou_desk.runs.ledgersheets import WHOSE
from wenyou_desk.runs.lines import MET
from wenyou_desk.runs.out import Columns
from wenyou_desk.runs.record import InForce, RunRecord
from wenyou_desk.runs.telling import Teller, told_adoption
from wenyou_desk.scheme.show import SPACES
from wenyou_desk.tables.spec import Kind, Value
from wenyou_desk.tables.workbook import OutSheet

_MISSING = {
    "facts": "缺少事实",
    "post": "缺少任职",
    "unit": "缺少机构",
    "attribute": "缺少属性",
    "opening": "缺少期初",
    "calendar": "缺少日历",
    "value": "缺少数额",
}
_COMPUTED = ("measures", "rules", "grades", "awards", "targets", "obligations")
"""What a column may show the figures of."""
_WAITING = {"tie": "并列待定", "range": "幅度待定", "judgement": "认定待定"}


def open_sheet(record: RunRecord, teller: Teller) -> OutSheet:
    """缺失与待定: the first sheet, also when nothing is open."""
    result = record.result
    columns = Columns()
    columns.texts("类别", "事项", "对象")
    columns.add("起", Kind.DATE)
    columns.add("止", Kind.DATE)
    columns.texts("条款", "影响的规则", "说明")
    rows: list[Sequence[Value]] = [
        (
            _MISSING.get(row.what, "缺失"),
            teller.kind(row.kind) if row.what == "facts" else row.kind or None,
            teller.any_name(row.unit) if row.unit else None,
            row.since,
            row.till,
            "、".join(dict.fromkeys(filter(None, map(teller.article, row.rules)))) or None,
            "、".join(teller.title(rule) for rule in row.rules) or None,
            row.text,
        )
        for row in result.missing
    ]
    rows += [
        (
            _WAITING.get(row.what, "待定"),
            row.fact or row.period,
            "、".join(map(teller.who, row.subjects)) or None,
            None,
            None,
            row.article or None,
            teller.title(row.rule),
            row.text,
        )
        for row in result.waiting
    ]
    state = "初步结果：补齐以下各项后再测算。" if rows else "没有缺失，也没有待定事项。"
    heading = [f"{record.period.label}　{state}"]
    if not result.lawful:
        heading.append("未经通过程序：采用记录不全（征求意见、公示、告知），金额只供测算。")
    heading += [one.text for one in record.leftout]
    return columns.sheet("缺失与待定", rows, heading)


class _About(Protocol):
    """What rows of outcomes have in common."""

    @property
    def subject(self) -> Subject: ...

    @property
    def period(self) -> str: ...

    @property
    def article(self) -> str: ...


def outcome_sheets(program: Program, record: RunRecord, teller: Teller) -> Iterator[OutSheet]:
    """Awards, grades, targets, bars, tasks and counted duties, each where there are any."""
    result = record.result
    sheets = (
        (_awards(teller, result), result.awards),
        (_grades(teller, result), result.grades),
        (_targets(teller, result), result.targets),
        (_bars(program, teller, result), result.bars),
        (_tasks(teller, result), result.tasks),
        (_obligations(teller, result), result.obligations),
    )
    return (sheet for sheet, rows in sheets if rows)


def _columns(*titles: str) -> Columns:
    columns = Columns()
    columns.texts("期间", "对象", "编号", "名称", "条款", *titles)
    return columns


def _head(teller: Teller, row: _About) -> tuple[Value, ...]:
    subject = row.subject
    name = teller.name(subject) or None
    return (row.period, WHOSE[subject.kind], subject.id, name, row.article)


def _awards(teller: Teller, result: Result) -> OutSheet:
    columns = _columns("评选", "资格", "当选")
    columns.add("名次", Kind.INT)
    columns.texts("未满足的条件", "限制")
    rows = [
        (
            *_head(teller, row),
            teller.title(row.award),
            "有" if row.eligible else "无",
            "是" if row.won else "否",
            row.rank or None,
            "、".join(row.failed) or None,
            "、".join(row.bars) or None,
        )
        for row in result.awards
    ]
    return columns.sheet("评优资格", rows)


def _grades(teller: Teller, result: Result) -> OutSheet:
    columns = _columns("等级", "评定", "按条件应得", "受限于", "说明")
    rows = [
        (
            *_head(teller, row),
            teller.title(row.grade),
            row.step,
            row.earned,
            teller.title(row.capped_by) if row.capped_by else None,
            row.why or None,
        )
        for row in result.grades
    ]
    return columns.sheet("等级", rows)


def _targets(teller: Teller, result: Result) -> OutSheet:
    rows = [(*_head(teller, row), teller.title(row.target), MET[row.met]) for row in result.targets]
    return _columns("目标", "结果").sheet("目标", rows)


def _bars(program: Program, teller: Teller, result: Result) -> OutSheet:
    columns = _columns("不得参加")
    columns.add("起", Kind.DATE)
    columns.add("止", Kind.DATE)
    columns.texts("依据规则", "事项编号")
    names = Names(program.plan)
    rows = [
        (
            *_head(teller, row),
            names.bar(row.what),
            row.since,
            row.until,
            teller.title(row.rule),
            row.fact or None,
        )
        for row in result.bars
    ]
    return columns.sheet("限制", rows)


def _tasks(teller: Teller, result: Result) -> OutSheet:
    columns = _columns("任务", "依据规则", "事项编号")
    columns.add("日期", Kind.DATE)
    rows = [
        (*_head(teller, row), row.task, teller.title(row.rule), row.fact or None, row.day)
        for row in result.tasks
    ]
    return columns.sheet("任务", rows)


def _obligations(teller: Teller, result: Result) -> OutSheet:
    columns = _columns("职责")
    columns.add("应办", Kind.INT)
    columns.add("已办", Kind.INT)
    rows = [
        (*_head(teller, row), teller.title(row.obligation), row.owed, row.done)
        for row in result.obligations
    ]
    return columns.sheet("频次", rows)


def uncounted_sheet(record: RunRecord, teller: Teller) -> OutSheet:
    """Facts that did not count, and why."""
    columns = Columns()
    columns.texts("事项", "事项编号", "原因", "条款", "依据规则", "依据事实")
    rows = [
        (
            teller.kind(row.fact_kind),
            row.fact,
            row.reason,
            teller.article(row.by_rule) or None,
            teller.title(row.by_rule) if row.by_rule else None,
            row.by_fact or None,
        )
        for row in record.result.uncounted
    ]
    return columns.sheet("未计入事实", rows)


def sources_sheet(program: Program) -> OutSheet:
    """Every figure that a column may show: its article, and how it is got in one sentence."""
    columns = Columns()
    columns.texts("名称", "条款", "类别", "怎样计算")
    names = Names(program.plan)
    rows = [
        (thing.title or thing.name, article.no, SPACES[space], sentence_of(names, thing))
        for article in program.plan.articles
        for space in _COMPUTED
        for thing in getattr(article, space).values()
    ]
    return columns.sheet("条款与算法", rows)


def values_sheet(program: Program, record: RunRecord) -> OutSheet:
    """The values in force, and by which texts and facts the run was made."""
    columns = Columns()
    columns.texts("条款", "参数或口径", "取值", "单位", "方案原文未明之处", "名称")
    names = Names(program.plan)
    rows = [
        (
            value.article,
            value.title,
            value_text(value, names),
            value.unit or None,
            value.question or None,
            value.name,
        )
        for value in record.values
    ]
    return columns.sheet("参数与口径", rows, _provenance(program, record))


def _provenance(program: Program, record: RunRecord) -> list[str]:
    result, plan = record.result, program.plan
    moment = "全部已记录的事实"
    if result.known_at is not None:
        moment = f"{result.known_at:%Y-%m-%d %H:%M:%S}"
    adopted = "没有采用文件"
    if program.adoption is not None:
        adopted = f"采用：{told_adoption(program.adoption)}（{result.adoption}）"
    return [
        f"方案：{plan.title}（{result.plan} {result.version}），摘要 {result.plan_digest[:16]}",
        f"{adopted}，摘要 {result.adoption_digest[:16] or '无'}",
        f"期间：{record.period.label}，数据截止时点：{moment}",
        f"计算程序：{result.engine}，事实摘要 {result.facts_digest[:16]}",
    ]


def value_text(given: InForce, names: Names) -> str:
    """A value as people read it; an unset one is said to be so."""
    value = given.value
    if value is None:
        return "未填"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Fraction):
        if given.type is ValueType.TIME:
            return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
        return show_number(value)
    if isinstance(value, date):
        return value.isoformat()
    return window_text(names, parse_window(value)) if given.type is ValueType.WINDOW else value
