"""``./wenyou scheme check``: which plans load, what they hold, what is computed one by one."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from wenyou_core.assess.sequential import left_to_reference
from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.model import Parameter
from wenyou_desk.scheme.opened import OK, UNSOUND, heading, opened


@dataclass(slots=True)
class Tally:
    """What was counted over all plans."""

    plans: int = 0
    bad: int = 0
    faults: int = 0
    articles: int = 0
    rules: int = 0
    unset: int = 0


def run(args: argparse.Namespace) -> int:
    """Check and tell; 2 when a plan does not load, as with every command."""
    tally = Tally()
    for one in opened(args.names):
        tally.plans += 1
        if one.plan is None or one.error is not None:
            tally.bad += 1
            tally.faults += len(one.error.faults) if one.error else 0
            print(f"{one.word}：不能载入。")
            for fault in one.error.faults if one.error else ():
                print(f"  {fault}")
            continue
        print(f"{heading(one.plan)}：{_counted(one.plan.checked, tally)}")
        for text in sequential(one.plan.checked):
            print(f"  {text}")
    verdict = f"{tally.bad} 份不能载入，毛病 {tally.faults} 处" if tally.bad else "全部可以载入"
    print(
        f"共 {tally.plans} 份方案，{verdict}；条款 {tally.articles} 条，"
        f"规则 {tally.rules} 条，未定的取值 {tally.unset} 个。"
    )
    return UNSOUND if tally.bad else OK


def _counted(checked: Checked, tally: Tally) -> str:
    scope = checked.scope
    articles, rules = len(checked.plan.articles), len(scope.rules)
    params = [param for param in scope.params.values() if not _is_set(param)]
    cells = [text for table in scope.tables.values() for text in table.values.values() if not text]
    tally.articles += articles
    tally.rules += rules
    tally.unset += len(params) + len(cells)
    others = len(scope.grades) + len(scope.awards) + len(scope.targets)
    unset = f"，未定 {len(params)} 个" if params else ""
    empty = f"，表中空格 {len(cells)} 个" if cells else ""
    return (
        f"条款 {articles} 条，规则 {rules} 条，指标 {len(scope.measures)} 个，等级、奖项、目标 {others} 个，"
        f"要求 {len(scope.obligations)} 条，参数 {len(scope.params)} 个{unset}{empty}。"
    )


def _is_set(param: Parameter) -> bool:
    return bool(param.values) and param.values[-1].value is not None


def sequential(checked: Checked) -> list[str]:
    """What the reference computes on the reduced rows, each with its reason."""
    scope = checked.scope
    nodes = {
        **scope.measures,
        **{rule.name: rule for rule in scope.period_rules()},
        **scope.grades,
        **scope.awards,
    }
    found = left_to_reference(nodes, checked.order, checked.reads, checked.types)
    return [
        f"「{nodes[name].title or name}」由参照引擎在汇总后的行上逐个推算：{reason}"
        for name, reason in found.items()
    ]
