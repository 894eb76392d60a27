"""The tree behind a measure: what it was made of, down to facts and entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction

from wenyou_core.assess.explain_view import Node, View
from wenyou_core.assess.result import Entry
from wenyou_core.scheme.depends import measures_in
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    MeasureDef,
    Members,
    RankOf,
    Ratio,
    Roll,
    ShareOf,
    StepOf,
    Streak,
)
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.words import Against, From, Stat
from wenyou_core.worktime.periods import Period, previous, same_of_last_year

TOLD = "见上。"
GIVEN = "由其他机构的事实得出，取自本次测算。"
_MOST_FACTS = 50


class MeasureTrees:
    """Explains measures of one subject; each measure of a period is told once."""

    def __init__(self, view: View, entry: Callable[[Entry], Node]) -> None:
        """``entry`` explains an entry in short."""
        self.view, self._entry = view, entry

    def tree(self, name: str, period: Period) -> Node:
        """A measure with its value and what it was made of."""
        view, node = self.view, self.view.program.nodes[name]
        quantity = view.quantity(name, period)
        text = sentence_of(view.teller.names, node)
        children: tuple[Node, ...] = ()
        if (name, period.code) in view.seen:
            text = TOLD
        elif view.given(name, period):
            text = f"{text}{GIVEN}"
        elif quantity is not None:
            view.seen.add((name, period.code))
            children = tuple(self._parts(name, period))
        return Node(
            title=self._title(name, period),
            value=view.number(quantity),
            article=node.article,
            heading=view.heading(node.article),
            text=text,
            key=name,
            children=children,
        )

    def _title(self, name: str, period: Period) -> str:
        title, run = self.view.teller.title(name), self.view.program.run
        return title if period == run else f"{title}（{period.label}）"

    def trees(self, names: Iterable[str], period: Period) -> Iterator[Node]:
        """The trees of several measures."""
        for name in dict.fromkeys(names):
            if name in self.view.program.nodes:
                yield self.tree(name, period)

    def _parts(self, name: str, period: Period) -> Iterator[Node]:
        node = self.view.program.nodes[name]
        match node:
            case FactMeasure():
                return self._facts(node, period)
            case EntryMeasure():
                return self._entries(node, period)
            case Ratio():
                return self.trees(node.ratio, period)
            case Formula():
                return self.trees(measures_in(node.value), period)
            case Roll():
                return self._roll(node, period)
            case Change():
                back = previous if node.against is Against.PREVIOUS else same_of_last_year
                return (self.tree(node.change, one) for one in (period, back(period)))
            case Streak():
                return self._streak(node, period)
            case StepOf():
                return self._step(node, period)
            case Across() | Members() | RankOf() | ShareOf():
                return self._compared(name, node, period)
        return iter(())

    # -- of the subject itself ---------------------------------------------------------------

    def _facts(self, node: FactMeasure, period: Period) -> Iterator[Node]:
        member = self.view.member(node.name, period)
        rows = None if member is None else self.view.run.facts.rows(node, member, period)
        found = rows or []
        for row in found[:_MOST_FACTS]:
            fact = row.one.fact
            shown = (
                "" if node.of is None or row.value is None else self.view.teller.value(row.value)
            )
            yield Node(title=self.view.teller.fact(fact.kind, fact.id), value=shown, key=fact.id)
        if len(found) > _MOST_FACTS:
            yield Node(title=f"其余{len(found) - _MOST_FACTS}件")

    def _entries(self, node: EntryMeasure, period: Period) -> Iterator[Node]:
        view = self.view
        if node.base:
            yield Node(title="起始分", value=view.exact(node.base))
        opening = view.opening(node, period)
        if opening is not None:
            title = f"{opening.on.isoformat()}期初余额"
            yield Node(title=title, value=view.exact(opening.number))
        for entry in view.summed(node, period):
            told = self._entry(entry)
            dated = f"{told.title}（{entry.day.isoformat()}）"
            yield told if entry.day in period else replace(told, title=dated)

    def _roll(self, node: Roll, period: Period) -> Iterator[Node]:
        for part in self.view.run.periods(node.roll):
            if period.covers(part):
                yield self.tree(node.roll, part)

    def _streak(self, node: Streak, period: Period) -> Iterator[Node]:
        one = period
        for _ in range(node.most):
            found = self.view.condition(node.streak, node.name, one)
            yield Node(title=f"{one.label}：{found.title}", value=found.value)
            if found.value != "是":
                return
            one = previous(one)

    def _step(self, node: StepOf, period: Period) -> Iterator[Node]:
        for row in self.view.run.grades:
            if (row.grade, row.period) == (node.step, period.code):
                title = self.view.teller.title(node.step)
                yield Node(title=title, value=row.step or "无等级", key=node.step)
                return

    # -- among others --------------------------------------------------------------------------

    def _compared(self, name: str, node: MeasureDef, period: Period) -> Iterator[Node]:
        """The numbers compared: the subject's own, and the anonymous ones."""
        source = getattr(node, "across", "") or getattr(node, "rank", "")
        if isinstance(node, ShareOf):
            yield from self._share(node, period)
            return
        source = source or getattr(node, "members", "")
        member = self.view.member(source, period)
        own = None if member is None else self.view.run.exact(source, member, period)
        share = getattr(node, "how", None) is Stat.SHARE  # of all, so all are shown
        where = None if share else getattr(node, "where", None)
        numbers = [
            peer.values[source].exact
            for peer in self.view.counted(name, where, period)
            if source in peer.values
        ]
        found = [one for one in numbers if one is not None]
        yield Node(
            title=f"{self.view.teller.title(source)}：其他{len(found)}个对象（不具名）",
            value=self._listed(found, down=getattr(node, "start", None) is From.HIGHEST),
        )
        if own is not None and not isinstance(node, Members):
            yield self.tree(source, period)

    def _share(self, node: ShareOf, period: Period) -> Iterator[Node]:
        others = len(self.view.counted(node.name, node.base, period))
        yield Node(title="参加统计的其他对象", value=f"{others}个")
        yield self.view.condition(node.share, node.name, period)

    def _listed(self, numbers: list[Fraction], *, down: bool) -> str:
        ordered = sorted(numbers, reverse=down)
        return "、".join(self.view.approximate(one) for one in ordered) or "没有"
