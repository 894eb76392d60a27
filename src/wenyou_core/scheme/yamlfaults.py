"""What PyYAML finds wrong, as Chinese sentences that say what to do."""

from __future__ import annotations

import re

import yaml

from wenyou_core.errors import Fault, Place

_COLON = "冒号要用半角“:”，后面空一格"

# (pattern of context and problem, whether the fault stands where the context began, sentence)
_SENTENCES: tuple[tuple[re.Pattern[str], bool, str], ...] = tuple(
    (re.compile(pattern), at_context, sentence)
    for pattern, at_context, sentence in (
        (r"'<document start>'", False, "一个文件只放一份内容，请删去“...”之后的部分。"),
        (r"quoted scalar.*unexpected end", True, "引号没有成对，请在这一段文字的末尾补上引号。"),
        (r"quoted scalar.*document separator", True, "引号没有成对，请补上后一个引号。"),
        (r"unknown escape", False, "双引号里有认不出的反斜杠，请改用单引号，或把“\\”写成“\\\\”。"),
        (
            r"flow sequence.*expected ',' or '\]'",
            True,
            "方括号“[”没有对应的“]”，或项目之间缺少半角逗号，请补上。",
        ),
        (
            r"flow mapping.*expected ',' or '\}'",
            True,
            "花括号“{”没有对应的“}”，或项目之间缺少半角逗号，请补上。",
        ),
        (
            r"mapping values are not allowed",
            False,
            "这里不能再有冒号：请检查上一行是否缺少冒号，或缩进是否对齐；文字里有半角冒号时请加引号。",
        ),
        (r"could not find expected ':'", True, f"缺少冒号：{_COLON}。"),
        (
            r"sequence entries are not allowed",
            False,
            "列表的“-”不能写在这里，请另起一行并对齐缩进。",
        ),
        (
            r"block mapping.*found '<scalar>'",
            False,
            "这段文字接不上前面：请检查缩进；文字里有引号时，请把整段用另一种引号括起来。",
        ),
        (r"block collection", False, "列表的各项没有对齐，请让每个“-”缩进相同。"),
        (r"block mapping", False, "缩进没有对齐，请让同一层的各行从同一列开始。"),
        (
            r"expected the node content|node content",
            False,
            "冒号或“-”后面是一个多出来的符号，请删去或加引号。",
        ),
        (
            r"character '[@`%]'|cannot start any token",
            False,
            "文字不能以“@”“`”“%”等符号开头，请加引号。",
        ),
        (r"block scalar.*indentation", True, "“|”“>”之后的文字请统一缩进。"),
        (r"directive|incompatible", False, "不用以“%”开头的声明行，请删去。"),
        (r"alias|anchor|tag", False, "不用“&”“*”“!”标记，请删去；文字请加引号。"),
    )
)
_OTHER = "这里的写法不合YAML，请检查冒号、括号、引号和缩进。"


def fault_of_yaml(error: yaml.YAMLError, text: str, file: str) -> Fault:
    """The fault for a problem PyYAML met while reading ``text``, with its line."""
    if isinstance(error, yaml.reader.ReaderError):
        return character_fault(text, int(error.position), file)
    context = getattr(error, "context", None) or ""
    problem = getattr(error, "problem", None) or ""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    sentence = _OTHER
    for pattern, at_context, words in _SENTENCES:
        if pattern.search(f"{context} {problem}"):
            if at_context and getattr(error, "context_mark", None) is not None:
                mark = getattr(error, "context_mark", None)
            sentence = words
            break
    line = mark.line + 1 if mark is not None else 1
    return Fault(Place(file=file, line=line), "yaml", sentence + _hint(text, line))


def character_fault(text: str, position: int, file: str) -> Fault:
    """The fault for a character that no text may hold, at ``position`` counted from 0."""
    line = text.count("\n", 0, position) + 1
    sentence = "有不能显示的控制字符，请删去后重新输入这一行。"
    return Fault(Place(file=file, line=line), "yaml-character", sentence)


def _hint(text: str, line: int) -> str:
    """A remark when a full-width colon stands where a half-width one is likely to belong."""
    lines = text.split("\n")
    near = [lines[index] for index in (line - 2, line - 1) if 0 <= index < len(lines)]
    if any(re.match(r"\s*(?:- )?[A-Za-z_]\w*\uff1a", one) for one in near):
        return f"附近有全角冒号：{_COLON}。"
    return ""
