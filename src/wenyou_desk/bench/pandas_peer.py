"""The rules of the bench plan in pandas, with the full ledger (``python -m … FACTS OUT``).

The peer most offices would reach for. Amounts as in ``bare.sql``: points in 1/10,000, direct
points in 1/100, money in fen.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wenyou_desk.bench.bare import prices

Frame = Any  # pandas has no types of its own
YEARS = (2023, 2024, 2025)
UNIT_YEAR = ["unit", "period"]
PEERS = ["region", "period"]
COLUMNS = ("rule", "kind", "unit", "period", "day", "ledger", "fact", "base", "amount", "earlier")


def run_pandas(folder: Path, out: Path, points: dict[tuple[str, str], int]) -> None:
    """Read the facts of a bench folder; write entries, standings and the best to ``out``."""
    found = _found(folder, points)
    complaint = _confirmed(folder / "投诉.parquet", "有责")
    praise = _confirmed(folder / "表扬.parquet")
    responsible = complaint[complaint["有责"]]
    groups = found.groupby([*UNIT_YEAR, "组"])["amount"].sum().rename("total").reset_index()
    groups["held"] = groups["total"].clip(lower=-200_000)
    scores = groups.groupby(UNIT_YEAR)["held"].sum().reset_index()
    scores["points"] = scores["held"].clip(lower=-1_000_000)
    standings = _standings(folder, scores, complaint, responsible, praise)
    span = standings["direct"] - standings["free"]
    parts = [
        _rows(found, "found_" + found["组"].astype(str), "event", "points", found["amount"]),
        _limits("found_" + groups["组"].astype(str), groups, groups["held"] - groups["total"]),
        _limits("zero_at_least", scores, scores["points"] - scores["held"]),
        _rows(responsible, "responsible_money", "event", "money", -10_000),
        _counted("responsible_money", responsible, -10_000, floor=-200_000),
        _rows(praise, "praise_money", "event", "money", 20_000),
        _counted("praise_money", praise, 20_000, ceiling=100_000),
        _rows(complaint, "complaint_points", "event", "direct", -200),
        _rows(praise, "praise_points", "event", "direct", 100),
        _limits("direct_span", standings, span, "direct"),
        _rows(_last_above(standings), "last_above_mean", "period", "money", -60_000),
    ]
    _write_ledger(parts, out)
    standings.to_parquet(out / "standings.parquet", index=False)
    _best(standings).to_parquet(out / "best.parquet", index=False)


def _confirmed(path: Path, *more: str) -> Frame:
    columns = ["编号", "机构号", "发生日期", "状态", *more]
    frame = pd.read_parquet(path, columns=columns)
    frame = frame[frame["状态"] == "已确认"].drop(columns="状态")
    frame = frame.rename(columns={"编号": "fact", "机构号": "unit", "发生日期": "day"})
    frame["day"] = pd.to_datetime(frame["day"])
    frame["period"] = frame["day"].dt.year
    return frame


def _found(folder: Path, points: dict[tuple[str, str], int]) -> Frame:
    frame = _confirmed(folder / "检查扣分.parquet", "员工号", "登记时间", "问题类型", "程度", "组")
    keys = pd.MultiIndex.from_frame(frame[["问题类型", "程度"]])
    frame["base"] = pd.Series(points).reindex(keys).to_numpy()
    frame = frame.sort_values(["员工号", "问题类型", "day", "登记时间", "fact"])
    before = frame.groupby(["员工号", "问题类型"], sort=False)[["fact", "day"]].shift()
    again = (frame["day"] - before["day"]).dt.days < 365
    frame["amount"] = np.where(again, frame["base"] * 3 // 2, frame["base"])
    frame["earlier"] = before["fact"].where(again)
    return frame


def _standings(
    folder: Path, scores: Frame, complaint: Frame, responsible: Frame, praise: Frame
) -> Frame:
    units = pd.read_parquet(folder / "机构.parquet").dropna(subset="区域")
    units = units.rename(columns={"机构号": "unit", "区域": "region", "客户数": "customers"})
    frame = units[["unit", "region", "customers"]].merge(pd.DataFrame({"period": YEARS}), "cross")
    frame = frame.astype({"customers": "int64", "period": "int32"})
    frame = frame.merge(scores[[*UNIT_YEAR, "points"]], "left", UNIT_YEAR)
    counted = {"complaints": complaint, "responsible": responsible, "praises": praise}
    for name, events in counted.items():
        frame = frame.merge(_numbers(events, name), "left", UNIT_YEAR)
    whole = ["points", *counted]
    frame[whole] = frame[whole].fillna(0).astype("int64")
    frame["management"] = 1_000_000 + frame["points"]
    frame["free"] = frame["praises"] * 100 - frame["complaints"] * 200
    frame["direct"] = frame["free"].clip(-2000, 2000)
    return frame


def _numbers(events: Frame, name: str) -> Frame:
    return events.groupby(UNIT_YEAR).size().rename(name).reset_index()


def _last_above(standings: Frame) -> Frame:
    sums = standings.groupby(PEERS)[["complaints", "customers"]].transform("sum")
    rate = standings["complaints"] * sums["customers"]
    above = standings[rate > sums["complaints"] * standings["customers"]]
    above = above.assign(rate=above["complaints"] / above["customers"])
    return above[above.groupby(PEERS)["rate"].rank(method="min", ascending=False) == 1]


def _best(standings: Frame) -> Frame:
    blameless = standings[standings["responsible"] == 0]
    whole = blameless["management"] * 20 + blameless["direct"] * 10_000
    blameless = blameless.assign(whole=whole)
    peers = blameless.groupby(PEERS)["whole"]
    place, many = peers.rank(method="min", ascending=False), peers.transform("size")
    return blameless.assign(place=place)[place <= (many + 9) // 10]


# -- the ledger -------------------------------------------------------------------------------


def _rows(frame: Frame, rule: Any, kind: str, ledger: str, amount: Any) -> Frame:
    """Entries of a rule; what the rows do not have themselves is empty."""
    rows = frame.assign(rule=rule, kind=kind, ledger=ledger, amount=amount)
    if "base" not in rows:
        rows["base"] = rows["amount"]
    return rows.reindex(columns=list(COLUMNS))


def _limits(rule: Any, frame: Frame, amount: Frame, ledger: str = "points") -> Frame:
    """The adjusting entries of those whom a limit lifts or lowers."""
    rows = _rows(frame, rule, "limit", ledger, amount)
    return rows[rows["amount"] != 0]


def _counted(
    rule: str, events: Frame, each: int, floor: int | None = None, ceiling: int | None = None
) -> Frame:
    numbers = _numbers(events, "number")
    free = numbers["number"] * each
    return _limits(rule, numbers, free.clip(floor, ceiling) - free, "money")


def _write_ledger(parts: list[Frame], out: Path) -> None:
    ledger = pd.concat(parts, ignore_index=True).rename(columns={"unit": "subject"})
    ends = pd.to_datetime(ledger["period"].astype(str) + "-12-31")
    ledger["day"] = ledger["day"].fillna(ends)
    ledger["period"] = ledger["period"].astype(str)
    ledger["whose"] = "unit"
    ledger.to_parquet(out / "entries.parquet", index=False)


if __name__ == "__main__":
    run_pandas(Path(sys.argv[1]), Path(sys.argv[2]), prices())
