"""YAML text in, a small tree of nodes out: the narrow subset that plans are written in.

Only ``null`` (also ``~`` and nothing at all), ``true``, ``false`` and plain integers are more
than text. PyYAML's safe loader reads ``on:`` as true, ``0.1`` as a float, ``1:30`` as 90 and
``0123`` as 83; here all of these stay what the author typed. Double keys, anchors, aliases,
tags, merge keys, directives and second documents are refused, depth and size are bounded, and
every node keeps its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import yaml

from wenyou_core.errors import Fault, Place, SchemeError
from wenyou_core.rows import row
from wenyou_core.scheme.yamlfaults import character_fault, fault_of_yaml

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 32
MAX_NODES = 100_000

_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_SURROGATE = re.compile("[\ud800-\udfff]")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}

# libyaml is about ten times faster; both give the same events for what we accept.
if TYPE_CHECKING:
    _SafeLoader = yaml.SafeLoader
else:
    _SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PlanLoader(_SafeLoader):
    """PyYAML's safe loader, used for its events alone: it never builds an object."""


@row()
class Scalar:
    """A single value. ``text`` is as typed; ``value`` is it, or null, true, false, an integer."""

    text: str
    value: str | int | bool | None
    line: int


@row()
class Seq:
    """A list."""

    items: tuple[Node, ...]
    line: int


@row()
class Map:
    """A mapping; ``lines`` are the lines of the keys, in the order written, as ``items`` is."""

    items: dict[str, Node]
    lines: dict[str, int]
    line: int


Node = Scalar | Seq | Map


def read_yaml(text: str, file: str, loader: type[yaml.SafeLoader] = PlanLoader) -> Node:
    """The tree of one document. Raises SchemeError with every fault found, each with its line.

    After a fault of the YAML form itself nothing more can be read, so such a fault comes last.
    ``loader`` is libyaml's where there is one; any safe loader reads the same tree.
    """
    if len(text) > MAX_CHARACTERS:
        sentence = f"文件有{len(text)}个字符，超过上限{MAX_CHARACTERS}个；请把内容分开存放。"
        raise SchemeError([Fault(Place(file=file), "yaml-size", sentence)])
    surrogate = _SURROGATE.search(text)
    if surrogate:
        raise SchemeError([character_fault(text, surrogate.start(), file)])
    if "\t" in text:
        raise SchemeError(_tabs(text, file))
    builder = _Builder(file)
    try:
        node = builder.document(_events(text, loader))
    except yaml.YAMLError as error:
        raise SchemeError([*builder.faults, _worded(text, file, error)]) from None
    if builder.faults or node is None:
        if not builder.faults:
            builder.fault(1, "yaml-empty", "文件里没有内容，请先写入方案再加载。")
        raise SchemeError(builder.faults)
    return node


def _tabs(text: str, file: str) -> Iterator[Fault]:
    """One fault per line with a tab: readers do not agree on where a tab may stand."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "\t" in line:
            sentence = "这一行有制表符（Tab），请改用空格。"
            yield Fault(Place(file=file, line=number), "yaml-tab", sentence)


def _events(text: str, loader_type: type[yaml.SafeLoader]) -> Iterator[yaml.Event]:
    loader = loader_type(text)
    try:
        yield from iter(loader.get_event, None)
    finally:
        loader.dispose()


def _worded(text: str, file: str, error: yaml.YAMLError) -> Fault:
    """The fault as a sentence; worded from the pure parser, whose problems name characters."""
    try:
        for _ in _events(text, yaml.SafeLoader):
            pass
    except yaml.YAMLError as plain:
        error = plain
    return fault_of_yaml(error, text, file)


class _Stop(Exception):
    """Reading on is pointless: the rest would only repeat the fault."""


class _Builder:
    """Builds the tree from events, without recursion, so depth is bounded by us alone."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.nodes = 0

    def fault(self, line: int, code: str, text: str) -> None:
        self.faults.append(Fault(Place(file=self.file, line=line), code, text))

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        """The root of the first document; further documents are a fault."""
        root: Node | None = None
        try:
            for event in events:
                if isinstance(event, yaml.DocumentStartEvent):
                    self._begin(event, first=root is None)
                elif isinstance(event, yaml.NodeEvent):
                    root = self._tree(event, events)
        except _Stop:
            return None
        return root

    def _begin(self, event: yaml.DocumentStartEvent, *, first: bool) -> None:
        line = _line(event)
        if not first:
            self.fault(line, "yaml-documents", "一个文件只放一份内容，请删去“---”及其后的部分。")
            raise _Stop
        if event.version or event.tags:
            self.fault(line, "yaml-directive", "不用以“%”开头的声明行，请删去。")

    def _tree(self, event: yaml.Event, events: Iterator[yaml.Event]) -> Node:
        """The node that begins with ``event``. This loop runs once per word of a plan."""
        stack: list[_Open] = []
        while True:
            node: Node
            if isinstance(event, yaml.ScalarEvent):
                node = self._scalar(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self._open(event, stack)
                event = next(events)
                continue
            elif isinstance(event, yaml.AliasEvent):
                node = self._alias(event)
            else:
                node = stack.pop().closed()
            if not stack:
                return node
            parent = stack[-1]
            if not parent.is_map:
                parent.items.append(node)
            elif parent.key is None:
                parent.key = self._key(parent, node)
            else:
                parent.entries.setdefault(parent.key.text, node)
                parent.lines.setdefault(parent.key.text, parent.key.line)
                parent.key = None
            event = next(events)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        self._check(event)
        text: str = event.value
        value: str | int | bool | None = text
        if event.implicit[0]:
            if text in _WORDS:
                value = _WORDS[text]
            elif _INTEGER.match(text):
                value = int(text)
        return Scalar(text, value, _line(event))

    def _open(self, event: yaml.CollectionStartEvent, stack: list[_Open]) -> None:
        self._check(event)
        if len(stack) >= MAX_DEPTH:
            text = f"嵌套超过{MAX_DEPTH}层，请检查括号和缩进。"
            self.fault(_line(event), "yaml-depth", text)
            raise _Stop
        stack.append(_Open(isinstance(event, yaml.MappingStartEvent), _line(event)))

    def _alias(self, event: yaml.AliasEvent) -> Scalar:
        text = f"不用引用“*{event.anchor}”，请把内容直接写出来。"
        self.fault(_line(event), "yaml-alias", text)
        return Scalar("", None, _line(event))

    def _check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.fault(_line(event), "yaml-size", f"内容超过{MAX_NODES}项，请分开存放。")
            raise _Stop
        if event.anchor is not None:
            self.fault(_line(event), "yaml-anchor", f"不用锚点“&{event.anchor}”，请删去。")
        if event.tag is not None:
            text = f"不用类型标记“{event.tag}”，请删去；文字请加引号。"
            self.fault(_line(event), "yaml-tag", text)

    def _key(self, parent: _Open, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self.fault(
                node.line, "yaml-key", "键必须是一个词，不能是列表或映射；请检查冒号和括号。"
            )
            return Scalar(f"\0{len(parent.entries)}", "", node.line)
        if node.text in parent.entries:
            first = parent.lines[node.text]
            self.fault(
                node.line,
                "yaml-double-key",
                f"“{node.text}”在同一处写了两次（第{first}行已有），请合并或删去一个。",
            )
        elif node.text == "<<" and node.value == "<<":
            self.fault(node.line, "yaml-merge", "不用合并键“<<”，请把内容直接写出来。")
        elif not node.text:
            self.fault(node.line, "yaml-key", "冒号前面缺少键，请补上。")
        return node


class _Open:
    """A collection that is still being read."""

    __slots__ = ("entries", "is_map", "items", "key", "line", "lines")

    def __init__(self, is_map: bool, line: int) -> None:
        self.is_map = is_map
        self.line = line
        self.items: list[Node] = []
        self.entries: dict[str, Node] = {}
        self.lines: dict[str, int] = {}
        self.key: Scalar | None = None

    def closed(self) -> Node:
        if self.is_map:
            return Map(self.entries, self.lines, self.line)
        return Seq(tuple(self.items), self.line)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 1
