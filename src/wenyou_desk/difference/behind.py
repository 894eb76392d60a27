"""What stands behind a subject's share of a part: facts, parameters, articles, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from fractions import Fraction

from wenyou_core.assess.facts import DECISION, Fact
from wenyou_core.assess.known import known_day
from wenyou_core.assess.result import Entry
from wenyou_core.assess.telling import DECISION_TITLE
from wenyou_core.scheme.compare import PlanChange, compare
from wenyou_core.scheme.model import Adoption, Plan
from wenyou_core.scheme.sentence_words import day_text
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import State as FactState
from wenyou_desk.difference.compute import Part
from wenyou_desk.difference.factchanges import Cause, FactChange, changed_fields
from wenyou_desk.difference.figures import Key, entry_changes, who
from wenyou_desk.difference.spans import SpanChange, span_changes
from wenyou_desk.facts.sheets import STATES

_PLAIN = {
    "state": "状态",
    "happened": "发生日期",
    "at": "发生时刻",
    "known": "登记时间",
    "unit": "机构",
    "person": "人员",
    "evidence": "佐证",
}
_DECIDED = {
    "rule": "事项",
    "target": "所指",
    "subject": "对象",
    "choice": "结论",
    "value": "数值",
    "by": "决定人",
    "grounds": "理由",
}
_SHOWN = 3


class Behind:
    """Finds and tells the inputs of one part."""

    def __init__(self, part: Part, moment: datetime | None = None) -> None:
        """Index the facts and changes of the part; ``moment`` is that of the second run."""
        self.part, self._moment = part, moment
        self._facts = [change for step in part.steps for change in step.facts]
        self._causes = frozenset(part.causes)
        self._exempting = {
            row.fact: row.by_fact
            for state in (part.before, part.after)
            for row in state.result.uncounted
            if row.by_fact
        }
        self._plan = self._plan_changes()
        self._spans = self._span_changes()
        self._titles_of = _Titles(part)

    def of(self, key: Key) -> tuple[str, ...]:
        """What stands behind the share of one subject."""
        entries = entry_changes(self.part.before.figures, self.part.after.figures, key)
        facts, spans = self._told_facts(entries, key), self._organization(key)
        return (*facts, *spans, *self._rules(key, entries))

    def all(self) -> tuple[str, ...]:
        """Every input that the part exchanged."""
        facts = (self.fact(change) for change in self._facts)
        rules = (self._change(change) for change in self._plan)
        return (*facts, *self._organization(None), *self._settings(), *rules)

    # -- facts -----------------------------------------------------------------------------------

    def _told_facts(self, entries: Iterable[Entry], key: Key) -> Iterator[str]:
        named = {name for entry in entries for name in self._named(entry)}
        named |= set(self._reached(key))
        found = [change for change in self._facts if change.key[1] in named]
        # a measure alone has moved: then only what lies in the period can be told as its reason
        near = [change for change in self._facts if self._in_period(change)] or self._facts
        found = found or [change for change in near if _is_of(change, key)]
        if found or not near:
            yield from map(self.fact, found)
            return
        # nothing of its own: a mean or a rank moved because of others
        names = "、".join(self._name(one) for one in near[:_SHOWN])
        more = f"等{len(near)}件" if len(near) > _SHOWN else ""
        yield f"他人的事实有变动：{names}{more}"

    def _in_period(self, change: FactChange) -> bool:
        period = self.part.after.inputs.period
        facts = (one for one in (change.before, change.after) if one is not None)
        return any(one.happened in period or known_day(one) in period for one in facts)

    def _named(self, entry: Entry) -> Iterator[str]:
        yield from filter(None, (entry.fact, entry.earlier, entry.decision))
        if entry.fact in self._exempting:
            yield self._exempting[entry.fact]

    def _reached(self, key: Key) -> Iterator[str]:
        """Facts that changed a bar, a task or a wait of the subject, and what exempts them."""
        for change in self.part.changes:
            item = change.item
            if item.fact and item.subject is not None and who(item.subject) == key:
                yield item.fact
                yield self._exempting.get(item.fact, item.fact)

    def fact(self, change: FactChange) -> str:
        """``投诉「TS-1」（2025年7月8日，甲网点）：见诸媒体由否改为是``."""
        fact = change.fact
        inside = "，".join(filter(None, (day_text(fact.happened), fact.unit, fact.person)))
        return f"{self._name(change)}（{inside}）：{self._became(change)}"

    def _became(self, change: FactChange) -> str:
        if change.before is None:
            return f"新增，登记于{change.fact.known:%Y-%m-%d %H:%M}，{STATES[change.fact.state]}"
        if change.after is None:
            recorded, moment = change.fact.recorded, self._moment
            if moment is None or recorded <= moment:
                return "已不在事实表里"
            return f"{recorded:%Y-%m-%d %H:%M}才登记，在数据截止时点{moment:%Y-%m-%d %H:%M}之后"
        told = (
            f"{self._label(change.fact, name)}由{_value(old)}改为{_value(new)}"
            for name, (old, new) in changed_fields(change).items()
        )
        return "、".join(told)

    def _name(self, change: FactChange) -> str:
        kind, code = change.key
        plans = (self.part.after.program.plan, self.part.before.program.plan)
        titles = (plan.facts[kind].title for plan in plans if kind in plan.facts)
        default = DECISION_TITLE if kind == DECISION else kind
        return f"{next(titles, default)}「{code}」"

    def _label(self, fact: Fact, name: str) -> str:
        if name in _PLAIN:
            return _PLAIN[name]
        field = name.removeprefix("values.")
        if fact.kind == DECISION:
            return _DECIDED.get(field, field)
        kind = self.part.after.program.plan.facts.get(fact.kind)
        return kind.fields[field].title if kind and field in kind.fields else field

    # -- organization ----------------------------------------------------------------------------

    def _organization(self, key: Key | None) -> Iterator[str]:
        if Cause.ORGANIZATION not in self._causes:
            return
        own = [text for ids, text in self._spans if key is None or key[1] in ids]
        yield from own or (text for _, text in self._spans)

    def _span_changes(self) -> tuple[SpanChange, ...]:
        if Cause.ORGANIZATION not in self._causes:
            return ()
        return tuple(span_changes(self.part.before.inputs.book, self.part.after.inputs.book))

    # -- parameters and articles -----------------------------------------------------------------

    def _plan_changes(self) -> tuple[PlanChange, ...]:
        if not self._causes & {Cause.PARAMETER, Cause.RULE}:
            return ()
        return compare(self.part.before.program.plan, self.part.after.program.plan)

    def _rules(self, key: Key, entries: Sequence[Entry]) -> Iterator[str]:
        if Cause.PERIOD in self._causes:
            yield self._periods()
        if not self._causes & {Cause.PARAMETER, Cause.RULE}:
            return
        names = {entry.rule for entry in entries}
        for change in self.part.changes:
            subject = change.item.subject
            if subject is not None and who(subject) == key:
                names.add(change.item.name)
        titles = self._titles_of.around(names)
        found = [
            one
            for one in self._plan
            if one.what in titles or titles & {f"「{title}」" for title in one.touches}
        ]
        yield from (self._change(one) for one in found or self._plan)
        if not self._plan:
            yield from self._settings()

    def _change(self, one: PlanChange) -> str:
        where = f"条款{one.article}" if one.article else "方案"
        old, new = one.old.rstrip("。"), one.new.rstrip("。")
        if old and new:
            return f"{where}{one.what}：由“{old}”改为“{new}”"
        return f"{where}{one.kind.value}{one.what}：“{old or new}”"

    def _settings(self) -> Iterator[str]:
        """What else an adoption says: units, days in force, record."""
        if Cause.PERIOD in self._causes:
            yield self._periods()
        if not self._causes & {Cause.PARAMETER, Cause.RULE}:
            return
        old, new = (state.inputs.adoption for state in (self.part.before, self.part.after))
        before, after = _adoption(old), _adoption(new)
        for name, text in after.items():
            if before[name] != text:
                yield f"采用文件的{name}：由{before[name]}改为{text}"

    def _periods(self) -> str:
        old, new = (state.inputs.period.label for state in (self.part.before, self.part.after))
        return f"考核期间由{old}改为{new}"


class _Titles:
    """Titles of things and of all that they read, in quotation marks as ``compare`` has them."""

    def __init__(self, part: Part) -> None:
        self._reads: dict[str, set[str]] = {}
        self._titles: dict[str, set[str]] = {}
        for state in (part.before, part.after):
            for name, reads in state.inputs.checked.reads.items():
                self._reads.setdefault(name, set()).update(one.name for one in reads)
            for name, title in titles_in(state.program.plan):
                self._titles.setdefault(name, set()).add(f"「{title}」")

    def around(self, names: Iterable[str]) -> set[str]:
        """The titles of the named things and of what they look at, directly or not."""
        seen: set[str] = set()
        todo = list(names)
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo += self._reads.get(name, ())
        return {title for name in seen for title in self._titles.get(name, ())}


def titles_in(plan: Plan) -> Iterator[tuple[str, str]]:
    """Names and titles of measures, rules and outcomes."""
    for article in plan.articles:
        spaces = (
            article.measures,
            article.rules,
            article.grades,
            article.awards,
            article.targets,
            article.obligations,
        )
        for space in spaces:
            yield from ((name, one.title or name) for name, one in space.items())


def _is_of(change: FactChange, key: Key) -> bool:
    facts = (one for one in (change.before, change.after) if one is not None)
    return any(key[1] == (one.person if key[0] else one.unit) for one in facts)


def _value(value: object) -> str:
    """A field's value in words; of one that is not filled in, that."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, FactState):
        return STATES[value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return day_text(value)
    if isinstance(value, int):
        return f"{value // 60:02d}:{value % 60:02d}"
    if isinstance(value, Fraction):
        return show_number(value)
    if isinstance(value, tuple):
        return "、".join(map(str, value)) or "未填"
    return "未填" if value in (None, "") else str(value)


def _adoption(one: Adoption | None) -> dict[str, str]:
    if one is None:
        return dict.fromkeys(("采用单位", "施行期", "程序记录"), "无")
    record = one.record
    days = (record.consulted_on, record.published_on, record.acknowledged_on)
    return {
        "采用单位": "、".join(one.units),
        "施行期": f"{one.in_force_from}至{one.in_force_to or '未定'}",
        "程序记录": "、".join(_value(day) for day in days),
    }
