"""A kept run taken up again: why a figure is what it is, and everybody's statement.

What is read from the files stays in memory for the runs looked at last; the files never change.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou.assessments.folders import RESULT, STATEMENTS, digest_of, folder_of
from wenyou.errors import NotFound
from wenyou_core.assess.explain import Explainer, view_of
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.assess.telling import Told
from wenyou_core.errors import InputRefused, WenyouError
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.codec import subject_of
from wenyou_desk.runs.execute import calendar_for
from wenyou_desk.runs.rebind import program_of_record
from wenyou_desk.runs.resultfile import read_result
from wenyou_desk.statements.gather import Gatherer, subjects_of
from wenyou_desk.statements.render import page
from wenyou_desk.statements.write import file_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from wenyou.assessments.models import Run
    from wenyou_core.assess.explain_view import Node
    from wenyou_core.assess.facts import Subject

KEPT = 4
STYLES = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def policy_of(page: str) -> str:
    """The policy of a statement: the style written into it, by its hash, and nothing else."""
    digests = [hashlib.sha256(text.encode()).digest() for text in STYLES.findall(page)]
    hashes = [f"'sha256-{base64.b64encode(one).decode()}'" for one in digests]
    allowed = " ".join(hashes) or "'none'"
    return (
        f"default-src 'none'; style-src {allowed}; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; sandbox"
    )


class OpenRun:
    """A run with its facts, ready to be asked."""

    def __init__(self, run_id: int, digest: str) -> None:
        path = folder_of(run_id) / RESULT
        if not path.is_file() or digest_of(path) != digest:
            text = (
                "这次测算的结果文件不在或被改动过，不能再查看明细。请重新测算，并告诉系统管理员。"
            )
            raise WenyouError("run_damaged", text)
        self.run_id = run_id
        self.record = read_result(path)
        self.program = program_of_record(self.record)
        self.subjects = {one.id: one for one in subjects_of(self.record.result)}

    @cached_property
    def _trace(self) -> Trace:
        record = self.record
        calendar = calendar_for(record.plan_text)
        return Trace(self.program, record.book, record.result.known_at, calendar=calendar)

    @cached_property
    def _gatherer(self) -> Gatherer:
        return Gatherer(self.program, self.record)

    def why(self, key: str, what: str = "") -> tuple[Node, ...]:
        """The trees behind a subject's figures; ``what`` as ``explain`` takes it."""
        told = Told.of(self.record.result, self.record.period, self.record.book)
        found = Explainer(view_of(self._trace, subject_of(key), told))
        return found.one(what) if what else found.everything()

    def statement(self, key: str) -> str:
        """The statement of a subject as a page; written at the first time of asking.

        Raises NotFound for the adopter, who is told nothing about himself.
        """
        subject = subject_of(key)
        if subject.kind is SubjectKind.ADOPTER:
            raise NotFound("这份告知单")
        made = None
        path = self._path(subject)
        if not path.is_file():
            made = page(self._gatherer.statement(subject))
            _write(path, made)
        return made or path.read_text(encoding="utf-8")

    def write_all(self, done: int, step: Callable[[int, int], None]) -> int:
        """Write the statements from the ``done``-th on; how many there are."""
        subjects = subjects_of(self.record.result)
        for number, subject in enumerate(subjects[done:], done):
            step(number, len(subjects))
            path = self._path(subject)
            if not path.is_file():
                _write(path, page(self._gatherer.statement(subject)))
        return len(subjects)

    def _path(self, subject: Subject) -> Path:
        names = self.record.person_names if subject.person else self.record.unit_names
        name = file_name(subject, names.get(subject.id, ""))
        return folder_of(self.run_id) / STATEMENTS / name


def _write(path: Path, text: str) -> None:
    """Whole or not at all: two requests may write the same statement at once."""
    path.parent.mkdir(exist_ok=True)
    stage = path.with_name(f".{path.name}.{hashlib.sha256(text.encode()).hexdigest()[:8]}")
    stage.write_text(text, encoding="utf-8", newline="\n")
    stage.replace(path)


@lru_cache(maxsize=KEPT)
def _opened(run_id: int, digest: str) -> OpenRun:
    return OpenRun(run_id, digest)


def forget_runs() -> None:
    """Let go of the runs in memory, where ids begin anew."""
    _opened.cache_clear()


def opened(run: Run) -> OpenRun:
    """The run, taken up again. Raises InputRefused while it has no result, WenyouError when its
    files were changed.
    """
    if not run.digest:
        raise InputRefused("no_result_yet", "这次测算还没有结果。请等测算完成后再查看。")
    return _opened(run.pk, run.digest)
