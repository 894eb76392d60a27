"""All flows by name, and the names of all limits a plan or a unit may set."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import Flow
from wenyou_core.flow.matters.appeal import APPEAL
from wenyou_core.flow.matters.coaching_stay import COACHING_STAY
from wenyou_core.flow.matters.commendation import COMMENDATION
from wenyou_core.flow.matters.complaint import COMPLAINT
from wenyou_core.flow.matters.complaint_review import COMPLAINT_REVIEW
from wenyou_core.flow.matters.complaint_ticket import COMPLAINT_TICKET
from wenyou_core.flow.matters.correction import CORRECTION
from wenyou_core.flow.matters.duty import DUTY
from wenyou_core.flow.matters.exclusion import EXCLUSION
from wenyou_core.flow.matters.exemption_filing import EXEMPTION_FILING
from wenyou_core.flow.matters.extension import EXTENSION
from wenyou_core.flow.matters.finding import FINDING
from wenyou_core.flow.matters.incident import INCIDENT
from wenyou_core.flow.matters.notice_filing import NOTICE_FILING
from wenyou_core.flow.matters.period_result import PERIOD_RESULT
from wenyou_core.flow.matters.rectification import RECTIFICATION
from wenyou_core.flow.matters.ruling_batch import RULING_BATCH
from wenyou_core.flow.matters.supervision_order import SUPERVISION_ORDER
from wenyou_core.flow.matters.task import TASK
from wenyou_core.flow.matters.training import TRAINING
from wenyou_core.flow.matters.visit import VISIT

FLOWS: Mapping[str, Flow] = MappingProxyType(
    {
        flow.name: flow
        for flow in (
            COMPLAINT_TICKET,
            COMPLAINT,
            COMPLAINT_REVIEW,
            EXCLUSION,
            EXTENSION,
            RULING_BATCH,
            COMMENDATION,
            VISIT,
            FINDING,
            RECTIFICATION,
            EXEMPTION_FILING,
            NOTICE_FILING,
            APPEAL,
            SUPERVISION_ORDER,
            INCIDENT,
            TASK,
            DUTY,
            TRAINING,
            COACHING_STAY,
            PERIOD_RESULT,
            CORRECTION,
        )
    }
)


def flow_named(name: str) -> Flow:
    """The flow of a matter; raises InputRefused for a name that is none."""
    if name not in FLOWS:
        raise InputRefused(
            "flow-unknown", f"没有“{name}”这种事项，请联系系统管理员核对数据。", name=name
        )
    return FLOWS[name]


def limit_titles() -> dict[str, str]:
    """Every limit that a flow knows, with its Chinese name, in the order of the flows."""
    return {clock.name: clock.title for flow in FLOWS.values() for clock in flow.clocks}
