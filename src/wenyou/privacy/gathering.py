"""A person's data put together: sections of rows, as a workbook and as JSON, in one archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from wenyou.assessments.models import RunSubject
from wenyou.audit.models import ExportRow
from wenyou.matters.fields import opened, told
from wenyou.matters.models import Matter
from wenyou.notices.models import Notice
from wenyou.org import private
from wenyou.org.models import Employee
from wenyou.vault.keyring import KeyMissing
from wenyou.vault.seal import SealBroken
from wenyou_core.flow.needs import need_title
from wenyou_core.flow.registry import FLOWS

MOST_ROWS = 5_000
MOST_STAMP = 110
WORKBOOK, PLAIN = "个人信息.xlsx", "个人信息.json"


@dataclass(frozen=True, slots=True)
class Section:
    """A sheet: its title, the heads of its columns, its rows."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


def of_employee(employee: Employee) -> Iterator[Section]:
    """Everything that stands about an employee under his own key."""
    whole = private.whole
    yield Section(
        "员工资料", ("项目", "内容"),
        [
            ("员工号", employee.number), ("姓名", employee.name),
            ("入职日期", _said(employee.joined_on)), ("离职日期", _said(employee.left_on)),
            ("机构", str(employee.unit or "")), ("岗位", employee.post),
            ("手机号", whole(employee, "phone")), ("身份证号", whole(employee, "identity")),
        ],
    )  # fmt: skip
    yield Section(
        "任职", ("机构", "岗位", "负责人", "起", "止"),
        [
            (str(one.unit), one.post, "是" if one.head else "否", _said(one.from_on),
             _said(one.until_on))
            for one in employee.postings.select_related("unit")
        ],
    )  # fmt: skip
    yield Section(
        "请假和外出", ("起", "止", "事由"),
        [(_said(one.from_at), _said(one.until_at), one.reason) for one in employee.absences.all()],
    )  # fmt: skip
    yield Section(
        "值班", ("日期", "班次", "机构"),
        [(_said(one.on), one.shift, str(one.unit))
         for one in employee.roster.select_related("unit")[:MOST_ROWS]],
    )  # fmt: skip
    yield Section(
        "责任书", ("名称", "年度", "签订日期"),
        [(one.letter.title, str(one.letter.year), _said(one.signed_on))
         for one in employee.letters.select_related("letter")],
    )  # fmt: skip
    yield from _results(employee)
    yield from _account(employee)


def _results(employee: Employee) -> Iterator[Section]:
    yield Section(
        "登记事项", ("编号", "类别", "发生日期", "状态", "内容"),
        [
            (one.key, one.kind, _said(one.happened_on), one.get_state_display(),
             json.dumps(one.data, ensure_ascii=False))
            for one in employee.facts.filter(latest=True)[:MOST_ROWS]
        ],
    )  # fmt: skip
    rows = RunSubject.objects.filter(employee=employee, run__state="published")
    yield Section(
        "考核结果", ("考核期", "名次", "积分", "金额（元）"),
        [
            (one.run.period, str(one.place or ""), str(one.points or ""),
             "" if one.amount_fen is None else f"{Decimal(one.amount_fen).scaleb(-2):.2f}")
            for one in rows.select_related("run")[:MOST_ROWS]
        ],
    )  # fmt: skip
    yield Section(
        "涉及本人的事项",
        ("编号", "种类", "机构", "登记时间", "状态"),
        [_line(one) for one in employee.matters_about.select_related("unit")[:MOST_ROWS]],
    )


def _account(employee: Employee) -> Iterator[Section]:
    user = getattr(employee, "user", None)
    if user is None:
        return
    yield Section(
        "账号和角色", ("角色", "机构", "起", "止"),
        [("登录号", user.number, _said(user.created_at), ""),
         *((one.get_role_display(), str(one.unit), _said(one.from_on), _said(one.until_on))
           for one in user.holdings.select_related("unit"))],
    )  # fmt: skip
    yield Section(
        "站内消息",
        ("时间", "内容"),
        [(_said(one.at), one.text) for one in Notice.objects.filter(to=user)[:MOST_ROWS]],
    )
    yield Section(
        "本人导出", ("时间", "内容", "筛选条件", "行数"),
        [(_said(one.at), one.title, one.narrowed, str(one.rows))
         for one in ExportRow.objects.filter(actor=user)[:MOST_ROWS]],
    )  # fmt: skip


def of_customer(matters: Iterable[Matter]) -> Iterator[Section]:
    """What a customer has said and been told, matter by matter, as it was typed."""
    rows, lines = [], []
    for one in matters:
        lines.append(_line(one))
        rows += [(one.number, need_title(name), text) for name, text in _texts(one.data, one)]
        for step in one.transitions.order_by("turn"):
            text = dict(_texts({**step.filled, "note": step.note}, one)).get("note", "")
            if text:
                rows.append((one.number, "办理说明", text))
    yield Section("事项", ("编号", "种类", "机构", "登记时间", "状态"), lines)
    yield Section("内容", ("编号", "项目", "原文"), rows)


def _texts(stored: dict[str, Any], one: Matter) -> list[tuple[str, str]]:
    try:
        whole = opened(stored, one.number)
    except (KeyMissing, SealBroken):
        whole = {}
    return [(name, whole.get(name, text)) for name, text in told(stored).items() if text]


def _line(one: Matter) -> tuple[str, ...]:
    flow = FLOWS[one.flow]
    return (
        one.number, flow.title, str(one.unit), _said(one.opened_at), flow.state(one.state).title,
    )  # fmt: skip


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)


# -- the archive ------------------------------------------------------------------------


def archive(sections: Sequence[Section], *, watermark: str) -> bytes:
    """A zip with the workbook and the JSON of the same rows."""
    said = {
        "watermark": watermark,
        "sections": [
            {"title": one.title,
             "rows": [dict(zip(one.heads, row, strict=True)) for row in one.rows]}
            for one in sections
        ],
    }  # fmt: skip
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr(WORKBOOK, workbook(sections, watermark))
        out.writestr(PLAIN, json.dumps(said, ensure_ascii=False, indent=1))
    return file.getvalue()


def workbook(sections: Sequence[Section], watermark: str) -> bytes:
    """A sheet per section; each says on top and in print who has it and since when."""
    import xlsxwriter  # noqa: PLC0415 -- slow import

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    bold, soft = book.add_format({"bold": True}), book.add_format({"font_color": "#52606A"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    stamp = watermark[:MOST_STAMP].replace("&", "&&")
    for one in sections:
        sheet = book.add_worksheet(one.title)
        sheet.write_string(0, 0, watermark, soft)
        sheet.set_column(0, len(one.heads) - 1, 22, wrapped)
        for place, head in enumerate(one.heads):
            sheet.write_string(1, place, head, bold)
        for number, row in enumerate(one.rows, 2):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text[:32_000])
        sheet.freeze_panes(2, 1)
        sheet.set_header("&R" + stamp)
        sheet.set_footer("&L" + stamp + "&R&P / &N")
    book.close()
    return file.getvalue()
