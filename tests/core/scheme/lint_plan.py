"""A plan that the lint has nothing to say about, and faults of plan authors to plant in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.core.scheme.edits import reread
from wenyou_core.scheme.check import check
from wenyou_core.scheme.lint import Finding, Law, lint, load_law

ROOT = Path(__file__).resolve().parents[3]
SCHEMES = ROOT / "src" / "wenyou_schemes"
LAW_FILE = ROOT / "src" / "wenyou_core" / "scheme" / "data" / "lawful_limits.yaml"

CLEAN = """\
plan:
  id: clean
  version: "1"
  title: 示范方案
  issuer: 示范支行
  valid_from: 2024-01-01
  valid_to: 2026-12-31
  periods: [quarter, year]
lists:
  levels: [支行级, 分行级, 总行级]
  rulings: [有责, 无责]
  sites: [城区, 县域]
  stars: [一星, 二星, 三星]
ledgers:
  points: {title: 积分, unit: 分, digits: 2}
  money: {title: 绩效金额, unit: 元, digits: 2}
roles:
  head: {title: 网点负责人, posts: [网点负责人]}
unit_fields:
  site: {title: 地段, type: choice, choices: sites, required: true}
person_fields:
  star: {title: 现有星级, type: choice, choices: stars}
  pay: {title: 月工资, type: money}
facts:
  complaint:
    title: 投诉
    subjects: [unit, person]
    fields:
      ruling: {title: 责任认定, type: choice, choices: rulings, required: true}
      level: {title: 级别, type: choice, choices: levels, required: true}
      late_days: {title: 逾期天数, type: int, required: true}
      late_hours: {title: 逾期小时, type: decimal, digits: 1, required: true}
      serious: {title: 严重, type: bool, required: true}
      media: {title: 见诸媒体, type: bool, required: true}
      case: {title: 事件号, type: text}
      event: {title: 事件编号, type: text, required: true}
  thanks:
    title: 表扬
    subjects: [unit, person]
    fields:
      level: {title: 级别, type: choice, choices: levels, required: true}
  incident:
    title: 事故
    subjects: [unit]
    fields:
      loss: {title: 损失, type: money, required: true}
      closed: {title: 已结案, type: bool, required: true}
      ticket: {title: 报案号, type: text}
  filing:
    title: 报备
    subjects: [unit]
    fields:
      begins: {title: 起, type: date, required: true}
      ends: {title: 止, type: date}
      approved: {title: 已批准, type: bool, required: true}
  volume:
    title: 业务量
    subjects: [unit]
    fields:
      number: {title: 笔数, type: int, required: true}
  visit:
    title: 检查
    subjects: [unit]
populations:
  outlets: {title: 网点, of: unit}
  staff: {title: 员工, of: person}
  whole: {title: 全行, of: adopter}
articles:
  - no: "1"
    title: 扣罚
    kinds: [rule]
    params:
      fine: {title: 扣罚额, type: amount, value: -100 元}
      window: {title: 回看, type: window, value: 12 months}
      choice: {title: 取舍, type: choice, choices: [就高, 累加], value: 就高}
      reading: {title: 逾期怎样扣, type: choice, choices: [按天, 按小时], value: 按天}
    tables:
      fines: {title: 通报扣罚标准, by: [level], values: {支行级: -300 元, 分行级: -600 元, 总行级: -1200 元}}
      rewards: {title: 表扬奖励标准, by: [level], values: {支行级: 200 元, 分行级: 500 元, 总行级: 1000 元}}
    sets:
      once: {title: 一事一罚, choose: param.choice, per: [event]}
    rules:
      blamed: {title: 有责扣罚, on: complaint, where: ruling = 有责, whom: unit, amount: param.fine, together: once, joint: [{whom: head, percent: 50%}]}
      media: {title: 见诸媒体扣罚, on: complaint, where: ruling = 有责 and media = true, whom: unit, amount: -400 元, together: once}
      levelled: {title: 分级扣罚, on: complaint, where: ruling = 无责, whom: unit, amount: {table: fines}}
      praised: {title: 表扬奖励, on: thanks, whom: unit, amount: {table: rewards}, evidence: 1}
      late_days: {title: 逾期按天扣分, on: complaint, where: param.reading = 按天, whom: unit, amount: {bands: late_days, rows: {"[1, 3]": -1 分, "[4, 10]": -2 分, "[11, +)": -5 分}}}
      late_hours: {title: 逾期按小时扣分, on: complaint, where: param.reading = 按小时, whom: unit, amount: {bands: late_hours, rows: {"[24, 72)": -1 分, "[72, +)": -5 分}}}
      worse: {title: 重复加倍, on: incident, whom: unit, amount: -50 元, again: {window: param.window, same: [unit], factor: 2, ceiling: 1000 元}, also: true}
      upheld: {title: 报备免责, exempt: complaint, by: filing, where: approved = true, same: {unit: unit}, within: {from: begins, to: ends}}
      raised: {title: 严重的按总行级, deem: complaint, where: serious = true, with: {level: 总行级}}
      lost: {title: 大额事故视同投诉, deem: incident, where: loss >= 10000, becomes: complaint, with: {ruling: 无责, level: 支行级, late_days: 0, late_hours: 0, serious: false, media: false, event: id}}
      closing: {title: 未结案提醒, on: incident, where: closed = false, whom: unit, effects: [{task: 督办}]}
      barred: {title: 严重投诉取消评优, on: complaint, where: serious = true, whom: unit, effects: [{bar: best_bar, until: year_end}, {cap: outlet_grade, at_most: 合格}]}
      floor: {title: 扣完为止, limit: [late_days, late_hours], floor: -20 分}
  - no: "2"
    title: 指标
    kinds: [rule]
    params:
      pass_line: {title: 达标线, type: decimal, value: 95}
      least: {title: 最少件数, type: int, value: 2}
    measures:
      cases: {title: 件数, each: outlets, facts: complaint, where: ruling = 有责}
      volume_sum: {title: 业务量, each: outlets, facts: volume, how: sum, of: number}
      rate: {title: 投诉率, ratio: [cases, volume_sum], empty: apart}
      mean_rate: {title: 平均投诉率, across: rate, how: pooled}
      worst_rate: {title: 最高投诉率, across: rate, how: max}
      score: {title: 得分, each: outlets, entries: [late_days, late_hours, floor], base: 100}
      other: {title: 检查分, each: outlets, facts: visit}
      weighted: {title: 综合分, each: outlets, value: score * 60% + other * 40%}
      passing: {title: 达标占比, share: score >= param.pass_line, each: outlets, empty: apart, whole: true}
      town: {title: 城区达标占比, share: score >= param.pass_line, base: unit.site = 城区, each: outlets, empty: apart, whole: true}
      rural: {title: 县域达标占比, share: score >= param.pass_line, base: unit.site = 县域, each: outlets, empty: apart, whole: true}
      own: {title: 个人件数, each: staff, facts: complaint}
    rules:
      last: {title: 末位扣罚, each: outlets, when: rate > mean_rate and cases >= param.least, pick: {by: [rate], from: highest, take: 1, tie: decide}, amount: -600 元}
  - no: "3"
    title: 等级、奖项、目标
    kinds: [rule, frequency, time_limit]
    grades:
      outlet_grade: {title: 网点等级, each: outlets, steps: [{name: 优, when: score >= 95, share: 20%}, {name: 良, when: score >= 90, share: 60%}, {name: 合格, when: score >= 60}], otherwise: 差, by: [score]}
      band: {title: 分段, each: outlets, steps: [{name: 甲, when: "score between [98, 100]"}, {name: 乙, when: "score between [90, 98)"}, {name: 丙, when: score < 90}]}
      star: {title: 星级, each: staff, steps: [{name: 三星, when: "own = 0 and person.star in [二星, 三星]"}, {name: 二星, when: own <= 2}], otherwise: 一星, kept: star, climb: 1}
    awards:
      best: {title: 标杆, each: outlets, conditions: [{name: 达标, when: score >= param.pass_line}, {name: 少投诉, when: cases <= 3}], bars: [best_bar], pick: {by: [rate], from: lowest, share: 10%, tie: decide}, amount: 1000 元}
    targets:
      goal: {title: 全部达标目标, each: whole, when: passing >= 85%}
      goal_town: {title: 城区达标目标, each: whole, when: town >= 85%}
      goal_rural: {title: 县域达标目标, each: whole, when: rural >= 85%}
    obligations:
      visits: {title: 每季检查, who: 办公室, each: outlets, facts: visit, times: 1, every: quarter, period: quarter}
      answer: {title: 限时答复, who: 网点, facts: complaint, start: known, limit: 3, unit: working_days}
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault: in which plan (``clean``, or a shipped one), what it is, the edit, the code."""

    plan: str
    fault: str
    old: str
    new: str
    code: str


@cache
def law() -> Law:
    """The shipped limits of the law."""
    return load_law(LAW_FILE.read_text(encoding="utf-8"), LAW_FILE.name)


def text_of(plan: str) -> str:
    """The text of the clean plan or of a shipped one."""
    if plan == "clean":
        return CLEAN
    return (SCHEMES / plan / "scheme.yaml").read_text(encoding="utf-8")


@cache
def findings(text: str, base: str = "") -> tuple[Finding, ...]:
    """What the lint says of a plan's text, which may be ``base`` edited."""
    return lint(check(reread(base, text, "plan.yaml")), law=law())


def with_fault(planted: Planted) -> str:
    """The text of the plan with the fault in it; the place must be there exactly once."""
    text = text_of(planted.plan)
    assert text.count(planted.old) == 1, f"{text.count(planted.old)} times: {planted.old}"
    return text.replace(planted.old, planted.new)
