"""Run an import: read, carry out in one transaction, and keep it only if all rows are right.

A dry run does exactly what the import would do and takes everything back, so that what it shows
is what will happen.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction

from wenyou.audit.services import Change, record
from wenyou.org.actions import house_keeper
from wenyou.org.imports.people import People
from wenyou.org.imports.posts import Posts
from wenyou.org.imports.report import Report, State, rows_of
from wenyou.org.imports.units import Units
from wenyou.org.tree import hold_tree
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou_desk.tables.loaded import Loaded

DOING = "导入机构和人员"


def dry_run(path: Path, *, by: User | None, effective: date) -> Report:
    """What the file would change; nothing is kept. ``effective`` is the day of changes whose row
    names none.
    """
    house_keeper(by, DOING)
    report, loaded = _read(path)
    if loaded is not None:
        with transaction.atomic():
            _carry_out(report, loaded, by, effective)
            transaction.set_rollback(True)
    return report


def apply(path: Path, *, by: User | None, effective: date, shown: str) -> Report:
    """Carry out what a dry run has shown (its ``digest``).

    When the house has changed since, or a row is wrong, nothing is kept and the report says what
    would happen now (``applied`` is False).
    """
    house_keeper(by, DOING)
    report, loaded = _read(path)
    if loaded is None:
        return report
    with transaction.atomic():
        _carry_out(report, loaded, by, effective)
        if report.wrong or report.digest != shown:
            transaction.set_rollback(True)
            return report
        if report.changes:
            said = {
                "file": path.name,
                "sha256": loaded.files[0].sha256,
                "new": [line.key for line in report.of(State.NEW)],
                "changed": [f"{line.key} {line.says}" for line in report.of(State.CHANGED)],
            }
            record("org.import", by=by, change=Change(new=said, note=path.name))
        report.applied = True
    return report


def _read(path: Path) -> tuple[Report, Loaded | None]:
    from wenyou.org.imports.sheets import SHEETS  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.loaded import TableFaults  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.read import read_tables  # noqa: PLC0415 -- slow import

    report = Report(path.name)
    try:
        loaded = read_tables(path, SHEETS)
    except TableFaults as error:
        report.faults(error.faults)
        report.unlisted = error.unlisted
        return report, None
    report.remarks = [str(remark) for remark in loaded.remarks]
    if not any(len(table) for table in loaded.tables):
        raise InputRefused(
            "import-empty", "文件里没有机构、花名册或任职的数据。请下载模板，按表头填写后再上传。"
        )
    return report, loaded


def _carry_out(report: Report, loaded: Loaded, by: User | None, effective: date) -> None:
    from wenyou.org.imports.sheets import PEOPLE, POSTS, UNITS  # noqa: PLC0415 -- slow import

    hold_tree()
    units = Units.loaded(report, by, effective)
    units.take(rows_of(loaded.of(UNITS), "code"))
    if not loaded.of(PEOPLE) and not loaded.of(POSTS):
        return
    people = People.loaded(report, units, effective)
    wishes = people.take(rows_of(loaded.of(PEOPLE), "number"))
    posts = Posts(report, units, people)
    posts.take(rows_of(loaded.of(POSTS), "number", "unit", "post", "from_on"), wishes)
    people.refuse_unplaced()
