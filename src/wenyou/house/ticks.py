"""Periodic things of the slices that know nothing of the table of periodic things."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from wenyou.accounts.services.failures import EVERY, note_failures
from wenyou.audit.anchors import anchor
from wenyou.audit.chain import chain_rows
from wenyou.jobs.tick import register_periodic
from wenyou.matters import tick as matters
from wenyou.org.imports import forget_old
from wenyou.org.services import refresh_people, refresh_units

__all__ = ["matters"]

register_periodic("audit.chain", timedelta(seconds=20), chain_rows)
register_periodic("accounts.failures", EVERY, note_failures)
register_periodic("audit.anchor", timedelta(days=1), anchor, at=time(0, 10))


def refresh_house(now: datetime) -> None:
    """Changes of units and posts that begin today become current; old uploads and sessions go."""
    today = timezone.localdate(now)
    refresh_units(today)
    refresh_people(today)
    forget_old(now.timestamp())
    SessionStore.clear_expired()


register_periodic("org.today", timedelta(days=1), refresh_house, at=time(0, 2))
