"""Where a page and what was computed again part: the first difference, in words."""

from __future__ import annotations

import re
from html import unescape

from wenyou_desk.statements.data import SECTIONS
from wenyou_desk.statements.render import DATA_CLOSE, DATA_OPEN

_AROUND = 30
_NAME = 24
_UNSEEN = {
    "\ufeff": "［字节顺序标记］",
    "\r": "［回车］",
    "\n": "［换行］",
    "\t": "［制表符］",
    " ": "［空格］",
    "\u00a0": "［不换行空格］",
    "\u200b": "［零宽空格］",
}
_TAG = re.compile(r"<[^>]*>")
_HEAD = re.compile(r"<h([23])[^>]*>(.*?)</h\1>")
_ROW = re.compile(r"<(?:tr|li|p|div)\b[^>]*>")
_CELL = re.compile(r"<t[dh][^>]*>(.*?)</t[dh]>")


def first_difference(expected: str, found: str) -> str:
    """A sentence: in which line and part, what should stand there and what does."""
    at = parting(expected, found)
    line = expected.count("\n", 0, at) + 1
    if at == len(expected):
        return f"文件末尾多出“{_seen(found[at : at + _AROUND])}”（第{line}行起）。"
    where = f"第{line}行，{place_of(expected, at)}"
    if at == len(found):
        return f"文件到{where}就断了，后面缺“{_told(expected, at)}”。"
    return f"{where}：应为“{_told(expected, at)}”，页上是“{_told(found, at)}”。"


def parting(one: str, other: str) -> int:
    """The place of the first character that differs; the shorter length where none does."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def place_of(page: str, at: int) -> str:
    """Which part of a page a place lies in: a heading with its row, or a section of the data."""
    data = page.index(DATA_OPEN)
    if at >= data:
        return _data_place(page, at, data)
    body = page.index("<body>")
    if at < body:
        style = page.index("<style>")
        return "样式" if at >= style else "网页的标题和说明"
    if at >= page.index("<footer>"):
        return "页脚"
    above = [one for one in _HEAD.finditer(page, body) if one.start() <= at]
    if not above:
        return f"页头{_row(page, page.index('<header>'), at)}"
    second = next(one for one in reversed(above) if one[1] == "2")
    last = above[-1]
    titles = [second] if last is second else [second, last]
    told = "".join(f"“{_plain(one[2])}”" for one in titles)
    return f"{told}{_row(page, last.end(), at)}"


def _data_place(page: str, at: int, data: int) -> str:
    end = page.rindex(DATA_CLOSE)
    if at >= end:
        return "数据之后的结尾"
    line = page[page.rfind("\n", data, at) + 1 : page.find("\n", at)]
    name = line.partition('":')[0].strip('"')
    return f"页内数据的“{SECTIONS[name]}”一节" if name in SECTIONS else "页内的数据"


def _row(page: str, start: int, at: int) -> str:
    """``的“三.2(1)「责任性投诉」”一行``: the row, item or paragraph around a place."""
    rows = [one for one in _ROW.finditer(page, start) if one.start() <= at]
    if not rows:
        return ""
    begun = rows[-1].start()
    end = page.find("\n", at)
    line = page[begun : end if end >= 0 else len(page)]
    cells = [_plain(one) for one in _CELL.findall(line)] or [_plain(line)]
    name = "".join(cells[:2]) if cells[0].isdecimal() else next(filter(None, cells), "")
    number, name = (cells[0], cells[1]) if len(cells) > 1 and cells[0].isdecimal() else ("", name)
    short = name if len(name) <= _NAME else f"{name[:_NAME]}……"
    told = f"“{short}”" if short else ""
    return f"第{number}项{told}" if number else (f"的{told}一行" if told else "")


def _plain(markup: str) -> str:
    """The words of a piece of markup, up to its first line break."""
    return unescape(_TAG.sub("", markup.partition("<br>")[0])).strip()


def _told(text: str, at: int) -> str:
    """What stands at a place, with a little around it: words without markup, or one tag."""
    line, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    if at == end:
        return (
            f"{text[max(line, at - _AROUND) : at]}［换行］"
            if end < len(text)
            else "［文件到此为止］"
        )
    open_, close = text.rfind("<", line, at + 1), text.rfind(">", line, at)
    if open_ > close:  # inside a tag
        start, stop = open_, text.find(">", at, end) + 1 or end
    else:
        start, found = close + 1 if close >= 0 else line, text.find("<", at, end)
        stop = found if found >= 0 else end
    start, stop = max(start, at - _AROUND), min(stop, at + _AROUND)
    seen = _seen(text[at]) if text[at] in _UNSEEN or not text[at].isprintable() else text[at]
    return f"{text[start:at]}{seen}{text[at + 1 : stop]}"


def _seen(text: str) -> str:
    """Text with what cannot be seen named."""
    return "".join(
        _UNSEEN.get(one, one if one.isprintable() else f"［U+{ord(one):04X}］") for one in text
    )
