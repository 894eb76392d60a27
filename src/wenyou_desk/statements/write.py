"""Write everybody's statement into a folder of results."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.statements.gather import Gatherer, StatementDiffers, subjects_of
from wenyou_desk.statements.made import Made
from wenyou_desk.statements.render import page

FOLDER = "告知单"
_WORDS = {SubjectKind.UNIT: "机构", SubjectKind.PERSON: "人员"}
_UNFIT = re.compile(r"[^\w\-]+")
_LONGEST = 40
_MOST_NAMED = 5


def write_statements(
    program: Program,
    record: RunRecord,
    stage: Path,
    step: Callable[[int, int], None] | None = None,
) -> int:
    """One page per unit and person under ``告知单``; how many were written.

    A run that did not keep all its facts has none. One whose figures, computed from what it
    carries, are not those of the run is not written; standard error names it.
    """
    if not record.whole:
        return 0
    subjects = subjects_of(record.result)
    gatherer = Gatherer(program, record)
    folder, unlike = stage / FOLDER, list[str]()
    for number, subject in enumerate(subjects):
        folder.mkdir(exist_ok=True)
        if step is not None:
            step(number, len(subjects))
        try:
            made = gatherer.statement(subject)
        except StatementDiffers:
            unlike.append(subject.id)
            continue
        write_page(made, subject, folder)
    if unlike:
        sys.stderr.write(_not_written(unlike))
    return len(subjects) - len(unlike)


def write_page(made: Made, subject: Subject, folder: Path) -> str:
    """Write the page of a subject into a folder; the name of its file."""
    name = file_name(subject, made.teller.name(subject))
    (folder / name).write_bytes(page(made).encode())
    return name


def _not_written(codes: list[str]) -> str:
    shown = "、".join(codes[:_MOST_NAMED]) + ("等" if len(codes) > _MOST_NAMED else "")
    return (
        f"有 {len(codes)} 个对象（{shown}）的告知单重算后与测算结果不一致，没有写出；"
        "result.json 和工作簿不受影响。请把 result.json 连同事实文件交给维护人员。\n"
    )


def file_name(subject: Subject, name: str) -> str:
    """``机构-U1-甲网点.html``; what no file system bears is left out, and told apart by a mark."""
    code = _UNFIT.sub("_", subject.id)
    if code != subject.id:
        code += f"-{hashlib.sha256(subject.id.encode()).hexdigest()[:6]}"
    told = _UNFIT.sub("", name)[:_LONGEST]
    return "-".join(part for part in (_WORDS[subject.kind], code, told) if part) + ".html"
