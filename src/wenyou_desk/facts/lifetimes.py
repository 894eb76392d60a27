"""From when to when a unit is open or a person employed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from wenyou_core.assess.facts import PersonSpan, UnitSpan

PAGES = {"机构": "机构", "人员": "员工"}
"""What the pages are called where units and people are registered, by the name of the sheet."""


class Lifetimes:
    """The days of each id, from all its spans.

    ``registered``: they stand in a register of units and people, not in sheets of the workbook.
    """

    def __init__(self, spans: Iterable[UnitSpan | PersonSpan], *, registered: bool = False) -> None:
        self._spans: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
        for span in spans:
            self._spans[span.id].append((span.since, span.till))
        self._answers: dict[tuple[str, date], bool] = {}
        self._bare: dict[str, str] = {}
        self._registered = registered

    def __bool__(self) -> bool:
        return bool(self._spans)

    def __contains__(self, code: object) -> bool:
        return code in self._spans

    def on(self, code: str, day: date) -> bool:
        """Whether one of the spans of ``code`` holds the day."""
        found = self._answers.get((code, day))
        if found is None:
            spans = self._spans.get(code, ())
            found = any(since <= day and (till is None or day <= till) for since, till in spans)
            self._answers[code, day] = found
        return found

    def holds(self, stands: Iterable[tuple[str, date]]) -> bool:
        """Whether every number is known and holds its days; of an empty sheet nothing is asked."""
        days: dict[str, set[date]] = defaultdict(set)
        for code, day in stands:
            days[code].add(day)
        return not self or all(self._holds_all(code, found) for code, found in days.items())

    def _holds_all(self, code: str, days: set[date]) -> bool:
        first, last = min(days), max(days)
        for since, till in self._spans.get(code, ()):
            if since <= first and (till is None or last <= till):
                return True  # and so all days between
        return all(self.on(code, day) for day in days)

    def unknown(self, column: str, code: str, sheet: str) -> str:
        """The sentence about a number that is not in the sheet ``sheet``."""
        if self._registered:
            text = f"{column}「{code}」没有登记。请核对，或先在{self.place(sheet)}登记，再导入。"
        else:
            text = f"{column}「{code}」不在「{sheet}」表里。请核对，或先在「{sheet}」表里登记。"
        return text + self.without_zeros(code, sheet)

    def place(self, sheet: str) -> str:
        """Where units or people are looked up: a sheet of the workbook, or a page."""
        return f"“{PAGES[sheet]}”页" if self._registered else f"「{sheet}」表"

    def without_zeros(self, code: str, sheet: str) -> str:
        """A sentence that names the number of the sheet that has other zeros before it, if any.

        Numbers that a spreadsheet kept as numbers lose their leading zeros.
        """
        if not self._bare:
            self._bare = {known.lstrip("0"): known for known in sorted(self._spans, reverse=True)}
        near = self._bare.get(code.lstrip("0"))
        if near is None:
            return ""
        return (
            f"{self.place(sheet)}里有「{near}」，只差开头的零：多半是存成数字时丢了，"
            "请把这一列设成文本，补上零。"
        )

    def told(self, code: str) -> str:
        """The days as a person reads them: 2020-01-01起, 2020-01-01至2024-12-31."""
        parts = sorted(self._spans.get(code, ()), key=lambda span: span[0])
        return "、".join(f"{first}至{last}" if last else f"{first}起" for first, last in parts)
