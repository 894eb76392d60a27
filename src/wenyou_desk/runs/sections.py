"""The sections of ``result.json``: how each part of a run stands in the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
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
from wenyou_core.scheme.words import State, ValueType
from wenyou_core.worktime.periods import Period
from wenyou_desk.runs.amounts import amount_of, amount_text
from wenyou_desk.runs.codec import (
    Json,
    RowCodec,
    cell_json,
    cell_of,
    moment_of,
    moment_text,
    subject_of,
    subject_text,
)
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


class Lines(list[Json]):
    """A list that is written one element a line."""


def sections_of(record: RunRecord) -> dict[str, Json]:
    """Every section of the file by name."""
    result, book = record.result, record.book
    sections: dict[str, Json] = {
        "schema": SCHEMA,
        "run": _run_json(record),
        "plan": _text_json(record.plan_file, record.plan_text),
        "adoption": _text_json(record.adoption_file, record.adoption_text),
        "entries": _entries_json(result),
        "facts": Lines(_fact_json(fact) for rows in book.facts.values() for fact in rows),
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
        "values": Lines(_value_json(value) for value in record.values),
    }
    if record.leftout:
        sections["leftout"] = _rows_json(LeftOut, record.leftout)
    if record.tables:
        sections["tables"] = _rows_json(TableFile, record.tables)
        sections["totals"] = Lines(_total_json(one, result.digits) for one in record.totals)
    for name, kind in RESULT_ROWS.items():
        sections[name] = _rows_json(kind, getattr(result, name))
    for name, kind in BOOK_ROWS.items():
        sections[name] = _rows_json(kind, getattr(book, name))
    return sections


def record_of(sections: Mapping[str, Json]) -> RunRecord:
    """The run of ``sections_of``. Raises Damaged, KeyError, TypeError, ValueError."""
    run = sections["run"]
    texts: dict[str, Any] = {name: run[name] for name in _RESULT_TEXTS}
    rows: dict[str, Any] = {
        name: _rows_of(kind, sections[name]) for name, kind in RESULT_ROWS.items()
    }
    result = Result(
        **texts,
        known_at=None if run["known_at"] is None else moment_of(run["known_at"]),
        lawful=run["lawful"],
        digits=run["digits"],
        subjects={
            population: tuple(subject_of(one) for one in members)
            for population, members in sections["subjects"].items()
        },
        entries=_entries_of(sections["entries"], run["digits"]),
        **rows,
    )
    book: dict[str, Any] = {
        name: _rows_of(kind, sections[name]) for name, kind in BOOK_ROWS.items()
    }
    return RunRecord(
        result=result,
        period=_codec(Period).decode(run["days"]),
        plan_file=sections["plan"]["file"],
        plan_text=_text_of(sections["plan"]),
        adoption_file=sections["adoption"]["file"],
        adoption_text=_text_of(sections["adoption"]),
        values=tuple(_value_of(value) for value in sections["values"]),
        unit_names=sections["names"]["units"],
        person_names=sections["names"]["persons"],
        book=FactBook(facts=_facts_of(sections["facts"]), **book),
        whole=run["whole"],
        files=_rows_of(SourceFile, sections["files"]),
        remarks=_rows_of(Fault, sections["remarks"]),
        tables=_rows_of(TableFile, sections.get("tables", ())),
        totals=tuple(_total_of(row, run["digits"]) for row in sections.get("totals", ())),
        leftout=_rows_of(LeftOut, sections.get("leftout", ())),
    )


@cache
def _codec(kind: type) -> RowCodec:
    return RowCodec(kind)


def _rows_json(kind: type, rows: Iterable[object]) -> Lines:
    return Lines(map(_codec(kind).encode, rows))


def _rows_of(kind: type, rows: Iterable[Json]) -> tuple[Any, ...]:
    return tuple(map(_codec(kind).decode, rows))


def _text_json(file: str, text: str) -> dict[str, Json]:
    return {"file": file, "text": Lines(text.split("\n") if text else [])}


def _text_of(section: Mapping[str, Json]) -> str:
    return "\n".join(section["text"])


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
    encode = _codec(Entry).encode
    lines = Lines()
    for entry in result.entries:
        digits = result.digits[entry.ledger]
        row = encode(entry)
        row["amount"] = amount_text(entry.amount, digits)
        if "base" in row:
            row["base"] = amount_text(entry.base, digits)
        lines.append(row)
    return lines


def _entries_of(rows: Iterable[Json], digits: Mapping[str, int]) -> tuple[Entry, ...]:
    decode = _codec(Entry).decode
    entries: list[Entry] = []
    for row in rows:
        held = digits[row["ledger"]]
        amounts = {name: amount_of(row[name], held) for name in ("amount", "base") if name in row}
        entries.append(decode({**row, **amounts}))
    return tuple(entries)


# -- large runs: the sums of entries that stand in a table -----------------------------------------


def _total_json(total: Total, digits: Mapping[str, int]) -> dict[str, Json]:
    row = _codec(Total).encode(total)
    row["amount"] = amount_text(total.amount, digits[total.ledger])
    return row


def _total_of(row: Json, digits: Mapping[str, int]) -> Total:
    amount = amount_of(row["amount"], digits[row["ledger"]])
    found: Total = _codec(Total).decode({**row, "amount": amount})
    return found


# -- facts: what was recorded when it became known says it once -----------------------------------


def _fact_json(fact: Fact) -> dict[str, Json]:
    """As ``RowCodec`` writes a fact, by hand, because there are ten thousands of them."""
    row: dict[str, Json] = {}
    if fact.at is not None:
        row["at"] = fact.at
    if fact.evidence:
        row["evidence"] = fact.evidence
    row["happened"] = fact.happened.isoformat()
    row["id"] = fact.id
    row["kind"] = fact.kind
    row["known"] = fact.known.isoformat()
    if fact.person:
        row["person"] = fact.person
    place = fact.place
    if place.file:
        row["place"] = {"file": place.file, "row": place.row, "sheet": place.sheet}
    if fact.recorded != fact.known:
        row["recorded"] = fact.recorded.isoformat()
    if fact.state is not State.CONFIRMED:
        row["state"] = fact.state.value
    if fact.unit:
        row["unit"] = fact.unit
    if fact.values:
        cells = fact.values
        row["values"] = {name: cell_json(cells[name]) for name in sorted(cells)}
    return row


def _facts_of(rows: Iterable[Json]) -> dict[str, tuple[Fact, ...]]:
    decode = _codec(Fact).decode
    found: dict[str, list[Fact]] = {}
    for row in rows:
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


def _value_of(row: Mapping[str, Json]) -> InForce:
    value = None if row["value"] is None else cell_of(row["value"])
    if isinstance(value, tuple):
        raise TypeError("a parameter has one value")
    return InForce(
        name=row["name"],
        title=row["title"],
        article=row["article"],
        type=ValueType(row["type"]),
        value=value,
        unit=row.get("unit", ""),
        digits=row.get("digits", 0),
        question=row.get("question", ""),
    )
