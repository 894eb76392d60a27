"""How the six sub-branches of the demo bank adopted the plan: every open value filled in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

PLAN = "jsb_sub_branch"
_VALID_FROM = date.fromisoformat("2023-01-01")  # first day of the plan; nobody adopts it earlier

FINES = {
    "环境卫生": -50,
    "仪容仪表": -50,
    "服务用语": -100,
    "服务纪律": -100,
    "设施设备": -30,
    "大堂管理": -80,
    "柜面效率": -80,
    "首问负责": -100,
    "负责人缺位": -200,
}
"""扣罚标准 in yuan, which the plan leaves to the adopting unit."""

LEAST_COUNT = 2
_CONSULTED, _PUBLISHED, _ACKNOWLEDGED = 45, 25, 10  # days before it takes effect

_TEXT = """\
# 采用文件：六个支行自 {since} 起采用「支行文明优质服务考核方案」。
# 演示数据，单位、人员和金额都是虚构的。
adoption:
  id: demo-{plan}
  plan: {plan}
  version: "2025.1"
  units: [{units}]
  in_force_from: {since}
  values:
    quarter_by: 发生日期        # 一件事按发生日期归入季度
    same_type_window: 12 months # “一年内”为滚动十二个月
    same_type_by: 机构          # 同类问题认定到机构
    complaint_basis: 客户数     # 投诉率 = 投诉件数 / 客户数
    complaint_counts: 剔除后
    mean_by: 合并平均
    last_tie: 由考核小组决定
    least_base: 1000            # 客户数不足一千户的网点不参加比较
    least_count: {least_count}              # 不足两件的不参加比较
    media_choice: 就高
    absence_points: 5
    perfunctory_fine: -100 元
  tables:
    inspection_fine:
{fines}
  record: {{consulted_on: {consulted}, published_on: {published}, acknowledged_on: {acknowledged}}}
"""


def in_force_from(start: date) -> date:
    """The first day on which the demo bank works by the plan."""
    return max(_VALID_FROM, start.replace(month=1, day=1))


def adoption_text(units: Sequence[str], start: date) -> str:
    """采用.yaml for a history that begins on ``start``, with the full record."""
    since = in_force_from(start)
    return _TEXT.format(
        plan=PLAN,
        units=", ".join(f'"{unit}"' for unit in units),
        since=since,
        least_count=LEAST_COUNT,
        fines="\n".join(f"      {word}: {yuan} 元" for word, yuan in FINES.items()),
        consulted=since - timedelta(days=_CONSULTED),
        published=since - timedelta(days=_PUBLISHED),
        acknowledged=since - timedelta(days=_ACKNOWLEDGED),
    )
