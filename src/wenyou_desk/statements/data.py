"""What a statement carries: the subject's slice of a run, the plan's text, and what is missing.

It stands in the page as JSON, one section a line, in one canonical form: equal statements are
equal bytes. Nobody else's id, name or fact is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from wenyou_core.assess.facts import Cell, Fact, FactBook, Opening, PersonSpan, PostSpan, UnitSpan
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.result import Missing
from wenyou_core.assess.slices.model import Given, Peer, Roster, Slice
from wenyou_core.worktime.periods import Period
from wenyou_desk.runs.codec import (
    Damaged,
    Json,
    RowCodec,
    cell_json,
    cell_of,
    moment_of,
    moment_text,
    subject_of,
    subject_text,
)

SCHEMA = "wenyou-statement/1"
_BOOK: Mapping[str, type] = {
    "openings": Opening,
    "persons": PersonSpan,
    "posts": PostSpan,
    "units": UnitSpan,
}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One subject's statement as data.

    ``missing`` are the rows of the run that concern the subject, ``others_missing`` the number of
    other units of which something is missing. The digests are those of the run.
    """

    cut: Slice
    period: Period
    known_at: datetime | None
    engine: str
    plan_file: str
    plan_text: str
    adoption_file: str = ""
    adoption_text: str = ""
    facts_digest: str = ""
    missing: tuple[Missing, ...] = ()
    others_missing: int = 0


def statement_json(statement: Statement) -> str:
    """The data as it stands in the page: canonical, and safe inside a script element."""
    sections = sorted(sections_of(statement).items())
    lines = ",\n".join(
        f"{_ENCODER.encode(name)}:{_ENCODER.encode(part)}" for name, part in sections
    )
    text = "{\n" + lines + "\n}"
    for mark, written in _UNSAFE.items():
        text = text.replace(mark, written)
    return text


def statement_of(text: str) -> Statement:
    """The statement of ``statement_json``. Raises Damaged, which says what is wrong."""
    try:
        sections = json.loads(text)
        if not isinstance(sections, dict):
            raise Damaged("不是 JSON 对象")
        if sections.get("schema") != SCHEMA:
            raise Damaged(f"格式应为 {SCHEMA}")
        return _statement(sections)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise Damaged(f"{type(error).__name__}：{error}") from error


def fingerprint(text: str) -> str:
    """SHA-256 of the data, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def sections_of(statement: Statement) -> dict[str, Json]:
    cut = statement.cut
    known_at = statement.known_at
    sections: dict[str, Json] = {
        "schema": SCHEMA,
        "adoption": _text_json(statement.adoption_file, statement.adoption_text),
        "facts": [_fact_json(fact) for rows in cut.book.facts.values() for fact in rows],
        "given": [_given_json(one) for one in cut.given],
        "missing": [_codec(Missing).encode(row) for row in statement.missing],
        "own": [list(root) for root in sorted(cut.own)],
        "plan": _text_json(statement.plan_file, statement.plan_text),
        "rosters": [_roster_json(one) for one in cut.rosters],
        "run": {
            "engine": statement.engine,
            "facts_digest": statement.facts_digest,
            "known_at": None if known_at is None else moment_text(known_at),
            "others_missing": statement.others_missing,
            "period": _codec(Period).encode(statement.period),
        },
        "subject": subject_text(cut.subject),
    }
    for name, kind in _BOOK.items():
        sections[name] = [_codec(kind).encode(row) for row in getattr(cut.book, name)]
    return sections


def _statement(sections: Mapping[str, Json]) -> Statement:
    run = sections["run"]
    book: dict[str, Any] = {
        name: tuple(map(_codec(kind).decode, sections[name])) for name, kind in _BOOK.items()
    }
    cut = Slice(
        subject=subject_of(sections["subject"]),
        book=FactBook(facts=_facts_of(sections["facts"]), **book),
        rosters=tuple(map(_roster_of, sections["rosters"])),
        given=tuple(map(_given_of, sections["given"])),
        own=frozenset((kind, code) for kind, code in sections["own"]),
    )
    known_at = run["known_at"]
    return Statement(
        cut=cut,
        period=_codec(Period).decode(run["period"]),
        known_at=None if known_at is None else moment_of(known_at),
        engine=run["engine"],
        plan_file=sections["plan"]["file"],
        plan_text="\n".join(sections["plan"]["text"]),
        adoption_file=sections["adoption"]["file"],
        adoption_text="\n".join(sections["adoption"]["text"]),
        facts_digest=run["facts_digest"],
        missing=tuple(map(_codec(Missing).decode, sections["missing"])),
        others_missing=run["others_missing"],
    )


@cache
def _codec(kind: type) -> RowCodec:
    return RowCodec(kind)


def _text_json(file: str, text: str) -> dict[str, Json]:
    return {"file": file, "text": text.split("\n") if text else []}


def _fact_json(fact: Fact) -> dict[str, Json]:
    row = _codec(Fact).encode(fact)
    del row["recorded"]  # in a slice it is when the matter became known
    return row


def _facts_of(rows: Iterable[Json]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, list[Fact]] = {}
    for row in rows:
        fact: Fact = _codec(Fact).decode({"recorded": row["known"], **row})
        found.setdefault(fact.kind, []).append(fact)
    return {kind: tuple(facts) for kind, facts in found.items()}


# -- numbers of others -----------------------------------------------------------------------


def _given_json(one: Given) -> dict[str, Json]:
    value = _codec(Quantity).encode(one.value)
    return {"measure": one.measure, "member": one.member, "period": one.period, "value": value}


def _given_of(row: Json) -> Given:
    value = _codec(Quantity).decode(row["value"])
    return Given(measure=row["measure"], member=row["member"], period=row["period"], value=value)


def _roster_json(roster: Roster) -> dict[str, Json]:
    return {
        "node": roster.node,
        "peers": [_peer_json(peer) for peer in roster.peers],
        "period": roster.period,
        "population": roster.population,
    }


def _roster_of(row: Json) -> Roster:
    return Roster(
        node=row["node"],
        population=row["population"],
        period=row["period"],
        peers=tuple(map(_peer_of, row["peers"])),
    )


def _peer_json(peer: Peer) -> dict[str, Json]:
    row: dict[str, Json] = {
        "adopter": peer.adopter,
        "attributes": {name: cell_json(cell) for name, cell in peer.attributes.items()},
        "bars": list(peer.bars),
        "group": [None if cell is None else cell_json(cell) for cell in peer.group],
        "name": peer.name,
        "ruling": peer.ruling,
        "unit": peer.unit,
        "values": {name: _codec(Quantity).encode(one) for name, one in peer.values.items()},
    }
    return {name: part for name, part in row.items() if part not in ("", [], {}, None)}


def _peer_of(row: Json) -> Peer:
    group: tuple[Cell | None, ...] = tuple(
        None if cell is None else cell_of(cell) for cell in row.get("group", ())
    )
    ruling = row.get("ruling")
    if ruling is not None and not isinstance(ruling, bool):
        raise Damaged(f"ruling {ruling!r}")
    return Peer(
        adopter=row["adopter"],
        name=row.get("name", ""),
        unit=row.get("unit", ""),
        group=group,
        values={name: _codec(Quantity).decode(one) for name, one in row.get("values", {}).items()},
        attributes={name: cell_of(cell) for name, cell in row.get("attributes", {}).items()},
        bars=tuple(row.get("bars", ())),
        ruling=ruling,
    )
