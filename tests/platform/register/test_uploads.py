"""Workbooks: checked row by row, applied whole or not at all, confirmed by another person."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from tests.platform.people import Cast
from tests.platform.register.filled import DAY, finding_row, workbook
from wenyou.accounts.models import User
from wenyou.errors import NotAllowed, NotFound
from wenyou.register import queries, uploads
from wenyou.register.kinds import plan_of
from wenyou.register.models import Fact, Upload
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.tables.spec import Value
from wenyou_desk.tables.workbook import OutSheet, write_workbook


class Office:
    """Hands workbooks in."""

    def __init__(self, cast: Cast, adoption: Adoption, folder: Path) -> None:
        self.cast, self.adoption, self.folder = cast, adoption, folder
        self._count = 0

    def hand_in(
        self, *rows: dict[str, Value], by: User | None = None, sheet: str = "finding"
    ) -> Upload:
        self._count += 1
        path = workbook(self.folder / f"{self._count}.xlsx", self.adoption, sheet, rows)
        return uploads.check(
            adoption=self.adoption,
            name="检查台账.xlsx",
            chunks=[path.read_bytes()],
            by=by or self.cast.chen,
        )

    def load(self, *rows: dict[str, Value]) -> Upload:
        return uploads.apply(upload=self.hand_in(*rows), by=self.cast.chen)


@pytest.fixture
def office(cast: Cast, adoption: Adoption, tmp_path: Path) -> Office:
    return Office(cast, adoption, tmp_path)


def test_a_workbook_is_checked_without_saving_anything(cast: Cast, office: Office) -> None:
    upload = office.hand_in(finding_row(cast), finding_row(cast, "JC-2"))

    assert upload.state == Upload.State.CHECKED
    assert (upload.counts["新增"], upload.counts["问题"]) == (2, 0)
    assert [one["key"] for one in upload.changes] == ["JC-1", "JC-2"]
    assert (settings.DATA.uploads / f"{upload.sha256}.xlsx").is_file()
    assert not Fact.objects.exists()


def test_what_is_wrong_is_told_with_sheet_row_column_and_reason(cast: Cast, office: Office) -> None:
    upload = office.hand_in(
        finding_row(cast),
        finding_row(cast, "JC-2", unit="999999"),
        finding_row(cast, "JC-3", counted=None),
        finding_row(cast, "JC-4", known=datetime.combine(DAY, datetime.min.time()) - timedelta(5)),
        finding_row(cast, "JC-1"),
    )

    assert upload.state == Upload.State.REFUSED
    assert not upload.changes
    told = [(one["sheet"], one["row"], one["column"]) for one in upload.faults]
    assert told == [
        ("检查扣分", 3, "机构号"),
        ("检查扣分", 4, "列入考核"),
        ("检查扣分", 5, "登记时间"),
        ("检查扣分", 6, "编号"),
    ]


def test_rows_are_judged_with_the_units_and_people_of_the_house(cast: Cast, office: Office) -> None:
    upload = office.hand_in(
        finding_row(cast, "JC-2", unit="999999"),
        finding_row(cast, "JC-3", person="E99999"),
        finding_row(cast, "JC-4", known=datetime.combine(DAY, datetime.min.time()) - timedelta(5)),
    )

    told = {(one["row"], one["column"]) for one in upload.faults}
    assert told == {(2, "机构号"), (3, "员工号"), (4, "登记时间")}
    unit, person = (str(one["text"]) for one in upload.faults if one["row"] in (2, 3))
    assert "机构号「999999」没有登记。请核对，或先在“机构”页登记，再导入。" in unit
    assert "员工号「E99999」没有登记。请核对，或先在“员工”页登记，再导入。" in person
    with pytest.raises(InputRefused, match="没有通过校验"):
        uploads.apply(upload=upload, by=cast.chen)


def test_a_head_imports_for_his_own_unit_alone(cast: Cast, office: Office) -> None:
    assert office.hand_in(finding_row(cast), by=cast.lin).state == Upload.State.CHECKED

    refused = office.hand_in(finding_row(cast, unit=cast.yi.code, person=None), by=cast.lin)

    assert "不在您可以登记的范围内" in str(refused.faults[0]["text"])
    for nobody in (cast.zhou, cast.sun, cast.leader):
        with pytest.raises(NotAllowed):
            office.hand_in(finding_row(cast), by=nobody)


def test_a_row_that_cannot_be_read_is_not_missed_by_those_that_name_it(
    cast: Cast, office: Office
) -> None:
    sheets = {one.name: one for one in sheets_of(plan_of(office.adoption))}
    wrong = finding_row(cast, counted=None)
    asked = {**wrong, "id": "SS-1", "target": "JC-1"}
    asked["result"] = sheets["appeal"].column("result").choices[0].code
    path = office.folder / "two.xlsx"
    rows = {"finding": wrong, "appeal": asked}
    write_workbook(
        path,
        [
            OutSheet(spec=sheets[name], rows=[[row.get(one.name) for one in sheets[name].columns]])
            for name, row in rows.items()
        ],
    )

    both = uploads.check(
        adoption=office.adoption, name="两张.xlsx", chunks=[path.read_bytes()], by=cast.chen
    )

    assert [one["column"] for one in both.faults] == ["列入考核"]


def test_a_workbook_is_loaded_once_and_waits_for_a_second_person(
    cast: Cast, office: Office
) -> None:
    upload = office.load(finding_row(cast), finding_row(cast, "JC-2"))

    assert upload.state == Upload.State.LOADED
    assert set(Fact.objects.values_list("state", flat=True)) == {Fact.State.PROPOSED}
    with pytest.raises(InputRefused, match="已经导入过"):
        uploads.apply(upload=upload, by=cast.chen)
    with pytest.raises(NotAllowed, match="另一位"):
        uploads.confirm_all(upload=upload, by=cast.chen)
    assert uploads.confirm_all(upload=upload, by=cast.he) == 2
    assert Fact.objects.filter(latest=True, state=Fact.State.CONFIRMED).count() == 2
    assert Fact.objects.filter(latest=False, state=Fact.State.PROPOSED).count() == 2
    with pytest.raises(InputRefused, match="没有待确认"):
        uploads.confirm_all(upload=upload, by=cast.he)


def test_a_workbook_handed_in_again_changes_only_what_differs(cast: Cast, office: Office) -> None:
    office.load(finding_row(cast), finding_row(cast, "JC-2"))

    again = office.hand_in(
        finding_row(cast), finding_row(cast, "JC-2", points=3), finding_row(cast, "JC-3")
    )

    assert [again.counts[what] for what in ("新增", "更正", "没有变化")] == [1, 1, 1]
    assert again.changes[0]["differs"] == ["扣分"]
    uploads.apply(upload=again, by=cast.chen)
    assert Fact.objects.get(key="JC-2", latest=True).revision == 2
    assert Fact.objects.count() == 4


def test_nothing_is_loaded_when_a_row_has_become_wrong_meanwhile(
    cast: Cast, office: Office
) -> None:
    upload = office.hand_in(finding_row(cast), finding_row(cast, "JC-2", person=None))
    assert cast.zhou.employee is not None
    cast.zhou.employee.left_on = DAY - timedelta(days=1)
    cast.zhou.employee.save(update_fields=["left_on"])

    with pytest.raises(InputRefused, match="情况有变"):
        uploads.apply(upload=upload, by=cast.chen)

    upload.refresh_from_db()
    assert upload.state == Upload.State.CHECKED
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("台账.exe", b"MZ", "不是可以导入的表格"),
        ("台账.xlsx", b"", "是空的"),
    ],
)
def test_files_that_are_no_tables_are_refused(
    cast: Cast, adoption: Adoption, name: str, content: bytes, why: str
) -> None:
    with pytest.raises(InputRefused, match=why):
        uploads.check(adoption=adoption, name=name, chunks=[content], by=cast.chen)


def test_a_broken_workbook_is_a_fault_and_no_error(cast: Cast, adoption: Adoption) -> None:
    upload = uploads.check(
        adoption=adoption, name="台账.xlsx", chunks=[b"this is no workbook"], by=cast.chen
    )

    assert upload.state == Upload.State.REFUSED
    assert upload.faults


def test_an_upload_is_seen_by_its_person_and_the_office(cast: Cast, office: Office) -> None:
    upload = office.hand_in(finding_row(cast), by=cast.lin)

    assert queries.upload_for(cast.lin, upload.pk) == upload
    assert queries.upload_for(cast.chen, upload.pk) == upload
    with pytest.raises(NotFound):
        queries.upload_for(cast.wu, upload.pk)
    with pytest.raises(NotAllowed, match="别人上传"):
        uploads.apply(upload=upload, by=cast.chen)


def test_declarations_in_a_workbook_are_declared(
    cast: Cast, office: Office, adoption: Adoption
) -> None:
    rows = {"kind": "*", "unit": None, "since": DAY, "till": DAY}

    upload = office.hand_in(rows, sheet="coverage")  # type: ignore[arg-type]
    uploads.apply(upload=upload, by=cast.chen)

    assert queries.coverages_of(adoption).count() == len(plan_of(adoption).facts)
