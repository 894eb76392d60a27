"""Published rules on real records: every outcome agrees, or is a true error of the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenyou_core.worktime.periods import parse_period
from wenyou_desk.facts.load import LoadedFacts
from wenyou_desk.mapping.book import mapped_book
from wenyou_desk.mapping.model import load_mapping
from wenyou_desk.mapping.reconcile import Reconciliation, reconcile
from wenyou_desk.plans import open_plan
from wenyou_desk.runs.execute import run_plan


def reconciled(root: Path, example: str, file: str, column: str) -> Reconciliation:
    given = root.parent / "shared" / "data" / file
    if not given.exists():
        pytest.skip(f"项目旁边没有真实数据（{file}），这一项没有测。")
    mapped = load_mapping((root / "examples" / example / "map.yaml").read_text("utf-8"), "map.yaml")
    plan = open_plan(example)
    period = parse_period(mapped.map.period)
    read = mapped_book(mapped, plan.plan, given, period, column)
    loaded = LoadedFacts(read.book, (), read.files, ())
    program, record = run_plan(plan, None, loaded, period)
    return reconcile(program.plan, record, read.published, mapped.reconcile)


def test_every_rated_row_of_norwich_agrees(root: Path) -> None:
    found = reconciled(root, "fhrs", "fhrs/dev_norwich_2026.csv", "ratingvalue")

    assert found.counts == "一致 1319 条,不一致 0 条,未评级 244 条"


def test_every_rated_row_of_twenty_authorities_agrees(root: Path) -> None:
    found = reconciled(root, "fhrs", "fhrs/dev_uk2015_20authorities.csv", "ratingvalue")

    assert found.counts == "一致 20101 条,不一致 0 条,未评级 2843 条"


def test_the_true_record_errors_of_san_francisco_are_listed_with_reasons(root: Path) -> None:
    found = reconciled(root, "sf_food", "sf_food/dev_inspections.csv", "Score")

    assert found.counts == "一致 13535 条,不一致 247 条,未评级 12081 条"
    assert len({one.unit for one in found.disagree}) == 247
    assert all(
        one.reason.startswith("记录为") and one.published != one.computed for one in found.disagree
    )
