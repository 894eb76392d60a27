"""``./wenyou up``: prepare the data, then keep web and worker processes alive."""

from __future__ import annotations
