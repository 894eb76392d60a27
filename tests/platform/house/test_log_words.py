"""The log speaks Chinese of acts whose code no page imports."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from importlib import import_module

import pytest
from django.test import Client

from tests.platform.forked import run_forked
from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.actions import known_actions
from wenyou.audit.models import AuditRow
from wenyou.house.auditlog import OF_COMMANDS
from wenyou.house.logwords import name_of, told
from wenyou.privacy.classes import CLASSES
from wenyou_core.flow.registry import flow_named, limit_titles

Signed = Callable[[User], Client]

ASKED = """
import django; django.setup()
import sys, wenyou.urls
from wenyou.audit.actions import action_title
print(",".join(action_title(code) for code in sys.argv[1:]))
"""


def test_the_pages_alone_know_the_acts_of_commands() -> None:
    codes = ["backup.write", "backup.restore", "demo.created"]

    done = run_forked(
        ["-c", ASKED, *codes], {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "备份,从备份恢复,建立演示银行"
    assert list(OF_COMMANDS) == codes


def test_no_two_acts_of_the_log_are_called_alike() -> None:
    import_module("wenyou.urls")
    many = Counter(known_actions().values())

    assert [title for title, count in many.items() if count > 1] == []


def act(kind: str = "", of: str = "", /, **new: object) -> AuditRow:
    return AuditRow(action="x", object_kind=kind, object_id=of, new=new)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (act("unit", level="outlet", area="city"), [("地区类别", "城区"), ("层级", "网点")]),
        (act("accesstoken", scopes=["read"]), [("权限范围", "读取权限范围内的内容")]),
        (act("user", is_active=False), [("账号可用", "否")]),
        (act("user", role="outlet_head"), [("角色", "网点负责人")]),
        (act("unit", roles=["E1 outlet_head"]), [("角色", "E1 网点负责人")]),
        (act("run", known_at="2026-03-02T07:00:00Z"), [("数据截止时点", "2026-03-02 15:00:00")]),
        (
            act("unit", limit={"unit": "working_days", "amount": 2, "end": "closing"}),
            [("时限", "知悉后2个工作日（次日起算，至当日下班止）")],
        ),
        (act("unit", limit={"unit": "same_day"}), [("时限", "知悉当日（至当日24:00止）")]),
        (act("unit", limit={}), [("时限", "不计时")]),
        (act("unit", limit={"unit": "moons"}), [("时限", "unit：moons")]),
        (act("unit", merged_into="", people=[]), [("并入", "（空）"), ("人数或人员", "（空）")]),
        (act("unit", levels=["outlet"], every="quarter"), [("频次", "每季"), ("层级", "网点")]),
        (act("job", kind="matters.anew"), [("种类", "重新计算到期时间")]),
        (act("job", kind="of.another_release"), [("种类", "of.another_release")]),
        (act("setting", 每周休息日=[6, 7]), [("每周休息日", "6、7")]),
    ],
    ids=["choices", "scopes", "no", "role", "roles", "moment", "limit", "same_day", "no_limit", "odd_limit", "nothing", "levels", "job", "job_of_old", "chinese"],
)  # fmt: skip
def test_names_and_values_of_a_row_are_told_in_chinese(
    row: AuditRow, said: list[tuple[str, str]]
) -> None:
    assert [(name, new) for name, _, new in told(row)] == said


@pytest.mark.parametrize("name", ["title", "name", "reason", "item", "text", "address", "data"])
@pytest.mark.parametrize(
    "typed",
    ["audit", "day", "read", "outlet_head", "请 leader 看：\n  第二行", "9999-12-31T23:59:59Z"],
)
def test_what_people_typed_is_shown_as_they_typed_it(name: str, typed: str) -> None:
    assert _told_alone(name, typed) == typed
    assert told(act("fact", data={"unit": typed}))[0][2] == f"unit：{typed}"


@pytest.mark.parametrize("typed", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "x", "5"])
def test_a_moment_that_is_none_here_is_shown_as_it_was_written(typed: str) -> None:
    assert _told_alone("known_at", typed) == typed


def test_a_limit_is_named_by_its_title_and_told_from_what_starts_it() -> None:
    new = {"name": "complaint_contact", "limit": {"unit": "hours", "amount": 3}}

    assert told(AuditRow(action="limit.set", new=new)) == [
        ("时限", "", "派单后3小时"),
        ("名称", "", limit_titles()["complaint_contact"]),
    ]


def test_every_class_of_records_and_every_time_limit_has_its_title() -> None:
    assert [code for code in (*CLASSES, *limit_titles()) if name_of(code).isascii()] == []
    assert _told_alone("class", "matter.complaint") == CLASSES["matter.complaint"].title


def _told_alone(name: str, value: str) -> str:
    ((_, _, new),) = told(act(**{name: value}))
    return new


@pytest.mark.django_db
def test_a_move_is_told_by_the_titles_of_its_flow(cast: Cast, client_of: Signed) -> None:
    matter = begin("complaint", cast)
    row = AuditRow.objects.get(action="matter.registered", object_id=matter.pk)

    page = client_of(cast.auditor).get(f"/system/log/{row.pk}/").content.decode()

    assert flow_named("complaint").state(matter.state).title in page
    assert f">{matter.state}<" not in page
    assert f'<td class="lines">{cast.jia}</td>' in page
    assert ">state<" not in page
