"""What a statement carries: the subject's slice of a run, the plan's text, and what is missing.

It stands in the page as JSON, one section a line, in one canonical form: equal statements are
equal bytes. Nobody else's id, name or fact is in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
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

SCHEMA = "wenyou-statement/2"
"""The form of data and page. Whoever changes what a page shows, be it a word, raises it before a
release: a page of an earlier form is not compared, its reader is told which version wrote it."""
FAMILY = SCHEMA.rpartition("/")[0] + "/"
SECTIONS: Mapping[str, str] = {
    "adoption": "采用文件",
    "facts": "事实",
    "given": "取自测算的数",
    "missing": "缺失的资料",
    "openings": "期初余额",
    "own": "哪些事实是本对象的",
    "persons": "人员属性",
    "plan": "方案文本",
    "posts": "任职",
    "rosters": "他人的不具名数字",
    "run": "测算的期间、时点和指纹",
    "schema": "格式",
    "subject": "考核对象",
    "units": "机构",
}
"""The sections of the data with their titles."""

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

    ``written_by`` is the version of the program that laid the page out. ``missing`` are the rows of the run that concern the subject, ``others_missing`` the number of
    other units of which something is missing. The digests are those of the run.
    """

    cut: Slice
    period: Period
    known_at: datetime | None
    engine: str
    written_by: str
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


class OtherForm(Exception):
    """Data in a form that another version of the program writes; the text names the form."""


def statement_of(text: str) -> Statement:
    """The statement of ``statement_json``.

    Raises Damaged, which says in Chinese where it is; OtherForm for what another version wrote.
    """
    try:
        sections = json.loads(text)
    except json.JSONDecodeError as error:
        raise Damaged(f"数据的第{error.lineno}行读不通") from error
    except (ValueError, RecursionError) as error:
        raise Damaged("数据读不通") from error
    form = sections.get("schema") if isinstance(sections, dict) else None
    if isinstance(form, str) and form.startswith(FAMILY) and form != SCHEMA:
        raise OtherForm(form)
    if form != SCHEMA:
        raise Damaged("没有写明是告知单的数据")
    if sections.keys() != SECTIONS.keys():
        strange = sorted(sections.keys() ^ SECTIONS.keys())
        raise Damaged(f"多出或缺少“{'、'.join(SECTIONS.get(one, one) for one in strange)}”")
    return _statement(sections)


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
            "written_by": statement.written_by,
        },
        "subject": subject_text(cut.subject),
    }
    for name, kind in _BOOK.items():
        sections[name] = [_codec(kind).encode(row) for row in getattr(cut.book, name)]
    return sections


def _statement(sections: Mapping[str, Json]) -> Statement:
    def part(name: str, read: Callable[[Json], Any]) -> Any:
        try:
            return read(sections[name])
        except (Damaged, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
            raise Damaged(f"“{SECTIONS[name]}”一节内容不对") from error

    book = {name: part(name, partial(_rows_of, kind)) for name, kind in _BOOK.items()}
    cut = Slice(
        subject=part("subject", subject_of),
        book=FactBook(facts=part("facts", _facts_of), **book),
        rosters=part("rosters", lambda rows: tuple(map(_roster_of, rows))),
        given=part("given", lambda rows: tuple(map(_given_of, rows))),
        own=part("own", lambda rows: frozenset((_text(kind), _text(code)) for kind, code in rows)),
    )
    plan_file, plan_text = part("plan", _text_of)
    adoption_file, adoption_text = part("adoption", _text_of)
    return Statement(
        cut=cut,
        plan_file=plan_file,
        plan_text=plan_text,
        adoption_file=adoption_file,
        adoption_text=adoption_text,
        missing=part("missing", partial(_rows_of, Missing)),
        **part("run", _run_of),
    )


def _rows_of(kind: type, rows: Json) -> tuple[Any, ...]:
    return tuple(map(_codec(kind).decode, rows))


def _run_of(run: Json) -> dict[str, Any]:
    known_at, others = run["known_at"], run["others_missing"]
    if isinstance(others, bool) or not isinstance(others, int):
        raise Damaged(f"others_missing {others!r}")
    return {
        "period": _codec(Period).decode(run["period"]),
        "known_at": None if known_at is None else moment_of(known_at),
        "engine": _text(run["engine"]),
        "written_by": _text(run["written_by"]),
        "facts_digest": _text(run["facts_digest"]),
        "others_missing": others,
    }


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise Damaged(f"text expected, found {value!r}")
    return value


def _text_of(part: Json) -> tuple[str, str]:
    return _text(part["file"]), "\n".join(map(_text, part["text"]))


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
