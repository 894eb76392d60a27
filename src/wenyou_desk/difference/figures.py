"""The figures of a result as flat maps, so that two results can be subtracted.

Amounts are exact numbers in the ledger's unit. Everything else is an item with a text: a
measure's value, a step, a bar's days; no text is as good as not being there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.result import AwardRow, BarRow, Entry, MeasureValue, Result
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import SubjectKind

Account = tuple[Subject, str]
"""A subject and a ledger."""
Key = tuple[bool, str]


class Sort(Enum):
    """What an item speaks of, in the order of telling."""

    MEASURE = "指标"
    GRADE = "等级"
    AWARD = "评选"
    BAR = "资格限制"
    TARGET = "目标"
    OBLIGATION = "频次"
    TASK = "待办"
    WAITING = "待定"
    UNCOUNTED = "未计入"
    MISSING = "缺失"
    LAWFUL = "采用程序"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What has a value: ``name`` the measure, rule or outcome, ``of`` and ``fact`` what it is about.

    ``subject`` is None for what is said of the whole run. ``period`` is empty for that of the
    run itself, so that runs of two periods can be compared.
    """

    sort: Sort
    name: str
    subject: Subject | None = None
    of: str = ""
    fact: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An item's text before and after; empty where it has none."""

    item: Item
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of the ledgers and items of one result, and its entries by subject."""

    amounts: Mapping[Account, Fraction]
    items: Mapping[Item, str]
    entries: Mapping[Key, tuple[Entry, ...]] = field(default_factory=dict)


def who(subject: Subject) -> Key:
    """Persons after units, by number."""
    return (subject.person, subject.id)


def figures_of(result: Result) -> Figures:
    """The figures of a result."""
    amounts: dict[Account, Fraction] = defaultdict(Fraction)
    entries: dict[Key, list[Entry]] = defaultdict(list)
    for entry in result.entries:
        scale = 10 ** result.digits[entry.ledger]
        amounts[_plain(entry.subject), entry.ledger] += Fraction(entry.amount, scale)
        entries[who(entry.subject)].append(entry)
    texts: dict[Item, set[str]] = defaultdict(set)
    for item, text in _items(result):
        texts[item].add(text)
    return Figures(
        amounts={account: number for account, number in amounts.items() if number},
        items={item: "；".join(sorted(found)) for item, found in texts.items()},
        entries={key: tuple(rows) for key, rows in entries.items()},
    )


def amount_changes(before: Figures, after: Figures) -> dict[Account, Fraction]:
    """After minus before; what did not change is left out."""
    accounts = dict.fromkeys((*before.amounts, *after.amounts))
    old, new = before.amounts, after.amounts
    found = {one: new.get(one, _ZERO) - old.get(one, _ZERO) for one in accounts}
    return {one: number for one, number in found.items() if number}


def item_changes(before: Figures, after: Figures) -> tuple[Change, ...]:
    """Every item whose text is another, sorted by sort, name and subject."""
    items = dict.fromkeys((*before.items, *after.items))
    found = [Change(one, before.items.get(one, ""), after.items.get(one, "")) for one in items]
    return tuple(sorted((one for one in found if one.before != one.after), key=_order))


def entry_changes(before: Figures, after: Figures, key: Key) -> tuple[Entry, ...]:
    """The entries of a subject that stand in one of the results only."""
    old, new = before.entries.get(key, ()), after.entries.get(key, ())
    both = set(old) & set(new)
    return tuple(entry for entry in (*old, *new) if entry not in both)


_ZERO = Fraction(0)
_SORTS = {sort: at for at, sort in enumerate(Sort)}


def _order(change: Change) -> tuple[int, Key, str, str, str]:
    item = change.item
    key = (False, "") if item.subject is None else who(item.subject)
    return (_SORTS[item.sort], key, item.name, item.period, item.of + item.fact)


def _plain(subject: Subject) -> Subject:
    """An adopting unit is its unit."""
    return subject if subject.person else Subject(SubjectKind.UNIT, subject.id)


def _items(result: Result) -> Iterator[tuple[Item, str]]:
    yield from _outcomes(result)
    for bar in result.bars:
        item = Item(
            sort=Sort.BAR, name=bar.rule, subject=_plain(bar.subject), of=bar.what, fact=bar.fact
        )
        yield item, _bar(bar)
    for task in result.tasks:
        whose = _plain(task.subject)
        yield Item(sort=Sort.TASK, name=task.rule, subject=whose, fact=task.fact), task.task
    for wait in result.waiting:
        for one in wait.subjects or (None,):
            subject = None if one is None else _plain(one)
            item = Item(
                sort=Sort.WAITING, name=wait.rule, subject=subject, of=wait.what, fact=wait.fact
            )
            yield item, wait.text
    for lost in result.uncounted:
        about = lost.fact_kind
        yield Item(sort=Sort.UNCOUNTED, name=lost.by_rule, of=about, fact=lost.fact), lost.reason
    for gap in result.missing:
        of = f"{gap.kind}|{gap.unit}|{gap.since}|{gap.till}"
        yield Item(sort=Sort.MISSING, name=gap.what, of=of), gap.text
    if not result.lawful:
        yield Item(sort=Sort.LAWFUL, name=""), "未经通过程序"


def _outcomes(result: Result) -> Iterator[tuple[Item, str]]:
    def item(sort: Sort, name: str, subject: Subject, period: str) -> Item:
        code = "" if period == result.period else period
        return Item(sort=sort, name=name, subject=_plain(subject), period=code)

    for value in result.measures:
        yield item(Sort.MEASURE, value.measure, value.subject, value.period), _measure(value)
    for grade in result.grades:
        yield item(Sort.GRADE, grade.grade, grade.subject, grade.period), grade.step
    for award in result.awards:
        yield item(Sort.AWARD, award.award, award.subject, award.period), _award(award)
    for target in result.targets:
        met = {True: "达标", False: "未达标", None: "不适用"}[target.met]
        yield item(Sort.TARGET, target.target, target.subject, target.period), met
    for duty in result.obligations:
        done = f"应做{duty.owed}次，已做{duty.done}次"
        yield item(Sort.OBLIGATION, duty.obligation, duty.subject, duty.period), done


def _measure(row: MeasureValue) -> str:
    if row.num is not None and row.den is not None:
        return f"{show_number(row.num)}/{show_number(row.den)}"
    return show_number(row.value) if row.value is not None else row.absent or "不适用"


def _award(row: AwardRow) -> str:
    if row.won:
        return f"当选（第{row.rank}名）" if row.rank else "当选"
    reasons = "、".join((*row.failed, *(["资格受限"] if row.bars else [])))
    return f"未当选（{reasons}）" if reasons else "未当选"


def _bar(row: BarRow) -> str:
    return f"{row.since}起至{row.until}" if row.until else f"{row.since}起"
