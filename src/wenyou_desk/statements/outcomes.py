"""Grades, awards with their conditions, bars, targets, duties, and what is still open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from wenyou_core.assess.explain_measures import MeasureTrees
from wenyou_core.assess.explain_outcomes import OutcomeTrees
from wenyou_core.assess.explain_view import NO, YES, Node
from wenyou_core.assess.result import Waiting
from wenyou_core.scheme.sentence_words import day_text
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.words import e, section, span, table

_MARKS = {YES: ("yes", "✓ 符合"), NO: ("no", "✗ 不符合")}


def outcomes(made: Made) -> str:
    """等级、评优与限制: each with its conditions, met or not."""
    view = made.view
    trees = OutcomeTrees(view, MeasureTrees(view, lambda entry: Node(title=entry.rule)))
    parts = []
    for grade in made.result.grades:
        parts.append(_conditions(trees.grade(grade)))
    for award in made.result.awards:
        parts.append(_conditions(trees.award(award)))
    for target in made.result.targets:
        parts.append(_conditions(trees.target(target)))
    parts.append(_bars(made, trees))
    parts.append(_duties(made, trees))
    parts.append(_tasks(made))
    return section("等级、评优、目标与限制", *parts)


def _conditions(node: Node) -> str:
    rows = []
    for one in node.children:
        because = "；".join(_told(one.children))
        why = f'<br><span class="why">{e(because)}</span>' if because else ""
        rows.append((f"{e(one.title)}{why}", _mark(one.value)))
    head = f"<h3>{e(node.article)} {e(node.title)}：{e(node.value)}</h3>\n"
    told = f'<p class="why">{e(node.text)}</p>\n' if node.text else ""
    return head + told + (table([("条件", ""), ("结果", "n")], rows) if rows else "")


def _told(nodes: tuple[Node, ...]) -> Iterator[str]:
    """What was looked at, on all levels, each once."""
    seen = dict.fromkeys(_flat(nodes))
    yield from seen


def _flat(nodes: tuple[Node, ...]) -> Iterator[str]:
    for node in nodes:
        if node.children:
            yield from _flat(node.children)
        elif node.value not in _MARKS:
            yield f"{node.title} {node.value}".rstrip()


def _mark(value: str) -> str:
    name, word = _MARKS.get(value, ("", value))
    return f'<span class="{name}">{e(word)}</span>' if name else e(word)


def _bars(made: Made, trees: OutcomeTrees) -> str:
    rows = []
    for bar in made.result.bars:
        node = trees.bar(bar)
        because = "；".join(child.title for child in node.children)
        text = f'{e(node.title)}<br><span class="why">{e(node.text)}{e(because)}</span>'
        rows.append((text, e(node.value)))
    return "<h3>资格限制</h3>\n" + table([("限制与依据", ""), ("期限", "n")], rows) if rows else ""


def _duties(made: Made, trees: OutcomeTrees) -> str:
    rows = []
    for row in made.result.obligations:
        node = trees.obligation(row)
        counted = "、".join(f'<span class="one">{e(one.key)}</span>' for one in node.children)
        why = f'<br><span class="why">计入：{counted}</span>' if counted else ""
        rows.append((f"{e(node.article)} {e(node.title)}{why}", e(node.value)))
    return "<h3>应做的次数</h3>\n" + table([("事项", ""), ("次数", "n")], rows) if rows else ""


def _tasks(made: Made) -> str:
    rows = []
    for task in made.result.tasks:
        kind = next(
            (
                kind
                for kind, facts in made.statement.cut.book.facts.items()
                if any(fact.id == task.fact for fact in facts)
            ),
            "",
        )
        because = made.teller.fact(kind, task.fact, task.rule) if kind else ""
        text = f"依据{task.article}「{made.teller.title(task.rule)}」{'：' if because else ''}{because}"
        rows.append((f'{e(task.task)}<br><span class="why">{e(text)}</span>', day_text(task.day)))
    return (
        "<h3>由此发起的事项</h3>\n" + table([("事项与依据", ""), ("日期", "n")], rows)
        if rows
        else ""
    )


# -- what is open --------------------------------------------------------------------------------


def open_matters(made: Made) -> str:
    """尚缺与待定: why the figures are not final, and which facts did not count."""
    statement, parts = made.statement, []
    missing = list(_missing(made))
    if statement.others_missing:
        missing.append(
            f"另有{statement.others_missing}个机构的资料没有声明填报完整，名次、平均数可能因此变动。"
        )
    parts.append(_list("尚缺的资料", missing))
    parts.append(_list("等待决定", [_waiting(made, row) for row in made.result.waiting]))
    rows = []
    for row in made.result.uncounted:
        by = f"（依据{made.teller.title(row.by_rule)}）" if row.by_rule else ""
        because = f"，见{row.by_fact}" if row.by_fact else ""
        rows.append(
            f"{made.teller.fact(row.fact_kind, row.fact)}：{row.reason.rstrip('。')}{because}{by}。"
        )
    parts.append(_list("登记了但没有计入的事实", rows))
    return section("尚缺、待定与未计入", *parts)


def _missing(made: Made) -> Iterator[str]:
    """What is missing; kinds of facts that nobody declared complete in one sentence each time."""
    kinds: dict[tuple[str, date, date], list[str]] = {}
    for row in made.statement.missing:
        if row.what == "facts":
            kind = made.teller.kind(row.kind)
            kinds.setdefault((row.unit, row.since, row.till), []).append(f"“{kind}”")
    for (unit, since, till), titles in kinds.items():
        whose = made.teller.any_name(unit) if unit else "全部机构"
        told = "、".join(dict.fromkeys(titles))
        yield (
            f"{whose}{span(since, till)}的资料没有声明填报完整：{told}。"
            "请补录后声明，或声明当期没有发生。"
        )
    others = (row.text for row in made.statement.missing if row.what != "facts")
    yield from dict.fromkeys(others)


def _waiting(made: Made, row: Waiting) -> str:
    """The text of the matter; of those who wait beside the subject only how many there are."""
    named = "、".join(subject.id for subject in row.subjects)
    own = made.teller.who(made.statement.cut.subject)
    beside = len(row.subjects) - 1
    return row.text.replace(named, f"{own}和另外{beside}个对象（不具名）" if beside else own, 1)


def _list(title: str, texts: list[str]) -> str:
    items = "".join(f"<li>{e(text)}</li>\n" for text in texts)
    return f'<h3>{e(title)}</h3>\n<ul class="sum">\n{items}</ul>\n' if texts else ""
