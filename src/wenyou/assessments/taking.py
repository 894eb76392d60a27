"""What people take away from a run: the workbook with their name on it, and statements."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from wenyou.assessments.folders import WORKBOOK, folder_of
from wenyou.assessments.opened import opened
from wenyou.assessments.stamping import stamped
from wenyou.audit.actions import register_actions
from wenyou.audit.exports import TakenOut, note_export, taken_bytes, watermark_of
from wenyou.audit.models import ExportRow
from wenyou.errors import NotFound
from wenyou.web.listing.export import weighed

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.assessments.models import Run, RunSubject

register_actions({"run.downloaded": "下载测算工作簿", "run.statement": "打开告知单"})


def take_workbook(*, run: Run, by: User) -> IO[bytes]:
    """The workbook with the watermark of who takes it; it stands in the log of exports.

    Raises NotFound when there is none.
    """
    path = folder_of(run.pk) / WORKBOOK
    if not path.is_file():
        raise NotFound("测算工作簿")
    file = stamped(path, watermark_of(by))
    digest, size = weighed(file)
    taken = TakenOut(
        kind=ExportRow.Kind.WORKBOOK, title=f"{run.unit} {run.summary['label']} 测算工作簿",
        sha256=digest, size=size, rows=run.subjects.count(), subject=run,
    )  # fmt: skip
    note_export(taken, action="run.downloaded", by=by)
    return file


def take_statement(*, run: Run, row: RunSubject, by: User) -> str:
    """A statement as it was written, to the byte; that it was opened stands in the log."""
    text = opened(run).statement(row.key)
    title = f"{run.summary['label']} 告知单 {row.key.partition(':')[2]}"
    taken = taken_bytes(ExportRow.Kind.STATEMENT, title, text.encode(), run)
    note_export(taken, action="run.statement", by=by)
    return text
