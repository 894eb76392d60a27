"""Reading a calendar from its YAML text, every fault with its line, and writing it back.

The text is handed in; dates are read from their own letters, never by YAML's guesses, and a
key that is written twice or misspelled is a fault instead of a silent loss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

import yaml

from wenyou_core.errors import Fault, Place
from wenyou_core.worktime.calendar import (
    Calendar,
    CalendarError,
    CalendarYear,
    DayKind,
    DayRow,
    faults_of,
)

_ANNOUNCED = {"已公布": True, "未公布": False}
_TOP = frozenset({"version", "title", "rest_weekdays", "years"})
_YEAR = frozenset({"state", "notice", "issued", "holidays", "workdays"})
_ROW = frozenset({"days", "name"})
_KINDS = {"holidays": DayKind.HOLIDAY, "workdays": DayKind.MAKEUP}
_LONGEST_RUN = 60


def read_calendar(text: str, source: str = "") -> Calendar:
    """The calendar in a YAML text of the form of the shipped ``cn_holidays.yaml``.

    ``source`` is a name for messages. Raises CalendarError with all faults together.
    """
    reader = _Reader(source)
    calendar = reader.read(text)
    if reader.faults or calendar is None:
        raise CalendarError(reader.faults)
    return calendar


def write_calendar(calendar: Calendar) -> str:
    """The calendar as YAML text that ``read_calendar`` reads back as an equal calendar."""
    rest = ", ".join(map(str, sorted(calendar.rest_weekdays)))
    lines = [f"version: {_quoted(calendar.version)}", f"title: {_quoted(calendar.title)}"]
    lines += [f"rest_weekdays: [{rest}]", "years:"]
    for one in calendar.years:
        lines.append(f"  {one.year}:")
        lines.append(f"    state: {'已公布' if one.announced else '未公布'}")
        if one.notice:
            lines.append(f"    notice: {_quoted(one.notice)}")
        if one.issued_on:
            lines.append(f"    issued: {one.issued_on}")
        for key, kind in _KINDS.items():
            rows = sorted(row for row in one.rows if row.kind is kind)
            if rows:
                lines.append(f"    {key}:")
                lines += [f"      - {{days: {days}, name: {name}}}" for days, name in _runs(rows)]
    return "\n".join(lines) + "\n"


def _runs(rows: list[DayRow]) -> Iterator[tuple[str, str]]:
    def run_key(pair: tuple[int, DayRow]) -> tuple[int, str]:
        return pair[1].day.toordinal() - pair[0], pair[1].name

    for _, group in groupby(enumerate(rows), key=run_key):
        days = [row for _, row in group]
        first, last = days[0].day, days[-1].day
        yield str(first) if first == last else f"{first}..{last}", _quoted(days[0].name)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Reader:
    """Walks the node tree, so that every fault can name its line."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.faults: list[Fault] = []

    def read(self, text: str) -> Calendar | None:
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 0
            self._fault(line, "calendar-yaml", "这里不是正确的YAML，请核对缩进、冒号和括号。")
            return None
        if root is None:
            self._fault(0, "calendar-empty", "日历文件是空的，请核对。")
            return None
        top = self._mapping(root, _TOP)
        rest = self._rest_weekdays(top.get("rest_weekdays"))
        years = self._years(top.get("years"))
        version = self._text(top.get("version"))
        if not version:
            self._fault(_line(root), "calendar-no-version", "没有写日历版本（version），请补上。")
        if self.faults:
            return None
        # Checked here as well, to name the file beside each fault.
        for fault in faults_of(years, rest):
            self._fault(0, fault.code, fault.text)
        if self.faults:
            return None
        return Calendar(version, years, rest, self._text(top.get("title")))

    def _years(self, node: yaml.Node | None) -> tuple[CalendarYear, ...]:
        if not isinstance(node, yaml.MappingNode):
            self._fault(_line(node), "calendar-no-years", "没有写各年的安排（years），请补上。")
            return ()
        found = []
        for key, value in node.value:
            year = self._text(key)
            if not (year.isdecimal() and len(year) == 4):
                self._fault(_line(key), "calendar-year", f"“{year}”不是四位年份，请改正。")
                continue
            found.append(self._year(int(year), value))
        return tuple(found)

    def _year(self, year: int, node: yaml.Node) -> CalendarYear:
        parts = self._mapping(node, _YEAR)
        state = self._text(parts.get("state"))
        if state not in _ANNOUNCED:
            self._fault(_line(node), "calendar-state", f"{year}年的状态应写“已公布”或“未公布”。")
        issued = parts.get("issued")
        rows = tuple(
            row for key, kind in _KINDS.items() for row in self._rows(parts.get(key), kind)
        )
        return CalendarYear(
            year,
            tuple(sorted(rows)),
            self._text(parts.get("notice")),
            self._day(issued) if issued else None,
            _ANNOUNCED.get(state, False),
        )

    def _rows(self, node: yaml.Node | None, kind: DayKind) -> Iterator[DayRow]:
        if node is None:
            return
        if not isinstance(node, yaml.SequenceNode):
            self._fault(_line(node), "calendar-rows", "这里应是一列日期，每行以“-”开头。")
            return
        for item in node.value:
            parts = self._mapping(item, _ROW)
            name = self._text(parts.get("name"))
            for day in self._days(parts.get("days"), item):
                yield DayRow(day, kind, name)

    def _days(self, node: yaml.Node | None, item: yaml.Node) -> Iterable[date]:
        first_text, _, last_text = self._text(node).partition("..")
        try:
            first = date.fromisoformat(first_text)
            last = date.fromisoformat(last_text) if last_text else first
        except ValueError:
            self._bad_day(item, self._text(node))
            return ()
        if not 0 <= (last - first).days < _LONGEST_RUN:
            self._bad_day(item, self._text(node))
            return ()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def _day(self, node: yaml.Node) -> date | None:
        try:
            return date.fromisoformat(self._text(node))
        except ValueError:
            self._bad_day(node, self._text(node))
            return None

    def _rest_weekdays(self, node: yaml.Node | None) -> frozenset[int]:
        items = node.value if isinstance(node, yaml.SequenceNode) else []
        texts = [self._text(item) for item in items]
        if not all(text.isdecimal() for text in texts) or not isinstance(node, yaml.SequenceNode):
            text = "每周休息日（rest_weekdays）应写成数字的列表，例如[6, 7]。"
            self._fault(_line(node), "calendar-rest-weekdays", text)
            return frozenset()
        return frozenset(int(text) for text in texts)

    def _mapping(self, node: yaml.Node, allowed: frozenset[str]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fault(_line(node), "calendar-form", "这里应写成“名称: 值”的形式。")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._text(key)
            if name not in allowed:
                words = "、".join(sorted(allowed))
                text = f"不认识的词“{name}”，这里只能写{words}。"
                self._fault(_line(key), "calendar-unknown-word", text)
            elif name in found:
                self._fault(_line(key), "calendar-word-twice", f"“{name}”写了两次，请只留一个。")
            else:
                found[name] = value
        return found

    def _text(self, node: yaml.Node | None) -> str:
        return str(node.value).strip() if isinstance(node, yaml.ScalarNode) else ""

    def _bad_day(self, node: yaml.Node, text: str) -> None:
        message = f"日期“{text}”认不出来，请写成2025-10-01或2025-10-01..2025-10-08。"
        self._fault(_line(node), "calendar-day", message)

    def _fault(self, line: int, code: str, text: str) -> None:
        self.faults.append(Fault(Place(file=self.source, line=line), code, text))


def _line(node: yaml.Node | None) -> int:
    return node.start_mark.line + 1 if node is not None else 0
