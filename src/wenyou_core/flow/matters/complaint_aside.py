"""What may be done beside the main road of a complaint: pressing, leaving it, linking others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wenyou_core.flow.machine import Move
from wenyou_core.flow.matters.complaint_steps import BEFORE_REPLY, UNIT_OR_DESK
from wenyou_core.flow.roles import DESK, HEADS, OFFICE, UNIT, Role

# The sources are names of groups of states here; ``aside_moves`` puts the states in.
_ASIDE: tuple[Move, ...] = (
    Move(
        "withdraw",
        "登记撤诉",
        ("alive",),
        "withdrawn",
        UNIT_OR_DESK,
        needs=("withdrawal",),
        says="{who}登记客户撤诉，办理于当日终止。",
    ),
    Move(
        "merge",
        "并案",
        ("before_reply",),
        "merged",
        DESK,
        needs=("linked",),
        says="{who}把本件并入{linked}办理。",
    ),
    Move("urge", "催办", ("every",), None, (*DESK, Role.LEADER), says="{who}催办。"),
    Move(
        "supervise",
        "发起督办",
        ("every",),
        None,
        (*OFFICE, Role.LEADER),
        needs=("supervision",),
        says="{who}发起督办：{supervision}。",
        opens="supervision_order",
    ),
    Move(
        "escalate",
        "登记升级投诉",
        ("every",),
        None,
        UNIT_OR_DESK,
        needs=("level",),
        says="{who}登记投诉升级到{level}。",
    ),
    Move(
        "ask_extension",
        "申请延期",
        ("alive",),
        None,
        (*HEADS, Role.COMPLAINT_HANDLER),
        needs=("due", "grounds"),
        says="{who}申请延期到{due}。",
        opens="extension",
    ),
    Move(
        "tell_extension",
        "登记延期告知",
        ("alive",),
        None,
        (*UNIT, Role.COMPLAINT_HANDLER),
        needs=("notice",),
        says="{who}把延期告知客户：{notice}。",
    ),
    Move(
        "add_statement",
        "提交情况说明",
        ("every",),
        None,
        UNIT,
        needs=("statement",),
        says="{who}提交了情况说明。",
    ),
    Move(
        "seal_video",
        "申请封存录音录像",
        ("every",),
        None,
        UNIT_OR_DESK,
        needs=("recording",),
        says="{who}申请封存录音录像：{recording}。",
    ),
    Move(
        "ask_exclusion",
        "申请剔除",
        ("every", "ended"),
        None,
        (*HEADS, Role.COMPLAINT_HANDLER),
        needs=("exclusion_kind", "grounds"),
        says="{who}申请剔除（{exclusion_kind}）。",
        opens="exclusion",
    ),
    Move(
        "link_repeat",
        "登记二次投诉",
        ("after_reply",),
        None,
        UNIT_OR_DESK,
        needs=("customer_request",),
        says="{who}登记二次投诉：{customer_request}。",
        opens="complaint",
    ),
    Move(
        "ask_review",
        "登记核查申请",
        ("after_reply",),
        None,
        DESK,
        needs=("customer_request",),
        says="{who}登记客户的核查申请：{customer_request}。",
        opens="complaint_review",
    ),
    Move(
        "order_rectification",
        "发起溯源整改",
        ("after_reply",),
        None,
        OFFICE,
        needs=("finding",),
        says="{who}发起溯源整改：{finding}。",
        opens="rectification",
    ),
    Move(
        "appeal",
        "申诉责任认定",
        ("ended",),
        None,
        UNIT,
        needs=("item", "grounds"),
        says="{who}对责任认定提出申诉。",
        opens="appeal",
    ),
)


def aside_moves(answered: tuple[str, ...], ended: tuple[str, ...]) -> tuple[Move, ...]:
    """The moves beside the road for a flow.

    ``answered`` are the open states after the reply besides 待责任认定, ``ended`` the closed
    states from which a link to a later matter still makes sense.
    """
    alive = (*BEFORE_REPLY, *answered)
    groups: Mapping[str, tuple[str, ...]] = {
        "before_reply": BEFORE_REPLY,
        "alive": alive,
        "every": (*alive, "ruling"),
        "after_reply": (*answered, "ruling", *ended),
        "ended": ended,
    }
    return tuple(
        replace(move, sources=tuple(code for name in move.sources for code in groups[name]))
        for move in _ASIDE
    )
