"""Lists of this slice: the runs, and the table of a run, whose columns are the plan's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.urls import reverse

from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.table import Column as Figure
from wenyou.assessments.table import TableHead, number_of, padded
from wenyou.register.lists import find_unit
from wenyou.web.listing import Beneath, Choice, Column, Empty, Listing, State, Switch, Text
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.periods import parse_period

if TYPE_CHECKING:
    from decimal import Decimal

STATES = {
    Run.State.WAITING: "paused",
    Run.State.RUNNING: "press",
    Run.State.DONE: "near",
    Run.State.FAILED: "over",
    Run.State.CONFIRMED: "ok",
    Run.State.PUBLISHED: "ok",
}
MOST_COLUMNS, MOST_SUMS = 14, 3


def state_of(run: Run) -> State:
    """The run's state with its colour."""
    return State(STATES[Run.State(run.state)], run.get_state_display())


def label_of(run: Run) -> str:
    """The words for the period of a run; nobody reads its code."""
    if label := str(run.summary.get("label", "")):
        return label
    try:
        return parse_period(run.period).label
    except InputRefused:
        return run.period


def run_address(run: Run) -> str:
    """The page of a run."""
    return reverse("assessments:run", args=[run.pk])


def _in_period(text: str) -> Q:
    """A period by its name or code, a year with all that lies in it; none where it is neither."""
    try:
        return Q(period__startswith=parse_period(text).code)
    except InputRefused:
        return Q(pk__in=[])


RUNS = Listing(
    title="考核",
    unit_word="次",
    columns=(
        Column(
            key="period",
            title="考核期",
            value=label_of,
            link=run_address,
            fixed=True,
            sort="period",
        ),
        Column(key="unit", title="单位", value=lambda run: run.unit, card="short"),
        Column(key="plan", title="方案", value=lambda run: run.adoption.title),
        Column(key="state", title="状态", kind="state", value=state_of, card="short"),
        Column(key="known", title="数据截止时点", kind="when", value=lambda run: run.known_at),
        Column(key="by", title="测算人", value=lambda run: run.started_by),
        Column(key="confirmed", title="确认人", value=lambda run: run.confirmed_by, hidden=True),
        Column(key="published", title="发布时间", kind="when", value=lambda run: run.published_at),
    ),
    filters=(
        Text("q", "考核期", hint="如 2025年第三季度", where=_in_period),
        Choice("state", "状态", Run.State.choices),
    ),
    empty=Empty("还没有考核结果", "选好方案和考核期，测算以后在这里查看、确认和发布。"),
)


def runs(*, may: bool, adopted: bool) -> Listing:
    """The runs; where there are none, whoever may begin is led to the first step."""
    if not may:
        return RUNS
    address, word = (
        (reverse("assessments:start"), "开始测算")
        if adopted
        else (reverse("schemes:list"), "选一份考核方案采用")
    )
    return replace(RUNS, empty=replace(RUNS.empty, address=address, word=word))


def table(
    run: Run, head: TableHead, groups: Sequence[tuple[str, str, str]], *, chosen: bool = False
) -> Listing:
    """The 测算表 of a population: a row for everybody, a click on a cell shows its grounds.

    ``groups`` are the units ranked each by itself: code, name, path. A card of a phone shows place,
    what is ranked and the sums; with columns that were ``chosen``, all of them.
    """
    summed = set() if chosen else _summed(head)

    def card(key: str) -> Literal["", "off"]:
        return "" if chosen or key in summed else "off"

    def why(figure: Figure) -> Callable[[RunSubject], str]:
        query = urlencode({"what": figure.what}) if figure.what else ""

        def address(row: RunSubject) -> str:
            if figure.key not in row.figures:
                return ""
            place = reverse("assessments:why", args=[run.pk, row.key])
            return f"{place}?{query}" if query else place

        return address

    def figure(one: Figure, hidden: bool) -> Column:
        if one.number:
            return Column(
                key=one.key, title=_titled(one), note=_article(one), kind="points", hidden=hidden, link=why(one),
                value=lambda row: _number(row, one), sort=(KeyTransform(one.key, "orders"),),
                card=card(one.key),
            )  # fmt: skip
        return Column(
            key=one.key, title=_titled(one), note=_article(one), hidden=hidden, link=why(one),
            value=lambda row: row.figures.get(one.key, ""),
            sort=(KeyTransform(one.key, "orders"),), card=card(one.key),
        )  # fmt: skip

    shown = _shown_first(head)
    columns = [
        Column(
            key="name", title="名称", value=lambda row: row.title, fixed=True, sort="title",
            link=lambda row: reverse("assessments:subject", args=[run.pk, row.key]),
        ),
        replace(_code(head.of), card=card("")),
    ]  # fmt: skip
    if len(groups) > 1 and head.of == "unit":
        columns.append(
            Column(key="above", title="上级", value=lambda row: row.unit.parent, card=card(""))
        )
    if head.of == "person":
        columns.append(Column(key="unit", title="机构", value=lambda row: row.unit, sort="unit_id"))
    columns += [figure(one, one.key not in shown) for one in head.columns]
    return Listing(
        title=f"{head.title}测算表",
        unit_word="个" if head.of == "unit" else "人",
        columns=tuple(columns),
        filters=_filters(groups),
        order=("place", "key"),
        empty=Empty("没有可以查看的结果", "您负责的机构和人员不在这张表里。"),
    )


def _filters(groups: Sequence[tuple[str, str, str]]) -> list[Text | Choice | Beneath | Switch]:
    """By name, by the unit that ranks by itself where there are several, by place in the house."""
    found: list[Text | Choice | Beneath | Switch] = [
        Text("q", "名称或编号", fields=("title", "key"))
    ]
    if len(groups) > 1:
        paths = {code: path for code, _, path in groups}
        offered = [(code, name) for code, name, _ in groups]
        found.append(
            Choice("group", "排名单位", offered,
                   where=lambda code: Q(unit__path__startswith=paths[code]))
        )  # fmt: skip
    return [
        *found,
        Beneath("unit", "机构", find_unit),
        Switch("short", "只看数据不完整的", Q(provisional=True)),
    ]


def _summed(head: TableHead) -> set[str]:
    """What a card of a phone says: place, what is ranked, the sum of each ledger."""
    sums: dict[str, str] = {}
    for one in head.columns:
        ledger, bar, rule = one.key.partition("|")
        if bar and (not rule or ledger not in sums):
            sums[ledger] = one.key
    return {head.place, head.main, *list(sums.values())[:MOST_SUMS]} - {""}


def _code(of: str) -> Column:
    title = "机构号" if of == "unit" else "员工号"
    return Column(key="code", title=title, value=lambda row: row.key.partition(":")[2], sort="key")


def _titled(figure: Figure) -> str:
    return f"{figure.title}（{figure.unit}）" if figure.unit else figure.title


def _article(figure: Figure) -> str:
    return f"条款{figure.article}" if figure.article else ""


def _number(row: RunSubject, figure: Figure) -> Decimal | str | None:
    text = row.figures.get(figure.key)
    if text is None:
        return None
    number = number_of(padded(text, figure.digits))
    return text if number is None else number


def _shown_first(head: TableHead) -> set[str]:
    """The columns of a fresh table: place, what is ranked, money, then the first of the rest."""
    first = [head.place, head.main]
    first += [one.key for one in head.columns if "|" in one.key]
    first += [one.key for one in head.columns if "@" not in one.key]
    first += [one.key for one in head.columns]
    return set(list(dict.fromkeys(key for key in first if key))[:MOST_COLUMNS])
