"""Sessions in the database, found by a question that is drawn up once."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from wenyou.drawn import Drawn


class SessionStore(InDatabase):
    """Django's own but for the finding, with which every page begins."""

    def _get_session_from_db(self) -> Session | None:
        for found in _LIVE.objects(self.session_key or "", timezone.now()):
            return found
        self._session_key = None
        return None


def _live(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


_LIVE = Drawn(Session, _live, "(key)", datetime.fromisoformat("1900-01-07T00:00:00+00:00"))
