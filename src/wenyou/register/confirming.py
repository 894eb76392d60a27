"""Confirm many facts at once, on one ground: all of them, or none."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.scope import scope
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed
from wenyou.knobs.services import setting
from wenyou.register.models import Fact
from wenyou.register.queries import DECIDERS
from wenyou.register.services import SECOND
from wenyou.schemes.models import Adoption
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from wenyou.accounts.models import User

register_actions({"facts.confirmed": "批量确认登记事项"})
DOING = "确认登记事项"
MOST, MOST_NAMED, BATCH = 5000, 2000, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """What would be confirmed: the facts, how many of each kind, and what is left aside.

    ``own`` are the person's own registrations, which somebody else confirms; ``beyond`` those of
    units out of reach; ``digest`` names the facts, so that nobody confirms others than he saw.
    """

    pks: tuple[int, ...]
    kinds: tuple[tuple[str, int], ...]
    own: int
    beyond: int
    digest: str


def heap_of(rows: QuerySet[Fact], by: User) -> Heap:
    """The facts among ``rows`` that wait and that the person may confirm, the oldest first.

    Refused for more than ``MOST``.
    """
    waiting = rows.filter(latest=True, state=Fact.State.PROPOSED).order_by("pk")
    names = ("pk", "kind", "proposed_by_id", "unit__path", "adoption__unit__path")
    found = list(waiting.values_list(*names)[: MOST + 1])
    if len(found) > MOST:
        text = f"一次最多确认 {MOST:,} 件，现在的条件下不止这些。请先用筛选缩小范围。"
        raise InputRefused("too_many", text)
    apart, held = setting(SECOND), scope(by)
    taken, kinds, own, beyond = [], Counter[str](), 0, 0
    for pk, kind, proposer, path, top in found:
        if not held.covers(path or top, DECIDERS):
            beyond += 1
        elif apart and proposer == by.pk:
            own += 1
        else:
            taken.append(pk)
            kinds[kind] += 1
    return Heap(
        pks=tuple(taken),
        kinds=tuple(kinds.most_common()),
        own=own,
        beyond=beyond,
        digest=hashlib.sha256(",".join(map(str, taken)).encode()).hexdigest(),
    )


@transaction.atomic
def confirm_many(*, adoption: Adoption, pks: Sequence[int], ground: str, by: User) -> int:
    """Confirm facts that wait, with the ground written on each; how many.

    Refused whole when one of them was dealt with meanwhile, is not the person's to confirm, or
    is his own registration where two people are asked.
    """
    if not ground.strip():
        raise InputRefused("no_ground", "请写明依据，例如“已逐件核对检查通报”。")
    if not 0 < len(pks) <= MOST:
        raise InputRefused("nothing_waiting", f"请选 1 到 {MOST:,} 件待确认的事项。")
    # Everybody who writes into this register waits here for the one before him.
    Adoption.objects.select_for_update().get(pk=adoption.pk)
    found: list[Fact] = []
    for start in range(0, len(pks), BATCH):
        rows = Fact.objects.filter(adoption=adoption, pk__in=pks[start : start + BATCH])
        waiting = rows.filter(latest=True, state=Fact.State.PROPOSED)
        found += waiting.select_related("unit", "adoption__unit").order_by("pk")
    if len(found) != len(set(pks)):
        text = "其中有的事项刚刚有人办理或更正。没有确认任何一件，请刷新页面，核对后再确认。"
        raise InputRefused("stale_facts", text)
    _refuse_others(found, by)
    keys = confirmed_anew(found, by, timezone.now(), ground.strip())
    new = {"facts": len(keys), "keys": keys[:MOST_NAMED]}
    change = Change(subject=adoption, unit=adoption.unit, new=new, note=ground.strip())
    record("facts.confirmed", by=by, change=change)
    return len(keys)


def _refuse_others(found: Iterable[Fact], by: User) -> None:
    held, apart = scope(by), setting(SECOND)
    for one in found:
        unit = one.unit or one.adoption.unit
        if not held.covers(unit.path, DECIDERS):
            raise NotAllowed(DOING, "服务办公室或消保部门")
        if apart and one.proposed_by_id == by.pk:
            raise NotAllowed(f"{DOING}（本人登记）", "另一位服务办公室人员")


def confirmed_anew(found: list[Fact], by: User, now: datetime, reason: str = "") -> list[str]:
    """Save a confirmed revision after each of these newest ones; their numbers."""
    for start in range(0, len(found), BATCH):
        pks = [one.pk for one in found[start : start + BATCH]]
        Fact.objects.filter(pk__in=pks).update(latest=False)
    for one in found:
        one.pk, one.revision, one.state = None, one.revision + 1, Fact.State.CONFIRMED
        one.recorded_at = one.decided_at = now
        one.decided_by = by
        one.reason = reason[:300]
        one._state.adding = True
    Fact.objects.bulk_create(found, batch_size=BATCH)
    return [one.key for one in found]
