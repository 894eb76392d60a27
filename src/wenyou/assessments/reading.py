"""What the pages of a run show: ranking, board, one unit's page, trees with links to the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING

from django.urls import reverse

from wenyou.assessments import queries
from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.opened import opened
from wenyou.assessments.table import ABSENT, MINUS, TableHead, evened, head_of
from wenyou.org.models import Posting, Unit
from wenyou.register.book import facts_of
from wenyou.register.queries import facts_visible_to
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.codec import subject_of, subject_text
from wenyou_desk.runs.telling import Teller

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou_core.assess.explain_view import Node


@dataclass(frozen=True, slots=True)
class Group:
    """Units that are ranked among themselves."""

    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of the ranking, as everybody sees it."""

    place: int | None
    name: str
    value: str
    address: str


@dataclass(frozen=True, slots=True)
class Told:
    """A node of a tree as the page shows it, with the address of the register's entry."""

    title: str
    value: str
    article: str
    text: str
    address: str
    children: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a subject: its sentence and its amount, and why."""

    sentence: str
    amount: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """An entry of a result for programs; the amount is exact, ``number`` counts from 1."""

    number: int
    key: str
    day: date
    period: str
    article: str
    rule: str
    title: str
    kind: str
    fact: str
    ledger: str
    amount: str
    unit: str
    text: str


def heads(run: Run) -> list[TableHead]:
    """The tables of a run, the main one first."""
    main = run.summary.get("main", "")
    found = [head_of(one) for one in run.summary.get("tables", ())]
    return sorted(found, key=lambda one: one.population != main)


def head_for_all(run: Run) -> TableHead | None:
    """The table whose ranking everybody sees who sees the run: of units, never of people."""
    head = next(iter(heads(run)), None)
    ranks_units = head is not None and head.place and head.of == SubjectKind.UNIT.value
    return head if ranks_units else None


def groups(run: Run) -> list[Group]:
    """The units that are ranked each by itself."""
    codes = run.adoption.values.get("units") or [run.unit.code]
    units = Unit.objects.filter(code__in=codes).order_by("code")
    return [Group(one.code, str(one), one.path) for one in units]


def group_of(run: Run, user: User, said: str) -> Group | None:
    """The group asked for, else the person's own, else the first."""
    found = groups(run)
    home = queries.own_path(user)
    for one in found:
        if one.code == said:
            return one
    own = next((one for one in found if home and home.startswith(one.path)), None)
    return own or next(iter(found), None)


def ranked(run: Run, user: User, group: Group | None) -> tuple[TableHead | None, list[Ranked]]:
    """The ranking of units in a group; only one's own and those beneath lead on."""
    head = head_for_all(run)
    if head is None:
        return None, []
    rows = queries.ranking(run, head.population)
    if group is not None:
        rows = rows.filter(unit__path__startswith=group.path)
    rows = rows[:2000]
    mine = set(
        queries.rows_visible_to(user, run)
        .filter(pk__in=[one.pk for one in rows])
        .values_list("pk", flat=True)
    )
    values = evened([str(row.figures.get(head.main, "—")) for row in rows])
    return head, [
        Ranked(
            row.place,
            row.title,
            value,
            reverse("assessments:subject", args=[run.pk, row.key]) if row.pk in mine else "",
        )
        for row, value in zip(rows, values, strict=True)
    ]


def figures_of(row: RunSubject, run: Run) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Per table that the subject stands in: title, and (name, value, address of its grounds)."""
    for head in heads(run):
        if f"@{head.population}" not in row.figures:
            continue
        lines = []
        for one in head.columns:
            if one.key not in row.figures:
                continue
            value = row.figures[one.key]
            if one.unit and value not in ABSENT:
                value = f"{value} {one.unit}"
            place = reverse("assessments:why", args=[run.pk, row.key])
            address = f"{place}?what={one.what}" if one.what else place
            lines.append((one.title, value, address))
        if lines:
            yield head.title, lines


def entries_of(row: RunSubject, run: Run) -> list[Line]:
    """Every entry of a subject as a sentence."""
    found = opened(run)
    teller = Teller(found.program.plan, found.record, minus=MINUS)
    subject = subject_of(row.key)
    place = reverse("assessments:why", args=[run.pk, row.key])
    return [
        Line(
            teller.sentence(entry),
            teller.money(entry.amount, entry.ledger),
            f"{place}?what={number}",
        )
        for number, entry in enumerate(
            (one for one in found.record.result.entries if one.subject == subject), 1
        )
    ]


def entries_among(
    run: Run, keys: Collection[str], passed: int, limit: int
) -> tuple[list[ToldEntry], bool]:
    """The entries of these subjects behind the first ``passed``, and whether there are more."""
    found = opened(run)
    teller = Teller(found.program.plan, found.record, minus=MINUS)
    mine = (one for one in found.record.result.entries if subject_text(one.subject) in keys)
    taken = list(islice(mine, passed, passed + limit + 1))
    told = []
    for number, one in enumerate(taken[:limit], passed + 1):
        ledger = found.program.plan.ledgers[one.ledger]
        told.append(
            ToldEntry(
                number=number,
                key=subject_text(one.subject),
                day=one.day,
                period=one.period,
                article=one.article,
                rule=one.rule,
                title=teller.title(one.rule),
                kind=one.fact_kind,
                fact=one.fact,
                ledger=one.ledger,
                amount=f"{Decimal(one.amount).scaleb(-ledger.digits):f}",
                unit=ledger.unit,
                text=teller.sentence(one),
            )
        )
    return told, len(taken) > limit


def bars_of(row: RunSubject, run: Run) -> list[str]:
    """What a subject may not be nominated for, and until when."""
    found = opened(run)
    teller = Teller(found.program.plan, found.record, minus=MINUS)
    subject = subject_of(row.key)
    return [
        f"{bar.since} {'至 ' + str(bar.until) if bar.until else '起长期'}不得参加“{teller.names.bar(bar.what)}”"
        f"（条款{bar.article}）。"
        for bar in found.record.result.bars
        if bar.subject == subject
    ]


def heads_then(run: Run, row: RunSubject) -> list[Posting]:
    """Who led a unit on the period's last day."""
    end = opened(run).record.period.end
    rows = Posting.objects.filter(unit=row.unit, head=True, from_on__lte=end)
    return list(rows.exclude(until_on__lt=end).select_related("employee").order_by("acting"))


def earlier(run: Run, row: RunSubject, user: User) -> RunSubject | None:
    """The same subject's row in the run of the period before, where one may see it."""
    before = queries.before(run).filter(period__lt=run.period).order_by("-period", "-pk").first()
    if before is None or not queries.runs_visible_to(user).filter(pk=before.pk).exists():
        return None
    return queries.rows_visible_to(user, before).filter(key=row.key).first()


def trees(run: Run, key: str, what: str, user: User) -> list[Told]:
    """Why a figure is what it is, down to the facts of the register that a person may see."""
    nodes = opened(run).why(key, what)
    keys = set(keys_of(nodes))
    found = facts_of(run.adoption).filter(key__in=keys, latest=True)
    found = found.filter(pk__in=facts_visible_to(user).values("pk"))
    addresses = {
        one_key: reverse("register:fact", args=[pk])
        for one_key, pk in found.values_list("key", "pk")
    }
    return [_told(node, addresses) for node in nodes]


def keys_of(nodes: Iterable[Node]) -> Iterator[str]:
    """The numbers of the facts in trees."""
    for node in nodes:
        if node.key:
            yield node.key
        yield from keys_of(node.children)


def _told(node: Node, addresses: dict[str, str]) -> Told:
    return Told(
        title=node.title,
        value=node.value,
        article=" ".join(filter(None, (node.article, node.heading))),
        text=node.text,
        address=addresses.get(node.key, ""),
        children=tuple(_told(one, addresses) for one in node.children),
    )
