"""From a kept run to statements: whose, and what each carries."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Who, who
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Missing, Result
from wenyou_core.assess.slices.cut import Cutter
from wenyou_core.assess.slices.rows import RowsBySubject, differences
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.errors import WenyouError
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.statements.data import Statement
from wenyou_desk.statements.made import Ground, Made, make
from wenyou_desk.version import version

_ROWS = ("entries", "bars", "tasks", "grades", "awards", "targets", "obligations")


def subjects_of(result: Result) -> list[Subject]:
    """Every unit and person with a statement: members of a population, and whoever has a row."""
    found: set[Who] = {who(one) for members in result.subjects.values() for one in members}
    for name in _ROWS:
        found |= {who(row.subject) for row in getattr(result, name)}
    kinds = {True: SubjectKind.PERSON, False: SubjectKind.UNIT}
    return [Subject(kinds[person], code) for person, code in sorted(found)]


class StatementDiffers(WenyouError):
    """What a statement's own data give is not what the run says of its subject."""


class Gatherer:
    """Makes the statements of one run, one after the other."""

    def __init__(self, program: Program, record: RunRecord) -> None:
        """Run the reference once more, keeping what stands behind each line."""
        self.program, self.record = program, record
        self._ground = Ground.of(program, record.plan_text)
        known_at = record.result.known_at
        self._trace = Trace(
            program, record.book, known_at, calendar=self._ground.recomputer.calendar
        )
        self._cutter = Cutter(self._trace)
        self._rows = RowsBySubject(record.result)
        self._causes = {key: line.entry for key, line in self._trace.by_key.items()}

    def statements(self) -> Iterator[Made]:
        """Everybody's statement, units first, each computed from its slice alone."""
        for subject in subjects_of(self.record.result):
            yield self.statement(subject)

    def statement(self, subject: Subject) -> Made:
        """The statement of one unit or person.

        Raises StatementDiffers should its figures not be those of the run: then nothing is written.
        """
        cut, masks = self._cutter.cut(subject)
        record, result = self.record, self.record.result
        missing, others = self._missing(subject)
        statement = Statement(
            cut=cut,
            period=record.period,
            known_at=result.known_at,
            engine=result.engine,
            written_by=version(),
            plan_file=record.plan_file,
            plan_text=record.plan_text,
            adoption_file=record.adoption_file,
            adoption_text=record.adoption_text,
            facts_digest=result.facts_digest,
            missing=missing,
            others_missing=others,
        )
        made = make(statement, self._ground)
        rows = self._rows.of(subject, cut.own)
        unlike = differences(rows, made.result, self._causes, masks)
        if unlike:
            text = (
                f"「{subject.id}」的告知单与测算结果不一致，没有写出。"
                "请核对 result.json 是否被改动过，或把它连同事实文件交给维护人员。"
            )
            raise StatementDiffers("statement_differs", text, unlike=unlike)
        return made

    def _missing(self, subject: Subject) -> tuple[tuple[Missing, ...], int]:
        """What is missing of the subject and the units above; of how many others something is."""
        org, last = self._trace.org, self.program.run.end
        person = subject.kind is SubjectKind.PERSON
        home = org.unit_of(subject.id, last) if person else subject.id
        own = {subject.id, *(org.chain(home, last) if home else ())}
        rows = self.record.result.missing
        mine = tuple(row for row in rows if row.unit in own or not row.unit)
        return mine, len({row.unit for row in rows} - own - {""})
