"""What people take away from a run: the workbook with their name on every sheet, statements."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tests.platform.assessments.computed import published
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.assessments.folders import WORKBOOK, folder_of
from wenyou.assessments.opened import opened
from wenyou.assessments.stamping import TOP_LINE
from wenyou.audit.models import AuditRow, ExportRow
from wenyou.schemes.models import Adoption

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]


def part(item: Any, place: str) -> str:
    return str(getattr(item, place).text)


def content(answer: Any) -> bytes:
    return b"".join(answer)


def test_every_sheet_of_the_workbook_says_who_took_it_and_nothing_else_has_changed(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    kept = openpyxl.load_workbook(folder_of(run.pk) / WORKBOOK)

    answer = client_of(cast.chen).get(f"/assessments/{run.pk}/workbook/")
    file = content(answer)
    taken = openpyxl.load_workbook(io.BytesIO(file))

    row = ExportRow.objects.get(kind="workbook")
    assert (row.actor, row.sha256) == (cast.chen, hashlib.sha256(file).hexdigest())
    assert taken.sheetnames == kept.sheetnames
    for name in kept.sheetnames:
        before, after = kept[name], taken[name]
        top = str(after["A1"].value)
        assert top.startswith(f"导出人：{cast.chen.label}　导出时间：")
        assert part(after.oddHeader, "right") == top
        assert part(after.oddFooter, "center") == part(before.oddFooter, "center") != ""
        assert (after.freeze_panes, after.auto_filter.ref) == (
            before.freeze_panes,
            before.auto_filter.ref,
        )
        rows = [[cell.value for cell in row] for row in after.iter_rows(min_row=2)]
        assert rows == [[cell.value for cell in row] for row in before.iter_rows(min_row=2)]
        assert before["A1"].value == TOP_LINE


def test_a_statement_is_handed_over_to_the_byte_and_stands_in_the_log_of_exports(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)
    assert cast.zhou.employee is not None
    key = f"person:{cast.zhou.employee.number}"

    answer = client_of(cast.zhou).get(f"/assessments/{run.pk}/statement/{key}/")

    row = ExportRow.objects.get(kind="statement")
    assert answer.content.decode() == opened(run).statement(key)
    assert row.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert (row.actor, cast.zhou.name in row.title) == (cast.zhou, False)
    page = client_of(cast.zhou).get(f"/assessments/{run.pk}/of/{key}/").content.decode()
    assert "不在纸面上加水印" in page


def test_a_workbook_that_may_not_be_taken_leaves_no_row(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    run = published(cast, adoption)

    assert client_of(cast.lin).get(f"/assessments/{run.pk}/workbook/").status_code == 403
    assert not ExportRow.objects.exists()


def test_log_names_a_result_by_its_period_and_a_fact_by_its_number(
    cast: Cast, adoption: Adoption
) -> None:
    published(cast, adoption)

    said = AuditRow.objects.filter(action__startswith="run.")
    assert set(said.values_list("object_title", flat=True)) == {"2025年第三季度考核结果"}
    facts = AuditRow.objects.filter(action__startswith="fact.")
    titles = list(facts.values_list("object_title", flat=True))
    assert titles
    assert not any(" " in one for one in titles)
