"""The description of the API as a page reads it: operations by group, their fields, answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

STATUSES = {
    "200": "成功",
    "201": "已登记",
    "400": "请求不合要求",
    "401": "令牌不对",
    "403": "没有权限",
    "404": "没有找到",
    "409": "已有变化，或幂等键重复",
    "422": "内容不合要求",
}
KINDS = {
    "string": "文字",
    "integer": "整数",
    "number": "数",
    "boolean": "是或否",
    "array": "列表",
    "object": "对象",
    "date": "日期",
    "date-time": "时刻",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a question or an answer."""

    name: str
    kind: str
    required: bool
    note: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation with what it takes and gives."""

    key: str
    method: str
    path: str
    title: str
    asks: list[Field]
    sends: list[Field]
    gives: list[tuple[str, str]]
    returns: list[Field]


def groups(schema: Mapping[str, Any]) -> dict[str, list[Operation]]:
    """All operations by their group, in the order they are declared."""
    found: dict[str, list[Operation]] = {}
    shapes = schema.get("components", {}).get("schemas", {})
    for path, methods in schema["paths"].items():
        for method, one in methods.items():
            made = _operation(path, method, one, shapes)
            found.setdefault((one.get("tags") or ["其他"])[0], []).append(made)
    return found


def _operation(
    path: str, method: str, one: Mapping[str, Any], shapes: Mapping[str, Any]
) -> Operation:
    body = one.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next((code for code in ("200", "201") if code in map(str, one["responses"])), "200")
    answers = {str(code): said for code, said in one["responses"].items()}
    content = answers.get(good, {}).get("content", {}).get("application/json", {})
    return Operation(
        key=str(one["operationId"]),
        method=method.upper(),
        path=path,
        title=str(one.get("summary", "")),
        asks=[
            Field(
                said["name"],
                _kind(said.get("schema", {})),
                bool(said.get("required")),
                str(said.get("description", "")),
            )
            for said in one.get("parameters", [])
        ],
        sends=list(_fields(body.get("schema", {}), shapes)),
        gives=[(code, STATUSES.get(code, "")) for code in sorted(answers)],
        returns=list(_fields(content.get("schema", {}), shapes)),
    )


def _fields(said: Mapping[str, Any], shapes: Mapping[str, Any]) -> Iterator[Field]:
    shape = shapes.get(str(said.get("$ref", "")).rsplit("/", 1)[-1], said)
    required = shape.get("required", [])
    for name, one in shape.get("properties", {}).items():
        yield Field(name, _kind(one), name in required, str(one.get("description", "")))


def _kind(said: Mapping[str, Any]) -> str:
    if "anyOf" in said:
        return "或".join(
            dict.fromkeys(_kind(one) for one in said["anyOf"] if one.get("type") != "null")
        )
    if "$ref" in said:
        return "对象"
    return KINDS.get(str(said.get("format", "")), KINDS.get(str(said.get("type", "")), "任意"))
