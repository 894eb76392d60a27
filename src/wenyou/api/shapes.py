"""What goes in and comes out, as JSON."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any

from django.utils import timezone
from ninja import Schema
from pydantic import Field, PlainSerializer, StringConstraints


def _told(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()


# Moments go out in the zone of Beijing, whole.
Moment = Annotated[datetime, PlainSerializer(_told, return_type=str)]
Line = Annotated[str, StringConstraints(max_length=300)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
Name = Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]


class Problem(Schema):
    """Why a call was refused: a code for programs, a sentence for people."""

    code: str
    text: str
    request_id: str = ""
    faults: list[str] = Field(default_factory=list)


class UnitOut(Schema):
    """A unit by its code."""

    code: str
    name: str
    short_name: str
    level: str
    kind: str
    area: str
    parent: str | None
    opened_on: date
    closed_on: date | None


class PersonOut(Schema):
    """A person by 员工号; telephone and identity number are never given."""

    number: str
    name: str
    unit: str | None
    post: str


class ClockOut(Schema):
    """A time limit of a matter."""

    name: str
    title: str
    state: str
    due_at: Moment | None
    met_at: Moment | None
    why: list[str]


class MatterOut(Schema):
    """A matter as lists show it. ``turn`` has to be given back with a move."""

    id: int
    number: str
    flow: str
    title: str
    unit: str
    state: str
    state_title: str
    closed: bool
    turn: int
    ticket: str
    source: str
    known_at: Moment
    opened_at: Moment
    due_at: Moment | None
    closed_at: Moment | None


class ActionOut(Schema):
    """A move that may be made now, and what it asks for."""

    action: str
    title: str
    needs: list[str]


class StepOut(Schema):
    """A step of the course so far."""

    action: str
    target: str
    at: Moment
    by: str
    note: str


class MatterDetail(MatterOut):
    """One matter whole."""

    data: dict[str, Any]
    clocks: list[ClockOut]
    actions: list[ActionOut]
    course: list[StepOut]


class MatterQuery(Schema):
    """Which matters are asked for; what is left out does not narrow."""

    q: str = Field("", max_length=80, description="要找的字")
    flow: str = Field("", max_length=24, description="种类")
    ticket: str = Field("", max_length=64, description="工单编号")
    closed: bool | None = Field(None, description="是否已办结")


class MatterIn(Schema):
    """A matter to be registered; ``filled`` are the answers to the needs of its flow."""

    flow: Name
    unit: Name
    action: Annotated[str, StringConstraints(max_length=40)] = ""
    title: Line = ""
    happened_at: datetime | None = None
    known_at: datetime | None = None
    received_at: datetime | None = None
    source: Annotated[str, StringConstraints(max_length=24)] = ""
    ticket: Annotated[str, StringConstraints(max_length=64)] = ""
    about: Annotated[str, StringConstraints(max_length=32)] = ""
    filled: dict[str, Text] = Field(default_factory=dict)
    note: Text = ""


class MoveIn(Schema):
    """A move from the turn the caller has seen."""

    action: Name
    turn: Annotated[int, Field(ge=1, le=1_000_000)]
    filled: dict[str, Text] = Field(default_factory=dict)
    note: Text = ""


class FactOut(Schema):
    """A fact of the register."""

    id: int
    adoption: int
    kind: str
    key: str
    revision: int
    state: str
    unit: str | None
    person: str | None
    happened_on: date
    known_at: Moment
    data: dict[str, Any]
    evidence: str


class FactIn(Schema):
    """A fact to be proposed; somebody else confirms it.

    ``values`` are the fields that the plan declares for the kind, as a person would type them:
    numbers as text or whole numbers, days as 2026-03-31, units and people by code and number.
    """

    adoption: Annotated[int, Field(ge=1, le=2**62)]
    kind: Annotated[str, StringConstraints(max_length=60)]
    unit: Annotated[str, StringConstraints(max_length=32)] = ""
    person: Annotated[str, StringConstraints(max_length=32)] = ""
    happened_on: date
    happened_at: time | None = None
    known_at: datetime | None = None
    values: dict[str, bool | int | Line] = Field(default_factory=dict, max_length=100)
    evidence: Line = ""


class FactBatch(Schema):
    """Facts that are proposed together, all or none."""

    facts: list[FactIn] = Field(min_length=1, max_length=200)


class FactsOut(Schema):
    """The facts of a batch, in the order they were sent."""

    items: list[FactOut]


class AdoptionOut(Schema):
    """A plan that a unit has taken up; ``plan_digest`` is the SHA-256 of the plan's text."""

    id: int
    plan: str
    version: str
    plan_digest: str
    title: str
    unit: str
    from_on: date
    until_on: date | None
    state: str


class AdoptionPage(Schema):
    """A page of adoptions, newest first."""

    items: list[AdoptionOut]
    next: int | None


class CoverageIn(Schema):
    """A declaration that the facts of these kinds are all registered, for a unit and beneath."""

    adoption: Annotated[int, Field(ge=1, le=2**62)]
    kinds: list[Annotated[str, StringConstraints(max_length=60)]] = Field(
        min_length=1, max_length=200
    )
    unit: Name
    from_on: date
    until_on: date


class CoverageOut(Schema):
    """One kind that was declared complete."""

    id: int
    adoption: int
    kind: str
    unit: str
    from_on: date
    until_on: date
    declared_at: Moment


class CoveragesOut(Schema):
    """Declarations, one per kind."""

    items: list[CoverageOut]


class CoveragePage(Schema):
    """A page of declarations, newest first."""

    items: list[CoverageOut]
    next: int | None


class RunOut(Schema):
    """A run of an assessment."""

    id: int
    plan: str
    unit: str
    period: str
    state: str
    known_at: Moment
    provisional: bool
    digest: str


class RunDetail(RunOut):
    """A run with what it still needs, and the tables it has."""

    missing: list[str]
    waiting: list[str]
    tables: list[str]
    lawful: bool


class StandingOut(Schema):
    """A unit in the ranking that everybody sees, or a person where the plan ranks people."""

    key: str
    title: str
    place: int | None
    value: str


class StandingPage(Schema):
    """A page of a ranking, in its order; ``next`` counts the rows before."""

    items: list[StandingOut]
    next: int | None


class EntryOut(Schema):
    """One line of a ledger: whose, by which article and rule, of which fact, how much."""

    number: int
    key: str
    day: date
    period: str
    article: str
    rule: str
    title: str
    kind: str
    fact: str
    ledger: str
    amount: str
    unit: str
    text: str


class EntryPage(Schema):
    """A page of entries in the order of the result; ``next`` counts the entries before."""

    items: list[EntryOut]
    next: int | None


class SubjectOut(Schema):
    """The figures of one unit or person in a run."""

    key: str
    title: str
    place: int | None
    points: str | None
    amount_fen: int | None
    provisional: bool
    figures: dict[str, Any]


class UnitPage(Schema):
    """A page of units; ``next`` asks for the one after, None is the end."""

    items: list[UnitOut]
    next: int | None


class PersonPage(Schema):
    """A page of people."""

    items: list[PersonOut]
    next: int | None


class MatterPage(Schema):
    """A page of matters, newest first."""

    items: list[MatterOut]
    next: int | None


class FactPage(Schema):
    """A page of facts, newest first."""

    items: list[FactOut]
    next: int | None


class RunPage(Schema):
    """A page of runs, newest first."""

    items: list[RunOut]
    next: int | None


class SubjectPage(Schema):
    """A page of subjects in the order of their keys."""

    items: list[SubjectOut]
    next: int | None


class Me(Schema):
    """Whom the token acts as, and what it may do."""

    number: str
    name: str
    scopes: list[str]
    roles: list[str]
    expires_at: Moment
