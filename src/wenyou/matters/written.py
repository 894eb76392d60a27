"""The rows that every move and every registration leave behind: history, evidence, audit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.audit.actions import register_actions
from wenyou.audit.context import origin
from wenyou.audit.services import Change, record
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.matters.fields import SEALED, Answer, free_text, kept, seals
from wenyou.matters.models import Matter, Transition
from wenyou.search.persons import trace
from wenyou.vault.house import index_of
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import Move
from wenyou_core.flow.roles import Role

register_actions(
    {
        "matter.registered": "登记事项",
        "matter.moved": "办理事项",
        "matter.urged": "催办事项",
        "matter.linked": "关联事项",
        "matter.exported": "导出事项清单",
        "matter.unmasked": "查看事项完整内容",
    }
)
# Clocks of two machines differ a little; more than this is a slip of the keyboard.
AHEAD = timedelta(minutes=10)


def moment_of(at: datetime | None) -> datetime:
    """When an act takes place, by default now. Raises InputRefused for one to come."""
    now = timezone.now()
    if at is not None and at > now + AHEAD:
        raise InputRefused("move-ahead", "办理时间晚于现在，请核对后再提交。")
    return at or now


def transition_of(
    matter: Matter,
    made: Move,
    *,
    by: User | None,
    roles: frozenset[Role],
    source: str,
    filled: Mapping[str, Answer],
    note: str,
    at: datetime,
    target: str = "",
    turn: int = 1,
) -> Transition:
    """The row of a move, unsaved."""
    said = free_text(note)
    whole = seals({**filled, "note": said}, matter.number)
    as_role = next((role for role in made.roles if role in roles), Role.SYSTEM)
    return Transition(
        matter=matter,
        turn=turn,
        action=made.action,
        source=source,
        target=target or matter.state,
        by=by,
        by_name=by.name if by is not None else "",
        for_role=as_role.value,
        at=at,
        note=said.text,
        filled={**kept(filled), **({SEALED: whole} if whole else {})},
        article=filled["article"].text[:60] if "article" in filled else "",
        request_id=origin().request_id,
    )


def trace_people(matter: Matter, filled: Mapping[str, Answer], note: str) -> None:
    """Let the matter be found by the telephone, identity and card numbers that were typed."""
    wholes = [one.whole for one in (*filled.values(), free_text(note)) if one.whole]
    if wholes:
        trace("matter", matter.pk, wholes)


def attach(matter: Matter, filled: Mapping[str, Answer]) -> None:
    """Files that were handed in become evidence of the matter."""
    wanted = {
        pk: name for name, one in filled.items() if isinstance(one.ref, list) for pk in one.ref
    }
    if not wanted:
        return
    found = Evidence.objects.filter(pk__in=wanted)
    EvidenceUse.objects.bulk_create(
        EvidenceUse(evidence=one, object_kind="matter", object_id=str(matter.pk),
                    caption=wanted[one.pk])
        for one in found
    )  # fmt: skip


def audit(
    action: str, matter: Matter, made: Move, *, by: User | None, old: dict[str, Any], note: str
) -> None:
    """The audit row of a registration or a move."""
    new = {
        "action": made.action,
        "state": matter.state,
        "turn": matter.turn,
        "due_at": matter.due_at,
        "unit": matter.unit_id,
        # The words themselves stand in the history, which can be erased; the log cannot.
        **({"note_mark": index_of(note, purpose="audit note")} if note else {}),
    }
    change = Change(
        subject=matter,
        unit=matter.unit,
        old=old,
        new=new,
        article=matter.article,
    )
    record(action, by=by, change=change)
