"""Periodic things of the slices that know nothing of the table of periodic things."""

from __future__ import annotations

from datetime import time, timedelta

from wenyou.audit.anchors import anchor
from wenyou.audit.chain import chain_rows
from wenyou.jobs.tick import register_periodic
from wenyou.matters import tick as matters

__all__ = ["matters"]

register_periodic("audit.chain", timedelta(seconds=20), chain_rows)
register_periodic("audit.anchor", timedelta(days=1), anchor, at=time(0, 10))
