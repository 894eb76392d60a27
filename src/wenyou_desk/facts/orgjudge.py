"""Faults of the organization: unknown parents, circles, spans that cannot be, double posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise

from wenyou_core.assess.facts import Coverage, FactBook, PostSpan, UnitSpan
from wenyou_core.assess.impossible import Spanned
from wenyou_core.errors import Place
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.facts.doubles import Double, Doubles
from wenyou_desk.facts.lifetimes import Lifetimes

Fault = Callable[[Place, str, str, str], None]
Remark = Callable[[Place, str, str], None]


def judge_organization(
    book: FactBook, newest: FactBook, fault: Fault, remark: Remark, *, doubles: Doubles
) -> None:
    """Judge every row of the organization's sheets; ``newest`` holds the rows that count."""
    for rows, till in ((book.units, "停用日期"), (book.persons, "止"), (book.posts, "止")):
        _judge_spans(rows, till, fault)
    _judge_spans(book.coverage, "止", fault)
    _judge_doubles(
        ((row, (row.id, row.since, row.recorded)) for row in book.units), "机构号", doubles
    )
    _judge_doubles(
        ((row, (row.id, row.since, row.recorded)) for row in book.persons), "员工号", doubles
    )
    _judge_parents(newest.units, fault)
    _judge_posts(newest, fault, remark)
    _judge_coverage(book, newest, fault)
    _judge_openings(book, newest, fault)


def _judge_spans(rows: Iterable[Spanned], column: str, fault: Fault) -> None:
    for row in rows:
        if row.till is not None and row.till < row.since:
            text = f"「{column}」{row.till}早于开始的日期{row.since}。请核对这两格。"
            fault(row.place, "reversed_span", text, column)


def _judge_doubles(
    rows: Iterable[tuple[Spanned, tuple[Hashable, ...]]], column: str, doubles: Doubles
) -> None:
    seen: dict[tuple[Hashable, ...], Place] = {}
    for row, key in rows:
        before = seen.setdefault(key, row.place)
        if before is not row.place:
            text = (
                f"{column}「{key[0]}」自{row.since}起的资料与{_short(before)}重复。"
                "请删去一行，是更正的请填上记录时间。"
            )
            doubles.add(Double(row.place, before, text, column))


def _judge_parents(units: Iterable[UnitSpan], fault: Fault) -> None:
    units = tuple(units)
    known = Lifetimes(units)
    for unit in units:
        if unit.parent and unit.parent not in known:
            text = known.unknown("上级机构号", unit.parent, "机构")
            fault(unit.place, "unknown_机构", text, "上级机构号")
    for circle in _circles(units):
        first = circle[0]
        listed = " → ".join([*(unit.id for unit in circle), first.id])
        text = f"上级机构连成了一圈（{listed}）。请改正其中一个上级机构号。"
        fault(first.place, "unit_circle", text, "上级机构号")


def _circles(units: tuple[UnitSpan, ...]) -> list[tuple[UnitSpan, ...]]:
    """Each circle once, beginning with its smallest id; spans that never meet make none."""
    by_id: dict[str, list[UnitSpan]] = defaultdict(list)
    for unit in units:
        by_id[unit.id].append(unit)
    suspects = _never_ending(by_id)
    days = sorted({span.since for code in suspects for span in by_id[code]})
    found: dict[frozenset[str], tuple[UnitSpan, ...]] = {}
    for day in days:
        above = {code: span for code in suspects if (span := _on(by_id[code], day)) is not None}
        for code in sorted(above):
            circle = _circle_from(code, above)
            if circle:
                found.setdefault(frozenset(unit.id for unit in circle), circle)
    return list(found.values())


def _never_ending(by_id: dict[str, list[UnitSpan]]) -> set[str]:
    """Units left over when those whose parents all lead to a top are taken away."""
    children: dict[str, list[str]] = defaultdict(list)
    open_parents: dict[str, int] = {}
    for code, spans in by_id.items():
        parents = {span.parent for span in spans if span.parent in by_id}
        open_parents[code] = len(parents)
        for parent in parents:
            children[parent].append(code)
    ready = [code for code, count in open_parents.items() if count == 0]
    while ready:
        for child in children[ready.pop()]:
            open_parents[child] -= 1
            if open_parents[child] == 0:
                ready.append(child)
    return {code for code, count in open_parents.items() if count}


def _on(spans: list[UnitSpan], day: date) -> UnitSpan | None:
    held = [span for span in spans if span.since <= day and (span.till is None or day <= span.till)]
    return max(held, key=lambda span: span.since, default=None)


def _circle_from(code: str, above: dict[str, UnitSpan]) -> tuple[UnitSpan, ...]:
    """The circle through ``code``, if it is its smallest member."""
    path = [above[code]]
    seen = {code}
    while path[-1].parent in above:
        parent = path[-1].parent
        if parent == code:
            return tuple(path) if code == min(seen) else ()
        if parent in seen:
            return ()
        seen.add(parent)
        path.append(above[parent])
    return ()


def _judge_posts(newest: FactBook, fault: Fault, remark: Remark) -> None:
    units, persons = Lifetimes(newest.units), Lifetimes(newest.persons)
    # All at once: only where this finds something the posts are looked at one by one.
    if not (
        units.holds((post.unit, post.since) for post in newest.posts)
        and persons.holds((post.person, post.since) for post in newest.posts)
    ):
        _judge_holders(newest.posts, units, persons, fault, remark)
    # Somebody may stand in elsewhere for the same post; two regular ones cannot be.
    held: dict[tuple[str, str, bool, str], list[PostSpan]] = defaultdict(list)
    for post in newest.posts:
        held[post.person, post.post, post.acting, post.unit if post.acting else ""].append(post)
    for posts in held.values():
        if len(posts) == 1:
            continue
        posts.sort(key=lambda post: post.since)
        for first, second in pairwise(posts):
            if first.till is None or second.since <= first.till:
                text = (
                    f"员工「{second.person}」的「{second.post}」与{_short(first.place)}的任职日期重叠。"
                    "请在前一段填上「止」。"
                )
                fault(second.place, "post_overlap", text, "起")


def _judge_holders(
    posts: Iterable[PostSpan],
    units: Lifetimes,
    persons: Lifetimes,
    fault: Fault,
    remark: Remark,
) -> None:
    for post in posts:
        for column, code, lives in (
            ("员工号", post.person, persons),
            ("机构号", post.unit, units),
        ):
            sheet = "人员" if column == "员工号" else "机构"
            if lives and code not in lives:
                text = lives.unknown(column, code, sheet)
                fault(post.place, f"unknown_{sheet}", text, column)
            elif lives and not lives.on(code, post.since):
                text = f"任职自{post.since}起，那天{column}「{code}」还没有启用或已经停用。请核对。"
                remark(replace(post.place, column=column), "post_outside_lifetime", text)


def _judge_coverage(book: FactBook, newest: FactBook, fault: Fault) -> None:
    known = Lifetimes(newest.units)
    told: set[Place] = set()
    for row in book.coverage:
        if row.unit and known and row.unit not in known and row.place not in told:
            told.add(row.place)
            fault(row.place, "unknown_机构", known.unknown("机构号", row.unit, "机构"), "机构号")
    early = {
        row.place: row for row in book.coverage if _to_come(row)
    }  # one row speaks of all kinds
    for place, row in early.items():
        text = (
            f"「止」{row.till}晚于记录时间（{row.recorded:%Y-%m-%d %H:%M}）。"
            "还没有过完的日子不能声明填报齐全，请核对这两格。"
        )
        fault(place, "coverage_to_come", text, "止")


def _to_come(row: Coverage) -> bool:
    return row.recorded is not None and row.recorded.date() < row.till


def _judge_openings(book: FactBook, newest: FactBook, fault: Fault) -> None:
    known = {SubjectKind.UNIT: Lifetimes(newest.units)}
    known[SubjectKind.PERSON] = Lifetimes(newest.persons)
    for row in book.openings:
        codes = known[row.subject.kind]
        if codes and row.subject.id not in codes:
            unit = row.subject.kind is SubjectKind.UNIT
            column, sheet = ("机构号", "机构") if unit else ("员工号", "人员")
            text = codes.unknown(column, row.subject.id, sheet)
            fault(row.place, f"unknown_{sheet}", text, column)


def _short(place: Place) -> str:
    return str(replace(place, sheet="")) or "另一行"
