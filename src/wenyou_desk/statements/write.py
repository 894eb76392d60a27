"""Write everybody's statement into a folder of results."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.statements.gather import Gatherer, subjects_of
from wenyou_desk.statements.render import page

FOLDER = "告知单"
_WORDS = {SubjectKind.UNIT: "机构", SubjectKind.PERSON: "人员"}
_UNFIT = re.compile(r"[^\w\-]+")
_LONGEST = 40


def write_statements(
    program: Program,
    record: RunRecord,
    stage: Path,
    step: Callable[[int, int], None] | None = None,
) -> int:
    """One page per unit and person under ``告知单``; how many were written.

    A run that did not keep all its facts has none.
    """
    if not record.whole:
        return 0
    subjects = subjects_of(record.result)
    gatherer = Gatherer(program, record)
    folder = stage / FOLDER
    for number, subject in enumerate(subjects):
        folder.mkdir(exist_ok=True)
        if step is not None:
            step(number, len(subjects))
        made = gatherer.statement(subject)
        name = made.teller.name(subject)
        (folder / file_name(subject, name)).write_bytes(page(made).encode())
    return len(subjects)


def file_name(subject: Subject, name: str) -> str:
    """``机构-U1-甲网点.html``; what no file system bears is left out, and told apart by a mark."""
    code = _UNFIT.sub("_", subject.id)
    if code != subject.id:
        code += f"-{hashlib.sha256(subject.id.encode()).hexdigest()[:6]}"
    told = _UNFIT.sub("", name)[:_LONGEST]
    return "-".join(part for part in (_WORDS[subject.kind], code, told) if part) + ".html"
