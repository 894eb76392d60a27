"""The figures of a statement: sums, entries in sentences, measures with how they came about."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.assess.explain_measures import MeasureTrees
from wenyou_core.assess.explain_outcomes import told_award
from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.result import Entry, MeasureValue
from wenyou_core.scheme.measures import Across, EntryMeasure, FactMeasure, Members, RankOf, ShareOf
from wenyou_core.scheme.sentence_words import day_text
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.words import MONEY, amount, e, note, section, table, titled

_MOST_FACTS = 12


def summary(made: Made) -> str:
    """结论: each ledger's sum, scores, places, grades and eligibility, in sentences."""
    lines = [*_sums(made), *_scores(made), *_outcomes(made)]
    if not made.result.entries:
        lines.insert(0, "本期没有加扣。")
    items = "".join(f"<li>{e(line)}</li>\n" for line in lines)
    return section("结论", f'<ul class="sum">\n{items}</ul>\n')


def _sums(made: Made) -> Iterator[str]:
    for name, ledger in made.program.plan.ledgers.items():
        entries = [one for one in made.result.entries if one.ledger == name]
        if entries:
            plus = sum(one.amount for one in entries if one.amount > 0)
            minus = sum(one.amount for one in entries if one.amount < 0)
            sums = [("加", plus), ("扣", -minus)]
            parts = [f"{word}{amount(one, ledger).lstrip('+')}" for word, one in sums if one]
            total = amount(plus + minus, ledger)
            told = "，".join([f"{len(entries)}项", *parts])
            only = (
                "" if made.result.lawful or ledger.unit != MONEY else "（未经通过程序，只供测算）"
            )
            yield f"{ledger.title}合计 {total} {ledger.unit}（{told}）{only}。"


def _scores(made: Made) -> Iterator[str]:
    """The measures that decide, each with the place among the others where there is one."""
    shown: dict[str, list[MeasureValue]] = {}
    for row in _in_order(made):
        if row.period == made.program.run.code and (row.value is not None or row.num is not None):
            node = made.program.nodes[row.measure]
            ranked = node.rank if isinstance(node, RankOf) else row.measure
            if isinstance(node, RankOf) or row.measure in made.ground.headline:
                shown.setdefault(ranked, []).append(row)
    for rows in shown.values():
        places = [row for row in rows if isinstance(made.program.nodes[row.measure], RankOf)]
        told = [_score(made, row) for row in rows if row not in places]
        told += [_place(made, row) for row in places]
        yield f"{'；'.join(told)}。"


def _score(made: Made, row: MeasureValue) -> str:
    value = made.view.exact(row.value) if row.value is not None else made.teller.measure(row)
    return f"{made.teller.title(row.measure)}：{value}"


def _place(made: Made, row: MeasureValue) -> str:
    node, period = made.program.nodes[row.measure], made.view.period(row.measure, row.period)
    source = node.rank if isinstance(node, RankOf) else ""
    peers = made.view.peers(row.measure, period) if period is not None else ()
    count = 1 + sum(1 for peer in peers if source in peer.values)
    return f"{made.teller.title(row.measure)}第{row.value}名（{count}个对象参加比较）"


def _outcomes(made: Made) -> Iterator[str]:
    teller = made.teller
    for grade in made.result.grades:
        yield f"{teller.title(grade.grade)}：{grade.step or '无等级'}。"
    for award in made.result.awards:
        yield f"{teller.title(award.award)}：{told_award(award, made.view)}。"
    for bar in made.result.bars:
        until = f"至{day_text(bar.until)}" if bar.until else "起长期"
        yield f"{day_text(bar.since)}{until}取消{teller.names.bar(bar.what)}。"
    for task in made.result.tasks:
        yield f"{task.task}（{day_text(task.day)}，依据{task.article}）。"


# -- entries -----------------------------------------------------------------------------------


def entries(made: Made) -> str:
    """事由与金额: every entry as a sentence, per ledger with its sum."""
    parts = []
    numbers = {entry.key: number for number, entry in enumerate(made.result.entries, start=1)}
    for name, ledger in made.program.plan.ledgers.items():
        own = [one for one in made.result.entries if one.ledger == name]
        if own:
            head = [("序号", "i"), ("事由", ""), (f"{ledger.title}（{ledger.unit}）", "n")]
            rows = [
                (str(numbers[one.key]), _sentence(made, one), amount(one.amount, ledger))
                for one in own
            ]
            total = amount(sum(one.amount for one in own), ledger)
            parts.append(table(head, rows, ("", "合计", total)))
    if not parts:
        parts.append("<p>本期没有加扣分录。</p>\n")
    return section("事由与金额", *parts)


def _sentence(made: Made, entry: Entry) -> str:
    head, _, rest = made.teller.sentence(entry).partition("：")
    return f"<b>{e(head.removeprefix('依据'))}</b><br>{e(rest)}"


# -- measures ----------------------------------------------------------------------------------


def measures(made: Made) -> str:
    """得分、比率与名次: every measure with what it was made of."""
    trees = MeasureTrees(made.view, lambda entry: Node(title="", key=entry.key))
    numbers = {entry.key: number for number, entry in enumerate(made.result.entries, start=1)}
    rows, absent = [], []
    for row in _in_order(made):
        period = trees.view.period(row.measure, row.period)
        if period is None:
            continue
        trees.view.seen.clear()
        node = trees.tree(row.measure, period)
        how = _how(trees.view, row.measure, node, numbers)
        if row.absent:
            absent.append(f"{node.title}（{row.absent.rstrip('。')}）")
            continue
        title = f'{titled(node.title)}<br><span class="why">条款{e(node.article)}</span>'
        text = f'<span class="why">{e(node.text)}{e(how)}</span>'
        rows.append((title, text, _in_two(node.value)))
    head = [("指标", "k"), ("怎样得来", ""), ("数值", "n")]
    told = note(f"本期没有数值：{'；'.join(absent)}。") if absent else ""
    return section("得分、比率与名次", table(head, rows) if rows else "", told)


def _in_two(value: str) -> str:
    """``2/3000`` with ``约0.000667`` beneath."""
    exact, mark, near = value.removesuffix("）").partition("（")
    if not mark:
        return e(value)
    said = near if near.startswith("约") else f"即{near}"
    return f'{e(exact)}<br><span class="why">{e(said)}</span>'


def _in_order(made: Made) -> list[MeasureValue]:
    order = {name: at for at, name in enumerate(_plan_order(made))}
    return sorted(made.result.measures, key=lambda row: (order.get(row.measure, 0), row.period))


def _plan_order(made: Made) -> Iterator[str]:
    for article in made.program.plan.articles:
        yield from article.measures


def _how(view: View, name: str, tree: Node, numbers: dict[str, int]) -> str:
    """What a measure was made of, one level down, in one line."""
    node = view.program.nodes[name]
    parts = tree.children
    if not parts:
        return ""
    if isinstance(node, FactMeasure):
        shown = "、".join(
            one.key + (f"（{one.value}）" if one.value else "") for one in parts[:_MOST_FACTS]
        )
        more = f"等{len(parts)}件" if len(parts) > _MOST_FACTS else ""
        return f"计入：{shown}{more}。"
    if isinstance(node, EntryMeasure):
        start = [f"{one.title}{one.value}" for one in parts if one.key not in numbers]
        own = [numbers[one.key] for one in parts if one.key in numbers]
        listed = f"第{'、'.join(_stretches(own))}项" if own else ""
        return f"本期：{'，'.join(filter(None, [*start, listed]))}。"
    mark = "：" if isinstance(node, Across | RankOf | Members | ShareOf) else ""
    told = "；".join(f"{one.title}{mark or ' '}{one.value.rstrip('。')}" for one in parts)
    return f"本期：{told}。"


def _stretches(numbers: list[int]) -> Iterator[str]:
    """``1至4``, ``7``: numbers in order, those that follow each other as one."""
    ordered = sorted(numbers)
    start = 0
    for at, number in enumerate(ordered):
        if at + 1 == len(ordered) or ordered[at + 1] != number + 1:
            first = ordered[start]
            yield str(number) if first == number else f"{first}至{number}"
            start = at + 1
