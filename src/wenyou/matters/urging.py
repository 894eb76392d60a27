"""Urge: one press tells those who have a matter in hand; the matter itself does not move."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.matters.models import Matter, Urge
from wenyou.matters.people import in_hands
from wenyou.matters.queries import roles_for, sees
from wenyou.matters.telling import about_urging, link_of
from wenyou.notices.services import notify
from wenyou.vault.house import index_of
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import DESK, Role
from wenyou_core.worktime.texts import beijing, moment_text

URGERS = frozenset({*DESK, Role.LEADER, Role.INSPECTOR, Role.TRAINER})
PATIENCE = timedelta(minutes=30)


def may_urge(user: User, matter: Matter) -> bool:
    """Whether somebody oversees a matter that is still open and not in his own hands."""
    if matter.closed or (matter.holder_id is not None and matter.holder_id == user.employee_id):
        return False
    return bool(roles_for(user, matter) & URGERS)


@transaction.atomic
def urge(matter: Matter, *, by: User, text: str = "", at: datetime | None = None) -> list[User]:
    """Tell those who have it in hand; who was told, present people only.

    It is no move: a form that somebody has open stays good. Raises NotFound, NotAllowed, and
    InputRefused for a closed matter, a second press within half an hour, or nobody to tell.
    """
    now = at or timezone.now()
    if not sees(by, matter):
        raise NotFound("这件事项")
    if matter.closed:
        raise InputRefused("urge-closed", f"{matter.number}已经办结，不用再催办。")
    if matter.holder_id is not None and matter.holder_id == by.employee_id:
        raise InputRefused("urge-own", f"{matter.number}在您本人手里，请直接办理。")
    if not may_urge(by, matter):
        raise NotAllowed("催办", "服务办公室、消保部门、投诉处理岗、检查人员")
    last = Urge.objects.filter(matter=matter, by=by, rung=0).order_by("-at").first()
    if last is not None and now - last.at < PATIENCE:
        raise InputRefused(
            "urge-again",
            f"您在{moment_text(beijing(last.at))}刚催办过{matter.number}，请过半小时再催，"
            "或直接联系经办人。",
        )
    told = [one for one in in_hands(matter, now) if one.pk != by.pk]
    if not told:
        raise InputRefused(
            "urge-nobody",
            f"{matter.number}现在没有可以通知的经办人：可能没有设置岗位，或经办人请假且没有代理人。"
            "请联系该网点，或由服务办公室改派。",
        )
    words = text.strip()[:200] or f"{by.name}催办"
    Urge.objects.bulk_create(Urge(matter=matter, by=by, to=one, at=now, text=words) for one in told)
    tell(matter, told, words, now)
    # Like the note of a move: the words stand with the matter, where they can be erased.
    new = {"note_mark": index_of(words, purpose="audit note")}
    record("matter.urged", by=by, change=Change(subject=matter, unit=matter.unit, new=new))
    return told


def tell(matter: Matter, users: list[User], words: str, at: datetime) -> None:
    """The sentence of an urging in the inbox."""
    flow = flow_named(matter.flow)
    state = flow.state(matter.state).title
    due = f"，时限{moment_text(beijing(matter.due_at))}" if matter.due_at else ""
    notify(
        users,
        kind="urge",
        text=f"{words}：{flow.title} {matter.number} 现为“{state}”{due}，请尽快办理。",
        link=link_of(matter),
        about=about_urging(matter.pk),
        # Never the words of the urging: people type into them what they like.
        outside=f"{flow.title} {matter.number} 被催办",
        at=at,
    )
