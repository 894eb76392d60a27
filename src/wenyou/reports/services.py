"""What is recorded of reports: who has taken one out of the house."""

from __future__ import annotations

from wenyou.accounts.models import User
from wenyou.audit.actions import register_actions
from wenyou.audit.exports import note_list
from wenyou.web.listing import Exported

register_actions({"report.exported": "导出服务月报"})


def exported(taken: Exported, *, by: User) -> None:
    """Say in the log that the table of a report was taken out."""
    note_list(taken, action="report.exported", by=by)
