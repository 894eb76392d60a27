"""A statement as one HTML page: self-contained, for paper first."""

from __future__ import annotations

from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period
from wenyou_desk.runs.telling import told_adoption
from wenyou_desk.statements.contest import contest
from wenyou_desk.statements.data import fingerprint, statement_json
from wenyou_desk.statements.figures import entries, measures, summary
from wenyou_desk.statements.grounds import grounds
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.outcomes import open_matters, outcomes
from wenyou_desk.statements.style import CSS, foot_of_pages
from wenyou_desk.statements.words import MONEY, e, moment, numbered, span

TITLE = "考核结果告知单"
DATA_OPEN = '<script type="application/json" id="wenyou-statement">'
DATA_CLOSE = "</script>"


def page(made: Made) -> str:
    """The whole page; the same statement always gives the same text."""
    data = statement_json(made.statement)
    name = made.teller.who(made.statement.cut.subject)
    makers = (summary, entries, measures, outcomes, open_matters, contest, grounds)
    sections = numbered(maker(made) for maker in makers)
    body = "".join((_head(made, name), *sections, _foot(made, data)))
    title = f"{TITLE} {name} {made.statement.period.label}"
    foot = f"{TITLE} {made.statement.cut.subject.id} {made.statement.period.label}"
    return (
        '<!DOCTYPE html>\n<html lang="zh-Hans">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="robots" content="noindex">\n'
        f"<title>{e(title)}</title>\n<style>\n{CSS}\n{foot_of_pages(foot)}\n</style>\n</head>\n"
        "<body>\n<main>\n"
        f"{body}</main>\n{DATA_OPEN}\n{data}\n{DATA_CLOSE}\n</body>\n</html>\n"
    )


def _head(made: Made, name: str) -> str:
    statement, plan = made.statement, made.program.plan
    period = statement.period
    rows = [
        ("期间", _period(period)),
        ("方案", f"{plan.title}（{plan.issuer}，版本{plan.version}）"),
        ("采用", _adoption(made)),
        ("数据截止时点", moment(statement.known_at)),
    ]
    if statement.cut.subject.kind is SubjectKind.PERSON:
        rows.insert(0, ("所在机构", _unit(made)))
    meta = "".join(f"<div><dt>{e(term)}</dt><dd>{e(text)}</dd></div>\n" for term, text in rows)
    return (
        f'<header>\n<p class="what">{TITLE}</p>\n<h1>{e(name)}</h1>\n'
        f'<dl class="meta">\n{meta}</dl>\n{_marks(made)}</header>\n'
    )


def _period(period: Period) -> str:
    """``2025年第三季度（2025年7月1日至9月30日）``; days alone where they are its name."""
    days = span(period.start, period.end)
    return days if "至" in period.label else f"{period.label}（{days}）"


def _adoption(made: Made) -> str:
    adoption = made.program.adoption
    if adoption is None:
        return "没有采用文件，按方案原文测算"
    units = [made.teller.told.unit_names.get(unit, "") for unit in adoption.units]
    known = "、".join(unit for unit in units if unit)
    return f"{known or '采用单位'}（{told_adoption(adoption)}）"


def _unit(made: Made) -> str:
    unit = made.run.org.unit_of(made.statement.cut.subject.id, made.statement.period.end)
    name = made.teller.told.unit_names.get(unit, "")
    return f"{name}（{unit}）" if unit else "期末没有任职"


def _marks(made: Made) -> str:
    """What the reader must know before any figure."""
    statement, marks = made.statement, []
    if statement.missing or statement.others_missing or made.result.waiting:
        text = "资料尚有缺失或有事项等待决定，补齐后数字可能变动，详见“尚缺、待定与未计入”。"
        marks.append(("初步结果", text, ""))
    for one in made.ground.left:
        marks.append(("未计算", one.text, "" if one.first else " calm"))
    money = any(ledger.unit == MONEY for ledger in made.program.plan.ledgers.values())
    if money and not made.result.lawful:
        text = "采用记录不全（征求意见、公示、告知签收），金额只供测算，不得兑现。"
        marks.append(("未经通过程序", text, ""))
    text = "本告知单是测算结果，经采用单位按程序确认、公布后，方可作为兑现依据。"
    marks.append(("测算", text, " calm"))
    return "".join(
        f'<p class="mark{kind}"><b>{e(word)}</b>{e(text)}</p>\n' for word, text, kind in marks
    )


def _foot(made: Made, data: str) -> str:
    statement, result = made.statement, made.result
    adopted = ""
    if result.adoption:  # two files of one unit and one day may read alike in the head
        adopted = f"采用文件 {e(result.adoption)}，指纹 {e(result.adoption_digest)}<br>"
    return (
        "<footer>\n<p>复核：运行 ./wenyou verify 加本文件名。复核只用本页所带的数据重新计算，"
        "并与本页逐字节比对；加 --run result.json 还可核对这些数据就是那次测算的数据。</p>\n"
        f'<p class="print">数据指纹 {fingerprint(data)}<br>'
        f"测算事实指纹 {e(statement.facts_digest)}<br>{adopted}"
        f"计算引擎 {e(statement.engine)}，文优 {e(statement.written_by)}</p>\n</footer>\n"
    )
