"""Pictures of a run: the ranking of one group, and how all groups of a table compare."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from wenyou.assessments.table import Column, TableHead, number_of
from wenyou.web.charts import Chart, Series

if TYPE_CHECKING:
    from wenyou.assessments.models import RunSubject
    from wenyou.assessments.reading import Group, Ranked

MOST_ROWS = 40
MOST_MEMBERS = 2000
MEAN_DIGITS = 2


def ranking(head: TableHead, rows: Sequence[Ranked], group: Group | None) -> Chart | None:
    """The ranking as dots, the best first; nothing where there is nothing to compare."""
    column = main_column(head)
    if column is None:
        return None
    title = f"{group.name}　{column.title}" if group else column.title
    return _dots(head, column, [(row.name, row.value) for row in rows], title)


def standings(
    head: TableHead, rows: Iterable[RunSubject], groups: Sequence[Group], chosen: str
) -> Chart | None:
    """What a table is about: lowest, mean and highest of each group; of one group every row."""
    column = main_column(head)
    if column is None or head.members > MOST_MEMBERS:
        return None
    inside = [one for one in groups if not chosen or one.code == chosen]
    found: list[tuple[str, str, str]] = [
        (row.title, str(row.figures.get(column.key, "")), row.unit.path)
        for row in rows
        if row.unit is not None
    ]
    if len(inside) < 2:
        title = f"{inside[0].name}　{column.title}" if inside else column.title
        beneath = inside[0].path if inside else ""
        mine = [(name, text) for name, text, path in found if path.startswith(beneath)]
        return _dots(head, column, sorted(mine, key=_best_first), title)
    return _intervals(column, found, inside)


def main_column(head: TableHead) -> Column | None:
    """What a table ranks by; where it ranks nothing, its first sum of a ledger."""
    named = [one for one in head.columns if one.key == head.main]
    sums = [one for one in head.columns if one.key.endswith("|")]
    return next(iter([*named, *sums]), None)


def _best_first(row: tuple[str, str]) -> Decimal:
    return -(number_of(row[1]) or Decimal(0))


def _dots(
    head: TableHead, column: Column, rows: Sequence[tuple[str, str]], title: str
) -> Chart | None:
    known = [(name, number_of(text)) for name, text in rows]
    shown = [(name, value) for name, value in known if value is not None]
    if len(shown) < 2:
        return None
    digits = Decimal(1).scaleb(min(int(value.as_tuple().exponent) for _, value in shown))
    shown = [(name, value.quantize(digits)) for name, value in shown]
    more = len(rows) - len(shown[:MOST_ROWS])
    return Chart(
        key="ranking",
        title=title,
        kind="dots",
        labels=[name for name, _ in shown[:MOST_ROWS]],
        series=[Series(column.title, [value for _, value in shown[:MOST_ROWS]])],
        unit=column.unit,
        label_head=head.title,
        note=f"只画前 {MOST_ROWS} 名，其余 {more} 个见表。" if more > 0 else "",
    )


def _intervals(
    column: Column, rows: Sequence[tuple[str, str, str]], groups: Sequence[Group]
) -> Chart | None:
    held: list[tuple[str, list[Decimal]]] = []
    for group in groups:
        numbers = [number_of(text) for _, text, path in rows if path.startswith(group.path)]
        if known := [one for one in numbers if one is not None]:
            held.append((group.name, known))
    if len(held) < 2:
        return None
    return Chart(
        key="standings",
        title=f"各单位{column.title}：最低、平均、最高",
        kind="dots",
        labels=[name for name, _ in held],
        series=[
            Series("最低", [min(known) for _, known in held]),
            Series("平均", [_mean(known) for _, known in held]),
            Series("最高", [max(known) for _, known in held]),
        ],
        unit=column.unit,
        label_head="单位",
        note="圆点是平均，横线从最低到最高；没有这项数据的不计。选一个排名单位，就画它的每一行。",
    )


def _mean(known: Sequence[Decimal]) -> Decimal:
    """For the eye alone: no result is computed from it."""
    digits = max(MEAN_DIGITS, *(-int(one.as_tuple().exponent) for one in known))
    mean = sum(known, Decimal(0)) / len(known)
    return mean.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
