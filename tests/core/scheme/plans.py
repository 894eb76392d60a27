"""One sound plan that uses every part of the language, and how tests break it in one place.

Each thing stands on a line of its own, so that a fault's line tells which thing it is about.
"""

from __future__ import annotations

from functools import cache

from tests.core.scheme.edits import reread
from wenyou_core.errors import Fault, SchemeError
from wenyou_core.scheme.check import Checked, check

FILE = "demo.yaml"
BASE = """\
plan:
  id: demo
  version: "1"
  title: 示范方案
  issuer: 示范支行
  valid_from: 2024-01-01
  periods: [quarter, month, year]
  deciding: param.quarter_by
lists:
  levels: [支行级, 分行级, 总行级]
  rulings: [有责, 无责]
  stars: [一星, 二星, 三星]
  unit_kinds: [网点, 部门]
ledgers:
  points: {title: 积分, unit: 分, digits: 1}
  money: {title: 绩效金额, unit: 元, digits: 2}
roles:
  head: {title: 网点负责人, posts: [网点负责人]}
  deputy: {title: 副职}
unit_fields:
  kind: {title: 机构类别, type: choice, choices: unit_kinds}
  region: {title: 片区, type: text}
  staff: {title: 员工数, type: int}
  opened_on: {title: 开业日期, type: date}
person_fields:
  star: {title: 现有星级, type: choice, choices: stars}
  joined_on: {title: 入职日期, type: date}
  pay: {title: 绩效工资, type: money}
facts:
  complaint:
    title: 投诉
    subjects: [unit, person]
    fields:
      ruling: {title: 责任认定, type: choice, choices: rulings, required: true}
      level: {title: 级别, type: choice, choices: levels}
      late_days: {title: 逾期天数, type: int}
      loss: {title: 损失, type: money}
      rate: {title: 比例, type: decimal, digits: 3}
      closed_on: {title: 办结日期, type: date}
      opens: {title: 开门时刻, type: time}
      serious: {title: 严重, type: bool}
      handler: {title: 经办人, type: person}
      to_unit: {title: 转办机构, type: unit}
      around: {title: 在场人员, type: persons}
      source: {title: 来源编号, type: fact}
      note: {title: 备注, type: text}
  filing:
    title: 报备
    subjects: [unit]
    fields:
      begins: {title: 起, type: date, required: true}
      ends: {title: 止, type: date}
      target: {title: 原编号, type: fact}
      result: {title: 结论, type: choice, choices: rulings}
  visit:
    title: 检查
    subjects: [unit]
  volume:
    title: 业务量
    subjects: [unit]
    fields:
      number: {title: 笔数, type: int, required: true}
populations:
  outlets: {title: 网点, of: unit, where: unit.kind = 网点, peers: [region]}
  staff: {title: 员工, of: person}
  whole: {title: 全行, of: adopter}
articles:
  - no: "1"
    title: 口径
    kinds: [rule]
    params:
      quarter_by: {title: 归属日期, type: choice, choices: [发生日期, 登记日期], value: 发生日期}
      fine: {title: 扣罚额, type: amount, value: -100 元}
      weight: {title: 比重, type: decimal, value: 20%}
      window: {title: 回看, type: window, value: 12 months}
      choice: {title: 取舍, type: choice, choices: [就高, 累加], value: 就高}
      ties: {title: 并列, type: choice, choices: [由考核小组决定, 并列者均计], value: 并列者均计}
      basis: {title: 基数, type: choice, choices: [客户数, 笔数], question: 按什么作基数？}
      least: {title: 最少件数, type: int, values: [{since: 2024-01-01, value: 1}, {since: 2025-07-01, value: 2}]}
  - no: "2"
    title: 投诉
    kinds: [rule]
    tables:
      fines: {title: 标准, by: [level], values: {支行级: -300 元, 分行级: -600 元, 总行级: -1200 元}}
      gap: {title: 待填标准, by: [level], values: {支行级: null}}
    sets:
      once: {title: 一事一罚, choose: param.choice, per: [source]}
    rules:
      deemed: {title: 视同, deem: visit, becomes: complaint, with: {ruling: 有责, late_days: 0}}
      raised: {title: 定级, deem: complaint, where: serious = true, with: {level: 总行级}}
      filed: {title: 报备免责, exempt: complaint, by: filing, where: result = 无责, same: {unit: unit}, within: {from: begins, to: ends}}
      blamed: {title: 有责, on: complaint, where: ruling = 有责, whom: unit, amount: param.fine, together: once, joint: [{whom: head, percent: 50%}]}
      levelled: {title: 分级, on: complaint, whom: unit, amount: {table: fines}, together: once, limit: {floor: -5000 元, per: year}}
      repeated: {title: 重复, on: complaint, whom: [unit, person], amount: -1 分, again: {window: param.window, same: [unit, level], factors: [1, 1.5]}, also: true}
      late: {title: 逾期, on: complaint, whom: [unit, present around], amount: {per: late_days, each: -0.5 分, free: 1}, effects: [{bar: star_bar, until: year_end}]}
      judged: {title: 酌定, on: complaint, where: serious = true, whom: head up 1, amount: {range: [-200 元, -500 元]}}
      monthly: {title: 月度, on: complaint, whom: unit, amount: {bands: late_days, rows: {"[1, 3)": -1 分, "[3, +)": -5 分}}, period: month}
      shared: {title: 比例, on: complaint, whom: person, amount: {value: -20% * loss, ledger: money, round: {digits: 2, mode: half_up}}}
      capped: {title: 扣完为止, limit: [repeated], floor: -20 分}
      outer: {title: 总封顶, limit: [capped], floor: -30 分, per: year}
  - no: "3"
    title: 指标
    kinds: [rule]
    measures:
      cases: {title: 件数, each: outlets, facts: complaint, where: ruling = 有责}
      volume_sum: {title: 业务量, each: outlets, facts: volume, how: sum, of: number}
      rate: {title: 投诉率, ratio: [cases, volume_sum], empty: apart}
      rounded_rate: {title: 投诉率（两位）, ratio: [cases, volume_sum], empty: zero, round: {digits: 4, mode: half_up}}
      mean_rate: {title: 平均投诉率, across: rate, how: pooled}
      plain_rate: {title: 简单平均, across: rate, how: mean, round: {digits: 6, mode: half_up}}
      score: {title: 得分, each: outlets, entries: [repeated, capped], base: 100}
      money_sum: {title: 金额, each: outlets, ledger: money}
      weighted: {title: 折算, each: outlets, value: score * param.weight + unit.staff}
      place: {title: 名次, rank: rate, from: lowest}
      grown: {title: 增减, change: cases, against: last_year}
      grown_rate: {title: 增减率, change: cases, against: previous, how: relative}
      clean: {title: 连续无投诉, each: outlets, streak: cases = 0, most: 4}
      month_cases: {title: 月件数, each: outlets, facts: complaint, period: month}
      rolled: {title: 月均件数, roll: month_cases, to: quarter, how: mean, round: {digits: 1, mode: half_up}}
      person_cases: {title: 个人件数, each: staff, facts: complaint, link: handler, window: cycle person.joined_on}
      of_members: {title: 人均, members: person_cases, each: outlets, how: mean, round: {digits: 2, mode: half_up}}
      passing: {title: 达标占比, share: score >= 95, each: outlets, empty: apart}
      whole_cases: {title: 全行件数, each: whole, facts: complaint}
      month_score: {title: 月度扣分, each: outlets, entries: [monthly], period: month}
      joint_money: {title: 连带金额, each: staff, entries: [blamed+joint]}
    rules:
      last: {title: 最后一名, each: outlets, when: rate > mean_rate and cases >= param.least, pick: {by: [rate], from: highest, take: 1, tie: param.ties}, amount: -600 元, joint: [{whom: head, percent: 20%}]}
      sliding: {title: 线性, each: outlets, amount: {linear: score, from: [85, 0], to: [90, 15], ledger: points, round: {digits: 1, mode: half_up}}, effects: [{cap: outlet_grade, at_most: 合格}]}
  - no: "4"
    title: 等级和奖项
    kinds: [rule, frequency, time_limit, duty]
    tells: 各级负责人抓好落实。
    grades:
      outlet_grade: {title: 等级, each: outlets, steps: [{name: 优, when: score >= 95, share: 20%}, {name: 良, when: score >= 90}, {name: 合格, when: score >= 60}], otherwise: 差, by: [score], tie: none}
      star: {title: 星级, each: staff, steps: [{name: 三星, when: person_cases = 0}, {name: 二星, when: person_cases <= 2}], otherwise: 一星, kept: star, climb: 1}
    awards:
      best: {title: 标杆, each: outlets, conditions: [{name: 达标, when: score >= 95}], bars: [star_bar], pick: {by: [score], from: highest, share: 10%, tie: decide}, amount: 1000 元, split: true, round: {digits: 2, mode: down}}
    targets:
      goal: {title: 全行目标, each: whole, when: whole_cases <= 10}
    obligations:
      visits: {title: 每月检查, who: 办公室, each: outlets, facts: visit, times: 1, every: month, period: month}
      answer: {title: 限时答复, who: 网点, facts: complaint, start: known, limit: 3, unit: working_days}
  - no: "5"
    title: 检查表
    kinds: [checklist]
    sheets:
      hall: {title: 大堂, modules: [{title: 环境, items: [{no: "1", text: 地面清洁, points: 2 分, floor: 0 分, ceiling: 2 分}, {no: "2", text: 有引导}]}]}
  - no: "6"
    title: 目的
    kinds: [principle]
    tells: 提高服务质量。
"""


def edited(*pairs: str) -> str:
    """The sound plan with each first text (it must stand there once) replaced by the second."""
    text = BASE
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert text.count(old) == 1, f"{text.count(old)} times: {old}"
        text = text.replace(old, new)
    return text


def checked(*pairs: str) -> Checked:
    """The sound plan, edited, loaded and checked."""
    return check(reread(BASE, edited(*pairs), FILE))


@cache
def faults(*pairs: str) -> tuple[Fault, ...]:
    """What is wrong with the edited plan, empty when nothing is."""
    try:
        checked(*pairs)
    except SchemeError as error:
        return error.faults
    return ()


def line_of(marker: str, *pairs: str) -> int:
    """The line of the edited plan that begins with a thing's name."""
    lines = edited(*pairs).splitlines()
    found = [at for at, line in enumerate(lines, 1) if line.strip().startswith(marker)]
    assert len(found) == 1, f"{len(found)} times: {marker}"
    return found[0]


def assert_refused(name: str, code: str, said: str, *pairs: str) -> None:
    """The edited plan has exactly one fault: at ``name``, of that code, saying that.

    The unedited plan has none, so it is the edit that is refused.
    """
    assert faults() == ()
    found = faults(*pairs)
    assert [fault.code for fault in found] == [code], "\n".join(map(str, found))
    assert said in found[0].text
    assert found[0].text.endswith("。")
    assert found[0].place.file == FILE
    assert found[0].place.line == line_of(name, *pairs)
