"""The rules of the bench plan in pandas, with the ledger: the peer most offices would reach for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

Frame = Any  # pandas has no types of its own


def run_pandas(folder: Path, out: Path, prices: dict[tuple[str, str], int]) -> None:
    """Read the facts of a bench folder, write entries.parquet to ``out``."""
    found = _found(folder, prices)
    complaint = _confirmed(folder / "投诉.parquet")
    praise = _confirmed(folder / "表扬.parquet")
    parts = [
        found,
        _floored(found, "found_", -200_000),
        _flat(complaint[complaint["有责"]], "responsible_money", -10_000),
        _flat(praise, "praise_money", 20_000),
        _flat(complaint, "complaint_points", -200),
        _flat(praise, "praise_points", 100),
    ]
    ledger = pd.concat([part[["rule", "unit", "period", "fact", "amount"]] for part in parts])
    ledger.to_parquet(out / "entries.parquet", index=False)


def _confirmed(path: Path) -> Frame:
    frame = pd.read_parquet(path)
    frame = frame[frame["状态"] == "已确认"]
    return frame.assign(
        fact=frame["编号"],
        unit=frame["机构号"].astype("category"),
        period=pd.to_datetime(frame["发生日期"]).dt.year,
    )


def _found(folder: Path, prices: dict[tuple[str, str], int]) -> Frame:
    frame = _confirmed(folder / "检查扣分.parquet")
    keys = pd.MultiIndex.from_frame(frame[["问题类型", "程度"]])
    frame["base"] = pd.Series(prices).reindex(keys).to_numpy()
    frame["day"] = pd.to_datetime(frame["发生日期"])
    frame = frame.sort_values(["员工号", "问题类型", "day", "登记时间", "编号"])
    before = frame.groupby(["员工号", "问题类型"], sort=False)["day"].shift()
    again = (frame["day"] - before).dt.days < 365
    frame["amount"] = np.where(again, frame["base"] * 3 // 2, frame["base"])
    frame["rule"] = "found_" + frame["组"].astype(str)
    return frame


def _floored(found: Frame, rule: str, floor: int) -> Frame:
    totals = found.groupby(["unit", "period", "组"], observed=True)["amount"].sum().reset_index()
    low = totals[totals["amount"] < floor]
    return low.assign(rule=rule + low["组"].astype(str), fact=None, amount=floor - low["amount"])


def _flat(frame: Frame, rule: str, amount: int) -> Frame:
    return frame.assign(rule=rule, amount=amount)
