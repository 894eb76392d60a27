"""What a run still needs from people, as its summary keeps it: data to declare, decisions to take.

The sentences are the core's, which knows units and people by number; here their names are put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from wenyou_core.assess.facts import Subject
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.codec import subject_text
from wenyou_desk.runs.telling import named

if TYPE_CHECKING:
    from wenyou.assessments.models import Run
    from wenyou_core.assess.result import Missing, Waiting
    from wenyou_desk.runs.telling import Teller

TIE, RANGE = "tie", "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that is not there or not declared: kind of facts (or post, attribute), unit, days."""

    what: str
    kind: str
    unit: str
    since: date
    till: date
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A decision that people have to take: of ``subjects`` (key and name) in ``period``, or of
    the fact ``fact``.
    """

    what: str
    rule: str
    title: str
    article: str
    period: str
    fact: str
    text: str
    subjects: tuple[tuple[str, str], ...]

    @property
    def target(self) -> str:
        """What the decision names as its object besides the subject."""
        return self.fact or self.period


def lacking(rows: Iterable[Missing], teller: Teller) -> Iterator[dict[str, str]]:
    """Everything missing, each once."""
    seen = set()
    for row in rows:
        one = {
            "what": row.what,
            "kind": row.kind,
            "unit": row.unit,
            "since": row.since.isoformat(),
            "till": row.till.isoformat(),
            "text": named(row.text, _either(row.unit, teller)),
        }
        key = tuple(one.values())
        if key not in seen:
            seen.add(key)
            yield one


def undecided_in(rows: Iterable[Waiting], teller: Teller) -> Iterator[dict[str, Any]]:
    """Every decision that is awaited."""
    for row in rows:
        names = {one.id: teller.name(one) for one in row.subjects}
        yield {
            "what": row.what,
            "rule": row.rule,
            "title": teller.title(row.rule),
            "article": row.article,
            "period": row.period,
            "fact": row.fact,
            "text": named(row.text, names),
            "subjects": [[subject_text(one), teller.name(one) or one.id] for one in row.subjects],
        }


def _either(code: str, teller: Teller) -> dict[str, str]:
    """The name of a unit or, where no unit bears the number, of a person."""
    kinds = (SubjectKind.UNIT, SubjectKind.PERSON)
    found = (teller.name(Subject(kind, code)) for kind in kinds)
    return {code: next(filter(None, found), "")}


def lacks_of(run: Run) -> list[Lack]:
    """What a run lacks; of one computed before this was kept, nothing."""
    return [
        Lack(
            what=one["what"],
            kind=one["kind"],
            unit=one["unit"],
            since=date.fromisoformat(one["since"]),
            till=date.fromisoformat(one["till"]),
            text=one["text"],
        )
        for one in run.summary.get("lacks", ())
    ]


def undecided_of(run: Run) -> list[Undecided]:
    """The decisions a run waits for."""
    return [
        Undecided(**{**one, "subjects": tuple((key, name) for key, name in one["subjects"])})
        for one in run.summary.get("undecided", ())
    ]
