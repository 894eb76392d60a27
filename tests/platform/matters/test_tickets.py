"""The day's tickets from a workbook: new ones, known ones, wrong rows, what head office closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.platform.matters.made import BEIJING, MONDAY
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.matters.models import Matter
from wenyou.matters.queries import open_with_us
from wenyou.matters.tickets import Imported, import_tickets, save_columns, source_of
from wenyou_core.errors import InputRefused

HEADS = (
    "工单编号",
    "被投诉机构",
    "要求回复时间",
    "客户诉求",
    "渠道",
    "状态",
    "被投诉人",
    "派单时间",
)
SENT = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001 -- as a workbook keeps it
ROW = ("W1", "甲网点", "2026-03-03 16:00", "要求退回手续费。", "12378", "处理中", "周宁", SENT)


@pytest.fixture
def take(tmp_path: Path, cast: Cast) -> Callable[..., Imported]:
    """Import these rows as the handler of 城东支行."""

    def imported(
        *rows: tuple[object, ...], heads: tuple[str, ...] = HEADS, at: datetime = MONDAY
    ) -> Imported:
        path = tmp_path / "工单.xlsx"
        write(path, heads, rows)
        return import_tickets(path, by=cast.handler, unit=cast.east, at=at)

    return imported


def write(path: Path, heads: tuple[str, ...], rows: tuple[tuple[object, ...], ...]) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("工单")
        day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, heads)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(at, column, value, day)
                elif value is not None:
                    sheet.write(at, column, value)


def other(ticket: str, **changed: str) -> tuple[object, ...]:
    said = dict(zip(HEADS, ROW, strict=True)) | {"工单编号": ticket} | changed
    return tuple(said.values())


Take = Callable[..., Imported]


def test_new_ticket_is_registered_with_its_own_limit_source_and_person(
    take: Take, cast: Cast
) -> None:
    done = take(ROW)

    matter = Matter.objects.get()
    assert done.added == [matter]
    assert (matter.ticket, matter.unit, matter.about) == ("W1", cast.jia, cast.zhou.employee)
    assert matter.source == "regulator"
    assert matter.known_at == datetime(2026, 3, 2, 9, 0, tzinfo=BEIJING)
    due = matter.clocks.get(name="ticket_reply").due_at
    assert due == datetime(2026, 3, 3, 16, 0, tzinfo=BEIJING)
    assert AuditRow.objects.get(action="tickets.imported").new == {
        "added": 1, "updated": 0, "same": 0, "refused": 0,
    }  # fmt: skip


def test_second_import_of_the_same_rows_changes_nothing(take: Take) -> None:
    take(ROW)

    done = take(ROW, at=MONDAY + timedelta(hours=1))

    assert (done.added, done.updated, done.same, done.refused) == ([], [], 1, [])
    assert Matter.objects.get().turn == 1


def test_changed_row_is_told_on_the_time_line_and_moves_the_limit(take: Take) -> None:
    take(ROW)
    later = other("W1", 要求回复时间="2026-03-05 12:00", 状态="已回复")

    done = take(later, at=MONDAY + timedelta(hours=1))

    matter = Matter.objects.get()
    row = matter.transitions.get(turn=2)
    assert done.updated == [matter]
    assert row.filled["changes"] == ("状态由“处理中”改为“已回复”；要求回复时间改为2026-03-05 12:00")
    due = matter.clocks.get(name="ticket_reply").due_at
    assert due == datetime(2026, 3, 5, 12, 0, tzinfo=BEIJING)


def test_ticket_closed_upstream_waits_for_our_ruling_and_is_listed(take: Take, cast: Cast) -> None:
    take(ROW)

    take(other("W1", 状态="已办结"), at=MONDAY + timedelta(hours=1))

    assert Matter.objects.get().state == "ruling"
    assert [one.ticket for one in open_with_us(cast.chen)] == ["W1"]


def test_wrong_rows_are_listed_and_the_good_ones_kept(take: Take) -> None:
    done = take(
        ROW,
        other("W1"),
        other(""),
        other("W2", 被投诉机构="丙网点"),
        other("W3", 被投诉机构="没有这个"),
        other("W4", 客户诉求=""),
        other("W5", 要求回复时间="尽快"),
        other("W6", 派单时间="2999-01-01"),
    )

    told = [(one.row, one.text[:8]) for one in done.refused]
    assert told == [
        (3, "同一个工单编号在"),
        (4, "缺“工单编号”，"),
        (5, "没有找到机构“丙"),
        (6, "没有找到机构“没"),
        (7, "缺“诉求”，请补"),
        (8, "“要求回复时间”"),
        (9, "受理或派单时间晚"),
    ]
    assert [one.ticket for one in Matter.objects.all()] == ["W1"]


def test_day_without_time_ends_with_the_working_day(take: Take) -> None:
    take(other("W1", 要求回复时间="2026-03-03"))

    due = Matter.objects.get().clocks.get(name="ticket_reply").due_at
    assert due == datetime(2026, 3, 3, 17, 30, tzinfo=BEIJING)


def test_strange_columns_are_named_and_remembered_once_told(take: Take, cast: Cast) -> None:
    heads = ("单子", *HEADS[1:])
    with pytest.raises(InputRefused, match="没有找到这些列：工单编号"):
        take(ROW, heads=heads)

    save_columns(cast.east, {"ticket": "单子"}, by=cast.handler)

    assert len(take(ROW, heads=heads).added) == 1


def test_head_of_an_outlet_does_not_import(tmp_path: Path, cast: Cast) -> None:
    write(tmp_path / "a.xlsx", HEADS, (ROW,))

    with pytest.raises(NotAllowed, match="投诉处理岗"):
        import_tickets(tmp_path / "a.xlsx", by=cast.lin, unit=cast.jia)
    with pytest.raises(NotAllowed):
        save_columns(cast.jia, {}, by=cast.lin)


@pytest.mark.parametrize(
    ("channel", "source"),
    [("12378热线", "regulator"), ("江州市12345", "hotline"), ("95588", "head_office")],
)
def test_channel_tells_the_source(channel: str, source: str) -> None:
    assert source_of(channel) == source


@pytest.mark.pages
def test_page_tells_what_came_of_the_import(
    tmp_path: Path, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    write(tmp_path / "a.xlsx", HEADS, (ROW, other("W2", 被投诉机构="没有这个")))
    file = SimpleUploadedFile("今天.xlsx", (tmp_path / "a.xlsx").read_bytes())
    client = client_of(cast.handler)

    assert "导入总行工单" in client.get("/complaints/import/").content.decode()
    answer = client.post("/complaints/import/", {"unit": cast.east.pk, "file": file})

    text = answer.content.decode()
    assert "新登记 1 件，更新 0 件，没有变化 0 件，未导入 1 行" in text
    assert "没有找到机构“没有这个”" in text


@pytest.mark.pages
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("脚本.exe", b"MZ", "只能导入 .xlsx、.xls 或 .csv"),
        ("坏.xlsx", b"PK\x03\x04 broken", "工单"),
        ("空.xlsx", b"", "这个文件是空的"),
    ],
)
def test_file_that_is_no_table_is_refused_in_a_sentence(
    name: str, content: bytes, sentence: str, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    file = SimpleUploadedFile(name, content)

    answer = client_of(cast.handler).post(
        "/complaints/import/", {"unit": cast.east.pk, "file": file}
    )

    assert answer.status_code in (400, 422)
    assert sentence in answer.content.decode()
    assert not Matter.objects.exists()


@pytest.mark.pages
def test_import_page_is_not_for_everybody(cast: Cast, client_of: Callable[[User], Client]) -> None:
    assert client_of(cast.lin).get("/complaints/import/").status_code == 403
