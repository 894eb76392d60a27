"""The trees behind grades, awards, targets, bars and duties."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.assess.explain_measures import MeasureTrees
from wenyou_core.assess.explain_view import NO, YES, Node, View
from wenyou_core.assess.facts import DECISION
from wenyou_core.assess.result import AwardRow, BarRow, GradeRow, ObligationRow, TargetRow
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_words import day_text
from wenyou_core.worktime.periods import Period

MET = {True: "达到", False: "未达到", None: "不适用"}


class OutcomeTrees:
    """Explains the outcomes of one subject."""

    def __init__(self, view: View, measures: MeasureTrees) -> None:
        """``measures`` explains what conditions look at."""
        self.view, self._measures = view, measures

    def grade(self, row: GradeRow) -> Node:
        """The step, each step's condition, quota and climb, and the cap that held it down."""
        view, node = self.view, self.view.program.nodes[row.grade]
        period = view.period(row.grade, row.period)
        children: list[Node] = []
        if isinstance(node, Grade) and period is not None:
            for step in node.steps:
                found = view.condition(step.when, row.grade, period)
                children.append(
                    Node(
                        title=f"{step.name}：{found.title}",
                        value=found.value,
                        children=found.children,
                    )
                )
            children += self.numbers(row.grade, node.by, period)
        if row.why:
            children.append(Node(title="名次和升级", value=row.why))
        if row.capped_by:
            title = f"受「{view.teller.title(row.capped_by)}」限制"
            children.append(Node(title=title, value=f"由{row.earned}降为{row.step}"))
        return self._node(row.grade, row.article, row.period, row.step or "无等级", children)

    def award(self, row: AwardRow) -> Node:
        """Conditions met or not, bars that exclude, the place, and the result."""
        view, node = self.view, self.view.program.nodes[row.award]
        period = view.period(row.award, row.period)
        children: list[Node] = []
        if isinstance(node, Award) and period is not None:
            for one in node.conditions:
                found = view.condition(one.when, row.award, period)
                children.append(
                    Node(
                        title=f"{one.title}：{found.title}",
                        value=found.value,
                        children=found.children,
                    )
                )
            for what in node.bars:
                children.append(self._barred(what, row))
            by = node.pick.by if node.pick is not None else ()
            children += self.numbers(row.award, by, period)
        if row.rank:
            children.append(Node(title="名次", value=f"第{row.rank}名"))
        return self._node(row.award, row.article, row.period, told_award(row, view), children)

    def target(self, row: TargetRow) -> Node:
        """The goal with what it looks at."""
        node, period = self.view.program.nodes[row.target], self.view.period(row.target, row.period)
        children: list[Node] = []
        if isinstance(node, Target) and period is not None:
            children.append(self.view.condition(node.when, row.target, period))
        return self._node(row.target, row.article, row.period, MET[row.met], children)

    def bar(self, row: BarRow) -> Node:
        """Since when and until when, by which rule, because of which fact."""
        teller, children = self.view.teller, []
        if row.fact:
            kinds = [kind for kind, code in self.view.cut.own if code == row.fact]
            kinds += [
                kind
                for kind, facts in self.view.cut.book.facts.items()
                if kind != DECISION and any(fact.id == row.fact for fact in facts)
            ]
            title = teller.fact(kinds[0], row.fact, row.rule) if kinds else f"事实「{row.fact}」"
            children.append(Node(title=title, key=row.fact))
        until = f"至{day_text(row.until)}" if row.until else "起长期有效"
        return Node(
            title=f"取消{teller.names.bar(row.what)}",
            value=f"{day_text(row.since)}{until}",
            article=row.article,
            heading=self.view.heading(row.article),
            text=f"依据{row.article}「{teller.title(row.rule)}」。",
            key=row.what,
            children=tuple(children),
        )

    def obligation(self, row: ObligationRow) -> Node:
        """Done and owed, with the facts that count."""
        view, node = self.view, self.view.program.nodes[row.obligation]
        period, children = view.period(row.obligation, row.period), []
        if (
            isinstance(node, Obligation)
            and period is not None
            and not view.given(node.name, period)
        ):
            member = view.member(node.name, period)
            rows = view.run.facts.rows(node, member, period) if member is not None else None
            for one in rows or ():
                fact = one.one.fact
                children.append(Node(title=view.teller.fact(fact.kind, fact.id), key=fact.id))
        value = f"应{row.owed}次，已{row.done}次"
        return self._node(row.obligation, row.article, row.period, value, children)

    # -- pieces --------------------------------------------------------------------------------

    def _node(self, name: str, article: str, period: str, value: str, children: list[Node]) -> Node:
        view = self.view
        own = view.period(name, period)
        code = f"（{own.label}）" if own is not None and own != view.program.run else ""
        node = view.program.nodes[name]
        return Node(
            title=f"{view.teller.title(name)}{code}",
            value=value,
            article=article,
            heading=view.heading(article),
            text=sentence_of(view.teller.names, node),
            key=name,
            children=tuple(children),
        )

    def numbers(self, name: str, by: tuple[str, ...], period: Period) -> Iterator[Node]:
        """The numbers of those the subject is ranked with."""
        peers = self.view.peers(name, period)
        for measure in by:
            numbers = [one.values[measure].exact for one in peers if measure in one.values]
            shown = sorted((one for one in numbers if one is not None), reverse=True)
            title = f"{self.view.teller.title(measure)}：其他{len(shown)}个对象（不具名）"
            yield Node(
                title=title,
                value="、".join(self.view.approximate(one) for one in shown) or "没有",
            )
            yield self._measures.tree(measure, period)

    def _barred(self, what: str, row: AwardRow) -> Node:
        held = [bar for bar in self.view.result.bars if bar.what == what]
        children = tuple(self.bar(bar) for bar in held) if what in row.bars else ()
        title = f"没有被取消{self.view.teller.names.bar(what)}"
        return Node(title=title, value=NO if what in row.bars else YES, children=children)


def told_award(row: AwardRow, view: View) -> str:
    """``当选``, ``有资格，未入选``, ``没有资格``; of an award without a ranking only eligibility."""
    node = view.program.nodes[row.award]
    ranked = isinstance(node, Award) and (node.pick is not None or node.decide)
    if not row.eligible:
        return "没有资格"
    if not ranked:
        return "有资格"
    return "当选" if row.won else "有资格，未入选"
