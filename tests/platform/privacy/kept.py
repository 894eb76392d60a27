"""Old records for the tests of retention: closed matters with numbers in them, evidence, runs."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.utils import timezone

from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.evidence.services import path_of, write_once
from wenyou.matters.models import Matter
from wenyou.privacy import rules
from wenyou.privacy.models import RetentionRule

PHONE, IDENTITY, NAME = "13812345678", "11010519491231002X", "王小明"
SAID = f"客户{NAME}来电{PHONE}，证件{IDENTITY}，要求道歉"
GROUND = "本行档案管理办法第八条"
OLD = timedelta(days=4 * 365)


def complaint(
    cast: Cast, *, closed: bool = True, ago: timedelta = OLD, flow: str = "complaint", **said: str
) -> Matter:
    """A complaint at 甲 with a customer's numbers, closed that long ago."""
    at = timezone.now() - ago
    filled = {"customer_request": said.get("text", SAID)}
    matter = begin(flow, cast, by=cast.chen, at=at, filled=filled)
    if closed:
        Matter.objects.filter(pk=matter.pk).update(closed=True, closed_at=at, state="closed")
        matter.refresh_from_db()
    return matter


def evidence(cast: Cast, matter: Matter | None = None, content: bytes = b"photo") -> Evidence:
    """A stored file, used by a matter where one is given."""
    digest = hashlib.sha256(content).hexdigest()
    write_once(path_of(digest), content)
    at: datetime = timezone.now() - OLD
    one = Evidence.objects.create(
        sha256=digest, kind="image/jpeg", size=len(content), name=f"{NAME}.jpg",
        stored_at=at, stored_by=cast.chen,
    )  # fmt: skip
    if matter is not None:
        EvidenceUse.objects.create(evidence=one, object_kind="matter", object_id=str(matter.pk))
    return one


def rule(cast: Cast, code: str, months: int | None = 36) -> RetentionRule:
    """A period set by the security administrator."""
    return rules.set_rule(code, months=months, ground=GROUND, by=cast.security_admin)
