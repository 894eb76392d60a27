"""What is made once is laid into each test as if it had been made there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from tests.platform.factories import make_employee, make_unit
from tests.platform.laid import laid, rows
from tests.platform.people import make_cast
from wenyou.org.models import Employee, Unit


@pytest.mark.django_db
def test_rows_laid_are_those_that_were_made() -> None:
    ran, found = [], []

    def make() -> Unit:
        ran.append(1)
        return make_cast().jia

    for _ in range(2):
        with transaction.atomic():
            unit = laid(make, "test", "rows")
            found.append((rows(), Unit.objects.get(pk=unit.pk), unit))
            transaction.set_rollback(True)

    assert ran == [1]
    assert found[0] == found[1]
    assert found[0][2] is not found[1][2]


@pytest.mark.django_db
def test_rows_changed_and_removed_are_so_again() -> None:
    with transaction.atomic():
        make_employee("王一")
        make_employee("王二")
        before = rows()

        def change() -> None:
            Employee.objects.filter(name="王一").update(name="王三")
            Employee.objects.get(name="王二").delete()

        for _ in range(2):
            with transaction.atomic():
                laid(change, "test", "changed")
                assert list(Employee.objects.values_list("name", flat=True)) == ["王三"]
                transaction.set_rollback(True)
            assert rows() == before


@pytest.mark.django_db
def test_maker_runs_again_on_other_rows_and_for_other_names() -> None:
    ran = []

    def make() -> None:
        ran.append(Unit.objects.count())

    laid(make, "test", "other")
    laid(make, "test", "another")
    unit = make_unit()
    laid(make, "test", "other")
    Unit.objects.filter(pk=unit.pk).update(opened_on=date(2021, 1, 1))
    laid(make, "test", "other")

    assert ran == [0, 0, 1, 1]


@pytest.mark.django_db
def test_files_of_the_folder_are_as_they_were(tmp_path: Path) -> None:
    def make() -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "a").write_text("a", "utf-8")

    laid(make, "test", "files", folder=lambda _: tmp_path)
    (tmp_path / "in" / "a").write_text("touched", "utf-8")
    (tmp_path / "b").write_text("b", "utf-8")
    laid(make, "test", "files", folder=lambda _: tmp_path)

    found = {one.name: one.read_text("utf-8") for one in tmp_path.rglob("*") if one.is_file()}
    assert found == {"a": "a"}
