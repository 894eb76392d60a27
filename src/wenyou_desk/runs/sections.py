"""The sections of ``result.json``: how each part of a run stands in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import PurePath
from typing import Any

from wenyou_core.assess.facts import (
    Coverage,
    Fact,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    UnitSpan,
)
from wenyou_core.assess.leftout import LeftOut
from wenyou_core.assess.result import (
    AwardRow,
    BarRow,
    Entry,
    GradeRow,
    MeasureValue,
    Missing,
    ObligationRow,
    Result,
    TargetRow,
    TaskRow,
    Uncounted,
    Waiting,
)
from wenyou_core.errors import Fault
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import Period
from wenyou_desk.runs.amounts import amount_of, amount_text
from wenyou_desk.runs.codec import (
    Damaged,
    Json,
    RowCodec,
    cell_json,
    cell_of,
    count_of,
    flag_of,
    json_text,
    list_of,
    mapping_of,
    moment_of,
    moment_text,
    subject_of,
    subject_text,
    text_of,
)
from wenyou_desk.runs.factlines import fact_lines
from wenyou_desk.runs.record import InForce, RunRecord, TableFile, Total
from wenyou_desk.tables.loaded import SourceFile

SCHEMA = "wenyou-run/1"

RESULT_ROWS: Mapping[str, type] = {
    "awards": AwardRow,
    "bars": BarRow,
    "grades": GradeRow,
    "measures": MeasureValue,
    "missing": Missing,
    "obligations": ObligationRow,
    "targets": TargetRow,
    "tasks": TaskRow,
    "uncounted": Uncounted,
    "waiting": Waiting,
}
BOOK_ROWS: Mapping[str, type] = {
    "coverage": Coverage,
    "openings": Opening,
    "persons": PersonSpan,
    "posts": PostSpan,
    "units": UnitSpan,
}
_RESULT_TEXTS = (
    "adoption",
    "adoption_digest",
    "engine",
    "facts_digest",
    "period",
    "plan",
    "plan_digest",
    "version",
)


class Lines(list[str]):
    """A list that is written one element a line; what it holds is JSON text already."""


def sections_of(record: RunRecord) -> dict[str, Json]:
    """Every section of the file by name."""
    result, book = record.result, record.book
    sections: dict[str, Json] = {
        "schema": SCHEMA,
        "run": _run_json(record),
        "plan": _text_json(record.plan_file, record.plan_text),
        "adoption": _text_json(record.adoption_file, record.adoption_text),
        "entries": _entries_json(result),
        "facts": Lines(fact_lines(fact for rows in book.facts.values() for fact in rows)),
        "files": _rows_json(SourceFile, record.files),
        "names": {
            "persons": dict(sorted(record.person_names.items())),
            "units": dict(sorted(record.unit_names.items())),
        },
        "remarks": _rows_json(Fault, record.remarks),
        "subjects": {
            population: [subject_text(one) for one in members]
            for population, members in sorted(result.subjects.items())
        },
        "values": Lines(json_text(_value_json(value)) for value in record.values),
    }
    if record.leftout:
        sections["leftout"] = _rows_json(LeftOut, record.leftout)
    if record.tables:
        sections["tables"] = _rows_json(TableFile, record.tables)
        sections["totals"] = Lines(
            json_text(_total_json(one, result.digits)) for one in record.totals
        )
    for name, kind in RESULT_ROWS.items():
        sections[name] = _rows_json(kind, getattr(result, name))
    for name, kind in BOOK_ROWS.items():
        sections[name] = _rows_json(kind, getattr(book, name))
    return sections


def record_of(sections: Mapping[str, Json]) -> RunRecord:
    """The run of ``sections_of``. Raises Damaged, KeyError, TypeError, ValueError."""
    run, names = mapping_of(sections["run"]), mapping_of(sections["names"])
    texts: dict[str, Any] = {name: text_of(run[name]) for name in _RESULT_TEXTS}
    digits = {name: count_of(number) for name, number in mapping_of(run["digits"]).items()}
    rows: dict[str, Any] = {
        name: _rows_of(kind, sections[name]) for name, kind in RESULT_ROWS.items()
    }
    result = Result(
        **texts,
        known_at=None if run["known_at"] is None else moment_of(run["known_at"]),
        lawful=flag_of(run["lawful"]),
        digits=digits,
        subjects={
            population: tuple(subject_of(one) for one in list_of(members))
            for population, members in mapping_of(sections["subjects"]).items()
        },
        entries=_entries_of(sections["entries"], digits),
        **rows,
    )
    book: dict[str, Any] = {
        name: _rows_of(kind, sections[name]) for name, kind in BOOK_ROWS.items()
    }
    return RunRecord(
        result=result,
        period=_codec(Period).decode(run["days"]),
        plan_file=text_of(mapping_of(sections["plan"])["file"]),
        plan_text=_lines_of(sections["plan"]),
        adoption_file=text_of(mapping_of(sections["adoption"])["file"]),
        adoption_text=_lines_of(sections["adoption"]),
        values=tuple(_value_of(value) for value in list_of(sections["values"])),
        unit_names=_names_of(names["units"]),
        person_names=_names_of(names["persons"]),
        book=FactBook(facts=_facts_of(sections["facts"]), **book),
        whole=flag_of(run["whole"]),
        files=_rows_of(SourceFile, sections["files"]),
        remarks=_rows_of(Fault, sections["remarks"]),
        tables=_tables_of(sections.get("tables", [])),
        totals=tuple(_total_of(row, digits) for row in list_of(sections.get("totals", []))),
        leftout=_rows_of(LeftOut, sections.get("leftout", [])),
    )


@cache
def _codec(kind: type) -> RowCodec:
    return RowCodec(kind)


def _rows_json(kind: type, rows: Iterable[object]) -> Lines:
    return Lines(_codec(kind).lines(list(rows)))


def _rows_of(kind: type, rows: Json) -> tuple[Any, ...]:
    return tuple(map(_codec(kind).decode, list_of(rows)))


def _text_json(file: str, text: str) -> dict[str, Json]:
    return {"file": file, "text": Lines(map(json_text, text.split("\n")) if text else ())}


def _lines_of(section: Mapping[str, Json]) -> str:
    return "\n".join(text_of(line) for line in list_of(section["text"]))


def _names_of(names: Json) -> dict[str, str]:
    return {code: text_of(name) for code, name in mapping_of(names).items()}


def _run_json(record: RunRecord) -> dict[str, Json]:
    result = record.result
    run: dict[str, Json] = {name: getattr(result, name) for name in _RESULT_TEXTS}
    run["days"] = _codec(Period).encode(record.period)
    run["digits"] = dict(sorted(result.digits.items()))
    run["known_at"] = None if result.known_at is None else moment_text(result.known_at)
    run["lawful"] = result.lawful
    run["provisional"] = result.provisional
    run["whole"] = record.whole
    return dict(sorted(run.items()))


# -- entries: amounts in the digits of their ledger ----------------------------------------------


def _entries_json(result: Result) -> Lines:
    digits = [result.digits[entry.ledger] for entry in result.entries]
    amounts = [
        f'"{amount_text(entry.amount, held)}"'
        for entry, held in zip(result.entries, digits, strict=True)
    ]
    bases = [
        f'"{amount_text(entry.base, held)}"' if entry.base else ""
        for entry, held in zip(result.entries, digits, strict=True)
    ]
    return Lines(_codec(Entry).lines(result.entries, {"amount": amounts, "base": bases}))


def _entries_of(rows: Json, digits: Mapping[str, int]) -> tuple[Entry, ...]:
    decode = _codec(Entry).decode
    entries: list[Entry] = []
    for row in map(mapping_of, list_of(rows)):
        held = digits[row["ledger"]]
        amounts = {
            name: amount_of(text_of(row[name]), held) for name in ("amount", "base") if name in row
        }
        entries.append(decode({**row, **amounts}))
    return tuple(entries)


# -- large runs: tables, and the sums of entries that stand in a table -----------------------------------------


def _tables_of(rows: Json) -> tuple[TableFile, ...]:
    """Files beside result.json, never elsewhere on the machine."""
    tables: tuple[TableFile, ...] = _rows_of(TableFile, rows)
    for one in tables:
        path = PurePath(one.file)
        if path.is_absolute() or path.drive or ".." in path.parts:
            raise Damaged(f"table {one.file!r}")
    return tables


def _total_json(total: Total, digits: Mapping[str, int]) -> dict[str, Json]:
    row = _codec(Total).encode(total)
    row["amount"] = amount_text(total.amount, digits[total.ledger])
    return row


def _total_of(row: Json, digits: Mapping[str, int]) -> Total:
    amount = amount_of(text_of(row["amount"]), digits[row["ledger"]])
    found: Total = _codec(Total).decode({**row, "amount": amount})
    return found


# -- facts: what was recorded when it became known says it once (factlines.py) --------------------


def _facts_of(rows: Json) -> dict[str, tuple[Fact, ...]]:
    decode = _codec(Fact).decode
    found: dict[str, list[Fact]] = {}
    for row in map(mapping_of, list_of(rows)):
        fact: Fact = decode({"recorded": row["known"], **row})
        found.setdefault(fact.kind, []).append(fact)
    return {kind: tuple(facts) for kind, facts in found.items()}


# -- values in force -----------------------------------------------------------------------------


def _value_json(value: InForce) -> dict[str, Json]:
    row: dict[str, Json] = {
        "article": value.article,
        "digits": value.digits,
        "name": value.name,
        "question": value.question,
        "title": value.title,
        "type": value.type.value,
        "unit": value.unit,
        "value": None if value.value is None else cell_json(value.value),
    }
    return {name: given for name, given in row.items() if given not in ("", 0) or given is False}


def _value_of(row: Json) -> InForce:
    given = mapping_of(row)
    value = None if given["value"] is None else cell_of(given["value"])
    if isinstance(value, tuple):
        raise Damaged("a parameter has one value")
    texts = {name: text_of(given[name]) for name in ("name", "title", "article")}
    return InForce(
        **texts,
        type=ValueType(given["type"]),
        value=value,
        unit=text_of(given.get("unit", "")),
        digits=count_of(given.get("digits", 0)),
        question=text_of(given.get("question", "")),
    )
