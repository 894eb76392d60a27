"""Write the audit row of an act, in the transaction of the act itself."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

from wenyou.audit.actions import known_actions
from wenyou.audit.context import origin
from wenyou.audit.models import AuditRow
from wenyou.vault.mask import mask_text

if TYPE_CHECKING:
    from wenyou.accounts.models import User
    from wenyou.org.models import Unit

SYSTEM_NAME = "系统"
# Only what may hold a number is looked at closely: every act passes here.
_NUMBERS = re.compile(r"\d[\d -]{5,}|@|[０-９]")
_HASH = re.compile(r"[0-9a-f]{32,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was changed: the object, its unit, old and new values, by which article.

    The log cannot be changed, so it must not learn what may have to be erased: numbers of people
    are starred in everything, and an object that bears free text names itself by ``audit_title``.
    """

    subject: models.Model | None = None
    unit: Unit | None = None
    old: Mapping[str, object] | None = None
    new: Mapping[str, object] | None = None
    article: str = ""
    note: str = ""
    # Names of values that are no person's: the published telephone of an outlet.
    public: frozenset[str] = frozenset()


NO_CHANGE = Change()


def record(
    action: str, *, by: User | None, change: Change = NO_CHANGE, at: datetime | None = None
) -> AuditRow:
    """Save one audit row; ``by`` None is the system itself.

    Must run inside the transaction of the act (ValueError outside one, or for an action that
    no slice has registered).
    """
    if action not in known_actions():
        raise ValueError(f"audit action {action} is not registered")
    if not transaction.get_connection().in_atomic_block:
        raise ValueError("an audit row belongs into the transaction of its act")
    here, subject = origin(), change.subject
    row = AuditRow(
        at=at or timezone.now(),
        actor=by,
        actor_name=by.label if by is not None else SYSTEM_NAME,
        via=here.via,
        address=here.address,
        request_id=here.request_id,
        action=action,
        object_kind=subject._meta.model_name or "" if subject is not None else "",
        object_id=str(subject.pk) if subject is not None else "",
        object_title=title_of(subject),
        unit=change.unit,
        article=change.article,
        old=starred(plain(change.old or {}), change.public),
        new=starred(plain(change.new or {}), change.public),
        note=str(_starred(change.note)),
    )
    row.digest = digest_of(row)
    row.save()
    return row


def title_of(subject: models.Model | None) -> str:
    """How the log names an object: by what holds no free text, where it says so."""
    if subject is None:
        return ""
    return str(_starred(str(getattr(subject, "audit_title", "") or subject)))[:160]


def starred(values: dict[str, object], public: frozenset[str]) -> dict[str, object]:
    """Values with the numbers of people in their texts starred; hashes are left alone."""
    return {name: one if name in public else _starred(one) for name, one in values.items()}


def _starred(value: object) -> object:
    match value:
        case str():
            return (
                value if not _NUMBERS.search(value) or _HASH.fullmatch(value) else mask_text(value)
            )
        case list():
            return [_starred(one) for one in value]
        case dict():
            return {name: _starred(one) for name, one in value.items()}
    return value


def plain(values: Mapping[str, object]) -> dict[str, object]:
    """Values as JSON keeps them, so that the hash of today is the hash of the stored row."""
    loaded: dict[str, object] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return loaded


def digest_of(row: AuditRow) -> str:
    """SHA-256 over everything the row says, in a fixed order, times in UTC."""
    said = [
        row.at.astimezone(UTC).isoformat(),
        row.actor_id,
        row.actor_name,
        row.via,
        row.address,
        row.request_id,
        row.action,
        row.object_kind,
        row.object_id,
        row.object_title,
        row.unit_id,
        row.article,
        row.old,
        row.new,
        row.note,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
