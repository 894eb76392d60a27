"""The platform: one Django app, cut into slices by domain, thin around ``wenyou_core``."""

from __future__ import annotations
