"""What is wrong with a field of a call, as a Chinese sentence: the library speaks English alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# By the kind of the fault; what stands in braces is what the library tells of it.
SENTENCES: Mapping[str, str] = {
    "missing": "缺少这一项，请补上",
    "extra_forbidden": "没有这一项，请删去",
    "json_invalid": "不是完整的 JSON，请改正",
    "json_type": "应为 JSON 文字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "finite_number": "应为有限的数",
    "int_from_float": "应为整数，不带小数",
    "int_parsing_size": "数太大",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "string_too_short": "至少 {min_length} 个字符",
    "string_too_long": "最多 {max_length} 个字符",
    "string_pattern_mismatch": "须合乎样式 {pattern}",
    "string_unicode": "含有不成字的编码，应为 UTF-8",
    "literal_error": "只能是 {expected}",
    "enum": "只能是 {expected}",
    "date_from_datetime_inexact": "应只写日期，不带时刻",
    "union_tag_invalid": "种类不在规定之内",
    "union_tag_not_found": "没有说是哪一种",
}
# By the first word of the kind, for all that is not told apart above.
EXPECTED: Mapping[str, str] = {
    "bool": " true 或 false",
    "bytes": "文字",
    "date": "日期，如 2026-03-31",
    "datetime": "日期和时刻，如 2026-03-31T09:30:00+08:00",
    "decimal": "数，用文字写，如 12.5",
    "dict": "一组键和值",
    "float": "数",
    "int": "整数",
    "list": "列表",
    "mapping": "一组键和值",
    "model": "一组键和值",
    "none": " null",
    "string": "文字",
    "time": "时刻，如 09:30",
    "timezone": "带时区的时刻，如 2026-03-31T09:30:00+08:00",
    "url": "网址",
    "uuid": " UUID",
}
UNKNOWN = "内容或格式不对，请对照接口说明改正"
# Where the library says that a field stands: the part of the call, and our name for its body.
PARTS = frozenset({"body", "query", "path", "header"})
BODY = "given"
# Values that may be of several kinds: the library ends their place with the kind it has tried.
FREE, BRANCHES = "values", frozenset({"bool", "int", "str", "constrained-str"})


def places_of(errors: Iterable[Mapping[str, Any]]) -> list[str]:
    """Where the faults stand, as the caller wrote it: ``facts.0.unit``; for the whole, 请求体."""
    return list(_by_place(errors))


def sentences_of(errors: Iterable[Mapping[str, Any]]) -> list[str]:
    """Place and sentence of each fault."""
    return [f"{place}：{_of_all(found)}。" for place, found in _by_place(errors).items()]


def _by_place(errors: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The faults of each place; one value that may be of several kinds has one for each kind."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in errors:
        found.setdefault(_place(one["loc"]), []).append(one)
    return found


def _of_all(errors: list[Mapping[str, Any]]) -> str:
    """What is wrong with a value: with its text, or that it is of none of the kinds."""
    text = [one for one in errors if str(one["type"]).startswith("string_")]
    if len(errors) == 1 or any(one["type"] != "string_type" for one in text):
        return sentence(text[0] if text else errors[0])
    return "；或".join(sentence(one) for one in errors)


def sentence(error: Mapping[str, Any]) -> str:
    """What is wrong, without its place and full stop."""
    kind = str(error["type"])
    if kind in SENTENCES:
        try:
            return SENTENCES[kind].format_map(error.get("ctx") or {}).replace(" or ", "、")
        except KeyError:
            return UNKNOWN
    what = EXPECTED.get(kind.partition("_")[0])
    return f"应为{what}" if what else UNKNOWN


def _place(where: Iterable[object]) -> str:
    words = [str(part) for part in where]
    if words and words[0] in PARTS:
        words = words[1:]
    if words and words[0] == BODY:
        words = words[1:]
    if len(words) > 2 and words[-3] == FREE and words[-1] in BRANCHES:
        words = words[:-1]
    return ".".join(words) or "请求体"
