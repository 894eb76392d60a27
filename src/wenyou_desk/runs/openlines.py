"""What a run leaves open, as lines of text: left out, missing, waiting, remarkable, not yet lawful.

The sentences are the core's, which knows units and people by number; here their names are put in,
and what several units lack alike is one line.
"""

from __future__ import annotations

from collections.abc import Iterable

from wenyou_core.assess.facts import Subject
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.telling import named

_SHOWN = 10
_NAMED = 3
"""Lines of one sort, and units in one line, before the rest is only counted."""

Line = tuple[str, int]
"""A line, and how many items it tells."""


def open_lines(record: RunRecord) -> list[str]:
    """The first lines of each sort; all of them stand in the workbook."""
    lines = [f"  {one.text}" for one in record.leftout]
    lines += _listed("  缺失 {} 项：", missing_lines(record))
    lines += _listed("  待定 {} 项：", waiting_lines(record))
    remarks = [(str(remark), 1) for remark in record.remarks]
    lines += _listed("  读取事实时有 {} 条提示：", remarks)
    if not record.result.lawful:
        lines.append(
            "  未经通过程序：采用记录不全（征求意见、公示、告知），金额只供测算，不得兑现。"
        )
    return lines


def missing_lines(record: RunRecord) -> list[Line]:
    """What is missing, each once; units that lack the same stand together."""
    alike: dict[str, list[str]] = {}
    alone: list[str] = []
    for unit, text in dict.fromkeys((row.unit, row.text) for row in record.result.missing):
        rest = text.removeprefix(f"机构{unit}在")
        if rest == text:
            alone.append(named(text, {unit: _name(record, unit)}))
        else:
            alike.setdefault(rest, []).append(unit)
    lines = [(f"{_units(record, units)}在{rest}", len(units)) for rest, units in alike.items()]
    return [*lines, *((text, 1) for text in dict.fromkeys(alone))]


def waiting_lines(record: RunRecord) -> list[Line]:
    """What waits for a decision, each once."""
    texts = (
        named(row.text, {one.id: _subject_name(record, one) for one in row.subjects})
        for row in record.result.waiting
    )
    return [(text, 1) for text in dict.fromkeys(texts)]


def _units(record: RunRecord, units: list[str]) -> str:
    shown = "、".join(_unit(record, one) for one in units[:_NAMED])
    return f"{shown}等{len(units)}个机构" if len(units) > _NAMED else shown


def _unit(record: RunRecord, unit: str) -> str:
    name = record.unit_names.get(unit, "")
    return f"{name}（{unit}）" if name and name != unit else f"机构{unit}"


def _name(record: RunRecord, code: str) -> str:
    return record.unit_names.get(code) or record.person_names.get(code, "")


def _subject_name(record: RunRecord, one: Subject) -> str:
    names = record.person_names if one.kind is SubjectKind.PERSON else record.unit_names
    return names.get(one.id, "")


def _listed(title: str, lines: Iterable[Line]) -> list[str]:
    """The title with the number of items, the first lines, and how many items there are besides."""
    found = list(lines)
    if not found:
        return []
    rest = sum(items for _, items in found[_SHOWN:])
    told = [title.format(sum(items for _, items in found))]
    told += [f"    {text}" for text, _ in found[:_SHOWN]]
    return [*told, f"    其余 {rest} 项见工作簿。"] if rest else told
