"""The state of reading a file, the simplest values, and the faults they give.

A *converter* takes a Reader and a node and gives a value, or ``BAD`` after noting a fault, so that
one run tells all faults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

from wenyou_core.errors import Fault, Place
from wenyou_core.scheme.parse import SUBJECT, ExprError, nearest
from wenyou_core.scheme.texts import Units
from wenyou_core.scheme.yamlread import Map, Node, Scalar, Seq

BAD: Final = object()
"""What a converter gives after a fault."""

RESERVED = frozenset({"and", "or", "not", "in", "between", "exists", "true", "false"})
"""Words of expressions, which are no names."""

Converter = Callable[["Reader", Node], Any]
_T = TypeVar("_T")
_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(slots=True)
class Reader:
    """Where reading stands: the file, the article, what bare names and units mean here."""

    file: str
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    units: Units = field(default_factory=dict)
    since: date = date.min
    article: str = ""
    context: str = SUBJECT
    key: str = ""
    above: tuple[str, int] = ("", 0)  # the key over a named thing, and its line
    faults: list[Fault] = field(default_factory=list)

    def place(self, line: int) -> Place:
        """The place of a line of this file, within the article at hand."""
        return Place(file=self.file, line=line, article=self.article)

    def bad(self, line: int, code: str, text: str) -> Any:
        """Note a fault; the value is then BAD."""
        self.faults.append(Fault(self.place(line), code, text))
        return BAD

    @contextmanager
    def within(self, context: str) -> Iterator[None]:
        """Bare names mean ``context`` inside."""
        before, self.context = self.context, context
        try:
            yield
        finally:
            self.context = before

    def parsed(self, node: Node, parse: Callable[[str], _T]) -> Any:
        """The text of ``node`` through ``parse``; its ExprError becomes a fault."""
        text = text_of(self, node)
        if text is BAD:
            return BAD
        try:
            return parse(text)
        except ExprError as error:
            return self.bad(node.line, "scheme-text", f"“{self.key}”：{error}")


def text_of(reader: Reader, node: Node) -> Any:
    """The text as typed; integers count as text, empty values do not."""
    if not isinstance(node, Scalar):
        return shape_fault(reader, node, "一段文字")
    if node.value is None:
        return reader.bad(
            node.line, "scheme-empty", f"“{reader.key}”不能空着，请填写或删去这个键。"
        )
    if isinstance(node.value, bool):
        sentence = f"“{reader.key}”应是文字；要写文字“{node.text}”时请加引号。"
        return reader.bad(node.line, "scheme-shape", sentence)
    return node.text


def whole(reader: Reader, node: Node) -> Any:
    """A plain integer."""
    if isinstance(node, Scalar) and type(node.value) is int:
        return node.value
    return shape_fault(reader, node, "整数")


def flag(reader: Reader, node: Node) -> Any:
    """true or false."""
    if isinstance(node, Scalar) and type(node.value) is bool:
        return node.value
    return shape_fault(reader, node, " true 或 false")


def shape_fault(reader: Reader, node: Node, wanted: str) -> Any:
    """The fault of a node that is no ``wanted``, under the key at hand."""
    if isinstance(node, Seq):
        found = "列表"
    elif isinstance(node, Map):
        found = "映射"
    elif node.value is None:
        found = "空的"
    else:
        found = f"“{node.text[:20]}”"
    hint = ""
    if isinstance(node, Scalar) and "\uff1a" in node.text:
        hint = "（冒号要用半角，后面空一格）"
    sentence = f"“{reader.key}”应是{wanted}，现在是{found}，请改正{hint}。"
    return reader.bad(node.line, "scheme-shape", sentence)


def unknown_key(
    reader: Reader, line: int, name: str, known: Mapping[str, object], right: str = ""
) -> Any:
    """The fault of a key that may not stand here, with the nearest one (or ``right``) that may."""
    hint = f"请写“{right}”。" if right in known else nearest(name, list(known))
    hint = hint or f"这里可以写{'、'.join(known)}。"
    return reader.bad(line, "scheme-key", f"“{name}”不是这里能写的键；{hint}")


def bad_word(reader: Reader, node: Node, text: str, words: Mapping[str, object]) -> Any:
    """The fault of a word that is none of ``words``."""
    hint = nearest(text, list(words)) or f"可用的有{'、'.join(words)}。"
    return reader.bad(node.line, "scheme-word", f"“{reader.key}”不能写“{text}”；{hint}")


def good_name(name: str) -> bool:
    """Whether a name may be used in expressions."""
    return bool(_NAME.match(name)) and name not in RESERVED


def bad_name_text(name: str) -> str:
    """What is wrong with a name that ``good_name`` refuses."""
    if name in RESERVED:
        return f"“{name}”是表达式用的词，不能作名称，请换一个。"
    return f"名称“{name}”只能用小写字母、数字和下划线，并以字母开头，请改名。"
