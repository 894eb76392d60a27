"""A fire drill: many users at once, the server killed in between, nothing lost."""

from __future__ import annotations
