"""What two people wrote at the same moment: the second is told so in a sentence.

Services look before they write, but two of them may look at once; then the database refuses the
later row. Here, and nowhere else, that refusal becomes an error of the product. It stays an
``IntegrityError`` as well, so that whoever waits for one (``get_or_create``) still finds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.backends.signals import connection_created
from django.db.models import UniqueConstraint

from wenyou_core.errors import InputRefused

GENERAL = "同样的内容刚刚已由别人保存，这一次没有重复保存。请刷新页面，查看后再办。"
AGAIN = "这一次没有保存。请刷新页面，查看后再办。"
# By the name of the constraint, or by table and column where a column alone is unique; {} is
# what was to be saved.
SENTENCES = {
    "unit_code_any_case": f"机构号 {{}} 刚刚已由别人登记，编号不能重复使用；{AGAIN}",
    "wenyou_unit.code": f"机构号 {{}} 刚刚已由别人登记，编号不能重复使用；{AGAIN}",
    "person_number_any_case": f"员工号 {{}} 刚刚已由别人登记，编号不能重复；{AGAIN}",
    "wenyou_employee.number": f"员工号 {{}} 刚刚已由别人登记，编号不能重复；{AGAIN}",
    "user_number_any_case": f"登录号 {{}} 刚刚已由别人开立；{AGAIN}",
    "wenyou_user.number": f"登录号 {{}} 刚刚已由别人开立；{AGAIN}",
    "wenyou_user.employee_id": f"这名员工的账号刚刚已由别人开立；{AGAIN}",
    "holding_once": f"这项角色刚刚已由别人授予；{AGAIN}",
    "unit_spell_once_a_day": f"这个机构同一天的变动刚刚已由别人登记；{AGAIN}",
    "roster_once": f"这一班的值班刚刚已由别人排定；{AGAIN}",
    "hours_once_a_day": f"这一天起的营业时间刚刚已由别人设定；{AGAIN}",
    "calendar_year_version": f"这一年的日历刚刚已由别人保存了新的版本；{AGAIN}",
    "letter_signed_once": f"这名员工刚刚已列入这份责任书；{AGAIN}",
    "limit_once_a_day": f"这一天起的时限刚刚已由别人设定；{AGAIN}",
    "link_once": f"这两件事项刚刚已由别人关联；{AGAIN}",
    "fact_revision_once": f"这件事实的同一修订版刚刚已由别人保存；{AGAIN}",
    "fact_latest_once": f"这件事实刚刚已由别人登记；{AGAIN}",
    "contest_matter_once": f"这件申诉刚刚已由别人登记；{AGAIN}",
    "retention_version": f"这一类的保存期限刚刚已由别人设定了新的版本；{AGAIN}",
    "hold_once": f"这件事项刚刚已由别人设为暂不清理；{AGAIN}",
    "wenyou_setting.name": f"这项设置刚刚已由别人保存；{AGAIN}",
    "form_once": f"这张表单刚刚已经提交过；{AGAIN}",
}
_INSERT = re.compile(r'INSERT INTO "\w+" \(([^)]*)\) VALUES')
_DETAIL = re.compile(r"\((.+?)\)=\((.*)\)")
_INDEX = re.compile(r"index '(\w+)'")
LONGEST = 40


class TakenNow(InputRefused, IntegrityError):
    """Somebody else has saved the same a moment ago."""


def watch() -> None:
    """Have every connection translate what its database refuses as a double."""
    connection_created.connect(_wrap, dispatch_uid="wenyou.taken")


def _wrap(connection: Any, **_: object) -> None:
    if translating not in connection.execute_wrappers:
        connection.execute_wrappers.append(translating)


def translating(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Carry out a statement; a double is told as TakenNow, all else as it is."""
    try:
        return execute(sql, params, many, context)
    except IntegrityError as error:
        found = _double(error, sql, params)
        if found is None:
            raise
        name, value = found
        text = SENTENCES.get(name, GENERAL).format(value).replace("  ", " ")
        raise TakenNow("taken-now", text, constraint=name) from error


def _double(error: IntegrityError, sql: str, params: Any) -> tuple[str, str] | None:
    """The constraint that was broken and the value that broke it; None for another kind."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is not None:
        if getattr(cause, "sqlstate", "") != "23505":
            return None
        found = _DETAIL.search(diagnosis.message_detail or "")
        columns, value = found.groups() if found else ("", "")
        name = str(diagnosis.constraint_name or "")
        known = name in SENTENCES
        return name if known else f"{diagnosis.table_name}.{columns}", value[:LONGEST]
    if "UNIQUE" not in getattr(cause, "sqlite_errorname", ""):
        return None
    said = str(error).partition(": ")[2]
    index = _INDEX.search(said)
    if index:
        return index[1], _given(sql, params, "code" if "code" in index[1] else "number")
    table, columns = said.split(".")[0], [one.split(".")[-1] for one in said.split(", ")]
    name = names_of(table).get(tuple(columns), said)
    return name, _given(sql, params, columns[0]) if len(columns) == 1 else ""


@cache
def names_of(table: str) -> dict[tuple[str, ...], str]:
    """The named constraints of a table by their columns: SQLite names the columns alone."""
    model = next((one for one in apps.get_models() if one._meta.db_table == table), None)
    if model is None:
        return {}
    columns = {one.name: str(one.column) for one in model._meta.concrete_fields}
    return {
        tuple(columns[field] for field in one.fields): str(one.name)
        for one in model._meta.constraints
        if isinstance(one, UniqueConstraint) and one.fields
    }


def _given(sql: str, params: Sequence[object] | None, column: str) -> str:
    """What a statement for one row was to save in a column."""
    found = _INSERT.match(sql)
    names = [one.strip(' "') for one in found[1].split(",")] if found else []
    if column not in names or params is None or len(params) != len(names):
        return ""
    return str(params[names.index(column)])[:LONGEST]
